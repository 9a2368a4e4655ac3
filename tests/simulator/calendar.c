#include "calendar.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static struct tm broken_down(int64_t ms)
{
    /* Four-digit years only: the formats know no others, and so their sizes are bounded. */
    const int64_t last = 253402300799; /* 9999-12-31T23:59:59Z */
    int64_t seconds = ms / 1000;
    time_t clamped = (time_t)(seconds < 0 ? 0 : seconds > last ? last : seconds);
    struct tm parts = {0};
    gmtime_r(&clamped, &parts);
    return parts;
}

void sim_calendar_http(int64_t ms, char out[SIM_CALENDAR_SIZE])
{
    static const char days[7][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[12][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    struct tm t = broken_down(ms);
    snprintf(out, SIM_CALENDAR_SIZE, "%s, %02u %s %04u %02u:%02u:%02u GMT", days[t.tm_wday],
             (unsigned)t.tm_mday % 100, months[t.tm_mon], (unsigned)(t.tm_year + 1900) % 10000,
             (unsigned)t.tm_hour % 100, (unsigned)t.tm_min % 100, (unsigned)t.tm_sec % 100);
}

static char *digits(char *out, int value, int width)
{
    for (int i = width; i-- > 0; value /= 10)
        out[i] = (char)('0' + value % 10);
    return out + width;
}

/* Written by hand: every generated event has several of these. */
static void compact(int64_t ms, const char *separators, char out[SIM_CALENDAR_SIZE])
{
    struct tm t = broken_down(ms);
    const int values[6] = {t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                           t.tm_hour,        t.tm_min,     t.tm_sec};
    for (int i = 0; i < 6; i++) {
        out = digits(out, values[i], i == 0 ? 4 : 2);
        if (separators[i] != ' ')
            *out++ = separators[i];
    }
    *out = '\0';
}

void sim_calendar_iso(int64_t ms, char out[SIM_CALENDAR_SIZE])
{
    compact(ms, "--T::Z", out);
}

void sim_calendar_basic(int64_t ms, char out[SIM_CALENDAR_SIZE])
{
    compact(ms, "  T  Z", out);
}

static bool parse(const char *text, const char *shape, int64_t *ms)
{
    if (strlen(text) != strlen(shape))
        return false;
    int values[6] = {0};
    for (size_t i = 0; shape[i]; i++) {
        if (shape[i] < '0' || shape[i] > '5') {
            if (text[i] != shape[i])
                return false;
        } else if (text[i] < '0' || text[i] > '9') {
            return false;
        } else {
            values[shape[i] - '0'] = values[shape[i] - '0'] * 10 + (text[i] - '0');
        }
    }
    struct tm t = {.tm_year = values[0] - 1900,
                   .tm_mon = values[1] - 1,
                   .tm_mday = values[2],
                   .tm_hour = values[3],
                   .tm_min = values[4],
                   .tm_sec = values[5]};
    *ms = (int64_t)timegm(&t) * 1000;
    return true;
}

bool sim_calendar_parse_basic(const char *text, int64_t *ms)
{
    return parse(text, "00001122T334455Z", ms);
}

bool sim_calendar_parse_iso(const char *text, int64_t *ms)
{
    return parse(text, "0000-11-22T33:44:55Z", ms);
}
