#include "net/curl_timing.h"

/* -1 for a stage that was not reached, which libcurl has as 0. */
static int64_t stage_ms(CURL *easy, CURLINFO info, bool reused)
{
    curl_off_t us = 0;
    (void)curl_easy_getinfo(easy, info, &us);
    return us > 0 || reused ? (int64_t)us / 1000 : -1;
}

struct als_http_timing als_curl_timing(CURL *easy)
{
    long connections = 0;
    curl_off_t answered = 0;
    (void)curl_easy_getinfo(easy, CURLINFO_NUM_CONNECTS, &connections);
    (void)curl_easy_getinfo(easy, CURLINFO_STARTTRANSFER_TIME_T, &answered);
    bool reused = connections == 0 && answered > 0;
    return (struct als_http_timing){stage_ms(easy, CURLINFO_NAMELOOKUP_TIME_T, reused),
                                    stage_ms(easy, CURLINFO_CONNECT_TIME_T, reused),
                                    stage_ms(easy, CURLINFO_APPCONNECT_TIME_T, reused),
                                    stage_ms(easy, CURLINFO_STARTTRANSFER_TIME_T, false)};
}
