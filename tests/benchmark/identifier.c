/* How many identifiers a second: the three patterns of the reference product's page on payloads of
 * VPC flow logs, with the processor time of this thread; and what hostile text costs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "event/identifier.h"
#include "event/payload.h"

enum { EVENTS = 1000, ROUNDS = 1000, TRIES = 5, HOSTILE_EVENTS = 20 };

static int64_t processor_ns(void)
{
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

struct tally {
    unsigned long long answers[ALS_IDENTIFIER_ANSWERS];
};

static struct als_identifier *make(const char *const *lines, size_t count)
{
    struct als_identifier *identifier = NULL;
    struct als_buffer why;
    char *copies[8] = {0};
    als_buffer_init(&why, 1024);
    for (size_t i = 0; i < count; i++)
        copies[i] = strdup(lines[i]);
    if (als_identifier_new(copies, count, &identifier, &why) != 0) {
        (void)fprintf(stderr, "%s\n", als_buffer_string(&why));
        exit(1);
    }
    for (size_t i = 0; i < count; i++)
        free(copies[i]);
    als_buffer_clear(&why);
    return identifier;
}

/* Every fifth one is rejected, as at the edge of a network. */
static void make_payloads(struct als_buffer *payloads, struct als_text *texts)
{
    char id[64], message[256];
    als_buffer_init(payloads, EVENTS * sizeof message * 4);
    size_t starts[EVENTS + 1] = {0};
    for (int i = 0; i < EVENTS; i++) {
        int size = snprintf(message, sizeof message,
                            "2 123456789012 eni-0a1b2c3d4e5f60718 203.0.113.%d 10.0.0.5 443 %d 6 "
                            "17 4249 1769903939 1769903999 %s OK",
                            i % 255, 49152 + i, i % 5 == 0 ? "REJECT" : "ACCEPT");
        int id_size = snprintf(id, sizeof id, "%056d", i);
        struct als_log_event event = {.message = message,
                                      .message_size = (uint32_t)size,
                                      .log_stream = "eni-0a1b2c3d4e5f60718-all",
                                      .log_stream_size = 25,
                                      .event_id = id,
                                      .event_id_size = (uint32_t)id_size,
                                      .timestamp_ms = 1769903999000 + i,
                                      .ingestion_time_ms = 1769904000000};
        (void)als_payload_wrap(&event, payloads);
        starts[i + 1] = payloads->size;
    }
    for (int i = 0; i < EVENTS; i++)
        texts[i] = (struct als_text){payloads->data + starts[i], starts[i + 1] - starts[i]};
}

static void measure_page(void)
{
    static const char *const lines[] = {"VPC=\\sREJECT\\sFAILURE", "$1=\\s(REJECT)\\sOK",
                                        "VPC-$1-$2=\\s(ACCEPT)\\s(OK)"};
    struct als_identifier *identifier = make(lines, 3);
    struct als_buffer payloads, out;
    struct tally tally = {0};
    struct als_text texts[EVENTS];
    int64_t best = INT64_MAX;
    make_payloads(&payloads, texts);
    als_buffer_init(&out, ALS_IDENTIFIER_SIZE_MAX);
    for (int try = 0; try < TRIES; try++) {
        int64_t began = processor_ns();
        for (int i = 0; i < ROUNDS * EVENTS; i++) {
            als_buffer_reset(&out);
            tally.answers[als_identifier_find(identifier, texts[i % EVENTS], &out)]++;
        }
        int64_t used = processor_ns() - began;
        best = used < best ? used : best;
    }
    printf("page's patterns, VPC payloads of %zu bytes: %.2f million events/s; found %llu, none "
           "%llu, gave up %llu\n",
           texts[0].size, (double)ROUNDS * EVENTS * 1e3 / (double)best,
           tally.answers[ALS_IDENTIFIER_FOUND], tally.answers[ALS_IDENTIFIER_NONE],
           tally.answers[ALS_IDENTIFIER_GAVE_UP]);
    als_buffer_clear(&out);
    als_buffer_clear(&payloads);
    als_identifier_free(identifier);
}

