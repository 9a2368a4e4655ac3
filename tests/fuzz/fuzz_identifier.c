/* Fuzz target: the lines and the payload that the input is, with a NUL between them. Whatever
 * als_identifier_check() takes can be made and matched; the identifier is bounded, and an answer
 * does not depend on what was matched before. Without libFuzzer (FUZZ_REPLAY) a main() replays the
 * files it is given. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "event/identifier.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", what);
    abort();
}

static void check_line(char *line, struct als_text payload)
{
    struct als_identifier *identifier = NULL;
    struct als_buffer why, first, second;
    als_buffer_init(&why, 4096);
    als_buffer_init(&first, ALS_IDENTIFIER_SIZE_MAX);
    als_buffer_init(&second, ALS_IDENTIFIER_SIZE_MAX);
    int status = als_identifier_check(als_text_of(line), &why);
    check(status == 0 || why.size > 0, "what is refused has a reason");
    check(als_identifier_new(&line, 1, &identifier, &why) == status, "what is checked can be made");
    if (status == 0) {
        enum als_identifier_answer one = als_identifier_find(identifier, payload, &first);
        enum als_identifier_answer two = als_identifier_find(identifier, payload, &second);
        check(first.status == 0, "an identifier is bounded");
        check(one == two || one == ALS_IDENTIFIER_GAVE_UP || two == ALS_IDENTIFIER_GAVE_UP,
              "the answer is the same again");
        check(one != two || als_text_equal(als_buffer_text(&first), als_buffer_text(&second)),
              "the identifier is the same again");
    }
    als_identifier_free(identifier);
    als_buffer_clear(&why);
    als_buffer_clear(&first);
    als_buffer_clear(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (text == NULL)
        return 0;
    if (size > 0)
        memcpy(text, data, size);
    text[size] = '\0';
    size_t line = strlen(text);
    size_t start = line < size ? line + 1 : size;
    check_line(text, (struct als_text){text + start, size - start});
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
