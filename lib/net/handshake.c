#include "net/handshake.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include "base/memory.h"
#include "net/trust.h"

enum {
    LEAST_SECURITY = 2, /* SSL_CTX_set_security_level(3): 112 bits, as RSA of 2048 has */
    REASON_LIMIT = 2048,
    LONGEST_HOST = 256,
    LONGEST_PLACE = 288
};

enum problem {
    EXPIRED = 1,
    NOT_YET_VALID = 2,
    UNKNOWN_ISSUER = 4,
    SELF_SIGNED = 8,
    WEAK = 16,
    WRONG_NAME = 32,
    OTHER = 64,
    ACQUIRABLE = UNKNOWN_ISSUER | SELF_SIGNED
};

struct als_handshake {
    atomic_int references;
    const struct als_loop *loop; /* NULL: the call is over */
    char *trust_store;
    char host[LONGEST_HOST];
    char place[LONGEST_PLACE];
    int tls_minimum;
    bool acquire;
    bool inspect;

    int64_t now_ms; /* by the wall clock, when it was judged */
    unsigned problems;
    int other;          /* the X509_V_ERR_* that has no name above */
    int first;          /* the first X509_V_ERR_* */
    int expired, early; /* how many certificates are out of date, in either direction */
    int alert;          /* that ended the handshake; 0: none */
    char *refusal;      /* what the file of acquired certificates had against it */
    struct als_certificates certificates;
    struct {
        bool wanted, over; /* now; and as often as may be, which is once */
        bool vouched;      /* others trust the server as it is */
        char former[ALS_FINGERPRINT_SIZE];
        char *failure; /* NULL: none */
    } keeping;
};

/* --- life --- */

static void handshake_unref(void *parent, void *data, CRYPTO_EX_DATA *ex, int index, long number,
                            void *pointer)
{
    (void)parent, (void)ex, (void)index, (void)number, (void)pointer;
    als_handshake_unref(data);
}

static pthread_once_t index_once = PTHREAD_ONCE_INIT;
static int context_index;

static void make_index(void)
{
    context_index = SSL_CTX_get_ex_new_index(0, NULL, NULL, NULL, handshake_unref);
}

struct als_handshake *als_handshake_new(const struct als_handshake_config *config)
{
    struct als_handshake *handshake = als_new(sizeof *handshake);
    if (handshake == NULL || pthread_once(&index_once, make_index) != 0) {
        als_free(handshake);
        return NULL;
    }
    atomic_init(&handshake->references, 1);
    handshake->loop = config->loop;
    handshake->tls_minimum = config->tls_minimum;
    handshake->acquire = config->acquire;
    handshake->inspect = config->inspect;
    (void)snprintf(handshake->host, sizeof handshake->host, "%.*s", (int)config->host.size,
                   config->host.data);
    (void)snprintf(handshake->place, sizeof handshake->place, "%s", config->place);
    if (config->trust_store != NULL) {
        handshake->trust_store = als_copy_string(config->trust_store);
        if (handshake->trust_store == NULL) {
            als_handshake_unref(handshake);
            return NULL;
        }
    }
    return handshake;
}

void als_handshake_unref(struct als_handshake *handshake)
{
    if (handshake == NULL || atomic_fetch_sub(&handshake->references, 1) > 1)
        return;
    als_certificates_clear(&handshake->certificates);
    als_free(handshake->trust_store);
    als_free(handshake->refusal);
    als_free(handshake->keeping.failure);
    als_free(handshake);
}

void als_handshake_finish(struct als_handshake *handshake)
{
    if (handshake != NULL)
        handshake->loop = NULL;
}

struct als_certificates *als_handshake_certificates(struct als_handshake *handshake)
{
    return &handshake->certificates;
}

bool als_handshake_is_acquirable(const struct als_handshake *handshake)
{
    return (handshake->problems & ~(unsigned)ACQUIRABLE) == 0 && handshake->certificates.count > 0;
}

/* --- judging --- */

static unsigned problem_of(int error)
{
    switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED: return EXPIRED;
    case X509_V_ERR_CERT_NOT_YET_VALID: return NOT_YET_VALID;
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT: return SELF_SIGNED;
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_CERT_UNTRUSTED: return UNKNOWN_ISSUER;
    case X509_V_ERR_EE_KEY_TOO_SMALL:
    case X509_V_ERR_CA_KEY_TOO_SMALL:
    case X509_V_ERR_CA_MD_TOO_WEAK: return WEAK;
    default: return OTHER;
    }
}

