#ifndef SIM_ARGUMENTS_H
#define SIM_ARGUMENTS_H

#include "fault.h"
#include "generator.h"
#include "identity.h"

#define SIM_MAX_REGIONS 64
#define SIM_MAX_FAULTS  32
#define SIM_MAX_ROLES   16

/* The command line of awslogsrc-simulator. Texts are borrowed from argv. */
struct sim_arguments {
    uint16_t port;
    const char *port_file;
    bool metadata;
    uint16_t metadata_port;
    bool tls;
    const char *tls_name;
    const char *ca_out;
    const char *regions[SIM_MAX_REGIONS];
    size_t region_count;
    const char *group;
    uint64_t events;
    const char *from;
    enum sim_generator_kind kind;
    uint64_t seed;
    double rate;
    int64_t start_ms; /* relative to now when negative or 0, else absolute */
    const char *access_key;
    const char *secret_key;
    const char *session_token;
    bool no_auth;
    const char *role;
    const char *container_token;
    const char *web_token;
    int64_t key_lifetime_ms;
    struct sim_role roles[SIM_MAX_ROLES];
    size_t role_count;
    char role_arns[SIM_MAX_ROLES][256]; /* where roles[].arn points */
    double quota;
    bool end_time_exclusive;
    int64_t visible_delay_ms;
    int64_t clock_offset_ms;
    struct sim_fault faults[SIM_MAX_FAULTS];
    size_t fault_count;
    uint64_t fault_seed;
    const char *expect_out;
    char fault_regions[SIM_MAX_FAULTS][64]; /* where faults[].region points */
    char fault_operations[SIM_MAX_FAULTS][64];
};

enum sim_arguments_result { SIM_ARGUMENTS_RUN, SIM_ARGUMENTS_HELP, SIM_ARGUMENTS_WRONG };

/* Wrong ones are named on stderr. */
enum sim_arguments_result sim_arguments_parse(int argc, char **argv, struct sim_arguments *out);
void sim_arguments_help(void);

#endif
