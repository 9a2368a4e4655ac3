/* Fuzz target: awslogsrc_record_parse_text() and every encoder. Whatever comes in, no sanitizer
 * speaks up; texts are valid UTF-8; JSON formats are JSON; LEEF and CEF are one line; truncation
 * keeps to the limit. The first byte chooses options. Without libFuzzer (FUZZ_REPLAY) a main()
 * replays the files it is given. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "awslogsrc/awslogsrc.h"
#include "base/utf8.h"
#include "normalize/json_reader.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { LIMIT = 300 };

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", what);
    abort();
}

static void check_fields(const awslogsrc_record *record)
{
    for (int field = 0; field < awslogsrc_field_count(); field++) {
        int64_t value = 0;
        struct als_text text;
        text.data = awslogsrc_record_get(record, field, &text.size);
        if (awslogsrc_field_type(field) == AWSLOGSRC_TYPE_BOOLEAN &&
            awslogsrc_record_get_integer(record, field, &value) == 1)
            check(value == 0 || value == 1, "a boolean is 0 or 1");
        if (text.data != NULL && field != AWSLOGSRC_FIELD_MESSAGE)
            check(als_utf8_is_valid(text), "a field is UTF-8");
    }
}

static awslogsrc_encoder *make_encoder(const char *format, const char *limit)
{
    awslogsrc_encoder *encoder = NULL;
    if (awslogsrc_encoder_new(&encoder, NULL) != 0)
        abort();
    (void)awslogsrc_encoder_set(encoder, "format", format, NULL);
    (void)awslogsrc_encoder_set(encoder, "original", "true", NULL);
    (void)awslogsrc_encoder_set(encoder, "max_message", limit, NULL);
    (void)awslogsrc_encoder_set(encoder, "oversize", "truncate", NULL);
    return encoder;
}

static bool is_json(struct als_text text)
{
    struct als_json_reader reader;
    struct als_text value;
    als_json_reader_init(&reader, text);
    return als_json_reader_value(&reader, &value) && als_json_reader_end(&reader);
}

static void check_format(const awslogsrc_record *record, const char *format)
{
    struct als_text text;
    awslogsrc_encoder *encoder = make_encoder(format, "0");
    check(awslogsrc_encode(encoder, record, &text.data, &text.size, NULL) == 0, "it encodes");
    check(als_utf8_is_valid(text), "an encoding is UTF-8");
    check(memchr(text.data, '\n', text.size) == NULL, "an encoding is one line");
    if (strcmp(format, "leef") != 0 && strcmp(format, "cef") != 0)
        check(is_json(text), "JSON is JSON");
    awslogsrc_encoder_free(encoder);
    encoder = make_encoder(format, "300");
    check(awslogsrc_encode(encoder, record, &text.data, &text.size, NULL) == 0, "it is cut");
    check(text.size <= LIMIT && als_utf8_is_valid(text), "it is cut to fit");
    awslogsrc_encoder_free(encoder);
}

static awslogsrc_options *choose_options(uint8_t choice)
{
    static const char *const types[] = {"auto", "aws_cloudtrail", "vpc_flow"};
    static const char *const flows[] = {"", "version srcaddr dstaddr action start",
                                        "${bytes} - ${pkt-srcaddr}"};
    awslogsrc_options *options = NULL;
    if (awslogsrc_options_new(&options, NULL) != 0)
        abort();
    (void)awslogsrc_options_set(options, "log_source_type", types[choice % 3], NULL);
    (void)awslogsrc_options_set(options, "vpc_flow_format", flows[choice / 3 % 3], NULL);
    return options;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const formats[] = {"json", "ecs", "ocsf", "leef", "cef"};
    awslogsrc_record *record = NULL;
    if (size == 0)
        return 0;
    awslogsrc_options *options = choose_options(data[0]);
    char *text = malloc(size); /* of its own, so that reading past its end is noticed */
    if (text == NULL)
        abort();
    memcpy(text, data + 1, size - 1);
    check(awslogsrc_record_parse_text(&record, text, size - 1, options, NULL) == 0, "it parses");
    for (int more = 1, count = 0; more == 1 && count < 8; count++) {
        check_fields(record);
        for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
            check_format(record, formats[i]);
        more = awslogsrc_record_next(record);
    }
    awslogsrc_record_free(record);
    awslogsrc_options_free(options);
    free(text);
    return 0;
}

#ifdef FUZZ_REPLAY
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        static uint8_t data[1 << 20];
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        size_t size = fread(data, 1, sizeof data, file);
        (void)fclose(file);
        (void)LLVMFuzzerTestOneInput(data, size);
    }
    printf("%d files replayed\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
#endif
