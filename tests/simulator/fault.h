#ifndef SIM_FAULT_H
#define SIM_FAULT_H

#include "http.h"

/* kind, name on the command line */
#define SIM_FAULT_KINDS(X)                        \
    X(NONE, "none")                               \
    X(THROTTLING, "throttling")                   \
    X(INTERNAL_ERROR, "internal-error")           \
    X(UNAVAILABLE, "unavailable")                 \
    X(HTML_ERROR, "html-error")                   \
    X(RESET, "reset")                             \
    X(RESET_BODY, "reset-body")                   \
    X(TRUNCATE, "truncate")                       \
    X(TRUNCATE_CHUNKED, "truncate-chunked")       \
    X(MALFORMED, "malformed")                     \
    X(HANG, "hang")                               \
    X(SLOW, "slow")                               \
    X(EXPIRED_PAGE_TOKEN, "expired-page-token")   \
    X(REPEATED_PAGE_TOKEN, "repeated-page-token") \
    X(EXPIRED_CREDENTIALS, "expired-credentials") \
    X(UNRECOGNIZED_CLIENT, "unrecognized-client") \
    X(ACCESS_DENIED, "access-denied")             \
    X(HTML_OK, "html-ok")                         \
    X(EMPTY_BODY, "empty-body")                   \
    X(CLOCK_SKEW, "clock-skew")                   \
    X(UNAUTHORIZED, "unauthorized")               \
    X(FORBIDDEN, "forbidden")                     \
    X(NOT_FOUND, "not-found")                     \
    X(REDIRECT, "redirect")                       \
    X(HUGE_BODY, "huge-body")                     \
    X(STALE_KEYS, "stale-keys")                   \
    X(CODE_NOT_SUCCESS, "code-not-success")       \
    X(MISSING_MEMBER, "missing-member")           \
    X(IDP_ERROR, "idp-error")

#define SIM_FAULT_ENUM(kind, name) SIM_FAULT_##kind,
enum sim_fault_kind { SIM_FAULT_KINDS(SIM_FAULT_ENUM) SIM_FAULT_COUNT };
#undef SIM_FAULT_ENUM

/*
 * One rule. It concerns requests of the region and operation (NULL: any; borrowed; "imds" is all
 * of "imds.token", "imds.role" and so on) that arrive in [from_ms, until_ms) (0: no bound). Of
 * these it skips the first `after`, then hits each with `probability` (0 means 1), at most `times`
 * times (0: no bound). So "the third request" is
 * {.after = 2, .times = 1}.
 * The page token faults concern only requests that carry one; STALE_KEYS, CODE_NOT_SUCCESS and
 * MISSING_MEMBER those that hand out keys; IDP_ERROR AssumeRoleWithWebIdentity.
 */
struct sim_fault {
    enum sim_fault_kind kind;
    const char *region;
    const char *operation;
    int64_t from_ms;
    int64_t until_ms;
    uint64_t after;
    uint64_t times;
    double probability;
    int64_t delay_ms;   /* SLOW: how slow [1000] */
    int64_t skew_ms;    /* CLOCK_SKEW: added to the Date header */
    size_t cut_at;      /* RESET_BODY, TRUNCATE*: bytes of the body before [half of it] */
    const char *member; /* MISSING_MEMBER: as IMDS calls it [one by chance]; borrowed */
};

struct sim_fault_rule {
    struct sim_fault fault;
    uint64_t matched;
    uint64_t hits;
};

/* The rules, their random numbers and their counters. */
struct sim_faults {
    struct sim_fault_rule *rules;
    size_t count;
    uint64_t random;
    uint64_t injected[SIM_FAULT_COUNT];
};

struct sim_fault_subject {
    const char *region;
    const char *operation;
    int64_t now_ms;
    bool has_page_token;
    bool issues_keys;
};

/* What is to befall one request: one main fault, and SLOW and CLOCK_SKEW besides. */
struct sim_fault_plan {
    enum sim_fault_kind kind;
    size_t cut_at;
    int64_t delay_ms;
    int64_t skew_ms;
    uint64_t random; /* for MALFORMED and MISSING_MEMBER */
    const char *member;
};

void sim_faults_add(struct sim_faults *faults, const struct sim_fault *fault);
void sim_faults_remove_all(struct sim_faults *faults); /* keeps the counters */
struct sim_fault_plan sim_faults_plan(struct sim_faults *faults,
                                      const struct sim_fault_subject *subject);

const char *sim_fault_name(enum sim_fault_kind kind);
bool sim_fault_parse(const char *name, enum sim_fault_kind *out);

#endif
