#include "options/option_value.h"

#include "awslogsrc/error.h"
#include "base/calendar.h"
#include "base/memory.h"

enum { LONGEST_QUOTE = 48 };

struct unit {
    const char *name;
    int64_t factor;
};

/* Largest first, as formatting needs it. */
static const struct unit durations[] = {{"d", 86400000}, {"h", 3600000}, {"m", 60000},
                                        {"s", 1000},     {"ms", 1},      {NULL, 0}};
static const struct unit sizes[] = {{"GiB", 1 << 30},   {"MiB", 1 << 20}, {"KiB", 1 << 10},
                                    {"GB", 1000000000}, {"MB", 1000000},  {"KB", 1000},
                                    {NULL, 0}};

/* Appends the sentence and answers false, so that a failing parser ends with it. */
static bool refuse(struct als_buffer *why, struct als_text text, const char *reason)
{
    als_option_value_quote(why, text);
    als_buffer_append_string(why, reason);
    return false;
}

void als_option_value_quote(struct als_buffer *out, struct als_text text)
{
    als_buffer_append_char(out, '"');
    for (size_t i = 0; i < text.size && i < LONGEST_QUOTE; i++) {
        unsigned char c = (unsigned char)text.data[i];
        als_buffer_append_char(out, c < 0x20 || c > 0x7e ? '?' : (char)c);
    }
    als_buffer_append_string(out, text.size > LONGEST_QUOTE ? "...\"" : "\"");
}

bool als_option_value_boolean(struct als_text text, bool *out, struct als_buffer *why)
{
    static const struct {
        const char *name;
        bool value;
    } words[] = {{"true", true}, {"yes", true}, {"false", false}, {"no", false}};
    text = als_text_trim(text);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        if (als_text_equal_ignoring_case(text, als_text_of(words[i].name))) {
            *out = words[i].value;
            return true;
        }
    }
    return refuse(why, text, " is none of true, false, yes, no");
}

bool als_option_value_integer(struct als_text text, int64_t *out, struct als_buffer *why)
{
    text = als_text_trim(text);
    return als_text_to_int64(text, out) || refuse(why, text, " is not a whole number");
}

static size_t count_digits(struct als_text text)
{
    size_t digits = 0;
    while (digits < text.size && text.data[digits] >= '0' && text.data[digits] <= '9')
        digits++;
    return digits;
}

static const struct unit *find_unit(const struct unit *units, struct als_text name)
{
    for (; units->name != NULL; units++) {
        if (als_text_equal_ignoring_case(name, als_text_of(units->name)))
            return units;
    }
    return NULL;
}

/* Digits and what follows them; false where there are no digits or too many. */
static bool split(struct als_text text, int64_t *number, struct als_text *unit)
{
    size_t digits = count_digits(text);
    *unit = (struct als_text){text.data + digits, text.size - digits};
    return als_text_to_int64((struct als_text){text.data, digits}, number);
}

bool als_option_value_duration(struct als_text text, int64_t *ms, struct als_buffer *why)
{
    static const char form[] = " is not a duration such as 250ms, 10s, 5m, 2h or 14d";
    int64_t number = 0;
    struct als_text name;
    text = als_text_trim(text);
    if (!split(text, &number, &name))
        return refuse(why, text, form);
    if (name.size == 0) {
        refuse(why, text, " has no unit; write for example ");
        als_buffer_format(why, "%lldms or %llds", (long long)number, (long long)number);
        return false;
    }
    const struct unit *unit = find_unit(durations, name);
    if (unit == NULL)
        return refuse(why, text, form);
    if (__builtin_mul_overflow(number, unit->factor, ms))
        return refuse(why, text, " is too long");
    return true;
}

bool als_option_value_size(struct als_text text, int64_t *bytes, struct als_buffer *why)
{
    static const char form[] = " is not a size such as 1048576, 512KiB, 32MiB or 1GiB";
    int64_t number = 0;
    struct als_text name;
    text = als_text_trim(text);
    if (!split(text, &number, &name))
        return refuse(why, text, form);
    const struct unit *unit = find_unit(sizes, name);
    if (unit == NULL && name.size > 0)
        return refuse(why, text, form);
    if (__builtin_mul_overflow(number, unit == NULL ? 1 : unit->factor, bytes))
        return refuse(why, text, " is too large");
    return true;
}

