#include "net/curl_fault.h"

#include <string.h>

#include "awslogsrc/error.h"

enum {
    LOGIN_WANTED = 407,
    LOGIN_REFUSED = 401 /* tinyproxy says so */
};

static int code_of(CURLcode result)
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
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return AWSLOGSRC_E_PROTOCOL;
    default: return AWSLOGSRC_E_NETWORK;
    }
}

static double seconds(const struct als_curl_fault *fault, CURLINFO info)
{
    double value = 0;
    (void)curl_easy_getinfo(fault->easy, info, &value);
    return value;
}

static const char *text_of(const struct als_curl_fault *fault)
{
    if (fault->result == CURLE_OPERATION_TIMEDOUT && seconds(fault, CURLINFO_NAMELOOKUP_TIME) <= 0)
        return "the name lookup took too long";
    return fault->text[0] != '\0' ? fault->text : curl_easy_strerror(fault->result);
}

static bool is_http_proxy(const struct als_curl_fault *fault)
{
    return strncmp(fault->proxy, "http", 4) == 0;
}

/* The proxy's answer to CONNECT; 0: none. */
static long tunnel_answer(const struct als_curl_fault *fault)
{
    long answer = 0;
    (void)curl_easy_getinfo(fault->easy, CURLINFO_HTTP_CONNECTCODE, &answer);
    return answer;
}

int als_curl_fault_describe_login(const struct als_curl_fault *fault, long answer,
                                  struct als_buffer *message)
{
    als_buffer_format(message, "proxy %s: %s proxy_username and proxy_password (HTTP %ld)",
                      fault->proxy, fault->has_login ? "refuses" : "asks for", answer);
    return AWSLOGSRC_E_PROXY;
}

/* Asked in plain HTTP, a proxy has an answer for every trouble behind it: no answer is its own
 * trouble, and so is TLS, which nobody else speaks then. */
static bool is_own_trouble(const struct als_curl_fault *fault)
{
    return !fault->tls && is_http_proxy(fault) &&
           (fault->result == CURLE_GOT_NOTHING || fault->result == CURLE_RECV_ERROR ||
            fault->result == CURLE_SEND_ERROR || code_of(fault->result) == AWSLOGSRC_E_TLS);
}

/* What happened before the tunnel stood is the proxy's own; false where it did stand. */
static bool describe_tunnel(const struct als_curl_fault *fault, struct als_buffer *message)
{
    long answer = tunnel_answer(fault);
    if (!fault->tls || !is_http_proxy(fault) || (answer >= 200 && answer < 300))
        return false;
    if (answer == LOGIN_WANTED || answer == LOGIN_REFUSED)
        (void)als_curl_fault_describe_login(fault, answer, message);
    else if (answer != 0)
        als_buffer_format(message, "proxy %s: refuses the way to %s (HTTP %ld)", fault->proxy,
                          fault->host, answer);
    else
        als_buffer_format(message, "proxy %s: gave no way to %s: %s", fault->proxy, fault->host,
                          text_of(fault));
    return true;
}

/* Cut or silent after the proxy had opened the way, before TLS stood: a proxy that may not let this
 * through does so. */
static bool is_cut(const struct als_curl_fault *fault)
{
    if (!fault->tls || seconds(fault, CURLINFO_APPCONNECT_TIME) > 0)
        return false;
    return fault->result == CURLE_OPERATION_TIMEDOUT || fault->result == CURLE_RECV_ERROR ||
           fault->result == CURLE_SEND_ERROR || fault->result == CURLE_GOT_NOTHING ||
           (fault->result == CURLE_SSL_CONNECT_ERROR &&
            (strstr(fault->text, "SSL_ERROR_SYSCALL") != NULL ||
             strstr(fault->text, "reset by peer") != NULL || strstr(fault->text, "eof") != NULL));
}

static bool describe_proxy(const struct als_curl_fault *fault, struct als_buffer *message)
{
    switch ((int)fault->result) {
    case CURLE_COULDNT_CONNECT:
    case CURLE_COULDNT_RESOLVE_PROXY:
        als_buffer_format(message, "proxy %s: %s", fault->proxy, text_of(fault));
        return true;
    case CURLE_PROXY:
        als_buffer_format(message, "proxy %s: gave no way to %s: %s", fault->proxy, fault->host,
                          text_of(fault));
        return true;
    case CURLE_OUT_OF_MEMORY: return false;
    default: break;
    }
    if (is_own_trouble(fault)) {
        als_buffer_format(message, "proxy %s: gave no answer: %s", fault->proxy, text_of(fault));
        return true;
    }
    if (describe_tunnel(fault, message))
        return true;
    if (!is_cut(fault))
        return false;
    als_buffer_format(message, "proxy %s: the way to %s was cut before TLS stood: %s", fault->proxy,
                      fault->host, text_of(fault));
    return true;
}

int als_curl_fault_describe(const struct als_curl_fault *fault, struct als_buffer *message)
{
    if (fault->proxy != NULL && describe_proxy(fault, message))
        return AWSLOGSRC_E_PROXY;
    if (fault->proxy != NULL)
        als_buffer_format(message, "%s through proxy %s: %s", fault->host, fault->proxy,
                          text_of(fault));
    else
        als_buffer_format(message, "%s: %s", fault->host, text_of(fault));
    return code_of(fault->result);
}
