/* How fast messages become records, and records what a SIEM takes: parsing alone, and with each
 * format, on one core. Reads messages, one a line, from the file it is given, or else the fixtures;
 * of the fixtures' size are most of what CloudTrail writes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "awslogsrc/awslogsrc.h"

#include "testing.h"

enum { SIZE_MAX_READ = 64 * 1024 * 1024, ROUNDS = 5 };

struct messages {
    char *text;
    size_t size;
    const char *lines[65536];
    size_t sizes[65536];
    size_t count;
};

/* The processor's time of this thread: other programs do not count. */
static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void split(struct messages *messages)
{
    char *at = messages->text;
    char *end = at + messages->size;
    while (at < end && messages->count < sizeof messages->lines / sizeof *messages->lines) {
        char *feed = memchr(at, '\n', (size_t)(end - at));
        char *stop = feed == NULL ? end : feed;
        messages->lines[messages->count] = at;
        messages->sizes[messages->count++] = (size_t)(stop - at);
        at = stop + 1;
    }
}

/* How many bytes were written. */
static size_t run_once(const struct messages *messages, awslogsrc_record **record,
                       awslogsrc_encoder *encoder)
{
    size_t written = 0;
    for (size_t i = 0; i < messages->count; i++) {
        const char *data = NULL;
        size_t size = 0;
        if (awslogsrc_record_parse_text(record, messages->lines[i], messages->sizes[i], NULL,
                                        NULL) != 0)
            exit(1);
        if (encoder != NULL && awslogsrc_encode(encoder, *record, &data, &size, NULL) != 0)
            exit(1);
        written += size;
    }
    return written;
}

static void measure(const struct messages *messages, const char *format)
{
    awslogsrc_record *record = NULL;
    awslogsrc_encoder *encoder = NULL;
    double best = 1e9;
    size_t written = 0;
    size_t repeats = 1 + 20 * 1024 * 1024 / messages->size;
    if (format != NULL && (awslogsrc_encoder_new(&encoder, NULL) != 0 ||
                           awslogsrc_encoder_set(encoder, "format", format, NULL) != 0))
        exit(1);
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        for (size_t i = 0; i < repeats; i++)
            written = run_once(messages, &record, encoder);
        double seconds = (now() - start) / (double)repeats;
        best = seconds < best ? seconds : best;
    }
    printf("%-14s %6.0f MB/s  %9.0f messages/s  %5.0f ns a message  out/in %4.2f\n",
           format == NULL ? "parse alone" : format, (double)messages->size / best / 1e6,
           (double)messages->count / best, best / (double)messages->count * 1e9,
           (double)written / (double)messages->size);
    awslogsrc_encoder_free(encoder);
    awslogsrc_record_free(record);
}

int main(int argc, char **argv)
{
    static const char *const formats[] = {NULL, "original", "json", "ecs", "ocsf", "leef", "cef"};
    static struct messages messages;
    const char *path = argc > 1 ? argv[1] : test_fixture_path("normalize/messages.txt");
    messages.text = test_read_file(path, &messages.size);
    split(&messages);
    printf("%zu messages, %zu bytes on average\n", messages.count,
           messages.size / (messages.count == 0 ? 1 : messages.count));
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        measure(&messages, formats[i]);
    free(messages.text);
    return 0;
}