bool als_option_value_time(struct als_text text, struct als_time_setting *out,
                           struct als_buffer *why)
{
    int64_t ms = 0;
    text = als_text_trim(text);
    if (als_text_equal(text, ALS_TEXT("now"))) {
        *out = (struct als_time_setting){ALS_TIME_NOW, 0};
        return true;
    }
    if (als_text_equal(text, ALS_TEXT("beginning"))) {
        *out = (struct als_time_setting){ALS_TIME_BEGINNING, 0};
        return true;
    }
    if (text.size > 1 && text.data[0] == '-' && text.data[1] != '-') {
        struct als_text ago = {text.data + 1, text.size - 1};
        if (!als_option_value_duration(ago, &ms, why))
            return false;
        *out = (struct als_time_setting){ALS_TIME_BEFORE_NOW, ms};
        return true;
    }
    if (!als_calendar_from_rfc3339(text, &ms))
        return refuse(why, text,
                      " is not a time: write now, beginning, 2026-01-31T23:59:59Z or -24h");
    if (ms < 0)
        return refuse(why, text, " is before 1970");
    *out = (struct als_time_setting){ALS_TIME_ABSOLUTE, ms};
    return true;
}

static bool list_holds(const struct als_string_list *list, struct als_text item)
{
    for (size_t i = 0; i < list->count; i++) {
        if (als_text_equal(als_text_of(list->items[i]), item))
            return true;
    }
    return false;
}

int als_option_value_list(struct als_text text, char separator, size_t most,
                          struct als_string_list *out, struct als_buffer *why)
{
    struct als_text field;
    *out = (struct als_string_list){als_new_array(most, sizeof(char *)), 0};
    if (out->items == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    while (als_text_next_field(&text, separator, &field)) {
        field = als_text_trim(field);
        if (field.size == 0 || list_holds(out, field))
            continue;
        if (out->count == most) {
            als_buffer_format(why, "the list has more than %zu items", most);
            return AWSLOGSRC_E_OPTION_VALUE;
        }
        char *item = als_copy_bytes(field.data, field.size);
        if (item == NULL)
            return AWSLOGSRC_E_NO_MEMORY;
        out->items[out->count++] = item;
    }
    if (out->count > 0)
        return 0;
    als_buffer_append_string(why, "the list is empty");
    return AWSLOGSRC_E_OPTION_VALUE;
}

void als_option_value_clear_list(struct als_string_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        als_free(list->items[i]);
    als_free(list->items);
    *list = (struct als_string_list){NULL, 0};
}

/* With the first unit, hence the largest, that divides the number. */
static void format_units(struct als_buffer *out, int64_t number, const struct unit *units,
                         const struct unit *end)
{
    while (units < end && (number == 0 || number % units->factor != 0))
        units++;
    als_buffer_append_int(out, units < end ? number / units->factor : number);
    if (units < end)
        als_buffer_append_string(out, units->name);
}

void als_option_value_format_duration(struct als_buffer *out, int64_t ms)
{
    enum { UNITS = sizeof durations / sizeof durations[0] - 1 };
    format_units(out, ms, durations, durations + UNITS);
    if (ms == 0)
        als_buffer_append_string(out, "ms");
}

void als_option_value_format_size(struct als_buffer *out, int64_t bytes)
{
    enum { BINARY_UNITS = 3 };
    format_units(out, bytes, sizes, sizes + BINARY_UNITS);
}

/* Bytes in the character that begins here, RFC 3629; 0 where it is malformed. */
static size_t character_size(const unsigned char *data, size_t left)
{
    unsigned char first = data[0];
    if (first < 0x80)
        return 1;
    size_t size = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (size == 0 || size > left)
        return 0;
    for (size_t i = 1; i < size; i++) {
        if ((data[i] & 0xc0) != 0x80)
            return 0;
    }
    bool overlong = (first == 0xe0 && data[1] < 0xa0) || (first == 0xf0 && data[1] < 0x90);
    bool surrogate = first == 0xed && data[1] > 0x9f;
    bool beyond = first == 0xf4 && data[1] > 0x8f;
    return overlong || surrogate || beyond ? 0 : size;
}

int64_t als_option_value_characters(struct als_text text)
{
    const unsigned char *data = (const unsigned char *)text.data;
    int64_t count = 0;
    for (size_t at = 0; at < text.size; count++) {
        size_t size = character_size(data + at, text.size - at);
        if (size == 0)
            return -1;
        at += size;
    }
    return count;
}
