#include "testing.h"

#include "scene.h"

#include <inttypes.h>
#include <openssl/evp.h>
#include <time.h>
#include <unistd.h>

#include "cursor/cursor_parser.h"
#include "oracle.h"

const char *const scene_regions[SCENE_REGIONS] = {"us-east-1", "eu-west-1", "eu-central-1",
                                                  "ap-southeast-2"};

static int64_t monotonic_ms(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void scene_open(struct scene *scene)
{
    *scene = (struct scene){.service = sim_service_new(1), .start_ms = sim_server_now(0)};
    sim_service_add_key(scene->service, "AKIDEXAMPLE", "secret", NULL);
    for (int i = 0; i < SCENE_REGIONS; i++)
        scene->groups[i] = sim_service_add_group(scene->service, scene_regions[i], SCENE_GROUP,
                                                 scene->start_ms - 86400000);
    (void)snprintf(scene->state_dir, sizeof scene->state_dir, "/tmp/awslogsrc-scene-XXXXXX");
    assert_non_null(mkdtemp(scene->state_dir));
}

static void stop_server(struct scene *scene)
{
    if (scene->server != NULL)
        sim_server_stop(scene->server);
    scene->server = NULL;
}

void scene_close(struct scene *scene)
{
    char command[128];
    scene_finish(scene);
    stop_server(scene);
    sim_service_free(scene->service);
    for (size_t i = 0; i < scene->delivered; i++)
        free(scene->deliveries[i].text);
    free(scene->deliveries);
    (void)snprintf(command, sizeof command, "rm -rf %s", scene->state_dir);
    assert_int_equal(system(command), 0); /* NOLINT(cert-env33-c): a folder of our own making */
}

void scene_put(struct scene *scene, int region, int64_t timestamp, int64_t visible,
               const char *message)
{
    struct sim_event event = {.timestamp = scene->start_ms + timestamp,
                              .ingestion_time =
                                  scene->start_ms + (visible > timestamp ? visible : timestamp),
                              .visible_at = scene->start_ms + visible,
                              .stream = "stream",
                              .message = message,
                              .message_length = strlen(message)};
    if (event.ingestion_time > event.visible_at)
        event.ingestion_time = event.visible_at;
    sim_group_put(scene->groups[region], &event);
}

void scene_put_bytes(struct scene *scene, int64_t timestamp, const char *message, size_t size)
{
    struct sim_event event = {.timestamp = scene->start_ms + timestamp,
                              .ingestion_time = scene->start_ms - 1000,
                              .visible_at = scene->start_ms - 1000,
                              .stream = "stream",
                              .message = message,
                              .message_length = size};
    sim_group_put(scene->groups[0], &event);
}

void scene_fault(struct scene *scene, const struct sim_fault *fault)
{
    sim_service_add_fault(scene->service, fault);
}

static void add_field(EVP_MD_CTX *context, const char *data, size_t size, bool last)
{
    assert_int_equal(EVP_DigestUpdate(context, data, size), 1);
    if (!last)
        assert_int_equal(EVP_DigestUpdate(context, "", 1), 1);
}

static void add_number(EVP_MD_CTX *context, int64_t number)
{
    char text[32];
    (void)snprintf(text, sizeof text, "%" PRId64, number);
    add_field(context, text, strlen(text), false);
}

static uint64_t digest_of(const char *region, const awslogsrc_event *event)
{
    unsigned char bytes[EVP_MAX_MD_SIZE];
    uint64_t head = 0;
    size_t size = 0;
    EVP_MD_CTX *context = EVP_MD_CTX_new();
    assert_int_equal(EVP_DigestInit_ex(context, EVP_sha256(), NULL), 1);
    add_field(context, region, strlen(region), false);
    const char *text = awslogsrc_event_log_stream(event, &size);
    add_field(context, text, size, false);
    add_number(context, awslogsrc_event_timestamp_ms(event));
    add_number(context, awslogsrc_event_ingestion_time_ms(event));
    text = awslogsrc_event_event_id(event, &size);
    add_field(context, text, size, false);
    text = awslogsrc_event_message(event, &size);
    add_field(context, text, size, true);
    assert_int_equal(EVP_DigestFinal_ex(context, bytes, NULL), 1);
    EVP_MD_CTX_free(context);
    for (int i = 0; i < 8; i++)
        head = head << 8 | bytes[i];
    return head;
}

static void record(struct scene *scene, const awslogsrc_batch *batch)
{
    const char *region = awslogsrc_batch_region(batch);
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++) {
        const awslogsrc_event *event = awslogsrc_batch_event(batch, i);
        size_t size = 0, name = strlen(region) + 1;
        const char *message = awslogsrc_event_message(event, &size);
        if (scene->delivered == scene->capacity) {
            scene->capacity = scene->capacity * 2 + 64;
            scene->deliveries =
                realloc(scene->deliveries, scene->capacity * sizeof *scene->deliveries);
            assert_non_null(scene->deliveries);
        }
        char *text = malloc(name + size);
        assert_non_null(text);
        memcpy(text, region, name);
        memcpy(text + name, message, size);
        scene->deliveries[scene->delivered++] = (struct scene_delivery){
            text, name + size, digest_of(region, event), awslogsrc_event_timestamp_ms(event),
            awslogsrc_event_flags(event)};
    }
}

static int on_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct scene *scene = user_data;
    if (scene->refusals > 0) {
        scene->refusals--;
        return AWSLOGSRC_LATER;
    }
    if (scene->answer != NULL) {
        int answer = scene->answer(scene, batch);
        if (answer != AWSLOGSRC_ACCEPT)
            return answer;
    }
    record(scene, batch);
    if (scene->stop_early && scene->delivered >= scene->stop_after)
        (void)awslogsrc_source_stop(source);
    return AWSLOGSRC_ACCEPT;
}

