/* What the worst of many random patterns costs, on texts that such patterns have trouble with, in
 * processor time of this thread:
 *   random_patterns [SEED [PATTERNS]] */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "event/identifier.h"

enum { PATTERN_ROOM = 400, LONGEST_MADE = 200, DEEPEST = 3, TRIES = 3, LARGEST = 1 << 20 };

static const char *const items[] = {"a",
                                    "b",
                                    ".",
                                    "[^c]",
                                    "[ab]",
                                    "\\w",
                                    "\\W",
                                    "\\s",
                                    "\\b",
                                    "\\B",
                                    "^",
                                    "$",
                                    "\\X",
                                    "\\R",
                                    "\\p{L}",
                                    "\\P{Lu}",
                                    "(?=.*b)",
                                    "(?!.*q)",
                                    "(?<=a)",
                                    "(?<!.{50})",
                                    "(?<=a{300})",
                                    "\\1",
                                    "a{500}",
                                    "a{5000}",
                                    "[a-z]{9000}",
                                    "\\Z",
                                    "(?i:\xc3\xa9)",
                                    "[^\xc3\xa9]",
                                    "\\h",
                                    "\\N",
                                    "(?1)?",
                                    "(?<=.{2000}b)"};
static const char *const repeats[] = {"",   "",   "",   "*",    "+",   "?",     "*?",
                                      "+?", "*+", "++", "{2,}", "{3}", "{1,50}"};
static const char *const groups[] = {"(", "(?:", "(?>"};
static const char *const units[] = {"a",
                                    "ab",
                                    "a b",
                                    "\xc3\xa9",
                                    "\xc3\xa9"
                                    "a",
                                    "aaaaaaaaaaaaaaaab",
                                    "e\xcc\x81",
                                    "\xff"
                                    "a"};
static const size_t sizes[] = {511, 8 * 1024, 256 * 1024, LARGEST};

#define PICK(list) (list)[pick(sizeof(list) / sizeof *(list))]

static size_t pick(size_t count)
{
    return (size_t)random() % count;
}

static int64_t processor_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Groups are opened and closed as it comes, those that are left at the end. */
static void make_pattern(char pattern[PATTERN_ROOM])
{
    int open = 0;
    size_t size = (size_t)snprintf(pattern, PATTERN_ROOM, "x=");
    for (size_t left = 1 + pick(10); size < LONGEST_MADE && left > 0; left--) {
        if (open < DEEPEST && pick(3) == 0) {
            size += (size_t)snprintf(pattern + size, PATTERN_ROOM - size, "%s", PICK(groups));
            open++;
        }
        size += (size_t)snprintf(pattern + size, PATTERN_ROOM - size, "%s%s%s", PICK(items),
                                 PICK(repeats), pick(8) == 0 ? "|" : "");
        if (open > 0 && pick(3) == 0) {
            size += (size_t)snprintf(pattern + size, PATTERN_ROOM - size, ")%s", PICK(repeats));
            open--;
        }
    }
    while (open-- > 0)
        size += (size_t)snprintf(pattern + size, PATTERN_ROOM - size, ")%s", PICK(repeats));
    (void)snprintf(pattern + size, PATTERN_ROOM - size, "%s", pick(2) == 0 ? "q\\d" : "");
}

static struct als_text make_text(char *room)
{
    static const char end[] = ":yqcb!"; /* what patterns end with: else PCRE2 does not search */
    const char *unit = PICK(units);
    size_t size = PICK(sizes), unit_size = strlen(unit);
    for (size_t i = 0; i < size; i++)
        room[i] = unit[i % unit_size];
    memcpy(room + size - sizeof end + 1, end, sizeof end - 1);
    return (struct als_text){room, size};
}

struct tally {
    long patterns, answers[ALS_IDENTIFIER_ANSWERS], over;
    int64_t worst_ns;
};

/* The best of some tries: what else runs on the machine takes its caches away. */
static void measure(struct als_identifier *identifier, struct als_text text, const char *pattern,
                    struct tally *tally)
{
    enum als_identifier_answer answer = ALS_IDENTIFIER_NONE;
    struct als_buffer out;
    int64_t best = INT64_MAX;
    als_buffer_init(&out, ALS_IDENTIFIER_SIZE_MAX);
    for (int i = 0; i < TRIES; i++) {
        int64_t began = processor_ns();
        als_buffer_reset(&out);
        answer = als_identifier_find(identifier, text, &out);
        int64_t used = processor_ns() - began;
        best = used < best ? used : best;
    }
    als_buffer_clear(&out);
    tally->patterns++;
    tally->answers[answer]++;
    tally->over += best > 1000000;
    if (best <= tally->worst_ns)
        return;
    tally->worst_ns = best;
    printf("%.3f ms on %7zu bytes of \"%.4s\"...: %s\n", (double)best / 1e6, text.size, text.data,
           pattern);
}

int main(int argc, char **argv)
{
    long most = argc > 2 ? strtol(argv[2], NULL, 10) : 2000;
    char *room = malloc(LARGEST);
    struct tally tally = {0};
    struct als_buffer why;
    srandom(argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : 1);
    als_buffer_init(&why, 4096);
    while (room != NULL && tally.patterns < most) {
        char pattern[PATTERN_ROOM];
        char *line = pattern;
        struct als_identifier *identifier = NULL;
        make_pattern(pattern);
        als_buffer_reset(&why);
        if (als_identifier_new(&line, 1, &identifier, &why) == 0) /* else PCRE2 refuses it */
            measure(identifier, make_text(room), pattern, &tally);
        als_identifier_free(identifier);
    }
    printf("%ld patterns: found %ld, none %ld, given up %ld; worst %.3f ms, %ld over 1 ms\n",
           tally.patterns, tally.answers[ALS_IDENTIFIER_FOUND], tally.answers[ALS_IDENTIFIER_NONE],
           tally.answers[ALS_IDENTIFIER_GAVE_UP], (double)tally.worst_ns / 1e6, tally.over);
    als_buffer_clear(&why);
    free(room);
    return 0;
}
