#include "net/curl.h"

#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include <curl/curl.h>

#include "base/crypto.h"
#include "base/memory.h"
#include "net/curl_fault.h"
#include "net/curl_options.h"
#include "net/curl_pool.h"
#include "net/curl_timing.h"
#include "net/handshake.h"
#include "net/proxy.h"
#include "net/reactor.h"

enum {
    HEADERS_LIMIT = 64 * 1024, /* all response headers together */
    MESSAGE_LIMIT = 16 * 1024,
    LOGIN_WANTED = 407, /* RFC 9110, 15.5.8 */
    SMALL_ANSWER = 64 * 1024,
    KEEPING_LIMIT_MS = 10 * 1000, /* for others to be done with the file of acquired certificates */
    KEEPING_PAUSE_MS = 20
};

struct als_curl {
    struct als_reactor *reactor;
    struct als_curl_pool *pools;
    struct als_http_call *calls;
    bool judges; /* certificates, in libcurl's place */
};

struct als_http_call {
    struct als_curl *curl;
    struct als_curl_pool *pool; /* NULL: not begun */
    struct als_http_call *next, *previous;
    CURL *easy;
    struct curl_slist *headers;
    als_http_done *done;
    void *user_data;
    struct als_buffer request_body;
    struct als_buffer response_headers;
    struct als_buffer response_body;
    int64_t sent_ms;
    struct als_handshake *handshake; /* NULL: no TLS, or libcurl judges */
    struct als_handshake *proxy_handshake;
    struct als_timer keeping; /* of its certificates, between two connections */
    int64_t keeping_end_ms;
    bool tls;
    bool inspect;
    bool has_login;  /* for the proxy */
    char host[272];  /* "logs.us-east-1.amazonaws.com:443", for messages */
    char proxy[320]; /* "http://proxy:3128"; "": none */
    char error[CURL_ERROR_SIZE];
};

static pthread_once_t global_once = PTHREAD_ONCE_INIT;
static CURLcode global_status;

static void initialise_globally(void)
{
    global_status = curl_global_init(CURL_GLOBAL_DEFAULT);
}

void als_curl_socket_ready(struct als_curl *curl, int fd, uint32_t epoll_events)
{
    for (struct als_curl_pool *pool = curl->pools; pool != NULL; pool = pool->next)
        als_curl_pool_act(pool, fd, epoll_events);
}

static void acted(void *user_data)
{
    als_curl_finish(user_data);
}

static bool has_store(const struct als_curl_pool *pool, const char *trust_store)
{
    if (pool->trust_store == NULL || trust_store == NULL)
        return pool->trust_store == trust_store;
    return strcmp(pool->trust_store, trust_store) == 0;
}

/* NULL without memory. */
static struct als_curl_pool *find_pool(struct als_curl *curl, const char *trust_store)
{
    for (struct als_curl_pool *pool = curl->pools; pool != NULL; pool = pool->next) {
        if (has_store(pool, trust_store))
            return pool;
    }
    struct als_curl_pool *pool = als_curl_pool_new(curl->reactor, trust_store, acted, curl);
    if (pool != NULL) {
        pool->next = curl->pools;
        curl->pools = pool;
    }
    return pool;
}

/* What judges certificates calls the OpenSSL that it is linked with on what libcurl made by its
 * own: they must be the same. */
static bool shares_openssl(void)
{
    struct als_text ours = als_text_of(als_crypto_version()), name, number;
    const char *theirs = curl_version_info(CURLVERSION_NOW)->ssl_version;
    (void)als_text_next_field(&ours, ' ', &name);
    (void)als_text_next_field(&ours, ' ', &number);
    struct als_text their_number = als_text_of(theirs), their_name;
    (void)als_text_next_field(&their_number, '/', &their_name);
    return als_text_equal(name, their_name) && als_text_equal(number, their_number);
}

