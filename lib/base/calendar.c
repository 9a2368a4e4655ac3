#include "base/calendar.h"

#include <string.h>

enum { DAY_MS = 86400000, HOUR_MS = 3600000, MINUTE_MS = 60000, SECOND_MS = 1000 };
#define YEAR_9999_END_MS 253402300799999

struct fields {
    unsigned year, month, day, hour, minute, second, milli;
};

/* Days since 1970-01-01 of a date of the proleptic Gregorian calendar, counting years from March.
 */
static int64_t days_from_date(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = year / 400;
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

static struct fields split(int64_t ms)
{
    if (ms < 0)
        ms = 0;
    if (ms > YEAR_9999_END_MS)
        ms = YEAR_9999_END_MS;
    int64_t days = ms / DAY_MS + 719468;
    int64_t rest = ms % DAY_MS;
    int64_t era = days / 146097;
    int64_t doe = days - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    int64_t mp = (5 * doy + 2) / 153;
    int month = (int)(mp < 10 ? mp + 3 : mp - 9);
    return (struct fields){.year = (unsigned)(yoe + era * 400 + (month <= 2)) % 10000,
                           .month = (unsigned)month % 100,
                           .day = (unsigned)(doy - (153 * mp + 2) / 5 + 1) % 100,
                           .hour = (unsigned)(rest / HOUR_MS) % 24,
                           .minute = (unsigned)(rest / MINUTE_MS) % 60,
                           .second = (unsigned)(rest / SECOND_MS) % 60,
                           .milli = (unsigned)(rest % SECOND_MS) % 1000};
}

/* Printing is too slow for what is done for every event. */
static char *put(char *out, unsigned value, unsigned digits)
{
    for (unsigned i = digits; i > 0; i--, value /= 10)
        out[i - 1] = (char)('0' + value % 10);
    return out + digits;
}

static char *put_date(char *out, const struct fields *f, const char *separator)
{
    out = put(out, f->year, 4);
    out = stpcpy(out, separator);
    out = put(out, f->month, 2);
    out = stpcpy(out, separator);
    return put(out, f->day, 2);
}

static char *put_clock(char *out, const struct fields *f, const char *separator)
{
    *out++ = 'T';
    out = put(out, f->hour, 2);
    out = stpcpy(out, separator);
    out = put(out, f->minute, 2);
    out = stpcpy(out, separator);
    return put(out, f->second, 2);
}

void als_calendar_amz_date(int64_t ms, char out[ALS_AMZ_DATE_SIZE])
{
    struct fields f = split(ms);
    out = put_clock(put_date(out, &f, ""), &f, "");
    (void)stpcpy(out, "Z");
}

void als_calendar_rfc3339(int64_t ms, char out[ALS_RFC3339_SIZE])
{
    struct fields f = split(ms);
    out = put_clock(put_date(out, &f, "-"), &f, ":");
    *out++ = '.';
    (void)stpcpy(put(out, f.milli, 3), "Z");
}

static bool digits(struct als_text *rest, size_t count, int *out)
{
    if (rest->size < count)
        return false;
    int value = 0;
    for (size_t i = 0; i < count; i++) {
        if (rest->data[i] < '0' || rest->data[i] > '9')
            return false;
        value = value * 10 + (rest->data[i] - '0');
    }
    *rest = (struct als_text){rest->data + count, rest->size - count};
    *out = value;
    return true;
}

static bool one_of(struct als_text *rest, const char *set, char *out)
{
    for (; rest->size > 0 && *set != '\0'; set++) {
        if (rest->data[0] == *set) {
            *out = *set;
            *rest = (struct als_text){rest->data + 1, rest->size - 1};
            return true;
        }
    }
    return false;
}

static void fraction(struct als_text *rest, int *milli)
{
    int scale = 100;
    for (int digit = 0; digits(rest, 1, &digit); scale /= 10)
        *milli += digit * scale;
}

static bool offset_ms(struct als_text *rest, int64_t *out)
{
    char sign = 0;
    int hours = 0, minutes = 0;
    *out = 0;
    if (one_of(rest, "Zz", &sign))
        return true;
    if (!one_of(rest, "+-", &sign) || !digits(rest, 2, &hours) || !one_of(rest, ":", &(char){0}) ||
        !digits(rest, 2, &minutes) || hours > 23 || minutes > 59)
        return false;
    *out = (int64_t)hours * HOUR_MS + (int64_t)minutes * MINUTE_MS;
    if (sign == '-')
        *out = -*out;
    return true;
}

static int days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return days[month - 1] + (month == 2 && leap);
}

bool als_calendar_from_rfc3339(struct als_text text, int64_t *ms)
{
    int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, milli = 0;
    char mark = 0;
    int64_t offset = 0;
    if (!digits(&text, 4, &year) || !one_of(&text, "-", &mark) || !digits(&text, 2, &month) ||
        !one_of(&text, "-", &mark) || !digits(&text, 2, &day) || !one_of(&text, "Tt ", &mark) ||
        !digits(&text, 2, &hour) || !one_of(&text, ":", &mark) || !digits(&text, 2, &minute) ||
        !one_of(&text, ":", &mark) || !digits(&text, 2, &second))
        return false;
    if (one_of(&text, ".", &mark)) {
        if (text.size == 0 || text.data[0] < '0' || text.data[0] > '9')
            return false;
        fraction(&text, &milli);
    }
    if (!offset_ms(&text, &offset) || text.size != 0 || year < 1 || month < 1 || month > 12 ||
        day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 || second > 60)
        return false;
    if (second == 60)
        second = 59;
    *ms = days_from_date(year, month, day) * DAY_MS + (int64_t)hour * HOUR_MS +
          (int64_t)minute * MINUTE_MS + (int64_t)second * SECOND_MS + milli - offset;
    return true;
}