static struct als_handshake *handshake_of(X509_STORE_CTX *store)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    return SSL_CTX_get_ex_data(SSL_get_SSL_CTX(ssl), context_index);
}

/* Goes on after every problem, to have them all. */
static int note_problem(int good, X509_STORE_CTX *store)
{
    struct als_handshake *handshake = handshake_of(store);
    if (good)
        return 1;
    int error = X509_STORE_CTX_get_error(store);
    unsigned problem = problem_of(error);
    if (handshake->first == 0)
        handshake->first = error;
    if (problem == OTHER && handshake->other == 0)
        handshake->other = error;
    handshake->expired += problem == EXPIRED;
    handshake->early += problem == NOT_YET_VALID;
    handshake->problems |= problem;
    return 1;
}

/* IP addresses are named by address, never by pattern (RFC 6125, 1.7.2). */
static bool is_named(const struct als_handshake *handshake, X509 *certificate)
{
    return X509_check_ip_asc(certificate, handshake->host, 0) == 1 ||
           X509_check_host(certificate, handshake->host, 0, 0, NULL) == 1;
}

static bool refuse(struct als_handshake *handshake, const char *reason)
{
    als_free(handshake->refusal);
    handshake->refusal = als_copy_string(reason);
    return false;
}

static bool refuse_change(struct als_handshake *handshake, const char *stored, bool expired)
{
    char reason[REASON_LIMIT];
    (void)snprintf(
        reason, sizeof reason,
        "it is another certificate than the one that was acquired%s: stored in %s is SHA-256 %s, "
        "shown was SHA-256 %s. Somebody may be in between; if the change is genuine: "
        "awslogsrc trust %s --trust-store %s",
        expired ? "" : " and has not expired", handshake->trust_store, stored,
        handshake->certificates.items[0].fingerprint, handshake->place, handshake->trust_store);
    return refuse(handshake, reason);
}

/* Refuses, until they are kept; a server that others vouch for may do without. */
static bool want_keeping(struct als_handshake *handshake, const char *stored, bool vouched)
{
    const char *failure = handshake->keeping.failure;
    if (handshake->keeping.over && vouched)
        return true;
    if (handshake->keeping.over)
        return refuse(handshake, failure != NULL ? failure
                                                 : "its certificates could not be kept: somebody "
                                                   "else changes the trust_store");
    handshake->keeping.wanted = true;
    handshake->keeping.vouched = vouched;
    memcpy(handshake->keeping.former, stored, ALS_FINGERPRINT_SIZE);
    return false;
}

/* The entry is not the certificate that was shown. */
static bool settle(struct als_handshake *handshake, enum als_trust_answer answer,
                   const char *stored, bool vouched)
{
    if (handshake->acquire && (vouched || answer != ALS_TRUST_CHANGED))
        return want_keeping(handshake, stored, vouched);
    if (vouched || answer == ALS_TRUST_UNKNOWN)
        return vouched;
    return refuse_change(handshake, stored, answer == ALS_TRUST_RENEWED);
}

/* What the file of acquired certificates has to say. vouched: the store that libcurl loaded trusts
 * them, which suffices; then the file only follows. */
static bool ask_file(struct als_handshake *handshake, bool vouched)
{
    enum als_trust_answer answer;
    awslogsrc_error *error = NULL;
    char stored[ALS_FINGERPRINT_SIZE];
    const struct als_trust_query query = {handshake->trust_store, handshake->place,
                                          &handshake->certificates.items[0], handshake->now_ms};
    if (als_trust_look_up(&query, &answer, stored, &error) == 0)
        return answer == ALS_TRUST_SAME || settle(handshake, answer, stored, vouched);
    (void)refuse(handshake, als_error_message(error));
    als_error_free(error);
    return false;
}

static bool is_trusted(struct als_handshake *handshake)
{
    if ((handshake->problems & ~(unsigned)ACQUIRABLE) != 0)
        return false;
    if (handshake->trust_store == NULL || handshake->certificates.count == 0)
        return handshake->problems == 0;
    return ask_file(handshake, handshake->problems == 0);
}

static void start_over(struct als_handshake *handshake)
{
    als_free(handshake->refusal);
    handshake->refusal = NULL;
    handshake->problems = 0;
    handshake->first = handshake->other = handshake->alert = 0;
    handshake->expired = handshake->early = 0;
    handshake->keeping.wanted = false;
}

