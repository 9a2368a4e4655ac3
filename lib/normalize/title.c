#include "normalize/title.h"

#include <string.h>

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_camel_case(struct als_text name)
{
    if (name.size == 0 || !is_upper(name.data[0]))
        return false;
    for (size_t i = 1; i < name.size; i++) {
        if (!is_upper(name.data[i]) && !is_lower(name.data[i]) && !is_digit(name.data[i]))
            return false;
    }
    return true;
}

static size_t count_digits_at_end(struct als_text text)
{
    size_t count = 0;
    while (count < text.size && is_digit(text.data[text.size - 1 - count]))
        count++;
    return count;
}

/* Some operations carry the date of their API: UpdateFunctionCode20150331v2. */
static struct als_text without_date(struct als_text name)
{
    enum { DATE_SIZE = 8 };
    struct als_text text = name;
    size_t digits = count_digits_at_end(text);
    if (digits > 0 && digits < text.size && text.data[text.size - digits - 1] == 'v') {
        text.size -= digits + 1;
        digits = count_digits_at_end(text);
    }
    if (digits < DATE_SIZE || text.size <= DATE_SIZE)
        return name;
    text.size -= DATE_SIZE;
    const char *century = text.data + text.size;
    bool date = memcmp(century, "19", 2) == 0 || memcmp(century, "20", 2) == 0;
    return date ? text : name;
}

void als_title_words_init(struct als_title_words *words, struct als_text name)
{
    words->single = !is_camel_case(name);
    words->rest = words->single ? name : without_date(name);
}

/* Words that the rules would take apart. Most begin with another letter: no call for those. */
static size_t measure_name(struct als_text text)
{
    static const struct als_text names[] = {{"DynamoDB", 8}, {"OAuth2", 6}, {"OAuth", 5},
                                            {"IPv4", 4},     {"IPv6", 4},   {"IdP", 3}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t size = names[i].size;
        if (*text.data == *names[i].data && als_text_starts_with(text, names[i]) &&
            (size == text.size || !is_lower(text.data[size])))
            return size;
    }
    return 0;
}

/* A capital with what is small behind it, or an acronym, perhaps with its plural's s; digits stay
 * with the word before them. */
static size_t measure_word(struct als_text text)
{
    size_t size = measure_name(text);
    if (size > 0)
        return size;
    while (size < text.size && is_upper(text.data[size]))
        size++;
    bool small = size < text.size && is_lower(text.data[size]);
    bool plural = small && size > 1 && text.data[size] == 's' &&
                  (size + 1 == text.size || !is_lower(text.data[size + 1]));
    if (plural)
        size++;
    else if (small && size > 1)
        return size - 1;
    while (size < text.size && !is_upper(text.data[size]))
        size++;
    return size;
}

bool als_title_next_word(struct als_title_words *words, struct als_text *word)
{
    if (words->rest.size == 0)
        return false;
    size_t size = words->single ? words->rest.size : measure_word(words->rest);
    *word = (struct als_text){words->rest.data, size};
    words->rest.data += size;
    words->rest.size -= size;
    return true;
}

size_t als_title_write(struct als_text name, char *out)
{
    struct als_title_words words;
    struct als_text word;
    size_t size = 0;
    als_title_words_init(&words, name);
    while (als_title_next_word(&words, &word)) {
        if (size > 0)
            out[size++] = ' ';
        memcpy(out + size, word.data, word.size);
        size += word.size;
    }
    return size;
}
