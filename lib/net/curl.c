#include "net/curl.h"

#include <pthread.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <curl/curl.h>

#include "base/memory.h"
#include "net/reactor.h"

enum {
    HEADERS_LIMIT = 64 * 1024, /* all response headers together */
    RECEIVE_BUFFER = 64 * 1024,
    MESSAGE_LIMIT = 1024,
    IDLE_CONNECTIONS = 64 /* kept open for the next request */
};

struct als_curl {
    struct als_reactor *reactor;
    CURLM *multi;
    struct als_timer timer; /* what libcurl asked to be woken for */
    struct als_http_call *calls;
};

struct als_http_call {
    struct als_curl *curl;
    struct als_http_call *next, *previous;
    CURL *easy;
    struct curl_slist *headers;
    als_http_done *done;
    void *user_data;
    struct als_buffer request_body;
    struct als_buffer response_headers;
    struct als_buffer response_body;
    int64_t sent_ms;
    char host[256]; /* "logs.us-east-1.amazonaws.com:443", for messages */
    char error[CURL_ERROR_SIZE];
};

static pthread_once_t global_once = PTHREAD_ONCE_INIT;
static CURLcode global_status;

static void initialise_globally(void)
{
    global_status = curl_global_init(CURL_GLOBAL_DEFAULT);
}

static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *user_data, void *data)
{
    (void)easy, (void)data;
    struct als_curl *curl = user_data;
    uint32_t events = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        events |= EPOLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        events |= EPOLLOUT;
    return als_reactor_watch(curl->reactor, fd, events) == 0 ? 0 : -1;
}

/* libcurl forbids calls into it from here; the timer does them later. */
static int timer_changed(CURLM *multi, long timeout_ms, void *user_data)
{
    (void)multi;
    struct als_curl *curl = user_data;
    struct als_loop *loop = &curl->reactor->loop;
    if (timeout_ms < 0)
        als_loop_disarm(loop, &curl->timer);
    else
        als_loop_arm(loop, &curl->timer, als_loop_now_ms(loop) + timeout_ms);
    return 0;
}

