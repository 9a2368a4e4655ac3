#include "oracle.h"

#include "json_writer.h"

#include <openssl/evp.h>

static void add_field(struct sim_buffer *out, const char *text)
{
    sim_buffer_text(out, text);
    sim_buffer_add(out, "", 1);
}

static void add_integer(struct sim_buffer *out, int64_t value)
{
    sim_json_integer(out, value);
    sim_buffer_add(out, "", 1);
}

static void add_loaded(struct sim_oracle *oracle, const struct sim_group *group, const char *region,
                       const struct sim_event *event, struct sim_buffer *text)
{
    char id[SIM_EVENT_ID_SIZE];
    unsigned char digest[32];
    sim_event_id(group, event, id);
    text->length = 0;
    add_field(text, region);
    add_field(text, event->stream);
    add_integer(text, event->timestamp);
    add_integer(text, event->ingestion_time);
    add_field(text, id);
    sim_buffer_add(text, event->message, event->message_length);
    EVP_Digest(text->data, text->length, digest, NULL, EVP_sha256(), NULL);
    uint64_t head = 0;
    for (int i = 0; i < 8; i++)
        head = head << 8 | digest[i];
    oracle->events++;
    oracle->hash += head;
}

void sim_oracle_add(struct sim_oracle *oracle, const struct sim_group *group, const char *region,
                    const struct sim_event *event)
{
    struct sim_buffer message = {0};
    struct sim_buffer text = {0};
    struct sim_event loaded = *event;
    sim_event_load(group, &loaded, &message);
    add_loaded(oracle, group, region, &loaded, &text);
    sim_buffer_clear(&message);
    sim_buffer_clear(&text);
}

struct sim_oracle sim_oracle_of(const struct sim_group *group, const char *region, int64_t now_ms)
{
    struct sim_oracle oracle = {0};
    struct sim_buffer message = {0};
    struct sim_buffer text = {0};
    struct sim_cursor cursor;
    struct sim_event event;
    sim_cursor_seek(&cursor, group, now_ms, NULL);
    while (sim_cursor_next(&cursor, &event)) {
        if (event.visible_at > now_ms)
            continue;
        sim_event_load(group, &event, &message);
        add_loaded(&oracle, group, region, &event, &text);
    }
    sim_buffer_clear(&message);
    sim_buffer_clear(&text);
    return oracle;
}
