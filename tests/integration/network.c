#include "testing.h"

#include "loopback.h"
#include "network.h"

#include <dirent.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>

#include "awslogsrc/awslogsrc.h"

enum { LIMIT_MS = 30000, STEP_MS = 100 };

static void start_servers(struct network *network)
{
    for (int door = 0; door < NETWORK_DOORS; door++) {
        bool tls = door == NETWORK_TLS4 || door == NETWORK_TLS6;
        struct sim_server_options options = {.ipv6 = door == NETWORK_PLAIN6 || door == NETWORK_TLS6,
                                             .key = tls ? network->certificate.key : NULL,
                                             .certificate_chain =
                                                 tls ? network->certificate.chain : NULL};
        if (options.ipv6 && !loopback_has_ipv6())
            continue;
        network->servers[door] = sim_server_start(network->service, &options);
        assert_non_null(network->servers[door]);
    }
}

void network_open(struct network *network)
{
    int64_t now = sim_server_now(0);
    *network = (struct network){.service = sim_service_new(1)};
    sim_service_add_key(network->service, "AKIDEXAMPLE", "secret", NULL);
    struct sim_group *group =
        sim_service_add_group(network->service, NETWORK_REGION, "group", now - 86400000);
    for (int64_t i = 1; i <= NETWORK_EVENTS; i++) {
        int64_t at = now - i * 60000;
        sim_group_put(group, &(struct sim_event){.timestamp = at,
                                                 .ingestion_time = at,
                                                 .visible_at = at,
                                                 .stream = "stream",
                                                 .message = "message",
                                                 .message_length = 7});
    }
    assert_int_equal(sim_certificate_make(&network->certificate, NULL), 0);
    start_servers(network);
    (void)snprintf(network->folder, sizeof network->folder, "/tmp/awslogsrc-network-XXXXXX");
    assert_non_null(mkdtemp(network->folder));
    (void)snprintf(network->ca_file, sizeof network->ca_file, "%s/ca.pem", network->folder);
    FILE *file = fopen(network->ca_file, "w");
    assert_non_null(file);
    assert_true(fputs(network->certificate.authority, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void remove_folder(const char *folder)
{
    DIR *entries = opendir(folder);
    assert_non_null(entries);
    for (const struct dirent *entry = NULL; (entry = readdir(entries)) != NULL;)
        (void)unlinkat(dirfd(entries), entry->d_name, 0);
    (void)closedir(entries);
    assert_int_equal(rmdir(folder), 0);
}

void network_close(struct network *network)
{
    for (int door = 0; door < NETWORK_DOORS; door++) {
        if (network->servers[door] != NULL)
            sim_server_stop(network->servers[door]);
    }
    sim_service_free(network->service);
    sim_certificate_clear(&network->certificate);
    remove_folder(network->folder);
}

bool network_has(const struct network *network, enum network_door door)
{
    return network->servers[door] != NULL;
}

unsigned network_port(const struct network *network, enum network_door door)
{
    return sim_server_port(network->servers[door]);
}

const char *network_host(const struct network *network, enum network_door door)
{
    static char host[64];
    (void)snprintf(host, sizeof host, "%s:%u",
                   door == NETWORK_PLAIN6 || door == NETWORK_TLS6 ? "[::1]" : "127.0.0.1",
                   network_port(network, door));
    return host;
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct network_outcome *outcome = user_data;
    outcome->events += awslogsrc_batch_count(batch);
    if (outcome->events >= NETWORK_EVENTS)
        (void)awslogsrc_source_stop(source);
    return AWSLOGSRC_ACCEPT;
}

static void on_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                      const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct network_outcome *outcome = user_data;
    (void)region, (void)state, (void)retry_at_ms;
    if (error == NULL || outcome->code != 0)
        return;
    outcome->code = awslogsrc_error_code(error);
    (void)snprintf(outcome->message, sizeof outcome->message, "%s", awslogsrc_error_message(error));
    (void)awslogsrc_source_stop(source);
}

static void on_log(void *user_data, int level, const char *message)
{
    struct network_outcome *outcome = user_data;
    size_t size = strlen(outcome->log);
    (void)level;
    (void)snprintf(outcome->log + size, sizeof outcome->log - size, "%s\n", message);
}

static void set(awslogsrc_options *options, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_set(options, name, value, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
}

static awslogsrc_options *compose(const char *url, const char *const *given)
{
    awslogsrc_options *options = NULL;
    assert_int_equal(awslogsrc_options_new(&options, NULL), 0);
    set(options, "endpoint_url", url);
    set(options, "access_key", "AKIDEXAMPLE");
    set(options, "secret_key", "secret");
    set(options, "regions", NETWORK_REGION);
    set(options, "log_group", "group");
    set(options, "start_time", "-1h");
    set(options, "api_rate_limit", "1000");
    for (; *given != NULL; given += 2)
        set(options, given[0], given[1]);
    return options;
}

static void run(awslogsrc_context *context, awslogsrc_source *source)
{
    int64_t deadline = sim_server_now(0) + LIMIT_MS;
    while (awslogsrc_source_is_running(source) != 0) {
        assert_true(sim_server_now(0) < deadline);
        assert_true(awslogsrc_context_poll(context, STEP_MS) >= 0);
    }
}

void network_collect(const char *url, const char *const *given, struct network_outcome *out)
{
    awslogsrc_context *context = NULL;
    awslogsrc_source *source = NULL;
    awslogsrc_error *error = NULL;
    awslogsrc_options *options = compose(url, given);
    *out = (struct network_outcome){0};
    assert_int_equal(awslogsrc_context_new(&context, NULL), 0);
    assert_int_equal(awslogsrc_context_set_log(context, AWSLOGSRC_LOG_DEBUG, on_log, out, NULL), 0);
    if (awslogsrc_source_new(context, options, &source, &error) == 0) {
        assert_int_equal(awslogsrc_source_on_batch(source, on_batch, out, NULL), 0);
        assert_int_equal(awslogsrc_source_on_status(source, on_status, out, NULL), 0);
        assert_int_equal(awslogsrc_source_start(source, NULL), 0);
        run(context, source);
    } else {
        out->code = awslogsrc_error_code(error);
        (void)snprintf(out->message, sizeof out->message, "%s", awslogsrc_error_message(error));
        awslogsrc_error_free(error);
    }
    awslogsrc_source_free(source);
    awslogsrc_context_free(context);
    awslogsrc_options_free(options);
}