static void timer_fired(void *user_data)
{
    struct als_curl *curl = user_data;
    int running = 0;
    (void)curl_multi_socket_action(curl->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    als_curl_finish(curl);
}

void als_curl_socket_ready(struct als_curl *curl, int fd, uint32_t epoll_events)
{
    int running = 0, ready = 0;
    if ((epoll_events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
        ready |= CURL_CSELECT_IN;
    if ((epoll_events & EPOLLOUT) != 0)
        ready |= CURL_CSELECT_OUT;
    if ((epoll_events & EPOLLERR) != 0)
        ready |= CURL_CSELECT_ERR;
    /* A socket that another event of this round closed answers CURLM_BAD_SOCKET, which is harmless.
     */
    (void)curl_multi_socket_action(curl->multi, fd, ready, &running);
}

int als_curl_new(struct als_reactor *reactor, struct als_curl **out)
{
    if (pthread_once(&global_once, initialise_globally) != 0 || global_status != CURLE_OK)
        return AWSLOGSRC_E_SYSTEM;
    struct als_curl *curl = als_new(sizeof *curl);
    if (curl == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    curl->reactor = reactor;
    curl->timer.fn = timer_fired;
    curl->timer.user_data = curl;
    curl->multi = curl_multi_init();
    if (curl->multi == NULL) {
        als_free(curl);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    (void)curl_multi_setopt(curl->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
    (void)curl_multi_setopt(curl->multi, CURLMOPT_SOCKETDATA, curl);
    (void)curl_multi_setopt(curl->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
    (void)curl_multi_setopt(curl->multi, CURLMOPT_TIMERDATA, curl);
    (void)curl_multi_setopt(curl->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS);
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
    if (call->easy != NULL) {
        (void)curl_multi_remove_handle(curl->multi, call->easy);
        curl_easy_cleanup(call->easy);
    }
    /* Some headers are secrets. */
    for (struct curl_slist *line = call->headers; line != NULL; line = line->next)
        als_wipe(line->data, strlen(line->data));
    curl_slist_free_all(call->headers);
    als_buffer_clear(&call->request_body);
    als_buffer_clear(&call->response_headers);
    als_buffer_clear(&call->response_body);
    als_free(call);
}

void als_curl_free(struct als_curl *curl)
{
    if (curl == NULL)
        return;
    while (curl->calls != NULL)
        release(curl->calls);
    (void)curl_multi_cleanup(curl->multi);
    als_loop_disarm(&curl->reactor->loop, &curl->timer);
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
        if (length > 0 && als_buffer_reserve(&call->response_body, (size_t)length) != 0)
            return 0;
    }
    if (als_buffer_append(&call->response_body, data, one * size) != 0)
        return 0;
    return one * size;
}

static int error_code(CURLcode result, const struct als_http_call *call)
{
    switch ((int)result) {
    case CURLE_OUT_OF_MEMORY: return AWSLOGSRC_E_NO_MEMORY;
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL: return AWSLOGSRC_E_INVALID;
    case CURLE_COULDNT_RESOLVE_HOST: return AWSLOGSRC_E_NAME_LOOKUP;
    case CURLE_COULDNT_CONNECT: return AWSLOGSRC_E_CONNECT;
    case CURLE_OPERATION_TIMEDOUT: return AWSLOGSRC_E_TIMEOUT;
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return AWSLOGSRC_E_PROXY;
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_USE_SSL_FAILED: return AWSLOGSRC_E_TLS;
    case CURLE_WRITE_ERROR:
        if (call->response_headers.status != 0)
            return call->response_headers.status;
        return call->response_body.status != 0 ? call->response_body.status : AWSLOGSRC_E_NETWORK;
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return AWSLOGSRC_E_PROTOCOL;
    default: return AWSLOGSRC_E_NETWORK;
    }
}

static void describe(char message[MESSAGE_LIMIT], CURLcode result, const struct als_http_call *call)
{
    double lookup_s = 0;
    (void)curl_easy_getinfo(call->easy, CURLINFO_NAMELOOKUP_TIME, &lookup_s);
    const char *text = call->error[0] != '\0' ? call->error : curl_easy_strerror(result);
    if (result == CURLE_OPERATION_TIMEDOUT && lookup_s <= 0)
        text = "the name lookup took too long";
    (void)snprintf(message, MESSAGE_LIMIT, "%s: %s", call->host, text);
}

static void finish(struct als_http_call *call, CURLcode result)
{
    char message[MESSAGE_LIMIT] = "";
    long status = 0;
    struct als_http_response response = {
        .headers = als_buffer_text(&call->response_headers),
        .body = &call->response_body,
        .sent_ms = call->sent_ms,
        .received_ms = als_loop_now_ms(&call->curl->reactor->loop),
    };
    if (result == CURLE_OK) {
        (void)curl_easy_getinfo(call->easy, CURLINFO_RESPONSE_CODE, &status);
        response.status = (int)status;
    } else {
        response.code = error_code(result, call);
        describe(message, result, call);
    }
    response.message = message;
    als_http_done *done = call->done;
    void *user_data = call->user_data;
    /* The callback may cancel other calls or send new ones, but this one is no longer its business.
     */
    call->done = NULL;
    done(user_data, &response);
    release(call);
}

void als_curl_finish(struct als_curl *curl)
{
    CURLMsg *message;
    int left = 0;
    while ((message = curl_multi_info_read(curl->multi, &left)) != NULL) {
        struct als_http_call *call = NULL;
        CURLcode result = message->data.result; /* the message dies with the handle */
        if (message->msg != CURLMSG_DONE)
            continue;
        (void)curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &call);
        finish(call, result);
    }
}

static int add_headers(struct als_http_call *call, const char *const *headers)
{
    /* "Expect:" keeps libcurl from waiting for a 100 Continue in front of a large body. */
    static const char *const own[] = {"Expect:", "Accept: */*", NULL};
    const char *const *lists[] = {own, headers};
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
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, request->settings->user_agent);
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
    (void)curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    if (request->body.data != NULL) {
        (void)curl_easy_setopt(easy, CURLOPT_POST, 1L);
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDS, als_buffer_string(&call->request_body));
        (void)curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                               (curl_off_t)call->request_body.size);
    }
    if (request->method != NULL)
        (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->direct) /* whatever the environment says */
        (void)curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    /* No signals in somebody else's process; and without QUICK_EXIT a hung name lookup blocks the
     * clean-up of its transfer for as long as the resolver takes (libcurl 7.87 and later). */
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

/* libcurl keeps the trust store that it has loaded for further connections, but not where there is
 * a folder of certificates as well (Curl_ssl_setup_x509_store in lib/vtls/openssl.c): then each new
 * connection takes the 20 ms again. Systems that have both keep the same certificates in them. */
static CURLcode leave_folder_out(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075400
    const char *bundle = NULL;
    if (curl_easy_getinfo(easy, CURLINFO_CAINFO, &bundle) == CURLE_OK && bundle != NULL &&
        access(bundle, R_OK) == 0)
        return curl_easy_setopt(easy, CURLOPT_CAPATH, NULL);
#endif
    return CURLE_OK;
}

static int set_security(CURL *easy, const struct als_http_settings *settings)
{
    long version = settings->tls_minimum == 13 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2;
    CURLcode result = curl_easy_setopt(easy, CURLOPT_SSLVERSION, version);
#if LIBCURL_VERSION_NUM >= 0x075500
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    if (result == CURLE_OK && settings->ca_file != NULL)
        result = curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
    if (result == CURLE_OK && settings->ca_path != NULL)
        result = curl_easy_setopt(easy, CURLOPT_CAPATH, settings->ca_path);
    if (result == CURLE_OK && settings->ca_path == NULL)
        result = leave_folder_out(easy);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)settings->request_timeout_ms);
    return result == CURLE_OK ? 0 : AWSLOGSRC_E_NO_MEMORY;
}

static int set_url(struct als_http_call *call, const char *url)
{
    char *host = NULL, *port = NULL;
    CURLU *parsed = curl_url();
    if (parsed == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int status = AWSLOGSRC_E_INVALID;
    if (curl_url_set(parsed, CURLUPART_URL, url, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
        curl_url_get(parsed, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK) {
        (void)snprintf(call->host, sizeof call->host, "%s:%s", host, port);
        status =
            curl_easy_setopt(call->easy, CURLOPT_URL, url) == CURLE_OK ? 0 : AWSLOGSRC_E_NO_MEMORY;
    }
    curl_free(host);
    curl_free(port);
    curl_url_cleanup(parsed);
    return status;
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
        status = set_url(call, request->url);
    if (status == 0)
        status = als_buffer_append_text(&call->request_body, request->body);
    if (status == 0)
        status = add_headers(call, request->headers);
    if (status == 0)
        status = set_security(call->easy, request->settings);
    if (status == 0) {
        set_transfer(call, request);
        if (curl_multi_add_handle(curl->multi, call->easy) != CURLM_OK)
            status = AWSLOGSRC_E_NO_MEMORY;
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
    return curl_version_info(CURLVERSION_NOW)->version_num >= 0x075700
               ? ""
               : "a hung name lookup can block (libcurl before 7.87)";
}
