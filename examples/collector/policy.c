#include "policy.h"

#include <stdio.h>
#include <stdlib.h>

#include "collector.h"
#include "console.h"

int policy_print(const struct configuration *configuration)
{
    const awslogsrc_options **options = calloc(configuration->count, sizeof *options);
    awslogsrc_error *error = NULL;
    char *policy = NULL;
    if (options == NULL) {
        console_say("out of memory");
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < configuration->count; i++)
        options[i] = configuration->sources[i].options;
    int status = awslogsrc_options_policy(options, configuration->count, &policy, NULL, &error);
    if (status == 0)
        (void)fputs(policy, stdout);
    else
        console_error(NULL, error);
    awslogsrc_options_policy_free(policy);
    awslogsrc_error_free(error);
    free((void *)options);
    return status == 0 ? EXIT_DONE : EXIT_USAGE;
}
