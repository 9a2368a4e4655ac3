/* test_worlds [--worlds N] [--seed N] [--first N] [--part N]: promise 1 and 2 on the whole library.
 * --part: one of the four parts of all worlds, which may run beside one another. */
#include "testing.h"

#include <inttypes.h>

#include "virtual_world.h"

enum { SHORT_RUN = 60, LONG_RUN = 1000, PARTS = 4 };

static uint64_t first_world, worlds;

static void test_worlds__everything_goes_wrong__each_event_once(void **state)
{
    (void)state;
    struct virtual_world_result total = {0};
    uint64_t bad = 0;
    for (uint64_t seed = first_world; seed < first_world + worlds; seed++) {
        struct virtual_world_result result = virtual_world_run(seed, false);
        total.events += result.events;
        total.lost += result.lost;
        total.repeated += result.repeated;
        total.wrong += result.wrong;
        total.requests += result.requests;
        total.failures += result.failures;
        total.simulated_ms += result.simulated_ms;
        total.overtime_ms += result.overtime_ms;
        total.batches += result.batches;
        total.postponements += result.postponements;
        total.crashes += result.crashes;
        if (virtual_world_is_good(&result))
            continue;
        bad++;
        virtual_world_print(seed, &result);
    }
    printf("%" PRIu64 " worlds, %" PRIu64 " bad; all together ", worlds, bad);
    virtual_world_print(first_world, &total);
    assert_int_equal(bad, 0);
}

static int replay(uint64_t seed)
{
    struct virtual_world_result result = virtual_world_run(seed, true);
    virtual_world_print(seed, &result);
    return virtual_world_is_good(&result) ? EXIT_SUCCESS : EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_worlds__everything_goes_wrong__each_event_once)};
    worlds = test_is_long() ? LONG_RUN : SHORT_RUN;
    for (int i = 1; i + 1 < argc; i += 2) {
        uint64_t value = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--seed") == 0)
            return replay(value);
        if (strcmp(argv[i], "--worlds") == 0) {
            worlds = value;
        } else if (strcmp(argv[i], "--first") == 0) {
            first_world = value;
        } else if (strcmp(argv[i], "--part") == 0) {
            worlds /= PARTS;
            first_world = (value - 1) * worlds;
        }
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
