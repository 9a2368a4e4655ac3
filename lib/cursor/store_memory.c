#include "cursor/store_memory.h"

#include <string.h>

#include "awslogsrc/error.h"
#include "base/error.h"
#include "base/memory.h"

struct entry {
    struct entry *next;
    char *source;
    char *region;
    struct als_buffer text;
    bool open;
};

struct store_memory {
    struct awslogsrc_store head;
    struct entry *entries;
};

static void free_entry(struct entry *entry)
{
    als_free(entry->source);
    als_free(entry->region);
    als_buffer_clear(&entry->text);
    als_free(entry);
}

static struct entry *find(const struct store_memory *memory, const char *source, const char *region)
{
    struct entry *entry = memory->entries;
    while (entry != NULL &&
           (strcmp(entry->source, source) != 0 || strcmp(entry->region, region) != 0))
        entry = entry->next;
    return entry;
}

static struct entry *add(struct store_memory *memory, const char *source, const char *region)
{
    struct entry *entry = als_new(sizeof *entry);
    if (entry == NULL)
        return NULL;
    als_buffer_init(&entry->text, ALS_STORE_TEXT_CEILING);
    entry->source = als_copy_string(source);
    entry->region = als_copy_string(region);
    if (entry->source == NULL || entry->region == NULL) {
        free_entry(entry);
        return NULL;
    }
    entry->next = memory->entries;
    memory->entries = entry;
    return entry;
}

static int store_open(struct awslogsrc_store *store, const char *source, const char *region,
                      struct als_store_slot *slot, awslogsrc_error **error)
{
    struct store_memory *memory = (struct store_memory *)store;
    struct entry *entry = find(memory, source, region);
    if (entry == NULL)
        entry = add(memory, source, region);
    if (entry == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "no memory for the store");
    if (entry->open)
        return als_error_set(error, AWSLOGSRC_E_LOCKED,
                             "the cursor of source %s in %s is in use by another source", source,
                             region);
    entry->open = true;
    slot->state = entry;
    return 0;
}

static void store_load(struct als_store_slot *slot, const struct als_store_reply *reply)
{
    const struct entry *entry = slot->state;
    struct als_buffer copy;
    als_buffer_init(&copy, ALS_STORE_TEXT_CEILING);
    als_buffer_append_text(&copy, als_buffer_text(&entry->text));
    als_store_answer_text(reply, NULL, &copy);
}

static void store_write(struct als_store_slot *slot, enum als_store_kind kind,
                        struct als_buffer *text, const struct als_store_reply *reply)
{
    struct entry *entry = slot->state;
    awslogsrc_error *error = NULL;
    int status = 0;
    if (kind == ALS_STORE_SNAPSHOT) {
        als_buffer_clear(&entry->text);
        entry->text = *text;
        als_buffer_init(text, text->ceiling);
        entry->text.ceiling = ALS_STORE_TEXT_CEILING;
    } else {
        status = als_buffer_append_text(&entry->text, als_buffer_text(text));
        als_buffer_clear(text);
    }
    if (status != 0) {
        entry->text.status = 0; /* nothing was appended: what is there stays good */
        status = als_error_set(&error, status, "no memory for the cursor's record");
    }
    als_store_answer(reply, status, error);
}

static void store_close(struct als_store_slot *slot)
{
    struct entry *entry = slot->state;
    entry->open = false;
}

static void store_free(struct awslogsrc_store *store)
{
    struct store_memory *memory = (struct store_memory *)store;
    while (memory->entries != NULL) {
        struct entry *entry = memory->entries;
        memory->entries = entry->next;
        free_entry(entry);
    }
    als_free(memory);
}

static const struct als_store_ops ops = {.open = store_open,
                                         .load = store_load,
                                         .write = store_write,
                                         .close = store_close,
                                         .free = store_free};

int als_store_memory_new(struct awslogsrc_store **out)
{
    struct store_memory *memory = als_new(sizeof *memory);
    if (memory == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    als_store_init(&memory->head, &ops);
    *out = &memory->head;
    return 0;
}
