#include "source/figure.h"

static int64_t error(const struct als_region_reader *reader)
{
    return reader->state.trouble;
}

static int64_t failures_in_a_row(const struct als_region_reader *reader)
{
    return reader->state.recovery.retry.failures;
}

static int64_t retry_at(const struct als_region_reader *reader)
{
    return reader->state.retry_at_ms == 0 ? ALS_FIGURE_UNKNOWN : reader->state.retry_at_ms;
}

static int64_t calls(const struct als_region_reader *reader)
{
    return (int64_t)reader->client.traffic.calls;
}

static int64_t calls_under_way(const struct als_region_reader *reader)
{
    return reader->calls;
}

static int64_t call_rate(const struct als_region_reader *reader)
{
    const struct als_call_queue *queue = reader->caller.queue;
    return queue == NULL ? ALS_FIGURE_UNKNOWN : (int64_t)(60 * als_budget_rate(&queue->budget));
}

static int64_t call_delay(const struct als_region_reader *reader)
{
    const struct als_call_queue *queue = reader->caller.queue;
    return queue == NULL ? ALS_FIGURE_UNKNOWN : queue->delay_ms;
}

static int64_t poll_interval(const struct als_region_reader *reader)
{
    return reader->reading.planner.interval;
}

static int64_t bytes_received(const struct als_region_reader *reader)
{
    return (int64_t)reader->client.traffic.bytes;
}

static int64_t pages(const struct als_region_reader *reader)
{
    return (int64_t)reader->pages;
}

static int64_t events_read(const struct als_region_reader *reader)
{
    return (int64_t)reader->events;
}

static int64_t events_delivered(const struct als_region_reader *reader)
{
    return (int64_t)reader->reading.delivered;
}

static int64_t events_known(const struct als_region_reader *reader)
{
    return (int64_t)reader->reading.repeated;
}

static int64_t events_filtered(const struct als_region_reader *reader)
{
    return (int64_t)reader->reading.filtered;
}

static int64_t events_ahead(const struct als_region_reader *reader)
{
    return (int64_t)reader->reading.lateness.ahead;
}

static int64_t events_beyond_horizon(const struct als_region_reader *reader)
{
    return (int64_t)reader->reading.lateness.beyond_horizon;
}

static int64_t identifiers_found(const struct als_region_reader *reader)
{
    return (int64_t)reader->delivery.identified[ALS_IDENTIFIER_FOUND];
}

static int64_t identifiers_none(const struct als_region_reader *reader)
{
    return (int64_t)reader->delivery.identified[ALS_IDENTIFIER_NONE];
}

static int64_t identifiers_given_up(const struct als_region_reader *reader)
{
    return (int64_t)reader->delivery.identified[ALS_IDENTIFIER_GAVE_UP];
}

static int64_t longest_invisible(const struct als_region_reader *reader)
{
    return reader->reading.lateness.longest_invisible;
}

static int64_t visibility_margin(const struct als_region_reader *reader)
{
    return als_margin_widest(&reader->reading.cursor.margin);
}

static int64_t known_time(int64_t ms)
{
    return ms <= ALS_TIME_NEVER || ms >= ALS_TIME_MAX ? ALS_FIGURE_UNKNOWN : ms;
}

static int64_t position(const struct als_region_reader *reader)
{
    return known_time(als_cursor_position(&reader->reading.cursor));
}

static int64_t lag(const struct als_region_reader *reader)
{
    return als_cursor_lag(&reader->reading.cursor);
}

static int64_t settled_before(const struct als_region_reader *reader)
{
    return known_time(als_coverage_floor(&reader->reading.cursor.coverage));
}

static int64_t map_pieces(const struct als_region_reader *reader)
{
    return (int64_t)als_coverage_piece_count(&reader->reading.cursor.coverage);
}

static int64_t recent_ids(const struct als_region_reader *reader)
{
    return (int64_t)als_recent_ids_count(&reader->reading.cursor.ids);
}

static int64_t recent_ids_bytes(const struct als_region_reader *reader)
{
    return (int64_t)als_recent_ids_memory(&reader->reading.cursor.ids);
}

#define GAUGE   false
#define COUNTER true
#define ALWAYS  false
#define READING true

