/* The cursor of a region handed to the host, and taken from it. */
#ifndef ALS_SOURCE_REGION_CURSOR_H
#define ALS_SOURCE_REGION_CURSOR_H

#include "source/region_reader.h"

/* The cursor as it will be once batch (0: none) is acknowledged. 0, AWSLOGSRC_E_STATE (nothing is
 * known of the position yet), AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_TOO_LARGE. */
int als_region_cursor_export(const struct als_region_reader *reader, uint64_t batch,
                             awslogsrc_cursor **out);

/* The same for a batch that is not answered yet: AWSLOGSRC_E_STATE where it is, or where its reader
 * was stopped since. */
int als_region_cursor_export_batch(const awslogsrc_batch *batch, awslogsrc_cursor **out);

/* Where to start, while it is stopped; cursor: borrow. 0, AWSLOGSRC_E_CURSOR_FOREIGN,
 * AWSLOGSRC_E_NO_MEMORY, AWSLOGSRC_E_STATE (inside the callback of a batch of this region). */
int als_region_cursor_give(struct als_region_reader *reader, const awslogsrc_cursor *cursor,
                           awslogsrc_error **error);

/* While it is stopped: what is known of the position becomes where to start, for another store. */
int als_region_cursor_carry_over(struct als_region_reader *reader);

#endif
