/* How long a host's thread is kept: the longest call of the library, and the longest
 * awslogsrc_context_process(), in situations that could block or take long. The simulator answers
 * from threads of this process, so wall time holds what they take of the machine; CPU time is this
 * thread's own. What the callbacks of a host do is not in it: these do nothing. */
#include <poll.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "awslogsrc/awslogsrc.h"
#include "certificate.h"
#include "server.h"

#define REGION "eu-west-1"
#define GROUP  "group"

enum {
    MIB = 1 << 20,
    PAGE_EVENTS = 10000,
    IDS = 300000,
    CALLS_UNDER_WAY = 50,
    MINUTE_MS = 60000,
    TRY_AGAIN = -3 /* EAI_AGAIN */
};

/* --- a name lookup that hangs; libcurl's threads find this one first --- */

static atomic_bool lookup_hangs = true;
static atomic_int lookups;

/* NOLINTNEXTLINE(readability-inconsistent-declaration-parameter-name): glibc names them otherwise.
 */
struct addrinfo; /* as in netdb.h, whose own declaration of getaddrinfo() stays out of the way */
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints,
                struct addrinfo **result);

__attribute__((visibility("default"))) int getaddrinfo(const char *node, const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **result)
{
    (void)node, (void)service, (void)hints;
    *result = NULL;
    atomic_fetch_add(&lookups, 1);
    while (atomic_load(&lookup_hangs))
        (void)usleep(1000);
    return TRY_AGAIN;
}

/* --- stopwatch --- */

struct span {
    double wall_ms, cpu_ms;
};

static double clock_ms(clockid_t id)
{
    struct timespec now;
    (void)clock_gettime(id, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static struct span span_now(void)
{
    return (struct span){clock_ms(CLOCK_MONOTONIC), clock_ms(CLOCK_THREAD_CPUTIME_ID)};
}

struct longest {
    const char *name;
    struct span span;
};

struct bench {
    struct sim_service *service;
    struct sim_server *server;
    awslogsrc_context *context;
    awslogsrc_options *options;
    awslogsrc_source *source;
    struct longest call, process;
    uint64_t events, processed;
    int trouble;
};

static void note(struct longest *longest, const char *name, const struct span *began)
{
    struct span now = span_now();
    double wall = now.wall_ms - began->wall_ms, cpu = now.cpu_ms - began->cpu_ms;
    if (wall > longest->span.wall_ms) {
        longest->span.wall_ms = wall;
        longest->name = name;
    }
    if (cpu > longest->span.cpu_ms)
        longest->span.cpu_ms = cpu;
}

static void must(bool good, const char *what)
{
    if (good)
        return;
    (void)fprintf(stderr, "blocking: %s failed\n", what);
    exit(EXIT_FAILURE);
}

static void report(struct bench *bench, const char *situation)
{
    printf("%-44s %8.2f %8.2f   %8.2f %8.2f %7llu   %s\n", situation, bench->process.span.wall_ms,
           bench->process.span.cpu_ms, bench->call.span.wall_ms, bench->call.span.cpu_ms,
           (unsigned long long)bench->processed, bench->call.name == NULL ? "" : bench->call.name);
    (void)fflush(stdout);
    bench->call = bench->process = (struct longest){0};
    bench->processed = 0;
}

/* --- the host --- */

static int take_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct bench *bench = user_data;
    (void)source;
    bench->events += awslogsrc_batch_count(batch);
    return AWSLOGSRC_ACCEPT;
}

static void take_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                        const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct bench *bench = user_data;
    (void)source, (void)region, (void)state, (void)retry_at_ms;
    if (error != NULL)
        bench->trouble = awslogsrc_error_code(error);
}

static void set(struct bench *bench, const char *name, const char *value)
{
    struct span began = span_now();
    int code = awslogsrc_options_set(bench->options, name, value, NULL);
    note(&bench->call, "awslogsrc_options_set", &began);
    must(code == 0, name);
}

static void start(struct bench *bench)
{
    struct span began = span_now();
    int code = awslogsrc_source_new(bench->context, bench->options, &bench->source, NULL);
    note(&bench->call, "awslogsrc_source_new", &began);
    must(code == 0, "awslogsrc_source_new");
    (void)awslogsrc_source_on_batch(bench->source, take_batch, bench, NULL);
    (void)awslogsrc_source_on_status(bench->source, take_status, bench, NULL);
    began = span_now();
    code = awslogsrc_source_start(bench->source, NULL);
    note(&bench->call, "awslogsrc_source_start", &began);
    must(code == 0, "awslogsrc_source_start");
}

static void stop(struct bench *bench)
{
    struct span began = span_now();
    (void)awslogsrc_source_stop(bench->source);
    note(&bench->call, "awslogsrc_source_stop", &began);
    began = span_now();
    awslogsrc_source_free(bench->source);
    note(&bench->call, "awslogsrc_source_free", &began);
    bench->source = NULL;
}

