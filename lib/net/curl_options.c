#include "net/curl_options.h"

#include <unistd.h>

#include "awslogsrc/error.h"

enum {
    RECEIVE_BUFFER = 64 * 1024,
    STORE_LIFE_S = 3600, /* libcurl's day is long for a store that was mended, or lost an issuer; to
                            load it blocks for as long as the first time */
    CONTINUE_TIMEOUT_MS = 300 /* longer than CURL_HET_DEFAULT, see set_manners() */
};

static void set_manners(CURL *easy, const struct als_http_request *request)
{
    (void)curl_easy_setopt(easy, CURLOPT_USERAGENT, request->settings->user_agent);
    (void)curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    (void)curl_easy_setopt(easy, CURLOPT_BUFFERSIZE, (long)RECEIVE_BUFFER);
    (void)curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    /* A timer that is due within the same millisecond as another one is dropped with it, and what
     * it was to end goes on to the next one (add_next_timeout() in lib/multi.c): waiting for a 100
     * Continue must not end together with the 200 ms of Happy Eyeballs. */
    (void)curl_easy_setopt(easy, CURLOPT_EXPECT_100_TIMEOUT_MS, (long)CONTINUE_TIMEOUT_MS);
    if (request->method != NULL)
        (void)curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method);
    if (request->fresh)
        (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    /* No signals in somebody else's process; and without QUICK_EXIT a hung name lookup blocks the
     * clean-up of its transfer for as long as the resolver takes (libcurl 7.87 and later). */
    (void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    (void)curl_easy_setopt(easy, CURLOPT_QUICK_EXIT, 1L);
#endif
}

static CURLcode set_twice(CURL *easy, CURLoption one, CURLoption other, const char *value)
{
    CURLcode result = curl_easy_setopt(easy, one, value);
    return result == CURLE_OK ? curl_easy_setopt(easy, other, value) : result;
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
        return set_twice(easy, CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH, NULL);
#endif
    return CURLE_OK;
}

/* By its name alone libcurl knows the store again, whatever has become of the file. */
static void limit_store_life(CURL *easy)
{
#if LIBCURL_VERSION_NUM >= 0x075700
    (void)curl_easy_setopt(easy, CURLOPT_CA_CACHE_TIMEOUT, (long)STORE_LIFE_S);
#endif
}

/* The same trust for servers and for proxies that speak TLS themselves. */
static int set_security(CURL *easy, const struct als_http_settings *settings)
{
    long version = settings->tls_minimum == 13 ? CURL_SSLVERSION_TLSv1_3 : CURL_SSLVERSION_TLSv1_2;
    CURLcode result = curl_easy_setopt(easy, CURLOPT_SSLVERSION, version);
    (void)curl_easy_setopt(easy, CURLOPT_PROXY_SSLVERSION, version);
    /* A session that is resumed is not judged again. */
    (void)curl_easy_setopt(easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
#if LIBCURL_VERSION_NUM >= 0x075500
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
#else
    (void)curl_easy_setopt(easy, CURLOPT_PROTOCOLS, (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    if (result == CURLE_OK && settings->ca_file != NULL)
        result = set_twice(easy, CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO, settings->ca_file);
    if (result == CURLE_OK && settings->ca_path != NULL)
        result = set_twice(easy, CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH, settings->ca_path);
    if (result == CURLE_OK && settings->ca_path == NULL)
        result = leave_folder_out(easy);
    limit_store_life(easy);
    (void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)settings->connect_timeout_ms);
    (void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)settings->request_timeout_ms);
    return result == CURLE_OK ? 0 : AWSLOGSRC_E_NO_MEMORY;
}

/* The server's name is judged with the rest of its certificate, and told. */
static void set_inspection(CURL *easy)
{
    (void)curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 0L);
    (void)curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    (void)curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
}

int als_curl_options_set(CURL *easy, const struct als_http_request *request)
{
    set_manners(easy, request);
    if (request->inspect)
        set_inspection(easy);
    return set_security(easy, request->settings);
}
