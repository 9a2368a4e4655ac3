#include "testing.h"

#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

enum { SIZE = 4 * OUTPUT_BUFFER_SIZE, TICKS_BEFORE_READING = 3 };

static int ends[2];
static volatile sig_atomic_t ticks;
static volatile sig_atomic_t drained;

/* The other side of a full pipe, which begins to read late: until then each tick interrupts a write
 * that could not write anything. */
static void tick(int number)
{
    char bytes[4096];
    (void)number;
    if (++ticks <= TICKS_BEFORE_READING)
        return;
    for (ssize_t count = 0; (count = read(ends[0], bytes, sizeof bytes)) > 0;)
        drained += (int)count;
}

static void test_output__writes_interrupted_on_a_full_pipe__all_is_written(void **state)
{
    static struct output output;
    static char data[SIZE];
    const struct sigaction action = {.sa_handler = tick};
    const struct itimerval interval = {{0, 1000}, {0, 1000}}, never = {{0, 0}, {0, 0}};
    (void)state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    assert_int_equal(setitimer(ITIMER_REAL, &interval, NULL), 0);
    output_init(&output, ends[1]);
    output_write(&output, data, sizeof data);
    bool written = output_flush(&output);
    assert_int_equal(setitimer(ITIMER_REAL, &never, NULL), 0);
    tick(SIGALRM);
    assert_true(written);
    assert_int_equal(drained, SIZE);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

static bool hurry(void)
{
    return true;
}

static void test_output__nobody_reads_and_time_is_short__gives_up(void **state)
{
    static struct output output;
    static char data[SIZE];
    (void)state;
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    output_init(&output, ends[1]);
    output.hurries = hurry;
    output_write(&output, data, sizeof data);
    assert_false(output_flush(&output));
    assert_int_equal(output.error, ETIMEDOUT);
    (void)close(ends[0]);
    (void)close(ends[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output__writes_interrupted_on_a_full_pipe__all_is_written),
        cmocka_unit_test(test_output__nobody_reads_and_time_is_short__gives_up)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
