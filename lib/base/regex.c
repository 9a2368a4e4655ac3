#include "base/regex.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "base/regex_plain.h"
#include "base/utf8.h"

/* How long a match takes is bounded in two ways. What is plain in a pattern is searched for as it
 * is, in windows of places: it cannot take long at any of them. For the rest PCRE2 calls back
 * before each item (PCRE2_AUTO_CALLOUT), and we count: its own limits count some of the steps only,
 * each of which may look at all of the text, and start anew at each place. */
enum {
    BYTES_A_STEP = 16,        /* that an item went over: about as long as a call takes */
    PLACES_A_STEP = 128,      /* that were searched without a call */
    STEPS_A_SEARCH = 4,       /* to enter PCRE2 and to leave it */
    STEPS_A_LOOK = 8,         /* at the clock: an item may look at bytes without going over them */
    UNLOOKED_WORK = 1 << 15,  /* steps times bytes of the text, before the first look */
    PLAIN_WORK = 1 << 16,     /* places times bytes of the pattern, in one window */
    GUARDED_WINDOW = 1 << 13, /* places */
    PLAIN_LEAST = 3,          /* bytes; shorter beginnings are too common to be worth a search */

    SLOW_VIEW = 16 * 1024, /* with \X, which takes PCRE2 ten times as long as other items */

    MOST_HEAP_KIB = 1024, /* without machine code */
    MOST_DEPTH = 10000,
    SMALLEST_STACK = 32 * 1024,
    LARGEST_STACK = 256 * 1024
};

struct als_regex {
    pcre2_code *guarded; /* calls guard() before each item; NULL where the pattern is plain */
    pcre2_code *plain;   /* what each match begins with; NULL for nothing */
    size_t plain_size;   /* bytes of the pattern */
    size_t view;         /* bytes of the text behind the place where a match begins */
    size_t places;       /* to search at a time, where nothing is plain */
    char needed[2];      /* a byte that each match has in it, in both cases; "\0": there is none */
    int groups;
    bool fast;
    bool anchored; /* matches at the beginning of the text, or not at all */
};

