/* What a request says of how it is to be made, as options of libcurl: time limits, trust, manners.
 * What the call itself needs - its place, its body, where the answer goes - it sets for itself. */
#ifndef ALS_NET_CURL_OPTIONS_H
#define ALS_NET_CURL_OPTIONS_H

#include <curl/curl.h>

#include "net/http.h"

/* 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_curl_options_set(CURL *easy, const struct als_http_request *request);

#endif
