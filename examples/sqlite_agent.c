/* An agent with a database: every [source NAME] section of an INI file, on one libuv loop, into
 * SQLite. The events of a batch and the position behind them are committed together, so that each
 * event is in the table exactly once, whatever kills the agent: sqlite_agent SOURCES.ini DATABASE
 *
 * It ends on SIGINT and SIGTERM, and once every source has (once = yes, end_time). */
#include <awslogsrc/awslogsrc.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

enum { MOST_SOURCES = 64 };

struct database {
    sqlite3 *handle;
    sqlite3_stmt *begin, *commit, *rollback, *add_event, *put_position, *positions;
};

struct feed {
    struct agent *agent;
    const char *name;
    awslogsrc_source *source;
};

struct agent {
    struct database database;
    awslogsrc_context *context;
    struct feed feeds[MOST_SOURCES];
    size_t feed_count;
    char *names;
    uv_poll_t poll;
    uv_signal_t interrupt, terminate;
};

static const char schema[] =
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
    "CREATE TABLE IF NOT EXISTS events(source TEXT, region TEXT, log_stream TEXT, event_id TEXT,"
    "  timestamp INTEGER, ingestion_time INTEGER, message TEXT);"
    "CREATE TABLE IF NOT EXISTS positions(source TEXT, region TEXT, cursor TEXT,"
    "  PRIMARY KEY(source, region));";

/* --- the database --- */

static int prepare(struct database *database, const char *sql, sqlite3_stmt **out)
{
    return sqlite3_prepare_v2(database->handle, sql, -1, out, NULL);
}

static int database_open(struct database *database, const char *path)
{
    return sqlite3_open(path, &database->handle) == SQLITE_OK &&
                   sqlite3_exec(database->handle, schema, NULL, NULL, NULL) == SQLITE_OK &&
                   prepare(database, "BEGIN", &database->begin) == SQLITE_OK &&
                   prepare(database, "COMMIT", &database->commit) == SQLITE_OK &&
                   prepare(database, "ROLLBACK", &database->rollback) == SQLITE_OK &&
                   prepare(database, "INSERT INTO events VALUES(?,?,?,?,?,?,?)",
                           &database->add_event) == SQLITE_OK &&
                   prepare(database, "REPLACE INTO positions VALUES(?,?,?)",
                           &database->put_position) == SQLITE_OK &&
                   prepare(database, "SELECT cursor FROM positions WHERE source = ?",
                           &database->positions) == SQLITE_OK
               ? 0
               : -1;
}

static void database_close(struct database *database)
{
    sqlite3_stmt *statements[] = {database->begin,     database->commit,       database->rollback,
                                  database->add_event, database->put_position, database->positions};
    for (size_t i = 0; i < sizeof statements / sizeof statements[0]; i++)
        sqlite3_finalize(statements[i]);
    sqlite3_close(database->handle);
}

/* Runs a statement that returns no row. */
static int run(sqlite3_stmt *statement)
{
    int result = sqlite3_step(statement);
    sqlite3_reset(statement);
    return result == SQLITE_DONE ? 0 : -1;
}

static void bind_text(sqlite3_stmt *statement, int at, const char *text, size_t size)
{
    sqlite3_bind_text64(statement, at, text, size, SQLITE_STATIC, SQLITE_UTF8);
}

static int add_event(struct database *database, const char *source, const char *region,
                     const awslogsrc_event *event)
{
    sqlite3_stmt *add = database->add_event;
    size_t size = 0;
    bind_text(add, 1, source, strlen(source));
    bind_text(add, 2, region, strlen(region));
    const char *text = awslogsrc_event_log_stream(event, &size);
    bind_text(add, 3, text, size);
    text = awslogsrc_event_event_id(event, &size);
    bind_text(add, 4, text, size);
    sqlite3_bind_int64(add, 5, awslogsrc_event_timestamp_ms(event));
    sqlite3_bind_int64(add, 6, awslogsrc_event_ingestion_time_ms(event));
    text = awslogsrc_event_message(event, &size);
    bind_text(add, 7, text, size);
    return run(add);
}

/* The position as it will be once the batch is acknowledged. */
static int put_position(struct database *database, const char *source, const awslogsrc_batch *batch)
{
    const char *region = awslogsrc_batch_region(batch);
    awslogsrc_cursor *cursor = NULL;
    char *text = NULL;
    size_t size = 0;
    int status = awslogsrc_batch_cursor(batch, &cursor, NULL);
    if (status == 0)
        status = awslogsrc_cursor_to_text(cursor, &text, &size, NULL);
    if (status == 0) {
        bind_text(database->put_position, 1, source, strlen(source));
        bind_text(database->put_position, 2, region, strlen(region));
        bind_text(database->put_position, 3, text, size);
        status = run(database->put_position);
    }
    awslogsrc_cursor_text_free(text);
    awslogsrc_cursor_free(cursor);
    return status;
}

/* --- the sources --- */

static int take_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    const struct feed *feed = user_data;
    struct database *database = &feed->agent->database;
    (void)source;
    int status = run(database->begin);
    for (size_t i = 0; status == 0 && i < awslogsrc_batch_count(batch); i++)
        status = add_event(database, feed->name, awslogsrc_batch_region(batch),
                           awslogsrc_batch_event(batch, i));
    if (status == 0)
        status = put_position(database, feed->name, batch);
    if (status == 0)
        status = run(database->commit);
    if (status == 0)
        return AWSLOGSRC_ACCEPT;
    fprintf(stderr, "%s: %s\n", feed->name, sqlite3_errmsg(database->handle));
    (void)run(database->rollback);
    return AWSLOGSRC_LATER; /* nothing of it is in the table: the same batch comes again */
}

