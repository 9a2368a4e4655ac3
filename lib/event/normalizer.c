#include "event/normalizer.h"

#include "event/batch.h"
#include "normalize/parser.h"

int als_normalizer_parse(const awslogsrc_event *event, awslogsrc_record *record)
{
    const struct als_log_event *data = &event->data;
    const struct als_origin *origin = event->batch->origin;
    struct als_parser_input input = {.text = {data->message, data->message_size},
                                     .type = origin->log_source_type,
                                     .vpc_flow_format = als_text_of(origin->vpc_flow_format),
                                     .region = als_text_of(origin->region),
                                     .log_group = als_text_of(origin->log_group),
                                     .log_stream = {data->log_stream, data->log_stream_size},
                                     .event_id = {data->event_id, data->event_id_size},
                                     .timed = true,
                                     .timestamp_ms = data->timestamp_ms,
                                     .ingestion_ms = data->ingestion_time_ms};
    return als_parser_parse(record, &input);
}
