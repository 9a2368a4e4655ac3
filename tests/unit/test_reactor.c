/* What a turn of the real loop does first, and what it leaves to the next one. */
#include "testing.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include "net/reactor.h"

enum { LONG_MS = 5 }; /* more than a turn may take before timers have to wait */

struct fixture {
    struct als_reactor reactor;
    struct als_watch watch;
    struct als_timer timer;
    int64_t now_ms;
    int64_t work_ms; /* that reading takes */
    int reads;       /* after which there is nothing to read */
    bool ran;
};

static int64_t now_ms(void *self)
{
    return ((struct fixture *)self)->now_ms;
}

static void work_off(void *user_data)
{
    struct fixture *fixture = user_data;
    uint64_t count;
    fixture->now_ms += fixture->work_ms;
    if (--fixture->reads == 0)
        assert_int_equal(read(fixture->watch.fd, &count, sizeof count), sizeof count);
}

static void note_run(void *user_data)
{
    ((struct fixture *)user_data)->ran = true;
}

/* A descriptor to read so many times, and a timer that is due. */
static void begin(struct fixture *fixture, int64_t work_ms, int reads)
{
    *fixture = (struct fixture){.now_ms = 1000, .work_ms = work_ms, .reads = reads};
    assert_int_equal(als_reactor_init(&fixture->reactor, NULL), 0);
    fixture->reactor.loop.clock.monotonic_ms = now_ms;
    fixture->reactor.loop.clock.self = fixture;
    fixture->watch = (struct als_watch){
        .fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK), .fn = work_off, .user_data = fixture};
    fixture->timer.fn = note_run;
    fixture->timer.user_data = fixture;
    assert_int_equal(als_loop_watch(&fixture->reactor.loop, &fixture->watch), 0);
    als_loop_arm(&fixture->reactor.loop, &fixture->timer, fixture->now_ms);
}

static void end(struct fixture *fixture)
{
    als_loop_disarm(&fixture->reactor.loop, &fixture->timer);
    als_loop_unwatch(&fixture->reactor.loop, &fixture->watch);
    close(fixture->watch.fd);
    als_reactor_clear(&fixture->reactor);
}

static void test_reactor__quick_descriptor__timers_run_in_the_same_turn(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture, 0, 1);
    assert_int_equal(als_reactor_process(&fixture.reactor), 0);
    assert_true(fixture.ran);
    end(&fixture);
}

static void test_reactor__descriptor_took_long__timers_wait_for_the_next_turn(void **state)
{
    struct fixture fixture;
    (void)state;
    begin(&fixture, LONG_MS, 1);
    assert_int_equal(als_reactor_process(&fixture.reactor), 1);
    assert_false(fixture.ran);
    assert_int_equal(als_reactor_process(&fixture.reactor), 0);
    assert_true(fixture.ran);
    end(&fixture);
}

static void test_reactor__descriptor_that_is_always_busy__timers_run_all_the_same(void **state)
{
    struct fixture fixture;
    int turns = 0;
    (void)state;
    begin(&fixture, LONG_MS, 1000);
    for (; !fixture.ran && turns < 1000; turns++)
        assert_true(als_reactor_process(&fixture.reactor) >= 0);
    assert_int_equal(turns, ALS_REACTOR_TURNS_WAITED);
    end(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reactor__quick_descriptor__timers_run_in_the_same_turn),
        cmocka_unit_test(test_reactor__descriptor_took_long__timers_wait_for_the_next_turn),
        cmocka_unit_test(test_reactor__descriptor_that_is_always_busy__timers_run_all_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