struct als_regex_matcher {
    pcre2_match_context *context;
    pcre2_match_data *data;
    pcre2_jit_stack *stack;
    struct als_text text;
    size_t steps, look_at; /* taken; when to look at the clock */
    /* Of the guarded match that is going on. */
    size_t attempt, last; /* places */
    size_t needed_at[2];  /* where those of the pattern were found last */
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

static int compile(struct als_text pattern, uint32_t more, pcre2_code **out, struct als_buffer *why)
{
    /* \C would cut characters; a text that is not UTF-8 is searched all the same. */
    uint32_t options = PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C |
                       PCRE2_USE_OFFSET_LIMIT | more;
    int code = 0;
    PCRE2_SIZE offset = 0;
    *out = pcre2_compile((PCRE2_SPTR)pattern.data, pattern.size, options, &code, &offset, NULL);
    if (*out != NULL)
        return 0;
    return code == PCRE2_ERROR_HEAP_FAILED ? AWSLOGSRC_E_NO_MEMORY : refuse(why, code, offset);
}

static bool make_fast(pcre2_code *code, uint32_t more)
{
    size_t size = 0;
    return pcre2_jit_compile(code, PCRE2_JIT_COMPLETE | more) == 0 &&
           pcre2_pattern_info(code, PCRE2_INFO_JITSIZE, &size) == 0 && size > 0;
}

static int compile_parts(struct als_regex *regex, struct als_text pattern, struct als_buffer *why)
{
    size_t plain = als_regex_plain_size(pattern);
    int status = 0;
    if (plain < pattern.size)
        status = compile(pattern, PCRE2_AUTO_CALLOUT, &regex->guarded, why);
    if (status == 0 && plain >= (regex->guarded == NULL ? 0 : PLAIN_LEAST))
        status = compile((struct als_text){pattern.data, plain}, 0, &regex->plain, why);
    regex->plain_size = plain;
    regex->places = als_regex_plain_steers(pattern) ? SIZE_MAX : GUARDED_WINDOW;
    regex->view = als_text_contains(pattern, ALS_TEXT("\\X")) ? SLOW_VIEW : ALS_REGEX_VIEW;
    return status;
}

static char other_case(char c)
{
    bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    return letter ? (char)(c ^ 0x20) : c;
}

static void describe(struct als_regex *regex, bool fast)
{
    const pcre2_code *whole = regex->guarded != NULL ? regex->guarded : regex->plain;
    uint32_t groups = 0, options = 0, needed = 0;
    (void)pcre2_pattern_info(whole, PCRE2_INFO_CAPTURECOUNT, &groups);
    (void)pcre2_pattern_info(whole, PCRE2_INFO_ALLOPTIONS, &options);
    (void)pcre2_pattern_info(whole, PCRE2_INFO_LASTCODEUNIT, &needed);
    regex->needed[0] = (char)needed;
    regex->needed[1] = other_case((char)needed);
    regex->groups = (int)groups;
    regex->anchored = (options & PCRE2_ANCHORED) != 0;
    regex->fast = fast &&
                  (regex->guarded == NULL || make_fast(regex->guarded, PCRE2_JIT_PARTIAL_HARD)) &&
                  (regex->plain == NULL || make_fast(regex->plain, 0));
}

int als_regex_new(struct als_text pattern, bool fast, struct als_regex **out,
                  struct als_buffer *why)
{
    if (pattern.size > ALS_REGEX_PATTERN_MAX) {
        als_buffer_format(why, "the regex has more than %d bytes", ALS_REGEX_PATTERN_MAX);
        return AWSLOGSRC_E_OPTION_VALUE;
    }
    struct als_regex *regex = als_new(sizeof *regex);
    if (regex == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int status = compile_parts(regex, pattern, why);
    if (status != 0) {
        als_regex_free(regex);
        return status;
    }
    describe(regex, fast);
    *out = regex;
    return 0;
}

void als_regex_free(struct als_regex *regex)
{
    if (regex == NULL)
        return;
    pcre2_code_free(regex->guarded);
    pcre2_code_free(regex->plain);
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
        number = pcre2_substring_number_from_name(
            regex->guarded != NULL ? regex->guarded : regex->plain, (PCRE2_SPTR)string);
    als_free(string);
    return number > 0 ? number : -1;
}

/* --- steps --- */

static int64_t read_clock(clockid_t id)
{
    struct timespec now = {0};
    (void)clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static bool time_is_up(struct als_regex_matcher *matcher)
{
    int64_t now_us = read_clock(CLOCK_MONOTONIC);
    if (matcher->began_us == 0) {
        matcher->began_us = now_us;
        matcher->began_processor_us = read_clock(CLOCK_THREAD_CPUTIME_ID);
    }
    return now_us - matcher->began_us > ALS_REGEX_US &&
           read_clock(CLOCK_THREAD_CPUTIME_ID) - matcher->began_processor_us > ALS_REGEX_US;
}

/* False: there are no more, from then on. (What guard() says within a recursion PCRE2 may forget.)
 */
static bool spend(struct als_regex_matcher *matcher, size_t steps)
{
    matcher->steps += steps;
    if (matcher->steps < matcher->look_at)
        return true;
    bool left = matcher->steps < ALS_REGEX_STEPS && !time_is_up(matcher);
    matcher->look_at = left ? matcher->steps + STEPS_A_LOOK : 0;
    return left;
}

static int guard(pcre2_callout_block *block, void *user_data)
{
    struct als_regex_matcher *matcher = user_data;
    size_t at = block->current_position;
    if (matcher->attempt != block->start_match)
        matcher->last = matcher->attempt = block->start_match;
    size_t distance = at > matcher->last ? at - matcher->last : matcher->last - at;
    matcher->last = at;
    return spend(matcher, 1 + distance / BYTES_A_STEP) ? 0 : PCRE2_ERROR_CALLOUT;
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
    (void)pcre2_set_callout(matcher->context, guard, matcher);
    (void)pcre2_set_match_limit(matcher->context, ALS_REGEX_STEPS);
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

void als_regex_matcher_start(struct als_regex_matcher *matcher, struct als_text text)
{
    matcher->text = text;
    matcher->steps = 0;
    matcher->look_at = STEPS_A_LOOK + UNLOOKED_WORK / (text.size + 1);
    matcher->began_us = 0;
}

size_t als_regex_matcher_steps(const struct als_regex_matcher *matcher)
{
    return matcher->steps;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Which matches are searched for: that begin at one of so many places, and look no farther than to
 * the end. */
struct window {
    size_t place, places, end;
};

static enum als_regex_answer search(const pcre2_code *code, bool fast,
                                    struct als_regex_matcher *matcher, struct window window)
{
    PCRE2_SPTR text = (PCRE2_SPTR)matcher->text.data;
    pcre2_match_context *context = matcher->context;
    /* Whatever would look at the end of what is no end ends with PCRE2_ERROR_PARTIAL. */
    uint32_t options = window.end < matcher->text.size ? PCRE2_PARTIAL_HARD : 0;
    (void)pcre2_set_offset_limit(context, window.place + window.places - 1);
    int found =
        fast
            ? pcre2_jit_match(code, text, window.end, window.place, options, matcher->data, context)
            : pcre2_match(code, text, window.end, window.place, options, matcher->data, context);
    bool more = spend(matcher, STEPS_A_SEARCH + window.places / PLACES_A_STEP);
    if (found >= 0)
        return ALS_REGEX_YES;
    return found == PCRE2_ERROR_NOMATCH && more ? ALS_REGEX_NO : ALS_REGEX_GAVE_UP;
}

/* The first place that does not cut a character, from this one on. In what is no character each
 * byte is a place. */
static size_t whole_place(struct als_text text, size_t place)
{
    bool valid = false;
    for (size_t back = 1; back < ALS_UTF8_LONGEST && back <= place && place < text.size; back++) {
        size_t size = als_utf8_measure(text.data + place - back, text.size - place + back, &valid);
        if (valid && size > back)
            return place - back + size;
    }
    return place;
}

/* From *place on, which is then where it was found. */
static enum als_regex_answer find_plain(const struct als_regex *regex,
                                        struct als_regex_matcher *matcher, size_t *place)
{
    size_t end = matcher->text.size, most = PLAIN_WORK / (regex->plain_size + 1);
    enum als_regex_answer answer = ALS_REGEX_NO;
    while (answer == ALS_REGEX_NO && *place <= end) {
        size_t places = smaller(most, end - *place + 1);
        answer = search(regex->plain, regex->fast, matcher, (struct window){*place, places, end});
        if (answer == ALS_REGEX_NO)
            *place = whole_place(matcher->text, *place + places);
    }
    if (answer == ALS_REGEX_YES)
        *place = pcre2_get_ovector_pointer(matcher->data)[0];
    return answer;
}

/* Whether the text has in it, from the place on, what each match has in it. PCRE2 looks for that
 * itself where it sees the end of the text. */
static bool has_needed(const struct als_regex *regex, struct als_regex_matcher *matcher,
                       size_t place)
{
    struct als_text text = matcher->text;
    bool found = regex->needed[0] == '\0';
    for (int i = 0; i < 2 && !found; i++) {
        size_t *at = &matcher->needed_at[i];
        if (*at <= place) {
            const char *byte = memchr(text.data + place, regex->needed[i], text.size - place);
            *at = byte == NULL ? text.size : (size_t)(byte - text.data);
        }
        found = *at < text.size;
    }
    return found;
}

static enum als_regex_answer find_guarded(const struct als_regex *regex,
                                          struct als_regex_matcher *matcher, size_t place,
                                          size_t places)
{
    struct als_text text = matcher->text;
    size_t view = smaller(places, text.size) + regex->view;
    size_t end = whole_place(text, place + smaller(text.size - place, view));
    if (end < text.size && !has_needed(regex, matcher, place))
        return ALS_REGEX_NO;
    /* Without machine code PCRE2 takes what would be partial in front of invalid UTF-8 for none. */
    if (end < text.size && !regex->fast &&
        !als_utf8_is_valid((struct als_text){text.data + place, end - place}))
        return ALS_REGEX_GAVE_UP;
    matcher->attempt = PCRE2_UNSET;
    return search(regex->guarded, regex->fast, matcher, (struct window){place, places, end});
}

enum als_regex_answer als_regex_match(const struct als_regex *regex,
                                      struct als_regex_matcher *matcher)
{
    size_t end = matcher->text.size, place = 0;
    enum als_regex_answer answer = ALS_REGEX_NO;
    matcher->needed_at[0] = matcher->needed_at[1] = 0;
    while (answer == ALS_REGEX_NO && place <= end) {
        size_t places = regex->plain != NULL ? 1 : smaller(regex->places, end - place + 1);
        if (regex->plain != NULL) {
            answer = find_plain(regex, matcher, &place);
            if (answer != ALS_REGEX_YES || regex->guarded == NULL)
                return answer;
        }
        answer = find_guarded(regex, matcher, place, places);
        place = regex->anchored ? end + 1 : whole_place(matcher->text, place + places);
    }
    return answer;
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
