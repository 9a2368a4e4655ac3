/* The command against a local AWS whose metadata endpoints misbehave, over real sockets. */
#ifndef METADATA_H
#define METADATA_H

#include "process.h"
#include "server.h"

#define METADATA_GROUP  "CloudTrail/logs"
#define METADATA_REGION "us-east-1"
#define METADATA_ROLE   "collector"

enum { METADATA_EVENTS = 20, METADATA_URL_SIZE = 64, METADATA_OPTIONS = 64 };

/* A service of METADATA_EVENTS events with its server, whose instance and container have
 * METADATA_ROLE. Faults are to be added before metadata_start(). */
struct metadata {
    struct sim_service *service;
    struct sim_server *server;
    char url[METADATA_URL_SIZE];
    char home[64];              /* an empty folder */
    const char *const *wrapper; /* what runs the command, ended by NULL; NULL: nothing */
};

void metadata_open(struct metadata *metadata);
void metadata_start(struct metadata *metadata);
void metadata_close(struct metadata *metadata);

/* Stops the server and says how many requests the endpoint has had. */
uint64_t metadata_calls(struct metadata *metadata, enum sim_endpoint endpoint);

/* Starts "awslogsrc collect" on the service; both lists are ended by NULL. */
void metadata_collect(const struct metadata *metadata, struct process *process,
                      const char *const *options, const char *const *environment);

/* The same with --once, until it has ended. Returns
 * the exit code. */
int metadata_collect_once(const struct metadata *metadata, struct process *process,
                          const char *const *options, const char *const *environment);

/* Follows until stderr has a line, which it returns, and ends the command. */
const char *metadata_first_trouble(const struct metadata *metadata, struct process *process,
                                   const char *const *options, const char *const *environment);

/* Writes a file below home. Returns its path, in a static buffer. */
const char *metadata_write(const struct metadata *metadata, const char *name, const char *text);

#endif
