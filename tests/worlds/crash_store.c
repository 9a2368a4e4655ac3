#include "crash_store.h"

#include <stdlib.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "random.h"

/* key: SOURCE/REGION, and there is one source. */
static struct crash_slot *find(struct crash_store *store, const char *key)
{
    const char *region = strchr(key, '/') + 1;
    struct crash_slot *slot = store->slots;
    while (slot->region != NULL && strcmp(slot->region, region) != 0)
        slot++;
    if (slot->region == NULL) {
        slot->region = sim_duplicate(region);
        slot->covers_ms = INT64_MIN;
        slot->owner = store;
    }
    return slot;
}

static void load(void *user_data, const char *key, awslogsrc_store_load *load)
{
    struct crash_slot *slot = find(user_data, key);
    (void)awslogsrc_store_loaded(load, 0, slot->text.data, slot->text.length);
}

static void keep(struct crash_slot *slot, size_t size)
{
    if (slot->kind == AWSLOGSRC_STORE_SNAPSHOT)
        slot->text.length = 0;
    sim_buffer_add(&slot->text, slot->data, size);
    if (size == slot->size)
        slot->covers_ms = slot->asked_ms;
}

static void finish(struct crash_slot *slot, int status)
{
    awslogsrc_store_write *write = slot->write;
    als_loop_disarm(&slot->owner->aws->loop, &slot->timer);
    slot->write = NULL;
    (void)awslogsrc_store_written(write, status);
}

static void write_late(void *user_data)
{
    struct crash_slot *slot = user_data;
    keep(slot, slot->size);
    finish(slot, 0);
}

static void act(struct crash_store *store, struct crash_slot *slot)
{
    int64_t fate = world_draw(&store->random, 0, 99);
    if (store->crashed) {
        finish(slot, AWSLOGSRC_E_STORE);
    } else if (fate < 3) {
        if (slot->kind == AWSLOGSRC_STORE_RECORD && slot->size > 1) /* the disk is full */
            keep(slot, (size_t)world_draw(&store->random, 1, (int64_t)slot->size - 1));
        finish(slot, AWSLOGSRC_E_STORE);
    } else if (fate < 10) {
        als_loop_arm(&store->aws->loop, &slot->timer,
                     store->aws->now_ms + world_draw(&store->random, 0, 5 * WORLD_SECOND));
    } else {
        write_late(slot);
    }
}

static void write_fn(void *user_data, const char *key, int kind, const char *data, size_t size,
                     awslogsrc_store_write *write)
{
    struct crash_store *store = user_data;
    struct crash_slot *slot = find(store, key);
    store->writes++;
    slot->timer.fn = write_late;
    slot->timer.user_data = slot;
    slot->write = write;
    slot->data = data;
    slot->size = size;
    slot->kind = kind;
    slot->asked_ms = store->aws->now_ms;
    act(store, slot);
}

void crash_store_init(struct crash_store *store, struct virtual_aws *aws, uint64_t seed)
{
    *store = (struct crash_store){.aws = aws, .random = sim_random_mix(seed ^ 0xc4a5)};
    if (awslogsrc_store_custom_new(load, write_fn, store, NULL, &store->store, NULL) != 0)
        abort();
}

void crash_store_clear(struct crash_store *store)
{
    crash_store_crash(store);
    awslogsrc_store_free(store->store);
    for (size_t i = 0; i < WORLD_REGIONS; i++) {
        free(store->slots[i].region);
        sim_buffer_clear(&store->slots[i].text);
    }
}

void crash_store_crash(struct crash_store *store)
{
    store->crashed = true;
    for (size_t i = 0; i < WORLD_REGIONS; i++) {
        struct crash_slot *slot = &store->slots[i];
        if (slot->write == NULL)
            continue;
        if (world_chance(&store->random, 0.5)) /* it got there, nobody knows */
            keep(slot, slot->size);
        finish(slot, AWSLOGSRC_E_STORE);
    }
}

void crash_store_recover(struct crash_store *store)
{
    store->crashed = false;
}

int64_t crash_store_covers(const struct crash_store *store, const char *region)
{
    for (size_t i = 0; i < WORLD_REGIONS; i++) {
        const struct crash_slot *slot = &store->slots[i];
        if (slot->region != NULL && strcmp(slot->region, region) == 0)
            return slot->covers_ms;
    }
    return INT64_MIN;
}
