/* The lookups of the command's receivers. The program brings its own getaddrinfo(), which hangs
 * until a test lets it go. */
#include "testing.h"

#include "lookup.h"

#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/socket.h>
#include <unistd.h>

static sem_t answers;         /* one for each lookup that may end */
static atomic_int finished;   /* lookups */
static atomic_bool signalled; /* a lookup's thread takes signals */

/* NOLINTBEGIN(readability-inconsistent-declaration-parameter-name): glibc names them otherwise */
__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **result)
{
    sigset_t blocked;
    (void)service;
    *result = NULL;
    if (strcmp(node, "192.0.2.1") != 0 && (hints->ai_flags & AI_NUMERICHOST) != 0)
        return EAI_NONAME;
    if ((hints->ai_flags & AI_NUMERICHOST) == 0) {
        (void)pthread_sigmask(SIG_SETMASK, NULL, &blocked);
        atomic_store(&signalled, sigismember(&blocked, SIGTERM) != 1);
        while (sem_wait(&answers) != 0) {
        }
        atomic_fetch_add(&finished, 1);
    }
    if (strcmp(node, "nowhere.example") == 0)
        return EAI_NONAME;
    *result = calloc(1, sizeof **result);
    return *result == NULL ? EAI_MEMORY : 0;
}

__attribute__((visibility("default"))) void freeaddrinfo(struct addrinfo *addresses)
{
    free(addresses);
}
/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

static struct lookup *begin(const char *host)
{
    struct address address = {.port = "601"};
    (void)snprintf(address.host, sizeof address.host, "%s", host);
    struct lookup *lookup = lookup_new(&address, SOCK_STREAM);
    assert_non_null(lookup);
    return lookup;
}

static int end(struct lookup *lookup, struct addrinfo **addresses)
{
    (void)sem_post(&answers);
    while (!lookup_is_done(lookup))
        (void)usleep(1000);
    int code = lookup_take(lookup, addresses);
    lookup_free(lookup);
    return code;
}

static void test_lookup__name_server_hangs__nobody_waits(void **state)
{
    (void)state;
    struct addrinfo *addresses = NULL;
    struct lookup *lookup = begin("receiver.example");
    assert_false(lookup_is_done(lookup));
    assert_int_equal(end(lookup, &addresses), 0);
    assert_non_null(addresses);
    assert_false(atomic_load(&signalled));
    freeaddrinfo(addresses);
}

static void test_lookup__unknown_host__says_so(void **state)
{
    (void)state;
    struct addrinfo *addresses = NULL;
    assert_int_equal(end(begin("nowhere.example"), &addresses), EAI_NONAME);
    assert_null(addresses);
}

static void test_lookup__address__is_there_at_once(void **state)
{
    (void)state;
    struct lookup *lookup = begin("192.0.2.1");
    assert_true(lookup_is_done(lookup));
    lookup_free(lookup);
}

/* The sanitizers see whether the thread frees it then. */
static void test_lookup__freed_while_it_hangs__ends_alone(void **state)
{
    (void)state;
    int before = atomic_load(&finished);
    lookup_free(begin("receiver.example"));
    (void)sem_post(&answers);
    while (atomic_load(&finished) == before)
        (void)usleep(1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lookup__name_server_hangs__nobody_waits),
        cmocka_unit_test(test_lookup__unknown_host__says_so),
        cmocka_unit_test(test_lookup__address__is_there_at_once),
        cmocka_unit_test(test_lookup__freed_while_it_hangs__ends_alone),
    };
    if (sem_init(&answers, 0, 0) != 0)
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