int als_curl_new(struct als_reactor *reactor, struct als_curl **out)
{
    if (pthread_once(&global_once, initialise_globally) != 0 || global_status != CURLE_OK)
        return AWSLOGSRC_E_SYSTEM;
    struct als_curl *curl = als_new(sizeof *curl);
    if (curl == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    curl->reactor = reactor;
    curl->judges = shares_openssl();
    if (find_pool(curl, NULL) == NULL) {
        als_free(curl);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    *out = curl;
    return 0;
}

static void release(struct als_http_call *call)
{
    struct als_curl *curl = call->curl;
    if (call->previous != NULL)
        call->previous->next = call->next;
    else if (curl->calls == call)
        curl->calls = call->next;
    if (call->next != NULL)
        call->next->previous = call->previous;
    als_loop_disarm(&curl->reactor->loop, &call->keeping);
    if (call->pool != NULL)
        (void)curl_multi_remove_handle(call->pool->multi, call->easy);
    curl_easy_cleanup(call->easy);
    als_handshake_finish(call->handshake);
    als_handshake_unref(call->handshake);
    als_handshake_finish(call->proxy_handshake);
    als_handshake_unref(call->proxy_handshake);
    /* Some headers are secrets, and so are bodies that bring keys or a token. */
    for (struct curl_slist *line = call->headers; line != NULL; line = line->next)
        als_wipe(line->data, strlen(line->data));
    curl_slist_free_all(call->headers);
    als_buffer_wipe(&call->request_body);
    als_buffer_clear(&call->response_headers);
    als_buffer_wipe(&call->response_body);
    als_free(call);
}

void als_curl_free(struct als_curl *curl)
{
    if (curl == NULL)
        return;
    while (curl->calls != NULL)
        release(curl->calls);
    while (curl->pools != NULL) {
        struct als_curl_pool *pool = curl->pools;
        curl->pools = pool->next;
        als_curl_pool_free(pool);
    }
    als_free(curl);
}

static size_t header_arrived(char *data, size_t one, size_t size, void *user_data)
{
    struct als_http_call *call = user_data;
    struct als_text line = {data, one * size};
    if (als_text_starts_with(line, ALS_TEXT("HTTP/")))
        als_buffer_reset(&call->response_headers); /* after a 100 Continue or a proxy's answer */
    if (als_buffer_append_text(&call->response_headers, line) != 0)
        return 0;
    return line.size;
}

static size_t body_arrived(char *data, size_t one, size_t size, void *user_data)
{
    struct als_http_call *call = user_data;
    if (call->response_body.size == 0) {
        curl_off_t length = -1;
        (void)curl_easy_getinfo(call->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
        /* Growing leaves copies behind, which matters for small answers: they may be keys. */
        if (length <= 0 && call->response_body.ceiling <= SMALL_ANSWER)
            length = (curl_off_t)call->response_body.ceiling;
        if (length > 0 && als_buffer_reserve(&call->response_body, (size_t)length) != 0)
            return 0;
    }
    if (als_buffer_append(&call->response_body, data, one * size) != 0)
        return 0;
    return one * size;
}

static struct als_curl_fault fault_of(const struct als_http_call *call, CURLcode result)
{
    return (struct als_curl_fault){.easy = call->easy,
                                   .result = result,
                                   .text = call->error,
                                   .host = call->host,
                                   .proxy = call->proxy[0] == '\0' ? NULL : call->proxy,
                                   .tls = call->tls,
                                   .has_login = call->has_login,
                                   .handshake = call->handshake,
                                   .proxy_handshake = call->proxy_handshake};
}

/* What the callbacks refused to take, else what libcurl says. */
static int code_of(const struct als_http_call *call, CURLcode result, struct als_buffer *message)
{
    struct als_curl_fault fault = fault_of(call, result);
    int code = als_curl_fault_describe(&fault, message);
    if (result == CURLE_WRITE_ERROR && call->response_headers.status != 0)
        return call->response_headers.status;
    if (result == CURLE_WRITE_ERROR && call->response_body.status != 0)
        return call->response_body.status;
    return code;
}

/* Whether a proxy reads the request, which may answer it then. SOCKS proxies read none. */
static bool asks_proxy(const struct als_http_call *call)
{
    return !call->tls && strncmp(call->proxy, "http", 4) == 0;
}

static void finish(struct als_http_call *call, CURLcode result)
{
    long status = 0;
    struct als_buffer message;
    struct als_http_response response = {
        .headers = als_buffer_text(&call->response_headers),
        .timing = als_curl_timing(call->easy),
        .body = &call->response_body,
        .sent_ms = call->sent_ms,
        .received_ms = als_loop_now_ms(&call->curl->reactor->loop),
    };
    als_buffer_init(&message, MESSAGE_LIMIT);
    if (result == CURLE_OK) {
        (void)curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
        response.status = (int)status;
        response.proxy = asks_proxy(call) ? call->proxy : NULL;
    } else {
        response.code = code_of(call, result, &message);
    }
    if (response.proxy != NULL && status == LOGIN_WANTED) {
        struct als_curl_fault fault = fault_of(call, result);
        response.code = als_curl_fault_describe_login(&fault, status, &message);
    }
    if (call->inspect && call->handshake != NULL) {
        response.certificates = als_handshake_certificates(call->handshake);
        response.acquirable = als_handshake_is_acquirable(call->handshake);
        if (response.code == 0)
            (void)als_handshake_explain(call->handshake, &message);
    }
    response.message = als_buffer_string(&message);
    als_http_done *done = call->done;
    void *user_data = call->user_data;
    /* The callback may cancel other calls or send new ones, but this one is no longer its business.
     */
    call->done = NULL;
    done(user_data, &response);
    als_buffer_clear(&message);
    release(call);
}

/* --- keeping: the certificates are entered between two connections, where nothing waits for it
 * but this call --- */

static void keep(void *user_data)
{
    struct als_http_call *call = user_data;
    struct als_loop *loop = &call->curl->reactor->loop;
    int64_t now = als_loop_now_ms(loop);
    if (!als_handshake_keep(call->handshake, now >= call->keeping_end_ms))
        als_loop_arm(loop, &call->keeping,
                     now + KEEPING_PAUSE_MS + als_random_below(&loop->random, KEEPING_PAUSE_MS));
    else if (curl_multi_add_handle(call->pool->multi, call->easy) != CURLM_OK)
        finish(call, CURLE_OUT_OF_MEMORY);
}

static void begin_keeping(struct als_http_call *call)
{
    struct als_loop *loop = &call->curl->reactor->loop;
    (void)curl_multi_remove_handle(call->pool->multi, call->easy);
    call->keeping.fn = keep;
    call->keeping.user_data = call;
    call->keeping_end_ms = als_loop_now_ms(loop) + KEEPING_LIMIT_MS;
    als_loop_arm(loop, &call->keeping, als_loop_now_ms(loop));
}

static void finish_pool(struct als_curl_pool *pool)
{
    CURLMsg *message;
    int left = 0;
    while ((message = curl_multi_info_read(pool->multi, &left)) != NULL) {
        struct als_http_call *call = NULL;
        CURLcode result = message->data.result; /* the message dies with the handle */
        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        if (result != CURLE_OK && als_handshake_wants_keeping(call->handshake))
            begin_keeping(call);
        else
            finish(call, result);
    }
}

void als_curl_finish(struct als_curl *curl)
{
    for (struct als_curl_pool *pool = curl->pools; pool != NULL; pool = pool->next)
        finish_pool(pool);
}

static int add_headers(struct als_http_call *call, const char *const *headers)
{
    /* "Expect:" keeps libcurl from waiting for a 100 Continue in front of a large body. Where a
     * proxy that may want the login is asked in plain HTTP it waits: some send a 407 and close with
     * the body unread, which resets the connection before the 407 was seen. */
    static const char *const at_once[] = {"Expect:", "Accept: */*", NULL};
    static const char *const patient[] = {"Expect: 100-continue", "Accept: */*", NULL};
    bool may_be_asked = asks_proxy(call) && call->has_login && call->request_body.size > 0;
    const char *const *lists[] = {may_be_asked ? patient : at_once, headers};
    for (size_t i = 0; i < 2; i++) {
        for (const char *const *line = lists[i]; line != NULL && *line != NULL; line++) {
            struct curl_slist *longer = curl_slist_append(call->headers, *line);
            if (longer == NULL)
                return AWSLOGSRC_E_NO_MEMORY;
            call->headers = longer;
        }
    }
    return 0;
}

static void set_transfer(struct als_http_call *call, const struct als_http_request *request)
{
    CURL *easy = call->easy;
    (void)curl_easy_setopt(easy, CURLOPT_PRIVATE, call);
    (void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, call->error);
    (void)curl_easy_setopt(easy, CURLOPT_HTTPHEADER, call->headers);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, header_arrived);
    (void)curl_easy_setopt(easy, CURLOPT_HEADERDATA, call);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, body_arrived);
    (void)curl_easy_setopt(easy, CURLOPT_WRITEDATA, call);
    if (request->body.data != NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, als_buffer_string(&call->request_body));
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                               (curl_off_t)call->request_body.size);
    }
}

