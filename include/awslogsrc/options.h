/* Options of a source, set by name. The option table itself can be walked, for bindings and
 * documentation. */
#ifndef AWSLOGSRC_OPTIONS_H
#define AWSLOGSRC_OPTIONS_H

#include "types.h"

AWSLOGSRC_BEGIN

/* Creates a set of options in which none is set. out: ref. error: optional.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_options_new(awslogsrc_options **out, awslogsrc_error **error);

/* Wipes and frees the options. NULL is fine. Since 0.9. */
AWSLOGSRC_API void awslogsrc_options_free(awslogsrc_options *options);

/* Copies options. out: ref. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_options_copy(const awslogsrc_options *options, awslogsrc_options **out,
                                         awslogsrc_error **error);

/* Sets one option. '-' and '_' in names are the same. Durations carry a unit (250ms 10s 5m 2h 14d),
 * sizes may (32MiB); booleans are true, false, yes, no; lists are comma-separated; secrets may be
 * file:PATH or env:NAME, which are read now. An empty value takes the option back to its default,
 * except for eps_throttle, where it means no limit. log_source_identifier_pattern appends a line
 * each time. name, value: borrow, during the call. error: optional; names the option and what is
 * wrong, never a secret. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_OPTION_UNKNOWN (the message
 * suggests the nearest name), AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_FILE (a file: or env: secret
 * cannot be read), AWSLOGSRC_E_NO_MEMORY. After an error the option is as it was. Since 0.9. */
AWSLOGSRC_API int awslogsrc_options_set(awslogsrc_options *options, const char *name,
                                        const char *value, awslogsrc_error **error);

/* The value that was set, or else the default ("" where there is none), as text that _set accepts;
 * secrets that are set read "****". The environment is not consulted. out: borrow, until the next
 * call on these options. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_OPTION_UNKNOWN,
 * AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_options_get(awslogsrc_options *options, const char *name,
                                        const char **out, awslogsrc_error **error);

/* Sets every option of one [source NAME] section of an INI file. Comments ('#', ';') stand at line
 * starts; an indented line continues the value above. section: NULL means "default". Options set
 * before stay where the file is silent; log_source_identifier_pattern lines are appended. Returns
 * 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FILE (cannot be read: the message names file and cause),
 * AWSLOGSRC_E_FILE_SYNTAX (names the line), AWSLOGSRC_E_OPTION_MISSING (no such section), or what
 * _set returns (the message names file and line). On failure nothing is changed. Since 0.9. */
AWSLOGSRC_API int awslogsrc_options_load(awslogsrc_options *options, const char *path,
                                         const char *section, awslogsrc_error **error);

/* The names of the [source NAME] sections of an INI file, in order, each ended by a NUL, the list
 * by another. out: ref, to be freed with awslogsrc_options_sections_free(). Returns the number of
 * sections, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FILE, AWSLOGSRC_E_FILE_SYNTAX,
 * AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_options_sections(const char *path, char **out, awslogsrc_error **error);

/* Frees what awslogsrc_options_sections() returned. NULL is fine. Since 0.9. */
AWSLOGSRC_API void awslogsrc_options_sections_free(char *sections);

/* Checks the options as a whole, with the environment standing in for what is not set (AWS_REGION,
 * AWS_ENDPOINT_URL and the like). error: optional; the message has one line for every problem, not
 * the first alone. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_OPTION_MISSING,
 * AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_options_validate(const awslogsrc_options *options,
                                             awslogsrc_error **error);

/* The least IAM policy for count sources with these options, as an indented JSON document: reading
 * their log groups (statement ReadLogEvents), and where assume_role_arn is set assuming that role
 * (AssumeRole; what reads is the role then).
 * options: borrow, during the call; of one partition. out: take (give it back with
 * awslogsrc_options_policy_free()); NUL-terminated; written on success only. size: optional; in
 * bytes, without the NUL. error: optional; ref, written on failure only. Returns 0, or
 * AWSLOGSRC_E_INVALID, AWSLOGSRC_E_TOO_LARGE, AWSLOGSRC_E_NO_MEMORY, or what
 * awslogsrc_options_validate() returns. Since 0.9. */
AWSLOGSRC_API int awslogsrc_options_policy(const awslogsrc_options *const *options, size_t count,
                                           char **out, size_t *size, awslogsrc_error **error);

/* Frees what awslogsrc_options_policy() gave. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_options_policy_free(char *policy);

/* Facts about an option, or'ed by awslogsrc_option_flags(). Since 0.9. */
enum {
    AWSLOGSRC_OPTION_REQUIRED = 1, /* a source cannot be made without it */
    AWSLOGSRC_OPTION_SECRET = 2,   /* never shown again once set */
    AWSLOGSRC_OPTION_APPENDS = 4,  /* setting it again adds a line */
    AWSLOGSRC_OPTION_MULTILINE = 8 /* the value may have several lines */
};

/* How many options there are; they are numbered from 0. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_option_count(void);

/* The name of an option; NULL past the end. Returns: borrow, for ever. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_option_name(int index);

/* Its type: "string" "secret" "boolean" "integer" "duration" "size" "list" "choice" "time" "path"
 * "lines"; NULL past the end. Returns: borrow, for ever. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_option_type(int index);

/* Its default as text, "" where it has none; NULL past the end. Returns: borrow, for ever. Any
 * thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_option_default(int index);

/* One line on what it does; NULL past the end. Returns: borrow, for ever. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_option_help(int index);

/* AWSLOGSRC_OPTION_* flags; 0 past the end. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_option_flags(int index);

AWSLOGSRC_END

#endif
