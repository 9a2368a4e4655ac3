/* A set of options, the last error and the settings, for the tests of options. */
#ifndef OPTIONS_FIXTURE_H
#define OPTIONS_FIXTURE_H

#include "awslogsrc/error.h"
#include "options/options.h"

#define PLAINTEXT "wJalrXUtnFEMI-K7MDENG-bPxRfiCYEXAMPLEKEY"

struct fixture {
    awslogsrc_options *options;
    awslogsrc_error *error;
    struct als_settings settings;
};

int set_up(void **state);
int tear_down(void **state);

int set(struct fixture *fixture, const char *name, const char *value);
const char *get(const struct fixture *fixture, const char *name);
const char *message(const struct fixture *fixture); /* of the last error */

/* Puts a value in place that this version may not let anybody set; NULL takes it away. */
void force(struct fixture *fixture, const char *name, const char *value);

/* Sets log_group to "g" and regions to "us-east-1". */
void set_required(struct fixture *fixture);

/* environment: NAME=VALUE strings, ended by NULL; or NULL. */
int resolve_in(struct fixture *fixture, const char *const *environment);
int resolve(struct fixture *fixture);

/* Whether the option's text reads, available or not. */
bool takes(const char *name, const char *value);
/* The same for a text of this many characters: head, and then 'a'. */
bool takes_repeated(const char *name, const char *head, size_t size);

#endif
