#include "base/regex.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

/* PCRE2 counts the steps of an attempt to match at one place, not those of all places, and a step
 * may look at all of the text: a limit on steps alone bounds no time. So longer texts are searched
 * in windows of places, with a look at the clock after each; windows grow as long as they are
 * quick, and the steps allowed shrink as the text grows. */
enum {
    SHORT_TEXT = 512, /* bytes; all of it is one window */
    SEARCHES_A_LOOK = 16,
    FIRST_WINDOW = 16,
    FIRST_WINDOW_WORK =
        8192, /* places times bytes: of long texts a place is enough to begin with */
    LARGEST_WINDOW_WORK = 1 << 22, /* places times bytes */
    SMALLEST_LAST_WINDOW = 64,
    QUICK_US = 50,

    MOST_STEPS = 5000,
    MOST_STEPS_OF_LONG = 1000,
    SHORT_WORK = 1 << 19, /* steps times places, where all of the text is one window */
    FEWEST_STEPS = 64,
    WORK = 1 << 24, /* steps times bytes */

    MOST_HEAP_KIB = 1024, /* without machine code */
    MOST_DEPTH = 10000,
    SMALLEST_STACK = 32 * 1024,
    LARGEST_STACK = 256 * 1024
};

struct als_regex {
    pcre2_code *code;
    int groups;
    bool fast;
    bool anchored; /* matches where it begins to look, or not at all */
};

struct als_regex_matcher {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
    struct als_text text;
    unsigned searches; /* of the text */
    /* Of the first look at the clocks, 0: there was none. The time that passes is cheap to tell,
     * the processor's is what counts: a thread that does not run spends none. */
    int64_t began_us, began_processor_us;
};

/* --- patterns --- */

static int refuse(struct als_buffer *why, int code, size_t offset)
{
    PCRE2_UCHAR text[160] = "";
    (void)pcre2_get_error_message(code, text, sizeof text);
    als_buffer_format(why, "the regex, at its byte %zu: %s", offset, (const char *)text);
    return AWSLOGSRC_E_OPTION_VALUE;
}

static int compile(struct als_text pattern, pcre2_code **out, struct als_buffer *why)
{
    /* \C would cut characters; a text that is not UTF-8 is searched all the same. */
    uint32_t options =
        PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C | PCRE2_USE_OFFSET_LIMIT;
    int code = 0;
    PCRE2_SIZE offset = 0;
    *out = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.size, options, &code, &offset, NULL);
    if (*out != NULL)
        return 0;
    return code == PCRE2_ERROR_HEAP_FAILED ? AWSLOGSRC_E_NO_MEMORY : refuse(why, code, offset);
}

static bool make_fast(pcre2_code *code)
{
    size_t size = 0;
    return pcre2_jit_compile(code, PCRE2_JIT_COMPLETE) == 0 &&
           pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &size) == 0 && size > 0;
}

int als_regex_new(struct als_text pattern, bool fast, struct als_regex **out,
                  struct als_buffer *why)
{
    uint32_t groups = 0, options = 0;
    if (pattern.size > ALS_REGEX_PATTERN_MAX) {
        als_buffer_format(why, "the regex has more than %d bytes", ALS_REGEX_PATTERN_MAX);
        return AWSLOGSRC_E_OPTION_VALUE;
    }
    struct als_regex *regex = als_new(sizeof *regex);
    if (regex == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int status = compile(pattern, &regex->code, why);
    if (status != 0) {
        als_free(regex);
        return status;
    }
    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_CAPTURECOUNT, &groups);
    (void)pcre2_pattern_info(regex->code, PCRE2_INFO_ALLOPTIONS, &options);
    regex->groups = (int)groups;
    regex->anchored = (options & PCRE2_ANCHORED) != 0;
    regex->fast = fast && make_fast(regex->code);
    *out = regex;
    return 0;
}

void als_regex_free(struct als_regex *regex)
{
    if (regex == NULL)
        return;
    pcre2_code_free(regex->code);
    als_free(regex);
}

int als_regex_group_count(const struct als_regex *regex)
{
    return regex->groups;
}

int als_regex_group_named(const struct als_regex *regex, struct als_text name)
{
    int number = -1;
    char *string = als_copy_bytes(name.data, name.size);
    if (string != NULL)
        number = pcre2_substring_number_from_name(regex->code, (PCRE2_SPTR)string);
    als_free(string);
    return number > 0 ? number : -1;
}

/* --- matching --- */

struct als_regex_matcher *als_regex_matcher_new(int most_groups)
{
    struct als_regex_matcher *matcher = als_new(sizeof *matcher);
    if (matcher == NULL)
        return NULL;
    matcher->context = pcre2_match_context_create(NULL);
    matcher->data = pcre2_match_data_create((uint32_t)most_groups + 1, NULL);
    matcher->stack = pcre2_jit_stack_create(SMALLEST_STACK, LARGEST_STACK, NULL);
    matcher->text = ALS_TEXT("");
    if (matcher->context == NULL || matcher->data == NULL) {
        als_regex_matcher_free(matcher);
        return NULL;
    }
    (void)pcre2_set_heap_limit(matcher->context, MOST_HEAP_KIB);
    (void)pcre2_set_depth_limit(matcher->context, MOST_DEPTH);
    if (matcher->stack != NULL) /* else 32 KiB of the machine's own */
        pcre2_jit_stack_assign(matcher->context, NULL, matcher->stack);
    return matcher;
}

