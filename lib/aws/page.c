#include "aws/page.h"

#include <stdbool.h>

#include "awslogsrc/batch.h"
#include "awslogsrc/error.h"
#include "base/memory.h"

enum { SMALLEST_CAPACITY = 64, NAMES_MAX = 5 };

struct names {
    size_t count;
    struct als_text name[NAMES_MAX];
};

enum { EVENTS, NEXT_TOKEN };

static const struct names page_members = {
    2, {[EVENTS] = {"events", 6}, [NEXT_TOKEN] = {"nextToken", 9}}};

enum { TIMESTAMP, MESSAGE, LOG_STREAM_NAME, INGESTION_TIME, EVENT_ID };

static const struct names event_members = {5,
                                           {[TIMESTAMP] = {"timestamp", 9},
                                            [MESSAGE] = {"message", 7},
                                            [LOG_STREAM_NAME] = {"logStreamName", 13},
                                            [INGESTION_TIME] = {"ingestionTime", 13},
                                            [EVENT_ID] = {"eventId", 7}}};

/* Where the scanner stands in an object. */
struct object {
    const struct names *known;
    unsigned seen; /* bit 1 << index for each known name so far */
    bool first;
};

static size_t find(const struct names *known, struct als_text name)
{
    size_t i = 0;
    while (i < known->count && !als_text_equal(known->name[i], name))
        i++;
    return i;
}

/* Goes on to the next known member that is not null; false at the end of the object, or with a
 * failure. A known name may not come twice: whichever value were taken would hide the other. */
static bool next_known(struct als_json_scanner *scanner, struct object *object, size_t *member)
{
    struct als_json_string name;
    while (als_json_scanner_next_member(scanner, &object->first, &name)) {
        *member = find(object->known, name.text);
        if (*member == object->known->count) {
            (void)als_json_scanner_skip(scanner);
            continue;
        }
        unsigned bit = 1u << *member;
        if ((object->seen & bit) != 0)
            return als_json_scanner_fail(scanner, AWSLOGSRC_E_PROTOCOL, "a member comes twice",
                                         name.offset);
        object->seen |= bit;
        if (!als_json_scanner_null(scanner))
            return true;
    }
    return false;
}

static void read_text(struct als_json_scanner *scanner, struct als_log_event *event,
                      const char **data, uint32_t *size)
{
    struct als_json_string string;
    if (!als_json_scanner_string(scanner, &string))
        return;
    *data = string.text.data;
    *size = (uint32_t)string.text.size; /* below 3 * ALS_PAGE_SIZE_MAX */
    if (string.replaced)
        event->flags |= AWSLOGSRC_EVENT_REPLACED_TEXT;
}

static void read_event(struct als_json_scanner *scanner, struct als_log_event *event)
{
    struct object object = {.known = &event_members};
    size_t offset = als_json_scanner_offset(scanner);
    bool has_timestamp = false;
    size_t member = 0;
    *event = (struct als_log_event){.message = "", .log_stream = "", .event_id = ""};
    object.first = als_json_scanner_open(scanner, '{');
    while (next_known(scanner, &object, &member)) {
        switch (member) {
        case TIMESTAMP:
            has_timestamp = als_json_scanner_int64(scanner, &event->timestamp_ms);
            break;
        case MESSAGE: read_text(scanner, event, &event->message, &event->message_size); break;
        case LOG_STREAM_NAME:
            read_text(scanner, event, &event->log_stream, &event->log_stream_size);
            break;
        case INGESTION_TIME:
            (void)als_json_scanner_int64(scanner, &event->ingestion_time_ms);
            break;
        default: read_text(scanner, event, &event->event_id, &event->event_id_size); break;
        }
    }
    if (!has_timestamp)
        (void)als_json_scanner_fail(scanner, AWSLOGSRC_E_PROTOCOL, "the event has no timestamp",
                                    offset);
}

static bool make_room(struct als_page *page, struct als_json_scanner *scanner)
{
    size_t offset = als_json_scanner_offset(scanner);
    if (page->count < page->capacity)
        return true;
    if (page->count == ALS_PAGE_EVENTS_MAX)
        return als_json_scanner_fail(scanner, AWSLOGSRC_E_TOO_LARGE, "too many events", offset);
    size_t capacity = page->capacity == 0 ? SMALLEST_CAPACITY : 2 * page->capacity;
    if (capacity > ALS_PAGE_EVENTS_MAX)
        capacity = ALS_PAGE_EVENTS_MAX;
    struct als_log_event *events = als_resize_array(page->events, capacity, sizeof *events);
    if (events == NULL)
        return als_json_scanner_fail(scanner, AWSLOGSRC_E_NO_MEMORY, "out of memory", offset);
    page->events = events;
    page->capacity = capacity;
    return true;
}

static void read_events(struct als_page *page, struct als_json_scanner *scanner)
{
    for (bool first = als_json_scanner_open(scanner, '[');
         als_json_scanner_next_element(scanner, &first) && make_room(page, scanner);)
        read_event(scanner, &page->events[page->count++]);
}

static void read_token(struct als_page *page, struct als_json_scanner *scanner)
{
    struct als_json_string token;
    if (!als_json_scanner_string(scanner, &token))
        return;
    /* It has to go back to AWS byte for byte. */
    if (token.replaced)
        (void)als_json_scanner_fail(scanner, AWSLOGSRC_E_PROTOCOL, "the token is not valid Unicode",
                                    token.offset);
    if (token.text.size > ALS_PAGE_TOKEN_SIZE_MAX)
        (void)als_json_scanner_fail(scanner, AWSLOGSRC_E_TOO_LARGE, "the token is too long",
                                    token.offset);
    page->next_token = token.text;
}

static void read_page(struct als_page *page, struct als_json_scanner *scanner)
{
    struct object object = {.known = &page_members};
    size_t member = 0;
    object.first = als_json_scanner_open(scanner, '{');
    while (next_known(scanner, &object, &member)) {
        if (member == EVENTS)
            read_events(page, scanner);
        else
            read_token(page, scanner);
    }
    (void)als_json_scanner_end(scanner);
}

void als_page_init(struct als_page *page)
{
    *page = (struct als_page){.next_token = {"", 0}};
}

void als_page_clear(struct als_page *page)
{
    als_free(page->events);
    als_free(page->spill);
    als_page_init(page);
}

static void empty(struct als_page *page)
{
    als_free(page->spill);
    *page = (struct als_page){
        .events = page->events, .capacity = page->capacity, .next_token = {"", 0}};
}

int als_page_decode(struct als_page *page, char *body, size_t size)
{
    struct als_json_scanner scanner;
    als_json_scanner_init(&scanner, body, size);
    empty(page);
    if (size > ALS_PAGE_SIZE_MAX)
        (void)als_json_scanner_fail(&scanner, AWSLOGSRC_E_TOO_LARGE, "the page is too large",
                                    ALS_PAGE_SIZE_MAX);
    else
        read_page(page, &scanner);
    page->spill = scanner.spill;
    if (scanner.status != 0) {
        empty(page);
        page->error_offset = scanner.offset;
        page->error_reason = scanner.reason;
    }
    return scanner.status;
}