static void take_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                        const awslogsrc_error *error, int64_t retry_at_ms)
{
    const struct feed *feed = user_data;
    (void)source, (void)region, (void)state, (void)retry_at_ms;
    if (error != NULL)
        fprintf(stderr, "%s: %s\n", feed->name, awslogsrc_error_message(error));
}

static int go_on(struct feed *feed, awslogsrc_error **error)
{
    sqlite3_stmt *positions = feed->agent->database.positions;
    int status = 0;
    bind_text(positions, 1, feed->name, strlen(feed->name));
    while (status == 0 && sqlite3_step(positions) == SQLITE_ROW) {
        awslogsrc_cursor *cursor = NULL;
        status =
            awslogsrc_cursor_from_text((const char *)sqlite3_column_text(positions, 0),
                                       (size_t)sqlite3_column_bytes(positions, 0), &cursor, error);
        if (status == 0)
            status = awslogsrc_source_set_cursor(feed->source, cursor, error);
        awslogsrc_cursor_free(cursor);
    }
    sqlite3_reset(positions);
    return status;
}

static int start_feed(struct agent *agent, const char *path, const char *name)
{
    struct feed *feed = &agent->feeds[agent->feed_count++];
    awslogsrc_options *options = NULL;
    awslogsrc_error *error = NULL;
    *feed = (struct feed){.agent = agent, .name = name};
    int status = awslogsrc_options_new(&options, &error);
    if (status == 0)
        status = awslogsrc_options_load(options, path, name, &error);
    if (status == 0)
        status = awslogsrc_source_new(agent->context, options, &feed->source, &error);
    if (status == 0)
        status = awslogsrc_source_on_batch(feed->source, take_batch, feed, NULL);
    if (status == 0)
        status = awslogsrc_source_on_status(feed->source, take_status, feed, NULL);
    if (status == 0)
        status = go_on(feed, &error);
    if (status == 0)
        status = awslogsrc_source_start(feed->source, &error);
    if (status != 0)
        fprintf(stderr, "%s: %s\n", name,
                error != NULL ? awslogsrc_error_message(error) : awslogsrc_strerror(status));
    awslogsrc_error_free(error);
    awslogsrc_options_free(options);
    return status;
}

static int start_feeds(struct agent *agent, const char *path)
{
    awslogsrc_error *error = NULL;
    int count = awslogsrc_options_sections(path, &agent->names, &error);
    if (count <= 0 || count > MOST_SOURCES) {
        fprintf(stderr, "%s\n",
                count < 0 ? awslogsrc_error_message(error)
                          : "the file has no sources, or too many");
        awslogsrc_error_free(error);
        return -1;
    }
    for (const char *name = agent->names; *name != '\0'; name += strlen(name) + 1) {
        if (start_feed(agent, path, name) != 0)
            return -1;
    }
    return 0;
}

/* --- the loop --- */

static void end(struct agent *agent)
{
    uv_poll_stop(&agent->poll);
    uv_signal_stop(&agent->interrupt);
    uv_signal_stop(&agent->terminate);
}

static void take_signal(uv_signal_t *signal, int number)
{
    (void)number;
    end(signal->data);
}

static void ready(uv_poll_t *poll, int status, int events)
{
    struct agent *agent = poll->data;
    size_t running = 0;
    (void)status, (void)events;
    awslogsrc_context_process(agent->context);
    for (size_t i = 0; i < agent->feed_count; i++)
        running += (size_t)awslogsrc_source_is_running(agent->feeds[i].source);
    if (running == 0)
        end(agent);
}

static void follow(struct agent *agent)
{
    uv_loop_t *loop = uv_default_loop();
    uv_poll_init(loop, &agent->poll, awslogsrc_context_fd(agent->context));
    uv_signal_init(loop, &agent->interrupt);
    uv_signal_init(loop, &agent->terminate);
    agent->poll.data = agent->interrupt.data = agent->terminate.data = agent;
    uv_signal_start(&agent->interrupt, take_signal, SIGINT);
    uv_signal_start(&agent->terminate, take_signal, SIGTERM);
    uv_poll_start(&agent->poll, UV_READABLE, ready);
    uv_run(loop, UV_RUN_DEFAULT); /* until nothing is watched any more */
}

int main(int argc, char **argv)
{
    static struct agent agent;
    int status = -1;
    if (argc != 3) {
        fprintf(stderr, "usage: sqlite_agent SOURCES.ini DATABASE\n");
        return 2;
    }
    if (database_open(&agent.database, argv[2]) != 0)
        fprintf(stderr, "%s: %s\n", argv[2], sqlite3_errmsg(agent.database.handle));
    else if (awslogsrc_context_new(&agent.context, NULL) == 0)
        status = start_feeds(&agent, argv[1]);
    if (status == 0)
        follow(&agent);
    for (size_t i = 0; i < agent.feed_count; i++)
        awslogsrc_source_free(agent.feeds[i].source);
    awslogsrc_options_sections_free(agent.names);
    awslogsrc_context_free(agent.context);
    database_close(&agent.database);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
