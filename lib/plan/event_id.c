#include "plan/event_id.h"

#include <endian.h>
#include <string.h>

void als_event_id_of(const struct als_keyed_hash *hash, struct als_text event_id,
                     struct als_event_id *id)
{
    als_keyed_hash_sum(hash, &event_id, 1, id->bytes);
}

void als_event_id_of_content(const struct als_keyed_hash *hash, struct als_text stream,
                             int64_t timestamp, struct als_text message, struct als_event_id *id)
{
    uint64_t little = htole64((uint64_t)timestamp); /* cursors go from machine to machine */
    char number[sizeof little];
    memcpy(number, &little, sizeof number);
    /* Stream names have no NUL; no eventId starts with one. */
    const struct als_text parts[] = {{"", 1}, stream, {"", 1}, {number, sizeof number}, message};
    als_keyed_hash_sum(hash, parts, sizeof parts / sizeof parts[0], id->bytes);
}