/* The file of acquired certificates, where one counts. */
static const char *trust_store_of(const struct als_http_request *request)
{
    return request->direct || request->inspect ? NULL : request->settings->trust_store;
}

/* Never one of the environment: what of that counts is in the settings. */
static int set_proxy(struct als_http_call *call, const struct als_http_request *request,
                     struct als_text host)
{
    CURL *easy = call->easy;
    const struct als_http_settings *settings = request->settings;
    const struct als_proxy_route *route =
        request->direct ? NULL : als_proxy_for(settings->proxy, call->tls, host);
    CURLcode result = curl_easy_setopt(easy, CURLOPT_PROXY, route == NULL ? "" : route->url);
    if (result == CURLE_OK)
        result = curl_easy_setopt(easy, CURLOPT_NOPROXY, "");
    if (route == NULL)
        return result == CURLE_OK ? 0 : AWSLOGSRC_E_NO_MEMORY;
    (void)snprintf(call->proxy, sizeof call->proxy, "%s", route->url);
    call->has_login = route->username != NULL;
    if (result == CURLE_OK && route->username != NULL)
        result = curl_easy_setopt(easy, CURLOPT_PROXYUSERNAME, route->username);
    if (result == CURLE_OK && route->username != NULL)
        result = curl_easy_setopt(easy, CURLOPT_PROXYPASSWORD,
                                  route->password == NULL ? "" : route->password);
    (void)curl_easy_setopt(easy, CURLOPT_PROXYAUTH, (long)(CURLAUTH_BASIC | CURLAUTH_DIGEST));
    (void)curl_easy_setopt(easy, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
    return result == CURLE_OK ? 0 : AWSLOGSRC_E_NO_MEMORY;
}

static int set_target(struct als_http_call *call, const struct als_http_request *request)
{
    char *scheme = NULL, *host = NULL, *port = NULL;
    CURLU *parsed = curl_url();
    if (parsed == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int status = AWSLOGSRC_E_INVALID;
    if (curl_url_set(parsed, CURLUPART_URL, request->url, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        struct als_text name = als_text_of(host);
        if (name.size > 2 && name.data[0] == '[')
            name = (struct als_text){name.data + 1, name.size - 2};
        (void)snprintf(call->host, sizeof call->host, "%s:%s", host, port);
        call->tls = strcmp(scheme, "https") == 0;
        status = set_proxy(call, request, name);
    }
    if (status == 0 && curl_easy_setopt(call->easy, CURLOPT_URL, request->url) != CURLE_OK)
        status = AWSLOGSRC_E_NO_MEMORY;
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parsed);
    return status;
}

/* libcurl has made what is to be the connection's TLS: that with the proxy first, where it has one.
 */
static CURLcode context_made(CURL *easy, void *ssl_context, void *user_data)
{
    struct als_http_call *call = user_data;
    long answer = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_HTTP_CONNECTCODE, &answer);
    bool tunnel = call->tls && answer >= 200 && answer < 300;
    struct als_handshake *handshake =
        call->proxy_handshake != NULL && !tunnel ? call->proxy_handshake : call->handshake;
    return als_handshake_attach(handshake, ssl_context) == 0 ? CURLE_OK : CURLE_OUT_OF_MEMORY;
}

static struct als_handshake *new_handshake(const struct als_http_call *call,
                                           const struct als_http_request *request,
                                           const char *place)
{
    struct als_text host = als_text_of(place);
    while (host.size > 0 && host.data[host.size - 1] != ':')
        host.size--;
    host.size -= host.size > 0;
    if (host.size > 2 && host.data[0] == '[')
        host = (struct als_text){host.data + 1, host.size - 2};
    const struct als_handshake_config config = {
        .loop = &call->curl->reactor->loop,
        .host = host,
        .place = place,
        .trust_store = place == call->host ? trust_store_of(request) : NULL,
        .acquire = request->settings->acquire,
        .tls_minimum = request->settings->tls_minimum,
        .inspect = request->inspect && place == call->host};
    return als_handshake_new(&config);
}

static int watch_handshakes(struct als_http_call *call, const struct als_http_request *request)
{
    static const char tls[] = "https://";
    bool proxy = strncmp(call->proxy, tls, sizeof tls - 1) == 0;
    if (!call->curl->judges)
        return trust_store_of(request) == NULL && !call->inspect ? 0 : AWSLOGSRC_E_NOT_AVAILABLE;
    if (call->tls)
        call->handshake = new_handshake(call, request, call->host);
    if (proxy)
        call->proxy_handshake = new_handshake(call, request, call->proxy + sizeof tls - 1);
    if ((call->tls && call->handshake == NULL) || (proxy && call->proxy_handshake == NULL))
        return AWSLOGSRC_E_NO_MEMORY;
    (void)curl_easy_setopt(call->easy, CURLOPT_SSL_CTX_FUNCTION, context_made);
    (void)curl_easy_setopt(call->easy, CURLOPT_SSL_CTX_DATA, call);
    return 0;
}

static int begin(struct als_http_call *call, const struct als_http_request *request)
{
    int status = watch_handshakes(call, request);
    struct als_curl_pool *pool =
        status == 0 ? find_pool(call->curl, trust_store_of(request)) : NULL;
    if (status != 0)
        return status;
    if (pool == NULL || curl_multi_add_handle(pool->multi, call->easy) != CURLM_OK)
        return AWSLOGSRC_E_NO_MEMORY;
    call->pool = pool;
    return 0;
}

static int send_request(void *self, const struct als_http_request *request, als_http_done *done,
                        void *user_data, struct als_http_call **out)
{
    struct als_curl *curl = self;
    struct als_http_call *call = als_new(sizeof *call);
    if (call == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    call->curl = curl;
    call->done = done;
    call->user_data = user_data;
    call->inspect = request->inspect;
    call->sent_ms = als_loop_now_ms(&curl->reactor->loop);
    als_buffer_init(&call->request_body, request->body.size);
    als_buffer_init(&call->response_headers, HEADERS_LIMIT);
    als_buffer_init(&call->response_body, request->response_limit);
    call->next = curl->calls;
    if (curl->calls != NULL)
        curl->calls->previous = call;
    curl->calls = call;

    call->easy = curl_easy_init();
    int status = call->easy == NULL ? AWSLOGSRC_E_NO_MEMORY : 0;
    if (status == 0)
        status = set_target(call, request);
    if (status == 0)
        status = als_buffer_append_text(&call->request_body, request->body);
    if (status == 0)
        status = add_headers(call, request->headers);
    if (status == 0)
        status = als_curl_options_set(call->easy, request);
    if (status == 0) {
        set_transfer(call, request);
        status = begin(call, request);
    }
    if (status != 0)
        release(call);
    else
        *out = call;
    return status;
}

static void cancel(void *self, struct als_http_call *call)
{
    (void)self;
    if (call->done != NULL) /* inside its own callback the call ends anyway */
        release(call);
}

struct als_http als_curl_http(struct als_curl *curl)
{
    return (struct als_http){send_request, cancel, curl};
}

int64_t als_curl_date_ms(struct als_text text)
{
    char date[64];
    if (text.size == 0 || text.size >= sizeof date)
        return 0;
    memcpy(date, text.data, text.size);
    date[text.size] = '\0';
    time_t seconds = curl_getdate(date, NULL);
    return seconds > 0 ? (int64_t)seconds * 1000 : 0;
}

const char *als_curl_version(void)
{
    return curl_version_info(CURLVERSION_NOW)->version;
}

const char *als_curl_limits(void)
{
    if (!shares_openssl())
        return "no certificates are acquired (libcurl has another OpenSSL)";
    return curl_version_info(CURLVERSION_NOW)->version_num >= 0x075700
               ? ""
               : "a hung name lookup can block (libcurl before 7.87)";
}
