/* From the text of a message to a record: finds out what it is, and has it read. */
#ifndef ALS_NORMALIZE_PARSER_H
#define ALS_NORMALIZE_PARSER_H

#include "normalize/record.h"

struct als_parser_input {
    struct als_text text; /* borrowed as long as the record is used */
    bool wrapped;         /* perhaps it is in an envelope */
    enum als_log_source_type type;
    struct als_text vpc_flow_format; /* empty: the default */
    /* Of the log; all optional, and borrowed. */
    struct als_text region, log_group, log_stream, event_id;
    bool timed;
    int64_t timestamp_ms, ingestion_ms;
};

/* Fills a record, which may be one to use again. Answers 0, AWSLOGSRC_E_OPTION_VALUE (the format)
 * or AWSLOGSRC_E_NO_MEMORY; the record is empty then. */
int als_parser_parse(awslogsrc_record *record, const struct als_parser_input *input);

/* The next event of a message that has several. False: there is none, and nothing changed. */
bool als_parser_next(awslogsrc_record *record);

#endif
