/* What a call does, as one of a few words, and what the vocabularies of the SIEMs call that. */
#ifndef ALS_NORMALIZE_ACTIVITY_H
#define ALS_NORMALIZE_ACTIVITY_H

#include "base/text.h"

enum als_activity {
    ALS_ACTIVITY_OTHER,
    ALS_ACTIVITY_READ,
    ALS_ACTIVITY_CREATE,
    ALS_ACTIVITY_UPDATE,
    ALS_ACTIVITY_DELETE,
    ALS_ACTIVITY_ATTACH,
    ALS_ACTIVITY_DETACH,
    ALS_ACTIVITY_ENABLE,
    ALS_ACTIVITY_DISABLE,
    ALS_ACTIVITY_START,
    ALS_ACTIVITY_STOP,
    ALS_ACTIVITY_EXECUTE,
    ALS_ACTIVITY_DEPLOY,
    ALS_ACTIVITY_RESTORE,
    ALS_ACTIVITY_BACKUP,
    ALS_ACTIVITY_LOGIN,
    ALS_ACTIVITY_LOGOUT,
    ALS_ACTIVITY_TRAFFIC, /* flow logs */
    ALS_ACTIVITIES
};

struct als_activity_row {
    struct als_text name;
    const char *ecs_type;
    /* The low-level category of QRadar and JSA where it succeeded, and where it failed. */
    struct als_text category, failed_category;
    int category_id, failed_category_id;
};

const struct als_activity_row *als_activity_row(enum als_activity activity);

/* By the exceptions, then by the first word of the operation's name that is a verb. service: the
 * first label of eventSource. */
enum als_activity als_activity_of_operation(struct als_text service, struct als_text operation);

#endif
