/* A scene of the twelve scenarios: the simulator's server on loopback in this process, and a source
 * of the library that reads from it over real sockets. All that is to happen is arranged before the
 * server starts: events have a time at which they become visible, faults one at which they begin.
 */
#ifndef SCENE_H
#define SCENE_H

#include "awslogsrc/awslogsrc.h"
#include "server.h"
#include "service.h"

#define SCENE_GROUP "CloudTrail/logs"

enum { SCENE_REGIONS = 4, SCENE_LIMIT_MS = 60000, SCENE_STATES = 8 };

extern const char *const scene_regions[SCENE_REGIONS];

struct scene_delivery {
    char *text; /* REGION NUL message */
    size_t size;
    uint64_t digest; /* as the simulator's oracle has it: over all that an event has */
    int64_t timestamp;
    int flags;
};

struct scene {
    struct sim_service *service;
    struct sim_group *groups[SCENE_REGIONS];
    struct sim_server *server;
    int64_t start_ms; /* the server's clock when the scene was opened */
    char state_dir[64];
    awslogsrc_context *context;
    awslogsrc_source *source;
    struct scene_delivery *deliveries; /* accepted ones, in order */
    size_t delivered, capacity;
    int states[SCENE_REGIONS];   /* the last one told */
    int troubles[SCENE_REGIONS]; /* the last error told */
    int refusals;                /* how often the callback is still to answer LATER */
    int (*answer)(struct scene *scene, awslogsrc_batch *batch); /* instead of accepting */
    awslogsrc_batch *held[64];
    size_t held_count;
    bool stop_early; /* the callback stops the source after stop_after deliveries */
    size_t stop_after;
};

void scene_open(struct scene *scene);
void scene_close(struct scene *scene);

/* An event of a region, at times relative to the scene's start; ingested when it becomes visible,
 * or at its own time where that is later. */
void scene_put(struct scene *scene, int region, int64_t timestamp, int64_t visible,
               const char *message);
void scene_put_bytes(struct scene *scene, int64_t timestamp, const char *message, size_t size);
void scene_fault(struct scene *scene, const struct sim_fault *fault);

/* A source on the options given as name, value, ..., NULL, which begins to read. */
void scene_start(struct scene *scene, const char *const *given);
#define SCENE_START(scene, ...) scene_start(scene, (const char *const[]){__VA_ARGS__, NULL})

/* Runs until so many events were accepted, or nothing is left to do; fails the test past the limit.
 */
void scene_run(struct scene *scene, size_t deliveries);
void scene_run_to_end(struct scene *scene);
void scene_run_until_state(struct scene *scene, int region, int state, int trouble);
/* Runs until no event time before this one, relative to the scene's start, is read any more: what
 * has not come from there, or has come twice, would have by now. */
void scene_settle(struct scene *scene, int64_t until);
void scene_finish(struct scene *scene); /* frees source and context */

/* How often the message was delivered, from a region or (-1) from all. */
size_t scene_count(const struct scene *scene, int region, const char *message, size_t size);

/* Stops the server: every event that it showed came once, as it was, and nothing else did. */
void scene_expect_exact(struct scene *scene);

/* Stops the server; the log of its calls may be read then. */
uint64_t scene_calls(struct scene *scene, int region);

#endif
