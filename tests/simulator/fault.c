#include "fault.h"

#include "buffer.h"
#include "random.h"

#include <stdlib.h>
#include <string.h>

#define SIM_FAULT_NAME(kind, name) name,
static const char *const names[SIM_FAULT_COUNT] = {SIM_FAULT_KINDS(SIM_FAULT_NAME)};
#undef SIM_FAULT_NAME

const char *sim_fault_name(enum sim_fault_kind kind)
{
    return names[kind];
}

bool sim_fault_parse(const char *name, enum sim_fault_kind *out)
{
    for (unsigned i = 1; i < SIM_FAULT_COUNT; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = (enum sim_fault_kind)i;
            return true;
        }
    }
    return false;
}

void sim_faults_add(struct sim_faults *faults, const struct sim_fault *fault)
{
    faults->rules = sim_reallocate(faults->rules, (faults->count + 1) * sizeof *faults->rules);
    faults->rules[faults->count++] = (struct sim_fault_rule){.fault = *fault};
}

void sim_faults_remove_all(struct sim_faults *faults)
{
    free(faults->rules);
    faults->rules = NULL;
    faults->count = 0;
}

/* "imds" means "imds.role" too. */
static bool is_meant(const char *wanted, const char *operation)
{
    size_t length = strlen(wanted);
    return strncmp(wanted, operation, length) == 0 &&
           (operation[length] == '\0' || operation[length] == '.');
}

static bool can_befall(enum sim_fault_kind kind, const struct sim_fault_subject *subject)
{
    switch (kind) {
    case SIM_FAULT_EXPIRED_PAGE_TOKEN:
    case SIM_FAULT_REPEATED_PAGE_TOKEN: return subject->has_page_token;
    case SIM_FAULT_STALE_KEYS:
    case SIM_FAULT_CODE_NOT_SUCCESS:
    case SIM_FAULT_MISSING_MEMBER: return subject->issues_keys;
    case SIM_FAULT_IDP_ERROR:
        return strcmp(subject->operation, "sts.AssumeRoleWithWebIdentity") == 0;
    default: return true;
    }
}

static bool concerns(const struct sim_fault *fault, const struct sim_fault_subject *subject)
{
    return (!fault->region || strcmp(fault->region, subject->region) == 0) &&
           (!fault->operation || is_meant(fault->operation, subject->operation)) &&
           (!fault->from_ms || subject->now_ms >= fault->from_ms) &&
           (!fault->until_ms || subject->now_ms < fault->until_ms) &&
           can_befall(fault->kind, subject);
}

static bool hits(struct sim_fault_rule *rule, struct sim_faults *faults)
{
    const struct sim_fault *fault = &rule->fault;
    if (rule->matched++ < fault->after || (fault->times && rule->hits >= fault->times))
        return false;
    if (fault->probability > 0 && sim_random_unit(&faults->random) >= fault->probability)
        return false;
    rule->hits++;
    return true;
}

struct sim_fault_plan sim_faults_plan(struct sim_faults *faults,
                                      const struct sim_fault_subject *subject)
{
    struct sim_fault_plan plan = {0};
    for (size_t i = 0; i < faults->count; i++) {
        struct sim_fault_rule *rule = &faults->rules[i];
        const struct sim_fault *fault = &rule->fault;
        if (!concerns(fault, subject) || !hits(rule, faults))
            continue;
        if (fault->kind == SIM_FAULT_SLOW) {
            plan.delay_ms += fault->delay_ms ? fault->delay_ms : 1000;
        } else if (fault->kind == SIM_FAULT_CLOCK_SKEW) {
            plan.skew_ms += fault->skew_ms;
        } else if (plan.kind == SIM_FAULT_NONE) {
            plan.kind = fault->kind;
            plan.cut_at = fault->cut_at;
            plan.member = fault->member;
        } else {
            continue; /* the first one wins */
        }
        faults->injected[fault->kind]++;
    }
    if (plan.kind == SIM_FAULT_MALFORMED || plan.kind == SIM_FAULT_MISSING_MEMBER)
        plan.random = sim_random_next(&faults->random);
    return plan;
}
