/* What a region's reader asks for: scans that are due become chains, chains wait for their turns to
 * call, and what the calls bring goes to the intake. */
#ifndef ALS_SOURCE_ASKING_H
#define ALS_SOURCE_ASKING_H

#include "source/region_reader.h"

/* Begins every scan that is due. Returns the server time at which to look again. */
int64_t als_asking_plan(struct als_region_reader *reader);

/* Waits in the queue with what may be sent now. Returns the monotonic time at which to look again,
 * INT64_MAX where something else will tell. */
int64_t als_asking_want(struct als_region_reader *reader);

/* The reader's turn has come: sends a call for a scan of this kind, or answers false. May tell the
 * host of a failure. */
bool als_asking_send(struct als_region_reader *reader, enum als_scan_kind kind);

/* A call was answered with this code: what the limiter learns of it. */
void als_asking_answered(struct als_region_reader *reader, int code);

#endif
