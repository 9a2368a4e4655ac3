/* Fuzz target: als_cursor_parser_run(), on the input as it is and with its seals made right, so
 * that what is behind them is reached. What is accepted means the same once written and read again.
 * Without libFuzzer (FUZZ_REPLAY) a main() replays the files it is given. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cursor/cursor.h"
#include "cursor/cursor_parser.h"
#include "cursor/cursor_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", what);
    abort();
}

static void check_written(const struct als_cursor *cursor)
{
    struct als_cursor again;
    struct als_cursor_text text;
    unsigned char digests[2][ALS_SHA256_SIZE];
    check(als_cursor_text_whole(&text, cursor, 0) == 0, "what was read can be written");
    check(als_cursor_parser_run(als_buffer_text(&text.buffer), &again, NULL) == 0,
          "what was written can be read");
    check(als_cursor_text_state_digest(cursor, digests[0]) == 0 &&
              als_cursor_text_state_digest(&again, digests[1]) == 0 &&
              memcmp(digests[0], digests[1], ALS_SHA256_SIZE) == 0,
          "the state is the same");
    check(als_recent_ids_count(&cursor->ids) == als_recent_ids_count(&again.ids),
          "the ids are as many");
    check(als_cursor_position(cursor) == als_cursor_position(&again), "the position is the same");
    als_cursor_text_clear(&text);
    als_cursor_clear(&again);
}

static void parse(const char *data, size_t size)
{
    struct als_cursor cursor;
    int status = 1;
    char *copy = malloc(size); /* of its own, so that reads beyond it are seen */
    if (copy == NULL)
        return;
    if (size > 0)
        memcpy(copy, data, size);
    struct als_cursor_parser *parser =
        als_cursor_parser_new((struct als_text){copy, size}, &cursor);
    check(parser != NULL, "there is memory");
    while (status == 1)
        status = als_cursor_parser_step(parser, NULL);
    if (status == 0) {
        size_t kept = als_cursor_parser_kept(parser);
        check(kept > 0 && kept <= size, "something is kept");
        check_written(&cursor);
    }
    als_cursor_parser_free(parser);
    als_cursor_clear(&cursor);
    free(copy);
}

/* The input with the right seal behind each "block " and "commit ". */
static void parse_sealed(const char *data, size_t size)
{
    struct als_buffer sealed;
    struct als_text rest = {data, size};
    struct als_text line;
    struct als_cursor_seal seal = {{0}};
    size_t start = 0;
    als_buffer_init(&sealed, 2 * size + 65536);
    while (als_text_next_field(&rest, '\n', &line)) {
        bool block = als_text_starts_with(line, ALS_TEXT("block "));
        if (block || als_text_starts_with(line, ALS_TEXT("commit "))) {
            als_buffer_append_string(&sealed, block ? "block " : "commit ");
            struct als_text text = {als_buffer_string(&sealed) + start, sealed.size - start};
            check(als_cursor_text_seal(&seal, text, &seal) == 0, "a block can be sealed");
            als_buffer_append_hex(&sealed, seal.bytes, sizeof seal.bytes);
            als_buffer_append_char(&sealed, '\n');
            start = sealed.size;
        } else {
            als_buffer_append_text(&sealed, line);
            als_buffer_append_char(&sealed, '\n');
        }
    }
    if (sealed.status == 0)
        parse(als_buffer_string(&sealed), sealed.size);
    als_buffer_clear(&sealed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    parse((const char *)data, size);
    parse_sealed((const char *)data, size);
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
