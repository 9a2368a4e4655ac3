/* How far a transfer of libcurl came, and when. */
#ifndef ALS_NET_CURL_TIMING_H
#define ALS_NET_CURL_TIMING_H

#include <curl/curl.h>

#include "net/http.h"

struct als_http_timing als_curl_timing(CURL *easy);

#endif
