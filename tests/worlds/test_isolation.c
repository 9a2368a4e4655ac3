/* A region of a source that works, and beside it one that does not, in ten ways: the one that works
 * does not notice. */
#include "testing.h"

#include "fleet.h"
#include "service.h"
#include "source/region_reader.h"

enum { SECOND = 1000, MINUTE = 60 * SECOND, LENGTH = 15 * MINUTE };

#define HEALTHY "eu-west-1"
#define BROKEN  "us-west-2"

static struct fleet fleet;

struct trouble {
    const char *name;
    enum sim_fault_kind fault;
    bool no_group, no_region, no_host;
    int code; /* told of the broken region; 0: it works by its own clock */
};

static const struct trouble troubles[] = {
    {"none", SIM_FAULT_NONE, false, false, false, 0},
    {"access denied", SIM_FAULT_ACCESS_DENIED, false, false, false, AWSLOGSRC_E_ACCESS_DENIED},
    {"missing group", SIM_FAULT_NONE, true, false, false, AWSLOGSRC_E_NOT_FOUND},
    {"region not enabled", SIM_FAULT_NONE, true, true, false, AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"unknown host", SIM_FAULT_NONE, false, false, true, AWSLOGSRC_E_NAME_LOOKUP},
    {"clock two hours ahead", SIM_FAULT_CLOCK_SKEW, false, false, false, 0},
    {"throttled for ever", SIM_FAULT_THROTTLING, false, false, false, AWSLOGSRC_E_THROTTLED},
    {"never answers", SIM_FAULT_HANG, false, false, false, AWSLOGSRC_E_TIMEOUT},
    {"service down", SIM_FAULT_INTERNAL_ERROR, false, false, false, AWSLOGSRC_E_SERVICE},
    {"malformed answers", SIM_FAULT_MALFORMED, false, false, false, AWSLOGSRC_E_PROTOCOL},
    {"connections reset", SIM_FAULT_RESET, false, false, false, AWSLOGSRC_E_NETWORK},
};

struct lag {
    uint64_t events, missing;
    int64_t mean, most;
    int told;
};

static void put_events(const char *region)
{
    fleet_put_series(fleet_add_group(&fleet, region, "group"),
                     &(struct sim_series){.generator.kind = SIM_VPC_FLOW,
                                          .start_ms = fleet.begin_ms,
                                          .per_second = 3,
                                          .count = 3 * LENGTH / SECOND,
                                          .ingestion_delay_ms = 400,
                                          .visible_delay_ms = 1500});
}

static struct lag measure(const struct trouble *trouble)
{
    static const char *const more[] = {"start_time", "-1m", "late_arrival_horizon", "5m", NULL};
    struct lag lag = {0};
    fleet_init(&fleet, 1);
    fleet.aws.least_latency_ms = fleet.aws.most_latency_ms = 300;
    put_events(HEALTHY);
    if (!trouble->no_region)
        (void)sim_world_add_region(sim_service_world(fleet.aws.service), BROKEN);
    if (!trouble->no_group)
        put_events(BROKEN);
    if (trouble->no_host)
        fleet.aws.unknown_host = BROKEN;
    if (trouble->fault != SIM_FAULT_NONE)
        sim_service_add_fault(fleet.aws.service, &(struct sim_fault){.kind = trouble->fault,
                                                                     .region = BROKEN,
                                                                     .skew_ms = 120LL * MINUTE});
    const awslogsrc_source *source = fleet_add_source(&fleet, HEALTHY "," BROKEN, "group", more);
    fleet_run(&fleet, LENGTH + MINUTE);
    const struct fleet_group *group = fleet.groups[0];
    lag.events = group->delivered;
    lag.missing = group->series[0].count - group->delivered;
    lag.mean = group->lag_sum / (int64_t)group->lag_count;
    lag.most = group->lag_most;
    lag.told = source->readers[1]->state.trouble;
    fleet_clear(&fleet);
    return lag;
}

static void test_isolation__broken_region__leaves_the_other_as_it_was(void **state)
{
    (void)state;
    struct lag alone = {0};
    for (size_t i = 0; i < sizeof troubles / sizeof troubles[0]; i++) {
        struct lag lag = measure(&troubles[i]);
        if (i == 0)
            alone = lag;
        printf("%-22s the other region: %d events, lag %.2f s on average, %.2f s at most\n",
               troubles[i].name, (int)lag.events, (double)lag.mean / 1000, (double)lag.most / 1000);
        assert_int_equal(lag.missing, 0);
        assert_int_equal(lag.told, troubles[i].code);
        assert_in_range(lag.mean, alone.mean - 200, alone.mean + 200);
        assert_true(lag.most <= alone.most + 1000);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_isolation__broken_region__leaves_the_other_as_it_was)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
