/* The records of a batch's events through the Arrow C data interface: one row a record, one column
 * a field. */
#ifndef ALS_EVENT_ARROW_RECORDS_H
#define ALS_EVENT_ARROW_RECORDS_H

#include "awslogsrc/arrow.h"
#include "event/batch.h"

/* 0 or AWSLOGSRC_E_NO_MEMORY. The array takes a reference to the batch. */
int als_arrow_records_export_schema(int flags, struct ArrowSchema *out);
int als_arrow_records_export_batch(awslogsrc_batch *batch, int flags, struct ArrowArray *out);

#endif
