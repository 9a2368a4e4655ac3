/* Elastic Common Schema, as JSON with dotted keys. */
#ifndef ALS_NORMALIZE_ECS_H
#define ALS_NORMALIZE_ECS_H

#include "normalize/record.h"
#include "normalize/writer.h"

/* original: event.original as well. */
void als_ecs_write(struct als_writer *writer, const awslogsrc_record *record, bool original);

#endif
