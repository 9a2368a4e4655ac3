#include "trust.h"

#include <awslogsrc/awslogsrc.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "collector.h"
#include "console.h"

static bool refuse(awslogsrc_error *error)
{
    console_error(NULL, error);
    awslogsrc_error_free(error);
    return false;
}

static bool apply(const struct arguments *arguments, awslogsrc_options *options)
{
    bool good = true;
    for (size_t i = 0; i < arguments->setting_count; i++) {
        awslogsrc_error *error = NULL;
        const struct setting *setting = &arguments->settings[i];
        if (awslogsrc_options_set(options, setting->name, setting->value, &error) != 0)
            good = refuse(error);
    }
    return good;
}

static void print_date(int64_t ms)
{
    char text[32];
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    if (gmtime_r(&seconds, &parts) == NULL ||
        strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts) == 0)
        text[0] = '\0';
    (void)fputs(text, stdout);
}

static void print_certificates(const awslogsrc_trust *trust)
{
    for (int i = 0; i < awslogsrc_trust_count(trust); i++) {
        printf("%d. %s\n   issuer   %s\n   names    %s\n   valid    ", i + 1,
               awslogsrc_trust_subject(trust, i), awslogsrc_trust_issuer(trust, i),
               awslogsrc_trust_names(trust, i));
        print_date(awslogsrc_trust_not_before_ms(trust, i));
        (void)fputs(" to ", stdout);
        print_date(awslogsrc_trust_not_after_ms(trust, i));
        printf("\n   SHA-256  %s\n", awslogsrc_trust_fingerprint(trust, i));
    }
    const char *problem = awslogsrc_trust_problem(trust);
    printf("%s%s\n", *problem == '\0' ? "trusted already" : "not trusted so far: ", problem);
}

struct fetch {
    bool stores;
    const char *path;
    int code; /* of the process */
};

/* Waits while a collector is entering another server. */
static int store(const awslogsrc_trust *trust, awslogsrc_error **error)
{
    enum { PAUSE_MS = 50, LIMIT_MS = 10000 };
    const struct timespec pause = {.tv_nsec = PAUSE_MS * 1000000L};
    int code = awslogsrc_trust_store(trust, NULL, error);
    for (int waited = 0; code == AWSLOGSRC_E_LOCKED && waited < LIMIT_MS; waited += PAUSE_MS) {
        awslogsrc_error_free(*error);
        *error = NULL;
        (void)nanosleep(&pause, NULL);
        code = awslogsrc_trust_store(trust, NULL, error);
    }
    return code;
}

/* Shown first, then stored. */
static void fetched(void *user_data, awslogsrc_trust *trust, const awslogsrc_error *failure)
{
    struct fetch *fetch = user_data;
    awslogsrc_error *error = NULL;
    if (failure != NULL) {
        console_error(NULL, failure);
        return;
    }
    print_certificates(trust);
    if (!fetch->stores) {
        fetch->code = EXIT_DONE;
    } else if (store(trust, &error) == 0) {
        printf("stored in %s\n", fetch->path);
        fetch->code = EXIT_DONE;
    } else {
        (void)refuse(error);
    }
}

static int fetch(const char *host, awslogsrc_options *options)
{
    awslogsrc_context *context = NULL;
    awslogsrc_trust *trust = NULL;
    awslogsrc_error *error = NULL;
    struct fetch fetch = {.code = EXIT_FAILED, .path = ""};
    (void)awslogsrc_options_get(options, "trust_store", &fetch.path, NULL);
    fetch.stores = *fetch.path != '\0';
    if (awslogsrc_context_new(&context, &error) != 0) {
        (void)refuse(error);
    } else if (awslogsrc_trust_new(context, options, host, &trust, &error) != 0) {
        (void)refuse(error);
        fetch.code = EXIT_USAGE;
    } else if (awslogsrc_trust_fetch(trust, fetched, &fetch, NULL, &error) != 0 ||
               awslogsrc_context_run(context) < 0) {
        if (error != NULL)
            (void)refuse(error);
    }
    awslogsrc_trust_free(trust);
    awslogsrc_context_free(context);
    return fetch.code;
}

int trust_run(const char *host, const struct arguments *arguments)
{
    awslogsrc_options *options = NULL;
    awslogsrc_error *error = NULL;
    int code = EXIT_USAGE;
    if (arguments->file != NULL) {
        console_say("-c: trust takes no file");
        return EXIT_USAGE;
    }
    if (awslogsrc_options_new(&options, &error) != 0) {
        (void)refuse(error);
        return EXIT_FAILED;
    }
    if (apply(arguments, options))
        code = fetch(host, options);
    awslogsrc_options_free(options);
    return code;
}
