/* From an event to a record: as its source says. */
#ifndef ALS_EVENT_NORMALIZER_H
#define ALS_EVENT_NORMALIZER_H

#include "awslogsrc/batch.h"
#include "normalize/record.h"

/* As als_parser_parse(); the record points into the event's batch. */
int als_normalizer_parse(const awslogsrc_event *event, awslogsrc_record *record);

#endif
