#ifndef SIM_CALENDAR_H
#define SIM_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#define SIM_CALENDAR_SIZE 32

/* "Sat, 31 Jan 2026 23:59:59 GMT", whatever the locale. */
void sim_calendar_http(int64_t ms, char out[SIM_CALENDAR_SIZE]);
/* "2026-01-31T23:59:59Z" */
void sim_calendar_iso(int64_t ms, char out[SIM_CALENDAR_SIZE]);
/* "20260131T235959Z", as in X-Amz-Date. */
void sim_calendar_basic(int64_t ms, char out[SIM_CALENDAR_SIZE]);
bool sim_calendar_parse_basic(const char *text, int64_t *ms);
/* "2026-01-31T23:59:59Z" -> ms */
bool sim_calendar_parse_iso(const char *text, int64_t *ms);

#endif
