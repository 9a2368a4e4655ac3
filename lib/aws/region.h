/* AWS regions and the partitions they belong to. */
#ifndef ALS_AWS_REGION_H
#define ALS_AWS_REGION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"

enum { ALS_REGION_LONGEST_NAME = 63 }; /* it becomes a label of a host name */

struct als_partition {
    const char *name;
    const char *dns_suffix;
    const char *dualstack_suffix;
    const char *global_region; /* the pseudo-region of its global services, or NULL */
    const char *prefixes[10];  /* what its regions' names begin with, in front of "-word-number" */
};

/* Only the form of the name is judged: a region newer than this library is fine. */
int als_region_check(struct als_text region, awslogsrc_error **error);

/* The regions this library knows, sorted by partition and name; NULL past the last. */
const char *als_region_at(size_t index);
bool als_region_is_known(struct als_text region);

/* By list, then by form of the name, then "aws". Never NULL. */
const struct als_partition *als_region_partition(struct als_text region);

#endif
