#include "event_file.h"

#include <cjson/cJSON.h>
#include <openssl/evp.h>
#include <string.h>

static int64_t integer(const cJSON *line, const char *name, int64_t absent)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(line, name);
    return cJSON_IsNumber(item) ? (int64_t)item->valuedouble : absent;
}

/* The message of an event line; false when the line is none. */
static bool read_message(const cJSON *line, struct sim_buffer *out)
{
    const cJSON *plain = cJSON_GetObjectItemCaseSensitive(line, "message");
    const cJSON *base64 = cJSON_GetObjectItemCaseSensitive(line, "message_base64");
    out->length = 0;
    if (!cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(line, "timestamp")))
        return false;
    if (cJSON_IsString(plain)) {
        sim_buffer_text(out, plain->valuestring);
        return true;
    }
    if (!cJSON_IsString(base64))
        return false;
    size_t length = strlen(base64->valuestring);
    unsigned char *at = (unsigned char *)sim_buffer_reserve(out, length + 3);
    int decoded = EVP_DecodeBlock(at, (const unsigned char *)base64->valuestring, (int)length);
    if (decoded < 0)
        return false;
    size_t padding = length - strcspn(base64->valuestring, "=");
    out->length = (size_t)decoded - padding;
    return true;
}

struct loader {
    const struct sim_event_file *file;
    struct sim_group *group;
    struct sim_buffer message;
    uint64_t lines;
    uint64_t line;
    uint64_t count;
};

static void put_line(struct loader *loader, const char *text, size_t length)
{
    const struct sim_event_file *file = loader->file;
    double share = (double)loader->line++ / (double)loader->lines;
    int64_t timestamp = file->start_ms + (int64_t)((double)(file->end_ms - file->start_ms) * share);
    struct sim_event event = {timestamp, timestamp, timestamp, file->stream, text, length, 0, 0};
    cJSON *json = *text == '{' ? cJSON_ParseWithLength(text, length) : NULL;
    if (read_message(json, &loader->message)) {
        const cJSON *stream = cJSON_GetObjectItemCaseSensitive(json, "stream");
        event.timestamp = integer(json, "timestamp", 0);
        event.ingestion_time = integer(json, "ingestion_time", event.timestamp);
        event.visible_at = integer(json, "visible_at", event.ingestion_time);
        if (cJSON_IsString(stream))
            event.stream = stream->valuestring;
        event.message = loader->message.data;
        event.message_length = loader->message.length;
    }
    sim_group_put(loader->group, &event);
    loader->count++;
    cJSON_Delete(json);
}

uint64_t sim_event_file_put(const struct sim_event_file *file, const char *text, size_t length,
                            struct sim_group *group)
{
    struct loader loader = {.file = file, .group = group, .lines = 1};
    for (size_t i = 0; i < length; i++)
        loader.lines += text[i] == '\n';
    for (size_t at = 0; at < length;) {
        const char *end = memchr(text + at, '\n', length - at);
        size_t line = end ? (size_t)(end - text) - at : length - at;
        if (line)
            put_line(&loader, text + at, line);
        at += line + 1;
    }
    sim_buffer_clear(&loader.message);
    return loader.count;
}
