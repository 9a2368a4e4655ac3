#ifndef SIM_EVENT_FILE_H
#define SIM_EVENT_FILE_H

#include "group.h"

/*
 * Events from a text, one a line. A JSON object with an integer "timestamp" and a string
 * "message" (or "message_base64", for bytes that JSON cannot say) is an event, with optional
 * "ingestion_time" [timestamp], "visible_at" [ingestion_time] and "stream" [`stream`]. Every other
 * line is a message as it stands; those are spread evenly over [start_ms, end_ms).
 */
struct sim_event_file {
    const char *stream;
    int64_t start_ms;
    int64_t end_ms;
};

/* Returns how many events were put into the group. */
uint64_t sim_event_file_put(const struct sim_event_file *file, const char *text, size_t length,
                            struct sim_group *group);

#endif
