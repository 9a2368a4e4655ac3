#include "testing.h"

#include <poll.h>

#include "scene.h"

/* The one descriptor, watched by a loop that belongs to the host. */

enum { IDLE_MS = 2000, REST_MS = 500 };

static bool is_readable(const struct scene *scene, int timeout_ms)
{
    struct pollfd watched = {.fd = awslogsrc_context_fd(scene->context), .events = POLLIN};
    return poll(&watched, 1, timeout_ms) == 1;
}

static void put_many(struct scene *scene, int count)
{
    for (int i = 0; i < count; i++) {
        char text[16];
        (void)snprintf(text, sizeof text, "%d", i);
        scene_put(scene, 0, -60000 - 10 * i, -30000, text);
    }
}

/* How often the descriptor became readable in the next so many milliseconds. */
static int wakeups_within(struct scene *scene, int64_t ms)
{
    int count = 0;
    for (int64_t end = sim_server_now(0) + ms, left = ms; left > 0;
         left = end - sim_server_now(0)) {
        if (!is_readable(scene, (int)left))
            break;
        count++;
        assert_true(awslogsrc_context_process(scene->context) >= 0);
    }
    return count;
}

static void test_loop__between_two_polls__nothing_wakes_the_host(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene);
    put_many(&scene, 20);
    SCENE_START(&scene, "poll_interval", "1h", "late_arrival_horizon", "2h");
    scene_run(&scene, 20);
    scene_run_until_state(&scene, 0, AWSLOGSRC_REGION_CAUGHT_UP, 0);
    (void)wakeups_within(&scene, REST_MS); /* connections come to rest */
    assert_int_equal(wakeups_within(&scene, IDLE_MS), 0);
    scene_close(&scene);
}

static void test_loop__paused__nothing_wakes_the_host(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene);
    put_many(&scene, 20);
    SCENE_START(&scene, "poll_interval", "100ms");
    scene_run(&scene, 20);
    assert_int_equal(awslogsrc_source_pause(scene.source), 0);
    (void)wakeups_within(&scene, REST_MS);
    assert_int_equal(wakeups_within(&scene, IDLE_MS), 0);
    scene_close(&scene);
}

/* Level-triggered: what process() leaves undone keeps the descriptor readable, so a host that
 * processes once for each wake-up, and never otherwise, gets everything. */
static void test_loop__one_process_a_wakeup__everything_comes(void **state)
{
    struct scene scene;
    (void)state;
    scene_open(&scene);
    put_many(&scene, 200);
    sim_service_settings(scene.service)->page_events = 3;
    SCENE_START(&scene, "once", "true");
    while (awslogsrc_source_is_running(scene.source)) {
        assert_true(is_readable(&scene, SCENE_LIMIT_MS));
        int more = awslogsrc_context_process(scene.context);
        assert_true(more >= 0);
        if (more > 0)
            assert_true(is_readable(&scene, 0));
    }
    scene_expect_exact(&scene);
    scene_close(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_loop__between_two_polls__nothing_wakes_the_host),
        cmocka_unit_test(test_loop__paused__nothing_wakes_the_host),
        cmocka_unit_test(test_loop__one_process_a_wakeup__everything_comes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
