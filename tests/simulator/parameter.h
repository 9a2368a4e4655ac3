#ifndef SIM_PARAMETER_H
#define SIM_PARAMETER_H

#include "operation.h"

/*
 * Reading the members of a request as the service's model constrains them (aws.md 1.2). Each
 * returns false after failing the operation. A member that is absent or null leaves *out alone.
 */
struct sim_text_rule {
    size_t least;
    size_t most;            /* characters */
    const char *allowed;    /* these besides letters and digits; NULL: anything */
    const char *forbidden;  /* NULL: nothing */
    const char *expression; /* how AWS words it */
};

extern const struct sim_text_rule sim_rule_group_name;
extern const struct sim_text_rule sim_rule_group_identifier;
extern const struct sim_text_rule sim_rule_stream_name;
extern const struct sim_text_rule sim_rule_filter_pattern;
extern const struct sim_text_rule sim_rule_token;

bool sim_parameter_text(struct sim_operation *operation, const char *name,
                        const struct sim_text_rule *rule, const char **out);
bool sim_parameter_integer(struct sim_operation *operation, const char *name, int64_t least,
                           int64_t most, int64_t *out);
bool sim_parameter_flag(struct sim_operation *operation, const char *name, bool *out);
/* An array of 1..most texts; *out stays NULL without. */
bool sim_parameter_list(struct sim_operation *operation, const char *name, int most,
                        const struct sim_text_rule *rule, const cJSON **out);
/* The group that logGroupName or logGroupIdentifier means; exactly one of them must be there. */
bool sim_parameter_group(struct sim_operation *operation, const struct sim_group **out);

#endif
