#include "plan/recent_ids.h"

#include <stdlib.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

enum {
    SMALLEST_SHARD = 8,
    SAMPLE_SIZE = 512,     /* ids among which the densest window is sought ... */
    SAMPLE_SLOTS = 1 << 16 /* ... out of about that many slots */
};

/* 28 bytes: there is one for every event of the last minutes. */
struct als_id_slot {
    struct als_event_id id;
    uint32_t timestamp_low;
    uint16_t timestamp_high;
    uint16_t state; /* 0: empty */
    uint32_t ingestion_s;
};
_Static_assert(sizeof(struct als_id_slot) == 28, "slots are packed");

enum { SLOT_EMPTY, SLOT_HELD, SLOT_ACKNOWLEDGED };

struct als_id_batch {
    uint64_t number;
    struct als_event_id *ids;
    size_t count;
    size_t capacity;
};

/* Slot fields. Timestamps are clamped to 48 bits (the year 6429); unknown ingestion is the largest
 * number of seconds, and so is everything after 2106. */

static uint64_t clamp(int64_t value, uint64_t largest)
{
    if (value < 0)
        return 0;
    return (uint64_t)value < largest ? (uint64_t)value : largest;
}

static void slot_set(struct als_id_slot *slot, const struct als_event_id *id, int64_t timestamp,
                     int64_t ingestion)
{
    uint64_t ms = clamp(timestamp, (UINT64_C(1) << 48) - 1);
    slot->id = *id;
    slot->timestamp_low = (uint32_t)(ms & UINT32_MAX);
    slot->timestamp_high = (uint16_t)(ms >> 32);
    int64_t rounded = ingestion < ALS_TIME_MAX ? ingestion + 999 : ALS_TIME_MAX;
    slot->ingestion_s = (uint32_t)clamp(rounded / 1000, UINT32_MAX);
}

static int64_t slot_timestamp(const struct als_id_slot *slot)
{
    return (int64_t)slot->timestamp_high << 32 | slot->timestamp_low;
}

static int64_t slot_ingestion(const struct als_id_slot *slot)
{
    return slot->ingestion_s == UINT32_MAX ? ALS_TIME_MAX : (int64_t)slot->ingestion_s * 1000;
}

/* Where an id belongs: the hash is uniform, so any of its bits will do. */

static unsigned shard_of(const struct als_event_id *id)
{
    return id->bytes[0] % ALS_RECENT_IDS_SHARDS;
}

static uint32_t home_of(const struct als_event_id *id, uint32_t capacity)
{
    uint32_t bits;
    memcpy(&bits, id->bytes + 1, sizeof bits);
    return (uint32_t)(((uint64_t)bits * capacity) >> 32);
}

static bool same(const struct als_event_id *a, const struct als_event_id *b)
{
    uint64_t x[2], y[2];
    memcpy(x, a->bytes, sizeof x);
    memcpy(y, b->bytes, sizeof y);
    return x[0] == y[0] && x[1] == y[1];
}

/* The slot of id or the empty one where it would go; the shard has an empty slot. */
static struct als_id_slot *probe(const struct als_id_shard *shard, const struct als_event_id *id)
{
    uint32_t i = home_of(id, shard->capacity);
    while (shard->slots[i].state != SLOT_EMPTY && !same(&shard->slots[i].id, id)) {
        if (++i == shard->capacity)
            i = 0;
    }
    return &shard->slots[i];
}

static struct als_id_slot *find(const struct als_recent_ids *ids, const struct als_event_id *id)
{
    const struct als_id_shard *shard = &ids->shards[shard_of(id)];
    if (shard->used == 0)
        return NULL;
    struct als_id_slot *slot = probe(shard, id);
    return slot->state != SLOT_EMPTY ? slot : NULL;
}

/* Slots are almost in the order of their homes, and that is the same in a table of another size: a
 * slot goes right behind the one before, unless its home is before all of those that lie together
 * there. Begins behind a gap, so that what was pushed over the end comes last. */
