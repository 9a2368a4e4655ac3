/* Batches through the Arrow C data interface. */
#ifndef ALS_EVENT_ARROW_H
#define ALS_EVENT_ARROW_H

#include "awslogsrc/arrow.h"
#include "event/batch.h"

/* 0 or AWSLOGSRC_E_NO_MEMORY. The array takes a reference to the batch. */
int als_arrow_export_schema(int flags, struct ArrowSchema *out);
int als_arrow_export_batch(awslogsrc_batch *batch, int flags, struct ArrowArray *out);

#endif
