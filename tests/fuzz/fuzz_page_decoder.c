/* Fuzz target: als_page_decode(). Whatever comes in, no sanitizer speaks up, an error delivers
 * nothing, and what is delivered lies in the body or the spill and is valid UTF-8. Without
 * libFuzzer (FUZZ_REPLAY) a main() replays the files it is given. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/page.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", what);
    abort();
}

static void check_text(const char *data, size_t size)
{
    check(data[size] == '\0', "a NUL follows text");
    check(als_utf8_is_valid((struct als_text){data, size}), "text is UTF-8");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct als_page page;
    char *body = malloc(size);
    if (body == NULL && size > 0)
        return 0;
    if (size > 0)
        memcpy(body, data, size);
    als_page_init(&page);
    if (als_page_decode(&page, body, size) != 0) {
        check(page.count == 0 && page.next_token.size == 0, "an error delivers nothing");
        check(page.error_reason != NULL && page.error_offset <= size, "an error says where");
    }
    check_text(page.next_token.data, page.next_token.size);
    for (size_t i = 0; i < page.count; i++) {
        const struct als_log_event *event = &page.events[i];
        check_text(event->message, event->message_size);
        check_text(event->log_stream, event->log_stream_size);
        check_text(event->event_id, event->event_id_size);
    }
    als_page_clear(&page);
    free(body);
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
