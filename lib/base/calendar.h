/* Dates and times as text, in UTC, without the C library's locale and time zone. */
#ifndef ALS_BASE_CALENDAR_H
#define ALS_BASE_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { ALS_AMZ_DATE_SIZE = 17 }; /* "20260131T235959Z" and a NUL */
enum { ALS_RFC3339_SIZE = 32 };  /* "2026-01-31T23:59:59.123Z" and a NUL, with room for odd years */

/* The X-Amz-Date form; years 1970 to 9999, others are clamped. */
void als_calendar_amz_date(int64_t ms, char out[ALS_AMZ_DATE_SIZE]);
void als_calendar_rfc3339(int64_t ms, char out[ALS_RFC3339_SIZE]);

/* RFC 3339 (2026-01-31T23:59:59.5+01:00; 't', 'z' and a blank for the T are fine; a leap second
 * counts as :59). */
bool als_calendar_from_rfc3339(struct als_text text, int64_t *ms);

#endif