static void on_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                      const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct scene *scene = user_data;
    (void)source, (void)retry_at_ms;
    for (int i = 0; i < SCENE_REGIONS; i++) {
        if (strcmp(region, scene_regions[i]) != 0)
            continue;
        scene->states[i] = state;
        if (error != NULL)
            scene->troubles[i] = awslogsrc_error_code(error);
    }
}

static void set(awslogsrc_options *options, const char *name, const char *value)
{
    awslogsrc_error *error = NULL;
    if (awslogsrc_options_set(options, name, value, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
}

void scene_start(struct scene *scene, const char *const *given)
{
    char url[64];
    awslogsrc_options *options = NULL;
    awslogsrc_error *error = NULL;
    if (scene->server == NULL)
        scene->server = sim_server_start(scene->service, &(struct sim_server_options){0});
    assert_non_null(scene->server);
    (void)snprintf(url, sizeof url, "http://127.0.0.1:%d", sim_server_port(scene->server));
    assert_int_equal(awslogsrc_options_new(&options, NULL), 0);
    set(options, "endpoint_url", url);
    set(options, "access_key", "AKIDEXAMPLE");
    set(options, "secret_key", "secret");
    set(options, "regions", scene_regions[0]);
    set(options, "log_group", SCENE_GROUP);
    set(options, "start_time", "-1h");
    set(options, "poll_interval", "100ms");
    set(options, "late_arrival_horizon", "10s");
    set(options, "visibility_margin", "8s");
    set(options, "api_rate_limit", "200");
    for (; *given != NULL; given += 2)
        set(options, given[0], given[1]);
    assert_int_equal(awslogsrc_context_new(&scene->context, NULL), 0);
    if (awslogsrc_source_new(scene->context, options, &scene->source, &error) != 0)
        fail_msg("%s", awslogsrc_error_message(error));
    awslogsrc_options_free(options);
    assert_int_equal(awslogsrc_source_on_batch(scene->source, on_batch, scene, NULL), 0);
    assert_int_equal(awslogsrc_source_on_status(scene->source, on_status, scene, NULL), 0);
    assert_int_equal(awslogsrc_source_start(scene->source, NULL), 0);
}

static bool step(struct scene *scene, int64_t deadline)
{
    if (monotonic_ms() > deadline)
        fail_msg("the scene did not come to its end; %d events so far", (int)scene->delivered);
    assert_true(awslogsrc_context_poll(scene->context, 100) >= 0);
    return awslogsrc_source_is_running(scene->source) != 0;
}

void scene_run(struct scene *scene, size_t deliveries)
{
    int64_t deadline = monotonic_ms() + SCENE_LIMIT_MS;
    while (scene->delivered < deliveries && step(scene, deadline)) {
    }
}

void scene_run_to_end(struct scene *scene)
{
    scene_run(scene, SIZE_MAX);
}

void scene_run_until_state(struct scene *scene, int region, int state, int trouble)
{
    int64_t deadline = monotonic_ms() + SCENE_LIMIT_MS;
    while (
        (scene->states[region] != state || (trouble != 0 && scene->troubles[region] != trouble)) &&
        step(scene, deadline)) {
    }
}

static int64_t floor_of(const struct scene *scene)
{
    awslogsrc_cursor *exported = NULL;
    struct als_cursor cursor;
    if (awslogsrc_source_cursor(scene->source, scene_regions[0], &exported, NULL) != 0)
        return INT64_MIN;
    assert_int_equal(als_cursor_parser_run(als_cursor_exported_text(exported), &cursor, NULL), 0);
    int64_t floor = als_coverage_floor(&cursor.coverage);
    als_cursor_clear(&cursor);
    awslogsrc_cursor_free(exported);
    return floor;
}

void scene_settle(struct scene *scene, int64_t until)
{
    int64_t deadline = monotonic_ms() + SCENE_LIMIT_MS;
    while (floor_of(scene) < scene->start_ms + until && step(scene, deadline)) {
    }
}

void scene_expect_exact(struct scene *scene)
{
    struct sim_oracle shown = {0}, came = {.events = scene->delivered};
    int64_t now = sim_server_now(0);
    stop_server(scene);
    for (int i = 0; i < SCENE_REGIONS; i++) {
        struct sim_oracle region = sim_oracle_of(scene->groups[i], scene_regions[i], now);
        shown.events += region.events;
        shown.hash += region.hash;
    }
    for (size_t i = 0; i < scene->delivered; i++)
        came.hash += scene->deliveries[i].digest;
    assert_int_equal(came.events, shown.events);
    assert_int_equal(came.hash, shown.hash);
}

void scene_finish(struct scene *scene)
{
    awslogsrc_source_free(scene->source);
    awslogsrc_context_free(scene->context);
    scene->source = NULL;
    scene->context = NULL;
}

size_t scene_count(const struct scene *scene, int region, const char *message, size_t size)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->delivered; i++) {
        const struct scene_delivery *delivery = &scene->deliveries[i];
        size_t name = strlen(delivery->text) + 1;
        if (delivery->size - name == size && memcmp(delivery->text + name, message, size) == 0 &&
            (region < 0 || strcmp(delivery->text, scene_regions[region]) == 0))
            count++;
    }
    return count;
}

uint64_t scene_calls(struct scene *scene, int region)
{
    stop_server(scene);
    const struct sim_call_counter *counter = sim_call_log_counter(
        sim_service_log(scene->service), scene_regions[region], "FilterLogEvents");
    return counter == NULL ? 0 : counter->calls;
}
