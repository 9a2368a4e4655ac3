#include "awslogsrc/version.h"

#include <pthread.h>
#include <stdio.h>

#include "base/crypto.h"
#include "base/json.h"
#include "base/regex.h"
#include "net/curl.h"

static char text[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void write_text(void)
{
    const char *limits[] = {als_curl_limits(), als_regex_limits()};
    char regex[ALS_REGEX_VERSION_SIZE];
    als_regex_version(regex);
    (void)snprintf(text, sizeof text, "%s (libcurl %s, %s, cJSON %s, PCRE2 %s)%s%s%s%s",
                   AWSLOGSRC_VERSION, als_curl_version(), als_crypto_version(), als_json_version(),
                   regex, *limits[0] == '\0' ? "" : "; ", limits[0], *limits[1] == '\0' ? "" : "; ",
                   limits[1]);
}

const char *awslogsrc_version(void)
{
    return pthread_once(&once, write_text) == 0 ? text : AWSLOGSRC_VERSION;
}
