/* The tables behind activity: verbs, and the operations that are not what their verb says. */
#ifndef ALS_NORMALIZE_ACTIVITY_TABLE_H
#define ALS_NORMALIZE_ACTIVITY_TABLE_H

#include "normalize/activity.h"

struct als_activity_verb {
    const char *name;
    enum als_activity activity;
};

struct als_activity_exception {
    const char *name;
    const char *service;
    enum als_activity activity;
};

const struct als_activity_verb *als_activity_table_verb(struct als_text word);
const struct als_activity_exception *als_activity_table_exception(struct als_text service,
                                                                  struct als_text operation);

#endif