const struct als_figure als_figures[] = {
    {"error", NULL, "", ALS_FIGURE_COUNT, GAUGE, ALWAYS, error},
    {"failures_in_a_row", "failures_in_a_row", "Calls that failed since the last one that did not",
     ALS_FIGURE_COUNT, GAUGE, ALWAYS, failures_in_a_row},
    {"retry_at_ms", "retry_timestamp", "When a waiting region calls next, by this machine's clock",
     ALS_FIGURE_TIME, GAUGE, ALWAYS, retry_at},
    {"calls", "calls", "Calls sent to CloudWatch Logs", ALS_FIGURE_COUNT, COUNTER, ALWAYS, calls},
    {"calls_under_way", "calls_under_way", "Calls that are not answered yet", ALS_FIGURE_COUNT,
     GAUGE, ALWAYS, calls_under_way},
    {"call_delay_ms", "call_delay", "How long a call for new events waits for its turn, lately",
     ALS_FIGURE_DURATION, GAUGE, ALWAYS, call_delay},
    {"calls_per_minute", "calls_per_minute",
     "Calls allowed to all readers of the account and region together, at present",
     ALS_FIGURE_COUNT, GAUGE, ALWAYS, call_rate},
    {"poll_interval_ms", "poll_interval",
     "How often new events are looked for; longer than the option where calls are scarce",
     ALS_FIGURE_DURATION, GAUGE, READING, poll_interval},
    {"bytes_received", "received", "Bytes of the answers, as decompressed", ALS_FIGURE_BYTES,
     COUNTER, ALWAYS, bytes_received},
    {"pages", "pages", "Pages read", ALS_FIGURE_COUNT, COUNTER, ALWAYS, pages},
    {"events_read", "events_read", "Events on those pages, known ones included", ALS_FIGURE_COUNT,
     COUNTER, ALWAYS, events_read},
    {"events_delivered", "events_delivered", "New events found, each of them delivered once",
     ALS_FIGURE_COUNT, COUNTER, READING, events_delivered},
    {"events_known", "events_known", "Events read again and left out", ALS_FIGURE_COUNT, COUNTER,
     READING, events_known},
    {"events_filtered", "events_filtered",
     "Events read and left out, as they do not contain filter_pattern", ALS_FIGURE_COUNT, COUNTER,
     READING, events_filtered},
    {"events_ahead", "events_ahead", "Events dated after their delivery", ALS_FIGURE_COUNT, COUNTER,
     READING, events_ahead},
    {"events_beyond_horizon", "events_beyond_horizon",
     "Events ingested later than late_arrival_horizon allows, found by chance", ALS_FIGURE_COUNT,
     COUNTER, READING, events_beyond_horizon},
    {"identifiers_found", "identifiers_found", "Events that a gateway's pattern identified",
     ALS_FIGURE_COUNT, COUNTER, ALWAYS, identifiers_found},
    {"identifiers_none", "identifiers_none", "Events that no pattern of a gateway matched",
     ALS_FIGURE_COUNT, COUNTER, ALWAYS, identifiers_none},
    {"identifiers_given_up", "identifiers_given_up",
     "Events on which a pattern of a gateway takes too long", ALS_FIGURE_COUNT, COUNTER, ALWAYS,
     identifiers_given_up},
    {"position_ms", "position_timestamp", "Event time up to which everything is read",
     ALS_FIGURE_TIME, GAUGE, READING, position},
    {"lag_ms", "lag", "How far the position is behind the service's clock", ALS_FIGURE_DURATION,
     GAUGE, READING, lag},
    {"settled_before_ms", "settled_timestamp", "Event times before this are never read again",
     ALS_FIGURE_TIME, GAUGE, READING, settled_before},
    {"visibility_margin_ms", "visibility_margin",
     "How long after its ingestion an event may become visible", ALS_FIGURE_DURATION, GAUGE,
     READING, visibility_margin},
    {"longest_invisible_ms", "longest_invisible",
     "The longest time proven that an ingested event was not visible", ALS_FIGURE_DURATION, GAUGE,
     READING, longest_invisible},
    {"map_pieces", "map_pieces", "Pieces of the map of what is read", ALS_FIGURE_COUNT, GAUGE,
     READING, map_pieces},
    {"recent_ids", "recent_ids", "Event ids remembered", ALS_FIGURE_COUNT, GAUGE, READING,
     recent_ids},
    {"recent_ids_bytes", "recent_ids", "Memory they take", ALS_FIGURE_BYTES, GAUGE, READING,
     recent_ids_bytes},
    {NULL, NULL, NULL, ALS_FIGURE_COUNT, GAUGE, ALWAYS, NULL},
};

static const struct als_histogram *call_duration(const struct als_region_reader *reader)
{
    return &reader->client.traffic.duration;
}

static const struct als_histogram *arrival(const struct als_region_reader *reader)
{
    return &reader->reading.lateness.arrival;
}

static const struct als_histogram *delivery(const struct als_region_reader *reader)
{
    return &reader->reading.lateness.delivery;
}

static const struct als_histogram *checkpoint(const struct als_region_reader *reader)
{
    return &reader->position.duration;
}

const struct als_figure_histogram als_figure_histograms[] = {
    {"call_duration", "call_duration", "From sending a call to its answer, connecting included",
     call_duration},
    {"arrival", "event_arrival", "An event's ingestion time less its timestamp", arrival},
    {"delivery", "event_delivery", "The time of an event's delivery less its ingestion time",
     delivery},
    {"checkpoint_duration", "checkpoint_duration",
     "From the beginning of a checkpoint to the answer of its store, fsync included", checkpoint},
    {NULL, NULL, NULL, NULL},
};

int64_t als_figure_value(const struct als_figure *figure, const struct als_region_reader *reader)
{
    if (figure->reading && reader->phase != ALS_READER_READING)
        return ALS_FIGURE_UNKNOWN;
    return figure->of(reader);
}
