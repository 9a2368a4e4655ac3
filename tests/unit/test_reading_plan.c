/* The reading plan in whole worlds (tests/support/world.h). With --seed N one world is replayed,
 * with --worlds N the plain worlds are as many, and names of faults break the rules. */
#include "testing.h"

#include "world.h"

enum { MOST_FAULTY_WORLDS = 12 };

#define BIT(fault) (1U << WORLD_FAULT_##fault)

/* The sanitizers look for what happens in every world. */
#ifdef __SANITIZE_ADDRESS__
static uint64_t worlds = 10;
#else
static uint64_t worlds = 60;
#endif

static struct world_result sum(struct world_result total, struct world_result one)
{
    total.events += one.events;
    total.lost += one.lost;
    total.repeated += one.repeated;
    total.excess += one.excess;
    total.returned += one.returned;
    total.calls += one.calls;
    if (one.most_ids > total.most_ids)
        total.most_ids = one.most_ids;
    if (one.most_pieces > total.most_pieces)
        total.most_pieces = one.most_pieces;
    return total;
}

static void show(const char *name, uint64_t count, const struct world_result *result)
{
    printf("%s: worlds %llu events %zu lost %zu repeated %zu  amplification %.2f  calls %llu  "
           "ids %zu  pieces %zu\n",
           name, (unsigned long long)count, result->events, result->lost, result->repeated,
           (double)result->returned / (double)result->events, (unsigned long long)result->calls,
           result->most_ids, result->most_pieces);
}

static struct world_result run_clean(const struct world_options *options)
{
    struct world_result result = world_run(options);
    if (result.lost > 0 || result.repeated > 0)
        fail_msg("world %llu: lost %zu, repeated %zu (replay with --seed)",
                 (unsigned long long)options->seed, result.lost, result.repeated);
    return result;
}

static void test_reading_plan__worlds_with_crashes__lose_and_repeat_nothing(void **state)
{
    (void)state;
    struct world_result total = {0};
    for (uint64_t seed = 1; seed <= worlds; seed++) {
        struct world_options options = world_default(seed);
        total = sum(total, run_clean(&options));
    }
    show("as designed", worlds, &total);
    assert_true(total.returned < 7 * total.events);
}

static void test_reading_plan__worlds_without_crashes__deliver_each_event_once(void **state)
{
    (void)state;
    struct world_result total = {0};
    for (uint64_t seed = 1001; seed < 1011; seed++) {
        struct world_options options = world_default(seed);
        options.crashes = false;
        total = sum(total, run_clean(&options));
    }
    show("no crashes", 10, &total);
}

static void test_reading_plan__full_of_ids__goes_on_without_loss(void **state)
{
    (void)state;
    struct world_result total = {0};
    for (uint64_t seed = 2001; seed < 2011; seed++) {
        struct world_options options = world_default(seed);
        options.max_ids = 250;
        total = sum(total, run_clean(&options));
    }
    show("at most 250 ids", 10, &total);
    assert_true(total.most_ids < 250 + 32 * 12); /* every chain may have one page under way */
}

static void test_reading_plan__end_time__ends_settled_with_nothing_beyond(void **state)
{
    (void)state;
    for (uint64_t seed = 3001; seed < 3011; seed++) {
        struct world_options options = world_default(seed);
        options.end_time = INT64_C(2) * 3600000;
        struct world_result result = run_clean(&options);
        assert_int_equal(result.excess, 0);
        assert_in_range(result.finished_at, INT64_C(3) * 3600000, INT64_C(5) * 3600000);
    }
}

static void test_reading_plan__once__delivers_all_that_is_visible_and_ends(void **state)
{
    (void)state;
    for (uint64_t seed = 4001; seed < 4021; seed++) {
        struct world_options options = world_default(seed);
        options.once_at = 5400000;
        options.crashes = seed % 2 == 0;
        struct world_result result = run_clean(&options);
        assert_true(result.finished_at > options.once_at);
    }
}

/* A rule broken on purpose must lose or repeat something in a few worlds, or the worlds prove
 * nothing. */
struct fault {
    uint32_t faults;
    bool loses; /* else it repeats */
};

static void assert_caught(const struct fault *fault)
{
    struct world_result total = {0};
    uint64_t seed = 1;
    for (; seed <= MOST_FAULTY_WORLDS; seed++) {
        struct world_options options = world_default(seed);
        options.faults = fault->faults;
        total = sum(total, world_run(&options));
        if ((fault->loses ? total.lost : total.repeated) > 0)
            break;
    }
    for (unsigned i = 0; i < WORLD_FAULT_COUNT; i++) {
        if ((fault->faults >> i & 1) != 0)
            printf("%s ", world_fault_name(i));
    }
    show("", seed, &total);
    assert_true(seed <= MOST_FAULTY_WORLDS);
}

static void test_reading_plan__each_rule_broken__loses_or_repeats_events(void **state)
{
    (void)state;
    static const struct fault faults[] = {
        {BIT(ack_any), true},
        {BIT(cp_unacked), true},
        {BIT(cp_without_ids), false},
        {BIT(no_skip) | BIT(overlap), true},
        {BIT(no_gaps) | BIT(overlap), true},
        {BIT(skew), true},
        {BIT(page_inclusive), true},
        {BIT(end_minus_1), true},
        {BIT(clock_sweeps), true},
        {BIT(forget_on_ack), false},
        {BIT(settle_early), true},
        {BIT(margin_zero), true},
        {BIT(margin_global), false},
        {BIT(release_early), false},
        {BIT(future_hides), true},
        {BIT(broken_marks), true},
        {BIT(empty_ends), true},
        {BIT(nack_keeps_ids), true},
    };
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        assert_caught(&faults[i]);
}

static void test_reading_plan__overlap_alone__is_harmless(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 6; seed++) {
        struct world_options options = world_default(seed);
        options.faults = BIT(overlap);
        (void)run_clean(&options);
    }
}

static int replay(uint64_t seed, uint32_t faults)
{
    struct world_options options = world_default(seed);
    options.faults = faults;
    struct world_result result = world_run(&options);
    show("replayed", 1, &result);
    return result.lost > 0 || result.repeated > 0;
}

int main(int argc, char **argv)
{
    uint64_t seed = 0;
    uint32_t faults = 0;
    for (int i = 1; i < argc; i++) {
        for (unsigned fault = 0; world_fault_name(fault) != NULL; fault++)
            faults |= strcmp(argv[i], world_fault_name(fault)) == 0 ? 1U << fault : 0;
        if (i + 1 < argc && strcmp(argv[i], "--seed") == 0)
            seed = strtoull(argv[i + 1], NULL, 10);
        if (i + 1 < argc && strcmp(argv[i], "--worlds") == 0)
            worlds = strtoull(argv[i + 1], NULL, 10);
    }
    if (seed != 0)
        return replay(seed, faults);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reading_plan__worlds_with_crashes__lose_and_repeat_nothing),
        cmocka_unit_test(test_reading_plan__worlds_without_crashes__deliver_each_event_once),
        cmocka_unit_test(test_reading_plan__full_of_ids__goes_on_without_loss),
        cmocka_unit_test(test_reading_plan__end_time__ends_settled_with_nothing_beyond),
        cmocka_unit_test(test_reading_plan__once__delivers_all_that_is_visible_and_ends),
        cmocka_unit_test(test_reading_plan__overlap_alone__is_harmless),
        cmocka_unit_test(test_reading_plan__each_rule_broken__loses_or_repeats_events),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
