/* What messages come wrapped in once they have left CloudWatch Logs: the payload
 * {LogStreamName: ...}, lines of the command's JSON, events as the API returns them. */
#ifndef ALS_NORMALIZE_ENVELOPE_H
#define ALS_NORMALIZE_ENVELOPE_H

#include "normalize/record.h"

/* The message in the text, and what is told of the log into the record's fields; the text itself
 * where it is not wrapped. The arena needs room for as much as the text. */
struct als_text als_envelope_open(awslogsrc_record *record, struct als_text text);

#endif