void als_regex_matcher_free(struct als_regex_matcher *matcher)
{
    if (matcher == NULL)
        return;
    pcre2_match_data_free(matcher->data);
    pcre2_match_context_free(matcher->context);
    pcre2_jit_stack_free(matcher->stack);
    als_free(matcher);
}

static size_t clamp(size_t value, size_t least, size_t most)
{
    if (value < least)
        return least;
    return value > most ? most : value;
}

void als_regex_matcher_start(struct als_regex_matcher *matcher, struct als_text text)
{
    size_t most = clamp(SHORT_WORK / (text.size + 1), MOST_STEPS_OF_LONG, MOST_STEPS);
    size_t steps = clamp(WORK / (text.size + 1), FEWEST_STEPS, most);
    matcher->text = text;
    matcher->searches = 0;
    matcher->began_us = 0;
    (void)pcre2_set_match_limit(matcher->context, (uint32_t)steps);
}

static int64_t read_clock(clockid_t id)
{
    struct timespec now = {0};
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static enum als_regex_answer search(const struct als_regex *regex,
                                    struct als_regex_matcher *matcher, size_t start)
{
    PCRE2_SPTR text = (PCRE2_SPTR)matcher->text.data;
    size_t size = matcher->text.size;
    int found =
        regex->fast
            ? pcre2_jit_match(regex->code, text, size, start, 0, matcher->data, matcher->context)
            : pcre2_match(regex->code, text, size, start, 0, matcher->data, matcher->context);
    if (found >= 0)
        return ALS_REGEX_YES;
    return found == PCRE2_ERROR_NOMATCH ? ALS_REGEX_NO : ALS_REGEX_GAVE_UP;
}

/* The first place after last that does not cut a character. */
static size_t place_after(struct als_text text, size_t last)
{
    size_t place = last + 1;
    while (place < text.size && ((unsigned char)text.data[place] & 0xc0) == 0x80)
        place++;
    return place;
}

static bool time_is_up(struct als_regex_matcher *matcher, int64_t now_us)
{
    if (matcher->began_us == 0) {
        matcher->began_us = now_us;
        matcher->began_processor_us = read_clock(CLOCK_THREAD_CPUTIME_ID);
    }
    return now_us - matcher->began_us > ALS_REGEX_TEXT_US &&
           read_clock(CLOCK_THREAD_CPUTIME_ID) - matcher->began_processor_us > ALS_REGEX_TEXT_US;
}

static enum als_regex_answer search_windows(const struct als_regex *regex,
                                            struct als_regex_matcher *matcher)
{
    struct als_text text = matcher->text;
    size_t largest = clamp(LARGEST_WINDOW_WORK / text.size, SMALLEST_LAST_WINDOW, SIZE_MAX);
    size_t window = clamp(FIRST_WINDOW_WORK / text.size, 1, FIRST_WINDOW);
    int64_t last_us = read_clock(CLOCK_MONOTONIC);
    (void)time_is_up(matcher, last_us);
    for (size_t start = 0; start <= text.size;) {
        (void)pcre2_set_offset_limit(matcher->context, start + window - 1);
        enum als_regex_answer answer = search(regex, matcher, start);
        if (answer != ALS_REGEX_NO)
            return answer;
        int64_t now_us = read_clock(CLOCK_MONOTONIC);
        if (time_is_up(matcher, now_us))
            return ALS_REGEX_GAVE_UP;
        start = place_after(text, start + window - 1);
        if (now_us - last_us < QUICK_US)
            window = clamp(2 * window, 1, largest);
        last_us = now_us;
    }
    return ALS_REGEX_NO;
}

enum als_regex_answer als_regex_match(const struct als_regex *regex,
                                      struct als_regex_matcher *matcher)
{
    if (matcher->text.size > SHORT_TEXT && !regex->anchored)
        return search_windows(regex, matcher);
    if (++matcher->searches % SEARCHES_A_LOOK == 0 &&
        time_is_up(matcher, read_clock(CLOCK_MONOTONIC)))
        return ALS_REGEX_GAVE_UP;
    (void)pcre2_set_offset_limit(matcher->context, PCRE2_UNSET);
    return search(regex, matcher, 0);
}

struct als_text als_regex_caught(const struct als_regex_matcher *matcher, int group)
{
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(matcher->data);
    PCRE2_SIZE start = PCRE2_UNSET, end = PCRE2_UNSET;
    if ((uint32_t)group < pcre2_get_ovector_count(matcher->data)) {
        start = places[2 * group];
        end = places[2 * group + 1];
    }
    if (start == PCRE2_UNSET || end < start) /* \K in an assertion turns them around */
        return ALS_TEXT("");
    return (struct als_text){matcher->text.data + start, end - start};
}

/* --- version --- */

void als_regex_version(char out[ALS_REGEX_VERSION_SIZE])
{
    char text[64] = "";
    int size = pcre2_config(PCRE2_CONFIG_VERSION, NULL);
    if (size > 0 && (size_t)size <= sizeof text)
        (void)pcre2_config(PCRE2_CONFIG_VERSION, text);
    text[strcspn(text, " ")] = '\0'; /* the date follows */
    (void)snprintf(out, ALS_REGEX_VERSION_SIZE, "%.15s", text);
}

const char *als_regex_limits(void)
{
    uint32_t fast = 0;
    (void)pcre2_config(PCRE2_CONFIG_JIT, &fast);
    return fast != 0 ? "" : "PCRE2 has no JIT compiler: identifier patterns are slow";
}