/* Patterns that take long in one way or another, and texts that bring it out. */
static const struct {
    const char *line, *unit;
} hostile[] = {
    {"x=(a+)+$", "a"},
    {"x=(a|aa)+$", "a"},
    {"x=(a|a?)+$", "a"},
    {"x=(.*)*y\\d", "ab"},
    {"x=(.*a){20}y\\d", "a"},
    {"x=(\\w+\\s?)*:\\d", "word "},
    {"x=user=(.*?),.*role=(\\w+)", "user=,"},
    {"x=^(([a-z])+.)+[A-Z]([a-z])+$", "a"},
    {"x=(?:(?=.*b).)*$q", "ab"},
    {"x=(?:(?=.*b)(?<=a|b).)*+q\\d", "ab"},
    {"x=(a*)(a*)(a*)(a*)(a*)y\\d", "a"},
    {"x=(.*)\\1{2}y\\d", "a"},
    {"x=(?:a{500}|.)*q\\d", "a"},
    {"x=(?:\\X|.)*q\\d", "e\xcc\x81"},
    {"x=(?<a>.(?&a)?.)y\\d", "a"},
    {"x=(?i)(?:[^\xc3\xa9]*x|\\p{L})*q\\d", "\xc3\xa9x"},
    {"x=(?<=.{200})z|\\b\\w+\\b.*q\\d", "a "},
    {"x=aaaaaaaa(a|b)*c\\d", "a"},
    {"x=aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", "a"},
};

/* Has what the patterns end with: PCRE2 does not search a text without it. */
static const char hostile_end[] = ":yqcb!";

static void measure_hostile(const char *line, const char *unit, size_t size)
{
    struct als_identifier *identifier = make(&line, 1);
    struct als_buffer out;
    struct tally tally = {0};
    char *text = malloc(size);
    int64_t least = INT64_MAX, most = 0;
    als_buffer_init(&out, ALS_IDENTIFIER_SIZE_MAX);
    for (size_t i = 0; i < size; i++)
        text[i] = unit[i % strlen(unit)];
    memcpy(text + size - sizeof hostile_end + 1, hostile_end, sizeof hostile_end - 1);
    for (int i = 0; i < HOSTILE_EVENTS; i++) {
        int64_t began = processor_ns();
        als_buffer_reset(&out);
        tally.answers[als_identifier_find(identifier, (struct als_text){text, size}, &out)]++;
        int64_t used = processor_ns() - began;
        least = used < least ? used : least;
        most = used > most ? used : most;
    }
    const char *answer = tally.answers[ALS_IDENTIFIER_GAVE_UP] > 0 ? "given up"
                         : tally.answers[ALS_IDENTIFIER_FOUND] > 0 ? "found"
                                                                   : "none";
    printf("%-60s %8zu bytes: best %.3f, worst %.3f ms, %s\n", line, size, (double)least / 1e6,
           (double)most / 1e6, answer);
    free(text);
    als_buffer_clear(&out);
    als_identifier_free(identifier);
}

static void measure_ordinary(const char *line, size_t size)
{
    struct als_identifier *identifier = make(&line, 1);
    struct als_buffer out;
    struct tally tally = {0};
    static const char field[] = "\"field\":{\"name\":\"value of it\"},";
    static const char last[] = "\"userName\":\"alice\"}";
    char *text = malloc(size);
    int64_t best = INT64_MAX;
    als_buffer_init(&out, ALS_IDENTIFIER_SIZE_MAX);
    for (size_t i = 0; i < size; i++)
        text[i] = field[i % (sizeof field - 1)];
    memcpy(text + size - sizeof last, last, sizeof last);
    for (int i = 0; i < HOSTILE_EVENTS; i++) {
        int64_t began = processor_ns();
        als_buffer_reset(&out);
        tally.answers[als_identifier_find(identifier, (struct als_text){text, size}, &out)]++;
        int64_t used = processor_ns() - began;
        best = used < best ? used : best;
    }
    printf("%-40s at the end of %8zu bytes: %.1f us; found %llu of %d\n", line, size,
           (double)best / 1e3, tally.answers[ALS_IDENTIFIER_FOUND], HOSTILE_EVENTS);
    free(text);
    als_buffer_clear(&out);
    als_identifier_free(identifier);
}

int main(void)
{
    static const size_t sizes[] = {511, 8 * 1024, 256 * 1024, 1024 * 1024};
    measure_page();
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        measure_ordinary("$1=\"userName\":\"([^\"]+)\"", sizes[i]);
        measure_ordinary("$1=userName\\W+(alice|bob)", sizes[i]);
        measure_ordinary("$1=^.*\"userName\":\"(\\w+)\"", sizes[i]);
    }
    for (size_t i = 0; i < sizeof hostile / sizeof hostile[0]; i++) {
        for (size_t k = 0; k < sizeof sizes / sizeof sizes[0]; k++)
            measure_hostile(hostile[i].line, hostile[i].unit, sizes[k]);
    }
    return 0;
}