/* In place of OpenSSL's own judgement. */
static int verify(X509_STORE_CTX *store, void *user_data)
{
    struct als_handshake *handshake = user_data;
    X509 *leaf = X509_STORE_CTX_get0_cert(store);
    start_over(handshake);
    if (handshake->loop == NULL || leaf == NULL)
        return 0;
    handshake->now_ms = als_clock_wall_ms(&handshake->loop->clock);
    X509_VERIFY_PARAM_set_time(X509_STORE_CTX_get0_param(store),
                               (time_t)(handshake->now_ms / 1000));
    X509_STORE_CTX_set_verify_cb(store, note_problem);
    if (X509_verify_cert(store) <= 0)
        handshake->problems |= OTHER;
    if (!is_named(handshake, leaf))
        handshake->problems |= WRONG_NAME;
    if (als_certificates_take(&handshake->certificates, X509_STORE_CTX_get0_untrusted(store)) != 0)
        handshake->problems |= OTHER;
    bool good = handshake->inspect || is_trusted(handshake);
    int error = handshake->first != 0 ? handshake->first : X509_V_ERR_APPLICATION_VERIFICATION;
    X509_STORE_CTX_set_error(store, good ? X509_V_OK : error);
    return good;
}

/* RFC 8446, 6: a fatal alert, in either direction, says what the protocol stumbled over.
 * NOLINTNEXTLINE(readability-function-size): OpenSSL's signature */
static void look_at_record(int sent, int version, int type, const void *data, size_t size, SSL *ssl,
                           void *user_data)
{
    struct als_handshake *handshake = user_data;
    const unsigned char *alert = data;
    (void)sent, (void)version, (void)ssl;
    if (type == SSL3_RT_ALERT && size == 2 && alert[0] == SSL3_AL_FATAL && handshake->alert == 0)
        handshake->alert = alert[1];
}

int als_handshake_attach(struct als_handshake *handshake, void *ssl_ctx)
{
    SSL_CTX *context = ssl_ctx;
    if (SSL_CTX_set_ex_data(context, context_index, handshake) != 1)
        return AWSLOGSRC_E_NO_MEMORY;
    atomic_fetch_add(&handshake->references, 1);
    start_over(handshake);
    if (SSL_CTX_get_security_level(context) < LEAST_SECURITY)
        SSL_CTX_set_security_level(context, LEAST_SECURITY);
    /* One handshake a connection: what is judged is judged before the first byte is sent. */
    SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION);
    SSL_CTX_set_cert_verify_callback(context, verify, handshake);
    SSL_CTX_set_msg_callback(context, look_at_record);
    SSL_CTX_set_msg_callback_arg(context, handshake);
    return 0;
}

/* --- keeping --- */

bool als_handshake_wants_keeping(const struct als_handshake *handshake)
{
    return handshake != NULL && handshake->keeping.wanted;
}

static void tell_kept(const struct als_handshake *handshake)
{
    const struct als_certificate *leaf = &handshake->certificates.items[0];
    bool is_new = handshake->keeping.former[0] != '\0';
    als_log_write(&handshake->loop->log,
                  handshake->keeping.vouched ? AWSLOGSRC_LOG_INFO : AWSLOGSRC_LOG_WARNING,
                  "%s: acquired its %scertificate: %s, SHA-256 %s; kept in %s", handshake->place,
                  is_new ? "new " : "", leaf->subject, leaf->fingerprint, handshake->trust_store);
}

static void tell_failure(struct als_handshake *handshake, const awslogsrc_error *error)
{
    handshake->keeping.failure = als_copy_string(als_error_message(error));
    if (handshake->keeping.vouched)
        als_log_write(&handshake->loop->log, AWSLOGSRC_LOG_WARNING, "%s: %s", handshake->place,
                      als_error_message(error));
}

bool als_handshake_keep(struct als_handshake *handshake, bool last)
{
    awslogsrc_error *error = NULL;
    const struct als_trust_entry entry = {.path = handshake->trust_store,
                                          .host = handshake->place,
                                          .certificates = &handshake->certificates,
                                          .now_ms = handshake->now_ms,
                                          .former = handshake->keeping.former};
    int status = als_trust_put(&entry, &error);
    bool over = status != AWSLOGSRC_E_LOCKED || last;
    if (status == 0)
        tell_kept(handshake);
    else if (over && status != ALS_TRUST_OVERTAKEN)
        tell_failure(handshake, error);
    handshake->keeping.over = over;
    handshake->keeping.wanted = !over;
    als_error_free(error);
    return over;
}

