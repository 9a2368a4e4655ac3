/* The resources of an event, one after the other: an array of objects, or of bare ARNs. */
#ifndef ALS_NORMALIZE_RESOURCES_H
#define ALS_NORMALIZE_RESOURCES_H

#include "normalize/json_reader.h"
#include "normalize/record.h"

struct als_resources {
    struct als_json_reader reader;
    bool first;
    int left; /* that are wanted */
};

/* As they stand between the quotes of the event; what is empty or no string is absent. */
struct als_resource {
    struct als_text arn, type, account;
};

/* cut: the event is too long for its receiver, and only a few of them are wanted. */
void als_resources_open(struct als_resources *resources, const awslogsrc_record *record, bool cut);
bool als_resources_next(struct als_resources *resources, struct als_resource *resource);

#endif
