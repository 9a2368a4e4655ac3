/* The class and activity of an event in OCSF 1.5. */
#ifndef ALS_NORMALIZE_OCSF_CLASS_H
#define ALS_NORMALIZE_OCSF_CLASS_H

#include "normalize/record.h"

enum als_ocsf_class_uid {
    ALS_OCSF_BASE_EVENT = 0,
    ALS_OCSF_ACCOUNT_CHANGE = 3001,
    ALS_OCSF_AUTHENTICATION = 3002,
    ALS_OCSF_NETWORK_ACTIVITY = 4001,
    ALS_OCSF_API_ACTIVITY = 6003
};

struct als_ocsf_class {
    enum als_ocsf_class_uid uid;
    const char *name;
    int category;
    const char *category_name;
    int activity;
    const char *activity_name;
};

struct als_ocsf_class als_ocsf_class_of(const awslogsrc_record *record);

#endif
