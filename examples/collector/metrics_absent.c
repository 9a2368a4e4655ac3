#include <stddef.h>

#include "console.h"
#include "metrics.h"

/* In place of metrics.c where libmicrohttpd was missing when this was built. */

bool metrics_is_address(const char *address)
{
    return *address != '\0';
}

struct metrics *metrics_listen(const char *address, const awslogsrc_context *context)
{
    (void)address, (void)context;
    console_say("--metrics-listen: this awslogsrc was built without libmicrohttpd");
    return NULL;
}

const char *metrics_url(const struct metrics *metrics)
{
    (void)metrics;
    return "";
}

int metrics_fd(const struct metrics *metrics)
{
    (void)metrics;
    return -1;
}

int metrics_timeout_ms(const struct metrics *metrics)
{
    (void)metrics;
    return -1;
}

void metrics_process(struct metrics *metrics)
{
    (void)metrics;
}

void metrics_close(struct metrics *metrics)
{
    (void)metrics;
}
