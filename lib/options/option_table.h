/* The one table of options: parsing, checking, defaults, help, README and bindings read it. */
#ifndef ALS_OPTIONS_OPTION_TABLE_H
#define ALS_OPTIONS_OPTION_TABLE_H

#include "awslogsrc/options.h"
#include "options/option_rule.h"
#include "options/settings.h"

enum als_option_type {
    ALS_OPTION_STRING,
    ALS_OPTION_SECRET,
    ALS_OPTION_BOOLEAN,
    ALS_OPTION_INTEGER,
    ALS_OPTION_DURATION,
    ALS_OPTION_SIZE,
    ALS_OPTION_LIST,
    ALS_OPTION_CHOICE,
    ALS_OPTION_TIME,
    ALS_OPTION_PATH,
    ALS_OPTION_LINES
};

enum { ALS_OPTION_MOST_CHOICES = 8, ALS_OPTION_MOST_VARIABLES = 2 };

struct als_option {
    const char *name;
    enum als_option_type type;
    int flags;            /* AWSLOGSRC_OPTION_* */
    size_t offset;        /* of the field in struct als_settings */
    const char *standard; /* the default, as text */
    int64_t min;          /* numbers: the least value */
    int64_t max;          /* numbers: the greatest; strings: characters; lists, lines: items */
    const char *const *choices; /* NULL ends the list; the place is the value of the enum */
    als_option_rule rule;
    const char *variables[ALS_OPTION_MOST_VARIABLES]; /* of the environment, the first one wins */
    bool any_character;                               /* strings: control characters too */
    const char *setting;                              /* of a profile; behind the variables */
    const char *service;                              /* whose endpoint_url in a profile it is */
    bool empty_is_value; /* an empty value is not the default but means something */
    const char *help;
};

int als_option_table_count(void);
const struct als_option *als_option_table_row(int index); /* NULL past the end */
const char *als_option_table_type_name(enum als_option_type type);

/* The row of a name, '-' and '_' being the same; -1 where there is none. */
int als_option_table_find(const char *name);
/* The row whose name is nearest to one that is not there; -1 where none is near. */
int als_option_table_nearest(const char *name);

/* Reads text into the option's field, which must be empty. Answers 0, AWSLOGSRC_E_OPTION_VALUE with
 * the reason in why, or AWSLOGSRC_E_NO_MEMORY; the caller clears the settings in any case. */
int als_option_table_read(const struct als_option *option, struct als_text text,
                          struct als_settings *settings, struct als_buffer *why);

#endif
