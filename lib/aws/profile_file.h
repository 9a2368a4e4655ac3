/* The shared files that the AWS tools keep settings and keys in: ~/.aws/config, ~/.aws/credentials.
 * https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html */
#ifndef ALS_AWS_PROFILE_FILE_H
#define ALS_AWS_PROFILE_FILE_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/error.h"

enum {
    ALS_PROFILE_FILE_LARGEST = 1024 * 1024,
    ALS_PROFILE_FILE_MOST_LINES = 50000 /* of sections and properties, in both files together */
};

enum als_profile_file_kind { ALS_PROFILE_FILE_CONFIG, ALS_PROFILE_FILE_CREDENTIALS };

enum als_profile_section {
    ALS_PROFILE_SECTION_PROFILE,
    ALS_PROFILE_SECTION_SSO_SESSION,
    ALS_PROFILE_SECTION_SERVICES
};

/* Lines are kept in their order and looked up from the end: the last one wins, and profiles that
 * come twice merge by themselves. */
struct als_profile_line {
    enum als_profile_section section;
    const char *profile;             /* the name of the section */
    const char *name;                /* lower case; NULL: the section's own line */
    const char *value;               /* continued lines are joined by LF */
    enum als_profile_file_kind kind; /* of the file it stands in */
    bool is_bare; /* below [default] of the config file, which [profile default] replaces */
};

struct als_profile_file {
    char *texts[2]; /* of each kind, cut up into the strings of the lines */
    size_t sizes[2];
    struct als_profile_line *lines;
    size_t count;
    size_t capacity;
    bool replaces_bare; /* there is a [profile default] */
};

/* Adds what a file says to *file, which is zero at first. The config file comes first, so that the
 * credentials file wins; each kind comes once. text: take, wiped by als_profile_file_clear(). path:
 * for errors. 0, AWSLOGSRC_E_FILE_SYNTAX with path and line, or AWSLOGSRC_E_NO_MEMORY. */
int als_profile_file_add(struct als_profile_file *file, enum als_profile_file_kind kind,
                         struct als_buffer *text, const char *path, awslogsrc_error **error);
void als_profile_file_clear(struct als_profile_file *file);

bool als_profile_file_has(const struct als_profile_file *file, enum als_profile_section section,
                          const char *profile);

/* The value of a property; NULL where there is none. An empty value is one. Borrow. */
const char *als_profile_file_get(const struct als_profile_file *file,
                                 enum als_profile_section section, const char *profile,
                                 const char *name);

/* Whether the value of a profile's property stands in this file. */
bool als_profile_file_is_from(const struct als_profile_file *file, enum als_profile_file_kind kind,
                              const char *profile, const char *name);

/* A property nested in the value of another one:
 *   cloudwatch_logs =
 *     endpoint_url = ...
 * false, and *out left alone, where there is none. */
bool als_profile_file_get_nested(const char *value, const char *name, struct als_text *out);

/* Appends the path of a file: $AWS_CONFIG_FILE or $AWS_SHARED_CREDENTIALS_FILE, else below $HOME.
 * "~/" at the beginning is the home. getenv: secure_getenv() is one. Leaves out empty where neither
 * is set. Returns the buffer's status. */
int als_profile_file_path(enum als_profile_file_kind kind, char *(*getenv)(const char *name),
                          struct als_buffer *out);

#endif
