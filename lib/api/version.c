#include "awslogsrc/version.h"

#include <pthread.h>
#include <stdio.h>

#include "base/crypto.h"
#include "base/json.h"
#include "net/curl.h"

static char text[256];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void write_text(void)
{
    const char *limits = als_curl_limits();
    (void)snprintf(text, sizeof text, "%s (libcurl %s, %s, cJSON %s)%s%s", AWSLOGSRC_VERSION,
                   als_curl_version(), als_crypto_version(), als_json_version(),
                   *limits == '\0' ? "" : "; ", limits);
}

const char *awslogsrc_version(void)
{
    return pthread_once(&once, write_text) == 0 ? text : AWSLOGSRC_VERSION;
}