/* One turn of a host's loop; what comes is waited for outside the library. */
static void turn(struct bench *bench)
{
    struct pollfd ready = {.fd = awslogsrc_context_fd(bench->context), .events = POLLIN};
    (void)poll(&ready, 1, 100);
    struct span began = span_now();
    int code = awslogsrc_context_process(bench->context);
    note(&bench->process, "awslogsrc_context_process", &began);
    bench->processed++;
    must(code >= 0, "awslogsrc_context_process");
}

static void run_until_events(struct bench *bench, uint64_t events)
{
    double limit = clock_ms(CLOCK_MONOTONIC) + MINUTE_MS;
    while (bench->events < events) {
        turn(bench);
        must(clock_ms(CLOCK_MONOTONIC) < limit, "reading the events in a minute");
    }
}

static void run_until_trouble(struct bench *bench, int code)
{
    double limit = clock_ms(CLOCK_MONOTONIC) + MINUTE_MS;
    while (bench->trouble != code) {
        turn(bench);
        must(clock_ms(CLOCK_MONOTONIC) < limit, "the expected error");
    }
    bench->trouble = 0;
}

static void run_for(struct bench *bench, double ms)
{
    double end = clock_ms(CLOCK_MONOTONIC) + ms;
    while (clock_ms(CLOCK_MONOTONIC) < end)
        turn(bench);
}

/* --- the service --- */

static void serve(struct bench *bench, const struct sim_certificate *certificate)
{
    char url[64];
    struct sim_server_options options = {0};
    if (certificate != NULL) {
        options.key = certificate->key;
        options.certificate_chain = certificate->chain;
    }
    bench->server = sim_server_start(bench->service, &options);
    must(bench->server != NULL, "the simulator");
    (void)snprintf(url, sizeof url, "%s://127.0.0.1:%u", certificate == NULL ? "http" : "https",
                   sim_server_port(bench->server));
    set(bench, "endpoint_url", url);
}

static void begin(struct bench *bench)
{
    *bench = (struct bench){.service = sim_service_new(1)};
    (void)sim_service_add_group(bench->service, REGION, GROUP, 0);
    sim_service_add_key(bench->service, "AKIDEXAMPLE", "secret", NULL);
    struct span began = span_now();
    must(awslogsrc_context_new(&bench->context, NULL) == 0, "awslogsrc_context_new");
    note(&bench->call, "awslogsrc_context_new", &began);
    must(awslogsrc_options_new(&bench->options, NULL) == 0, "awslogsrc_options_new");
    set(bench, "access_key", "AKIDEXAMPLE");
    set(bench, "secret_key", "secret");
    set(bench, "regions", REGION);
    set(bench, "log_group", GROUP);
    set(bench, "start_time", "-1h");
    set(bench, "poll_interval", "100ms");
    set(bench, "api_rate_limit", "200");
}

static void end(struct bench *bench)
{
    if (bench->source != NULL)
        stop(bench);
    awslogsrc_context_free(bench->context);
    awslogsrc_options_free(bench->options);
    if (bench->server != NULL)
        sim_server_stop(bench->server);
    sim_service_free(bench->service);
}

static void put(struct bench *bench, size_t count, int64_t age_ms, size_t size, char fill)
{
    struct sim_group *group = sim_service_add_group(bench->service, REGION, GROUP, 0);
    int64_t now = sim_server_now(0);
    char *message = malloc(size);
    must(message != NULL, "malloc");
    memset(message, fill, size);
    for (size_t i = 0; i < count; i++)
        sim_group_put(group,
                      &(struct sim_event){.timestamp = now - age_ms +
                                                       (int64_t)(i * (size_t)age_ms / count / 2),
                                          .ingestion_time = now - 1000,
                                          .visible_at = now - 1000,
                                          .stream = "stream",
                                          .message = message,
                                          .message_length = size});
    free(message);
}

/* --- situations --- */

/* path: where the authority's certificate goes. */
static void serve_tls(struct bench *bench, char *path)
{
    struct sim_certificate certificate;
    int fd = mkstemp(path);
    must(fd >= 0 && sim_certificate_make(&certificate, NULL) == 0, "the certificate");
    ssize_t size = (ssize_t)strlen(certificate.authority);
    must(write(fd, certificate.authority, (size_t)size) == size, path);
    (void)close(fd);
    put(bench, 1, MINUTE_MS, 100, 'x');
    serve(bench, &certificate);
    sim_certificate_clear(&certificate);
}

static void first_tls_connection(bool own_authority)
{
    struct bench bench;
    char path[] = "/tmp/awslogsrc-ca-XXXXXX";
    begin(&bench);
    serve_tls(&bench, path);
    if (own_authority)
        set(&bench, "ca_file", path);
    start(&bench);
    if (own_authority)
        run_until_events(&bench, 1);
    else
        run_until_trouble(&bench, AWSLOGSRC_E_TLS);
    report(&bench, own_authority ? "first TLS connection, ca_file"
                                 : "first TLS connection, system's trust store");
    run_for(&bench, 500);
    report(&bench, own_authority ? "  and half a second more" : "  and half a second of retries");
    end(&bench);
    (void)unlink(path);
}

