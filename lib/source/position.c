#include "source/position.h"

static void work(void *user_data);

static void loaded(void *self, int status, const awslogsrc_error *error)
{
    struct als_position *position = self;
    position->listener.loaded(position->listener.self, status, error);
}

static void take_steps(void *self)
{
    struct als_position *position = self;
    als_loop_arm(position->loop, &position->timer, als_loop_now_ms(position->loop));
}

static void plan_write(struct als_position *position)
{
    if (!position->open || position->checkpoint.slot == NULL || position->timer.armed)
        return;
    int64_t now = als_loop_now_ms(position->loop);
    int64_t due = position->written_ms + position->interval_ms;
    als_loop_arm(position->loop, &position->timer, due > now ? due : now);
}

static void written(void *self, int status, const awslogsrc_error *error)
{
    struct als_position *position = self;
    als_histogram_add(&position->duration, als_loop_now_ms(position->loop) - position->written_ms);
    position->changed = position->changed || status != 0;
    if (position->changed)
        plan_write(position);
    position->listener.written(position->listener.self, status, error);
}

int als_position_open(struct als_position *position, const struct als_position_config *config,
                      struct als_cursor *cursor, awslogsrc_error **error)
{
    struct als_store_slot *slot = NULL;
    if (config->store != NULL) {
        int status = als_store_open(config->store, config->source, config->region,
                                    &config->loop->log, &slot, error);
        if (status != 0)
            return status;
    }
    *position = (struct als_position){.owner = config->owner,
                                      .loop = config->loop,
                                      .listener = config->listener,
                                      .interval_ms = config->interval_ms,
                                      .written_ms = als_loop_now_ms(config->loop),
                                      .duration = position->duration,
                                      .open = true};
    position->timer.fn = work;
    position->timer.user_data = position;
    struct als_checkpoint_listener listener = {loaded, written, take_steps, position};
    als_checkpoint_init(&position->checkpoint, cursor, slot, &config->loop->log, &listener);
    als_checkpoint_load(&position->checkpoint, config->given);
    return 0;
}

static void begin_write(struct als_position *position)
{
    position->written_ms = als_loop_now_ms(position->loop);
    position->changed = false;
}

/* Steps of a load or a snapshot, with the rest of the loop's work in between; or a write is due. */
static void work(void *user_data)
{
    struct als_position *position = user_data;
    awslogsrc_source *owner = position->owner;
    bool goes_on = als_checkpoint_has_steps(&position->checkpoint);
    als_source_ref(owner);
    if (goes_on) {
        goes_on = als_checkpoint_step(&position->checkpoint);
    } else if (!position->checkpoint.writing) {
        begin_write(position);
        goes_on = als_checkpoint_tick(&position->checkpoint);
    }
    if (goes_on)
        take_steps(position);
    als_source_unref(owner);
}

void als_position_acknowledge(struct als_position *position, uint64_t batch)
{
    if (position->open)
        als_checkpoint_acknowledge(&position->checkpoint, batch);
}

void als_position_changed(struct als_position *position)
{
    position->changed = true;
    if (!position->checkpoint.snapshotting)
        plan_write(position);
}

bool als_position_flush(struct als_position *position)
{
    struct als_checkpoint *checkpoint = &position->checkpoint;
    if (!position->open)
        return false;
    if (!checkpoint->writing && !als_checkpoint_has_steps(checkpoint))
        begin_write(position);
    return als_checkpoint_flush(checkpoint);
}

void als_position_close(struct als_position *position)
{
    if (!position->open)
        return;
    als_loop_disarm(position->loop, &position->timer);
    als_checkpoint_close(&position->checkpoint);
    position->open = false;
}