/* --- words --- */

static void say(struct als_buffer *message, size_t start, const char *text)
{
    als_buffer_format(message, "%s%s", message->size > start ? "; " : "", text);
}

/* Where several of a chain are out of date the machine's clock is the likelier cause. */
static void say_dates(const struct als_handshake *handshake, struct als_buffer *message,
                      size_t start)
{
    char limit[ALS_RFC3339_SIZE], now[ALS_RFC3339_SIZE], text[REASON_LIMIT];
    const struct als_certificate *leaf = &handshake->certificates.items[0];
    bool expired = (handshake->problems & EXPIRED) != 0;
    bool several = (expired ? handshake->expired : handshake->early) > 1;
    if (handshake->certificates.count == 0)
        return;
    als_certificates_date(expired ? leaf->not_after_ms : leaf->not_before_ms, limit);
    als_certificates_date(handshake->now_ms, now);
    (void)snprintf(text, sizeof text, "%s %s: it is %s here, and the server's is valid %s %s",
                   several ? "the clock of this machine may be wrong, or more than one certificate"
                           : "a certificate",
                   expired ? "has expired" : "is not valid yet", now, expired ? "to" : "from",
                   limit);
    say(message, start, text);
}

static void say_name(const struct als_handshake *handshake, struct als_buffer *message,
                     size_t start)
{
    char text[REASON_LIMIT];
    const struct als_certificates *all = &handshake->certificates;
    (void)snprintf(text, sizeof text, "the certificate is not for %s, but for %s", handshake->host,
                   all->count == 0                  ? "nobody"
                   : all->items[0].names[0] != '\0' ? all->items[0].names
                                                    : all->items[0].subject);
    say(message, start, text);
}

static void say_problems(const struct als_handshake *handshake, struct als_buffer *message)
{
    size_t start = message->size;
    if ((handshake->problems & (EXPIRED | NOT_YET_VALID)) != 0)
        say_dates(handshake, message, start);
    if ((handshake->problems & WRONG_NAME) != 0)
        say_name(handshake, message, start);
    if ((handshake->problems & WEAK) != 0)
        say(message, start,
            "a key or signature is too weak (RSA and DH from 2048 bits, EC from 224, SHA-224)");
    if ((handshake->problems & OTHER) != 0)
        say(message, start, X509_verify_cert_error_string(handshake->other));
    if (handshake->refusal != NULL)
        say(message, start, handshake->refusal);
    else if ((handshake->problems & SELF_SIGNED) != 0)
        say(message, start, "the certificate is signed by itself, and not known (ca_file)");
    else if ((handshake->problems & UNKNOWN_ISSUER) != 0)
        say(message, start, "the issuer of the certificate is not known (ca_file)");
}

static bool describe_alert(const struct als_handshake *handshake, struct als_buffer *message)
{
    if (handshake->alert == SSL_AD_PROTOCOL_VERSION)
        als_buffer_format(message, "the server speaks no TLS 1.%d or newer (tls_minimum)",
                          handshake->tls_minimum - 10);
    else if (handshake->alert == SSL_AD_HANDSHAKE_FAILURE ||
             handshake->alert == SSL_AD_INSUFFICIENT_SECURITY)
        als_buffer_append_string(message, "the server offers no protection that is good enough");
    return handshake->alert == SSL_AD_PROTOCOL_VERSION ||
           handshake->alert == SSL_AD_HANDSHAKE_FAILURE ||
           handshake->alert == SSL_AD_INSUFFICIENT_SECURITY;
}

bool als_handshake_explain(const struct als_handshake *handshake, struct als_buffer *message)
{
    if (handshake == NULL)
        return false;
    if (handshake->problems == 0 && handshake->refusal == NULL)
        return describe_alert(handshake, message);
    say_problems(handshake, message);
    return true;
}

bool als_handshake_describe(const struct als_handshake *handshake, struct als_buffer *message)
{
    if (!als_handshake_explain(handshake, message))
        return false;
    if (handshake->certificates.count > 0) {
        als_buffer_append_string(message, ". Certificates: ");
        als_certificates_describe(&handshake->certificates, message);
    }
    return true;
}