static void move_slots(const struct als_id_shard *from, struct als_id_shard *to)
{
    uint32_t start = 0, run = 0, next = 0; /* from run to next there is no gap */
    while (start < from->capacity && from->slots[start].state != SLOT_EMPTY)
        start++;
    for (uint32_t i = 0; i < from->capacity; i++) {
        uint32_t at = i < from->capacity - start ? start + i : i - (from->capacity - start);
        const struct als_id_slot *slot = &from->slots[at];
        if (slot->state == SLOT_EMPTY)
            continue;
        uint32_t home = home_of(&slot->id, to->capacity);
        if (home > next)
            run = next = home;
        if (home >= run && next < to->capacity && to->slots[next].state == SLOT_EMPTY)
            to->slots[next++] = *slot;
        else
            *probe(to, &slot->id) = *slot;
    }
}

static int resize(struct als_id_shard *shard, uint32_t capacity)
{
    struct als_id_shard larger = {.capacity = capacity, .used = shard->used};
    larger.slots = als_new_array(capacity, sizeof *larger.slots);
    if (larger.slots == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    move_slots(shard, &larger);
    als_free(shard->slots);
    *shard = larger;
    return 0;
}

/* At most 5/6 full: a search for what is not there then looks at 18 slots, at 7/8 it would be 32.
 * Growing is rare enough in small steps. */
static int make_room(struct als_id_shard *shard)
{
    if (shard->capacity > 0 && shard->used + 1 <= shard->capacity - shard->capacity / 6 - 1)
        return 0;
    if (shard->capacity > UINT32_MAX / 2)
        return AWSLOGSRC_E_NO_MEMORY;
    return resize(shard, shard->capacity + shard->capacity / 16 + SMALLEST_SHARD);
}

static void shrink(struct als_id_shard *shard)
{
    uint32_t enough = shard->used + shard->used / 4 + SMALLEST_SHARD;
    if (shard->used == 0) {
        als_free(shard->slots);
        *shard = (struct als_id_shard){0};
    } else if (shard->used < shard->capacity / 3 * 2 && enough < shard->capacity) {
        /* Without memory it stays as large as it is. */
        (void)resize(shard, enough);
    }
}

/* Empties slot i and moves up what was pushed past it. */
static void erase(struct als_id_shard *shard, uint32_t i)
{
    uint32_t hole = i;
    for (;;) {
        i = i + 1 == shard->capacity ? 0 : i + 1;
        if (shard->slots[i].state == SLOT_EMPTY)
            break;
        uint32_t home = home_of(&shard->slots[i].id, shard->capacity);
        bool stays = hole <= i ? hole < home && home <= i : hole < home || home <= i;
        if (!stays) {
            shard->slots[hole] = shard->slots[i];
            hole = i;
        }
    }
    shard->slots[hole].state = SLOT_EMPTY;
    shard->used--;
}

/* The ids that batches hold. */

static struct als_id_batch *find_batch(const struct als_recent_ids *ids, uint64_t number)
{
    for (size_t i = ids->batch_count; i > 0; i--) {
        if (ids->batches[i - 1].number == number)
            return &ids->batches[i - 1];
    }
    return NULL;
}

static struct als_id_batch *add_batch(struct als_recent_ids *ids, uint64_t number)
{
    if (ids->batch_count == ids->batch_capacity) {
        size_t capacity = ids->batch_capacity * 2 + 4;
        struct als_id_batch *batches = als_resize_array(ids->batches, capacity, sizeof *batches);
        if (batches == NULL)
            return NULL;
        ids->batches = batches;
        ids->batch_capacity = capacity;
    }
    struct als_id_batch *batch = &ids->batches[ids->batch_count++];
    *batch = (struct als_id_batch){.number = number};
    return batch;
}

static void remove_batch(struct als_recent_ids *ids, struct als_id_batch *batch)
{
    als_free(batch->ids);
    *batch = ids->batches[--ids->batch_count];
}

/* Makes room for one more id, so that adding it cannot fail. */
static struct als_id_batch *batch_with_room(struct als_recent_ids *ids, uint64_t number)
{
    struct als_id_batch *batch = find_batch(ids, number);
    if (batch == NULL)
        batch = add_batch(ids, number);
    if (batch == NULL || batch->count < batch->capacity)
        return batch;
    size_t capacity = batch->capacity + batch->capacity / 2 + 8;
    struct als_event_id *grown = als_resize_array(batch->ids, capacity, sizeof *grown);
    if (grown == NULL)
        return NULL;
    batch->ids = grown;
    batch->capacity = capacity;
    return batch;
}

void als_recent_ids_init(struct als_recent_ids *ids)
{
    *ids = (struct als_recent_ids){0};
}

void als_recent_ids_clear(struct als_recent_ids *ids)
{
    for (unsigned i = 0; i < ALS_RECENT_IDS_SHARDS; i++)
        als_free(ids->shards[i].slots);
    for (size_t i = 0; i < ids->batch_count; i++)
        als_free(ids->batches[i].ids);
    als_free(ids->batches);
    als_recent_ids_init(ids);
}

bool als_recent_ids_contains(const struct als_recent_ids *ids, const struct als_event_id *id)
{
    return find(ids, id) != NULL;
}

/* The id's slot, which is empty where the id is new, with room around it; NULL without memory. */
static struct als_id_slot *slot_for(struct als_recent_ids *ids, const struct als_event_id *id)
{
    struct als_id_shard *shard = &ids->shards[shard_of(id)];
    return make_room(shard) == 0 ? probe(shard, id) : NULL;
}

static void fill(struct als_recent_ids *ids, struct als_id_slot *slot, uint16_t state)
{
    slot->state = state;
    ids->shards[shard_of(&slot->id)].used++;
    ids->count++;
}

int als_recent_ids_insert(struct als_recent_ids *ids, uint64_t batch, const struct als_event_id *id,
                          int64_t timestamp, int64_t ingestion)
{
    struct als_id_slot *slot = slot_for(ids, id);
    if (slot == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    if (slot->state != SLOT_EMPTY)
        return 0;
    struct als_id_batch *holder = batch_with_room(ids, batch);
    if (holder == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    slot_set(slot, id, timestamp, ingestion);
    fill(ids, slot, SLOT_HELD);
    holder->ids[holder->count++] = *id;
    return 0;
}

int als_recent_ids_restore(struct als_recent_ids *ids, const struct als_event_id *id,
                           int64_t timestamp, int64_t ingestion)
{
    struct als_id_slot *slot = slot_for(ids, id);
    if (slot == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    if (slot->state != SLOT_EMPTY)
        return 0;
    slot_set(slot, id, timestamp, ingestion);
    fill(ids, slot, SLOT_ACKNOWLEDGED);
    return 0;
}

void als_recent_ids_acknowledge(struct als_recent_ids *ids, uint64_t batch)
{
    struct als_id_batch *holder = find_batch(ids, batch);
    if (holder == NULL)
        return;
    for (size_t i = 0; i < holder->count; i++)
        find(ids, &holder->ids[i])->state = SLOT_ACKNOWLEDGED;
    remove_batch(ids, holder);
}

void als_recent_ids_forget(struct als_recent_ids *ids, uint64_t batch)
{
    struct als_id_batch *holder = find_batch(ids, batch);
    if (holder == NULL)
        return;
    for (size_t i = 0; i < holder->count; i++) {
        struct als_id_shard *shard = &ids->shards[shard_of(&holder->ids[i])];
        erase(shard, (uint32_t)(probe(shard, &holder->ids[i]) - shard->slots));
    }
    ids->count -= holder->count;
    remove_batch(ids, holder);
}

static bool decided(const struct als_id_slot *slot, const struct als_coverage *coverage,
                    const struct als_margin *margin)
{
    int64_t ingestion = slot_ingestion(slot);
    return slot->state == SLOT_ACKNOWLEDGED &&
           als_coverage_decides(coverage, slot_timestamp(slot), ingestion,
                                als_margin_of(margin, ingestion));
}

size_t als_recent_ids_release(struct als_recent_ids *ids, const struct als_coverage *coverage,
                              const struct als_margin *margin)
{
    struct als_id_shard *shard = &ids->shards[ids->next_shard];
    ids->next_shard = (ids->next_shard + 1) % ALS_RECENT_IDS_SHARDS;
    uint32_t before = shard->used;
    for (uint32_t i = 0; i < shard->capacity; i++) {
        /* What moves into the slot is looked at as well. */
        while (decided(&shard->slots[i], coverage, margin))
            erase(shard, i);
    }
    size_t released = before - shard->used;
    ids->count -= released;
    if (released > 0)
        shrink(shard);
    return released;
}

size_t als_recent_ids_release_all(struct als_recent_ids *ids, const struct als_coverage *coverage,
                                  const struct als_margin *margin)
{
    size_t released = 0;
    for (unsigned i = 0; i < ALS_RECENT_IDS_SHARDS; i++)
        released += als_recent_ids_release(ids, coverage, margin);
    return released;
}

size_t als_recent_ids_count(const struct als_recent_ids *ids)
{
    return ids->count;
}

size_t als_recent_ids_memory(const struct als_recent_ids *ids)
{
    size_t bytes = ids->batch_capacity * sizeof *ids->batches;
    for (unsigned i = 0; i < ALS_RECENT_IDS_SHARDS; i++)
        bytes += ids->shards[i].capacity * sizeof(struct als_id_slot);
    for (size_t i = 0; i < ids->batch_count; i++)
        bytes += ids->batches[i].capacity * sizeof(struct als_event_id);
    return bytes;
}

static int compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

/* The hash scatters ids evenly, so the first ones met are a fair sample. */
static size_t sample(const struct als_recent_ids *ids, int64_t ingested_by, int64_t *times)
{
    size_t count = 0;
    size_t seen = 0;
    for (unsigned s = 0; s < ALS_RECENT_IDS_SHARDS && seen < SAMPLE_SLOTS; s++) {
        const struct als_id_shard *shard = &ids->shards[s];
        for (uint32_t i = 0; i < shard->capacity; i++, seen++) {
            const struct als_id_slot *slot = &shard->slots[i];
            if (slot->state != SLOT_ACKNOWLEDGED || slot_ingestion(slot) > ingested_by)
                continue;
            times[count++] = slot_timestamp(slot);
            if (count == SAMPLE_SIZE)
                return count;
        }
    }
    return count;
}

bool als_recent_ids_densest(const struct als_recent_ids *ids, int64_t ingested_by, int64_t width,
                            int64_t *start, int64_t *end)
{
    int64_t times[SAMPLE_SIZE];
    size_t count = sample(ids, ingested_by, times);
    if (count == 0)
        return false;
    qsort(times, count, sizeof times[0], compare_times);
    size_t best = 0;
    size_t best_count = 0;
    for (size_t first = 0, behind = 0; first < count; first++) {
        while (behind < count && times[behind] - times[first] < width)
            behind++;
        if (behind - first > best_count) {
            best = first;
            best_count = behind - first;
        }
    }
    *start = times[best];
    *end = times[best + best_count - 1] + 1;
    return true;
}

static void describe(const struct als_id_slot *slot, struct als_recent_id *out)
{
    out->id = slot->id;
    out->timestamp = slot_timestamp(slot);
    out->ingestion = slot_ingestion(slot);
}

bool als_recent_ids_next(const struct als_recent_ids *ids, uint64_t batch,
                         struct als_recent_ids_iterator *iterator, struct als_recent_id *out)
{
    for (; iterator->shard < ALS_RECENT_IDS_SHARDS; iterator->shard++, iterator->slot = 0) {
        const struct als_id_shard *shard = &ids->shards[iterator->shard];
        while (iterator->slot < shard->capacity) {
            const struct als_id_slot *slot = &shard->slots[iterator->slot++];
            if (slot->state == SLOT_ACKNOWLEDGED) {
                describe(slot, out);
                return true;
            }
        }
    }
    const struct als_id_batch *held = batch != 0 ? find_batch(ids, batch) : NULL;
    if (held == NULL || iterator->slot == held->count)
        return false;
    describe(find(ids, &held->ids[iterator->slot++]), out);
    return true;
}