/* On a disk: with what fsync takes there, twice. */
static void acquired_certificate(void)
{
    struct bench bench;
    char path[] = "/var/tmp/awslogsrc-ca-XXXXXX", store[sizeof path + sizeof ".acquired"];
    begin(&bench);
    serve_tls(&bench, path);
    (void)snprintf(store, sizeof store, "%s.acquired", path);
    set(&bench, "ca_file", path);
    set(&bench, "trust_store", store);
    set(&bench, "automatically_acquire_server_certificates", "true");
    start(&bench);
    run_until_events(&bench, 1);
    report(&bench, "a certificate is acquired (2 fsync)");
    end(&bench);
    (void)unlink(path);
    (void)unlink(store);
}

static void worst_pages(const char *situation, size_t count, size_t size, char fill)
{
    struct bench bench;
    begin(&bench);
    put(&bench, count, 10 * MINUTE_MS, size, fill);
    serve(&bench, NULL);
    start(&bench);
    run_until_events(&bench, count);
    run_for(&bench, 200);
    stop(&bench);
    report(&bench, situation);
    end(&bench);
}

static void hung_lookup(void)
{
    struct bench bench;
    begin(&bench);
    set(&bench, "endpoint_url", "http://name.invalid:8080");
    set(&bench, "connect_timeout", "300ms");
    start(&bench);
    run_until_trouble(&bench, AWSLOGSRC_E_TIMEOUT);
    report(&bench, "name lookup that hangs, until it times out");
    for (int before = atomic_load(&lookups); atomic_load(&lookups) == before;)
        turn(&bench);
    stop(&bench);
    report(&bench, "  stopped and freed in the next one");
    struct span began = span_now();
    awslogsrc_context_free(bench.context);
    note(&bench.call, "awslogsrc_context_free", &began);
    bench.context = NULL;
    report(&bench, "  and its context");
    atomic_store(&lookup_hangs, false);
    end(&bench);
}

static void stop_with_calls_under_way(void)
{
    struct bench bench;
    char regions[CALLS_UNDER_WAY * 16] = "";
    begin(&bench);
    for (size_t i = 0, at = 0; i < CALLS_UNDER_WAY; i++)
        at += (size_t)snprintf(regions + at, sizeof regions - at, "%sus-test-%zu",
                               i == 0 ? "" : ",", i + 1);
    set(&bench, "regions", regions);
    sim_service_add_fault(bench.service, &(struct sim_fault){.kind = SIM_FAULT_HANG});
    serve(&bench, NULL);
    start(&bench);
    for (uint64_t calls = 0; calls < CALLS_UNDER_WAY; sim_server_unlock(bench.server)) {
        turn(&bench);
        sim_server_lock(bench.server);
        calls = sim_service_injected(bench.service, SIM_FAULT_HANG);
    }
    report(&bench, "50 regions connect");
    stop(&bench);
    report(&bench, "  stopped and freed with 50 calls under way");
    end(&bench);
}

/* In memory-backed files: without what fsync takes on a disk. */
static void checkpoints(void)
{
    struct bench bench;
    char folder[] = "/dev/shm/awslogsrc-XXXXXX", command[64];
    if (mkdtemp(folder) == NULL) {
        printf("SKIPPED: checkpoints: no /dev/shm\n");
        return;
    }
    begin(&bench);
    put(&bench, IDS, 2 * MINUTE_MS, 60, 'x');
    serve(&bench, NULL);
    set(&bench, "state_dir", folder);
    set(&bench, "checkpoint_interval", "100ms");
    start(&bench);
    run_until_events(&bench, IDS);
    run_for(&bench, 3000);
    report(&bench, "checkpoints up to 300,000 ids (no fsync)");
    stop(&bench);
    report(&bench, "  stopped and freed");
    start(&bench);
    run_for(&bench, 3000);
    report(&bench, "  loaded by the next source");
    end(&bench);
    (void)snprintf(command, sizeof command, "rm -r %s", folder);
    must(system(command) == 0, command); /* NOLINT(cert-env33-c): a folder of our own making */
}

int main(void)
{
    printf("%-44s %17s   %25s\n", "ms", "longest process()", "longest other call");
    printf("%-44s %8s %8s   %8s %8s %7s\n", "", "wall", "CPU", "wall", "CPU", "turns");
    first_tls_connection(false);
    first_tls_connection(true);
    acquired_certificate();
    worst_pages("pages of 10,000 small events", 4 * PAGE_EVENTS, 60, 'x');
    worst_pages("pages of 1 MB in one event of \\u0001", 8, MIB - 26, '\x01');
    worst_pages("pages of 10,000 events, 1 MB of \\u0001", 4 * PAGE_EVENTS, 78, '\x01');
    checkpoints();
    stop_with_calls_under_way();
    hung_lookup();
    return EXIT_SUCCESS;
}
