#include "net/certificates.h"

#include <string.h>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { MOST = 10, LONGEST_TEXT = 1024 };

/* No name adds a line to a message, or tells a terminal what to do. */
static void make_printable(char *text)
{
    size_t size = strlen(text), used = 0;
    bool valid = true;
    for (size_t i = 0, step = 0; i < size; i += step) {
        step = als_utf8_measure(text + i, size - i, &valid);
        if (!valid || als_utf8_is_control(text + i, step)) {
            text[used++] = '?';
            continue;
        }
        memmove(text + used, text + i, step);
        used += step;
    }
    text[used] = '\0';
}

/* What was written into memory, cut where a server says too much; NULL without memory. */
static char *take_text(BIO *bio)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    size_t kept = size <= 0 ? 0 : size > LONGEST_TEXT ? LONGEST_TEXT : (size_t)size;
    char *text = als_copy_bytes(kept == 0 ? "" : data, kept);
    if (text != NULL)
        make_printable(text);
    return text;
}

static char *name_text(const X509_NAME *name)
{
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio == NULL)
        return NULL;
    (void)X509_NAME_print_ex(bio, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
    char *text = take_text(bio);
    BIO_free(bio);
    return text;
}

static char *names_text(X509 *certificate)
{
    BIO *bio = BIO_new(BIO_s_mem());
    GENERAL_NAMES *names = X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
    for (int i = 0; bio != NULL && i < sk_GENERAL_NAME_num(names); i++) {
        if (i > 0)
            (void)BIO_puts(bio, ", ");
        (void)GENERAL_NAME_print(bio, sk_GENERAL_NAME_value(names, i));
    }
    char *text = bio == NULL ? NULL : take_text(bio);
    GENERAL_NAMES_free(names);
    BIO_free(bio);
    return text;
}

static char *pem_text(X509 *certificate)
{
    char *data = NULL, *copy = NULL;
    BIO *bio = BIO_new(BIO_s_mem());
    if (bio != NULL && PEM_write_bio_X509(bio, certificate) == 1) {
        long size = BIO_get_mem_data(bio, &data);
        copy = als_copy_bytes(data, (size_t)size);
    }
    BIO_free(bio);
    return copy;
}

static int64_t time_ms(const ASN1_TIME *time)
{
    int days = 0, seconds = 0;
    ASN1_TIME *epoch = ASN1_TIME_set(NULL, 0);
    if (epoch == NULL || ASN1_TIME_diff(&days, &seconds, epoch, time) != 1)
        days = seconds = 0;
    ASN1_TIME_free(epoch);
    return ((int64_t)days * 86400 + seconds) * 1000;
}

static void write_fingerprint(X509 *certificate, char out[ALS_FINGERPRINT_SIZE])
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    out[0] = '\0';
    if (X509_digest(certificate, EVP_sha256(), digest, &size) != 1)
        return;
    for (size_t i = 0; i < size; i++) {
        out[i * 3] = digits[digest[i] >> 4];
        out[i * 3 + 1] = digits[digest[i] & 15];
        out[i * 3 + 2] = i + 1 < size ? ':' : '\0';
    }
}

static int take_one(struct als_certificate *out, X509 *certificate)
{
    out->subject = name_text(X509_get_subject_name(certificate));
    out->issuer = name_text(X509_get_issuer_name(certificate));
    out->names = names_text(certificate);
    out->pem = pem_text(certificate);
    out->not_before_ms = time_ms(X509_get0_notBefore(certificate));
    out->not_after_ms = time_ms(X509_get0_notAfter(certificate));
    write_fingerprint(certificate, out->fingerprint);
    bool good = out->subject != NULL && out->issuer != NULL && out->names != NULL &&
                out->pem != NULL && out->fingerprint[0] != '\0';
    return good ? 0 : AWSLOGSRC_E_NO_MEMORY;
}

int als_certificates_take(struct als_certificates *certificates, const struct stack_st_X509 *chain)
{
    int count = sk_X509_num(chain), status = 0;
    als_certificates_clear(certificates);
    if (count <= 0)
        return 0;
    certificates->items = als_new_array(MOST, sizeof *certificates->items);
    if (certificates->items == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    for (int i = 0; status == 0 && i < count && i < MOST; i++) {
        certificates->count++;
        status = take_one(&certificates->items[i], sk_X509_value(chain, i));
    }
    if (status != 0)
        als_certificates_clear(certificates);
    return status;
}

int als_certificates_parse(struct als_certificates *certificates, struct als_text pem)
{
    BIO *bio = BIO_new_mem_buf(pem.data, (int)pem.size);
    STACK_OF(X509) *chain = sk_X509_new_null();
    X509 *one = NULL;
    static char no_password[] = ""; /* OpenSSL would ask at the terminal for that of a block which
                                       says that it is encrypted */
    while (bio != NULL && chain != NULL && sk_X509_num(chain) < MOST &&
           (one = PEM_read_bio_X509(bio, NULL, NULL, no_password)) != NULL) {
        if (sk_X509_push(chain, one) == 0) {
            X509_free(one);
            break;
        }
    }
    ERR_clear_error();
    int status = als_certificates_take(certificates, chain);
    if (status == 0 && certificates->count == 0)
        status = AWSLOGSRC_E_FILE_SYNTAX;
    sk_X509_pop_free(chain, X509_free);
    BIO_free(bio);
    return status;
}

void als_certificates_clear(struct als_certificates *certificates)
{
    for (size_t i = 0; i < certificates->count; i++) {
        als_free(certificates->items[i].subject);
        als_free(certificates->items[i].issuer);
        als_free(certificates->items[i].names);
        als_free(certificates->items[i].pem);
    }
    als_free(certificates->items);
    *certificates = (struct als_certificates){0};
}

void als_certificates_date(int64_t ms, char out[ALS_RFC3339_SIZE])
{
    als_calendar_rfc3339(ms, out);
    char *point = strchr(out, '.');
    if (point != NULL)
        memcpy(point, "Z", 2);
}

void als_certificates_describe(const struct als_certificates *certificates, struct als_buffer *out)
{
    char from[ALS_RFC3339_SIZE], to[ALS_RFC3339_SIZE];
    for (size_t i = 0; i < certificates->count; i++) {
        const struct als_certificate *one = &certificates->items[i];
        als_certificates_date(one->not_before_ms, from);
        als_certificates_date(one->not_after_ms, to);
        als_buffer_format(out, "%s%zu. %s, issued by %s, valid %s to %s, SHA-256 %s",
                          i == 0 ? "" : "; ", i + 1, one->subject, one->issuer, from, to,
                          one->fingerprint);
    }
}
