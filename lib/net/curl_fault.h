/* Why a transfer failed, in this library's words; and whether the proxy is to blame. */
#ifndef ALS_NET_CURL_FAULT_H
#define ALS_NET_CURL_FAULT_H

#include <stdbool.h>

#include <curl/curl.h>

#include "base/buffer.h"

struct als_curl_fault {
    CURL *easy;
    CURLcode result;
    const char *text;  /* libcurl's own words, or "" */
    const char *host;  /* "logs.us-east-1.amazonaws.com:443" */
    const char *proxy; /* "http://proxy:3128"; NULL: none */
    bool tls;          /* the host is to speak TLS, so an HTTP proxy is asked for a tunnel */
    bool has_login;    /* for the proxy */
};

/* Appends the message. An AWSLOGSRC_E_* that is none of memory and limits. */
int als_curl_fault_describe(const struct als_curl_fault *fault, struct als_buffer *message);

/* The proxy's own 407 in place of an answer that it was to fetch in plain HTTP; likewise. */
int als_curl_fault_describe_login(const struct als_curl_fault *fault, long answer,
                                  struct als_buffer *message);

#endif
