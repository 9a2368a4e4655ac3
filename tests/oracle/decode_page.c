/* Decodes pages for decoder_differential.py. Input: 4 bytes of size, least significant first, then
 * the page; again and again. Output, for each page: "error CODE OFFSET REASON", or "page COUNT
 * TOKEN" and COUNT lines "TIMESTAMP INGESTION FLAGS MESSAGE STREAM ID", all text in hexadecimal
 * behind an 'x'. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "aws/page.h"

static void print_text(const char *data, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    (void)putchar(' ');
    (void)putchar('x');
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)data[i];
        (void)putchar(digits[c >> 4]);
        (void)putchar(digits[c & 15]);
    }
    if (data[size] != '\0')
        (void)fputs("-without-NUL", stdout);
}

static void print_page(const struct als_page *page)
{
    printf("page %zu", page->count);
    print_text(page->next_token.data, page->next_token.size);
    (void)putchar('\n');
    for (size_t i = 0; i < page->count; i++) {
        const struct als_log_event *event = &page->events[i];
        printf("%lld %lld %u", (long long)event->timestamp_ms, (long long)event->ingestion_time_ms,
               (unsigned)event->flags);
        print_text(event->message, event->message_size);
        print_text(event->log_stream, event->log_stream_size);
        print_text(event->event_id, event->event_id_size);
        (void)putchar('\n');
    }
}

/* A copy of exactly this size, so that a sanitizer sees each byte read behind it. */
static bool read_input(char **body, size_t *size)
{
    unsigned char prefix[4];
    if (fread(prefix, 1, sizeof prefix, stdin) != sizeof prefix)
        return false;
    *size = (size_t)prefix[0] | (size_t)prefix[1] << 8 | (size_t)prefix[2] << 16 |
            (size_t)prefix[3] << 24;
    *body = malloc(*size);
    return (*body != NULL || *size == 0) && fread(*body, 1, *size, stdin) == *size;
}

int main(void)
{
    struct als_page page;
    char *body = NULL;
    size_t size = 0;
    als_page_init(&page);
    while (read_input(&body, &size)) {
        int status = als_page_decode(&page, body, size);
        if (status == 0)
            print_page(&page);
        else
            printf("error %d %zu %s\n", status, page.error_offset, page.error_reason);
        if (status != 0 &&
            (page.count != 0 || page.next_token.size != 0 || page.error_offset > size))
            printf("page delivered in spite of the error\n");
        free(body);
        body = NULL;
    }
    als_page_clear(&page);
    return 0;
}
