/* The INI file: [source NAME] sections of options. */
#ifndef ALS_OPTIONS_OPTIONS_FILE_H
#define ALS_OPTIONS_OPTIONS_FILE_H

#include "awslogsrc/options.h"

enum {
    ALS_OPTIONS_FILE_LARGEST = 1024 * 1024,
    ALS_OPTIONS_FILE_MOST_SECTIONS = 1024,
    ALS_OPTIONS_FILE_LONGEST_NAME = 64
};

/* Sets what the section says; on failure nothing is changed. */
int als_options_file_load(awslogsrc_options *options, const char *path, const char *section,
                          awslogsrc_error **error);

/* The sections' names in order, each ended by a NUL, the list by another; the caller frees.
 * Answers their number, or an error. */
int als_options_file_sections(const char *path, char **out, awslogsrc_error **error);

#endif
