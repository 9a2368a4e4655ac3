#include "credentials/process.h"

#include "base/calendar.h"
#include "base/json.h"
#include "base/memory.h"
#include "credentials/command_line.h"
#include "net/child_process.h"

enum { LONGEST_COMPLAINT = 200 };

struct als_process {
    awslogsrc_credentials head;
    struct als_command_line command;
};

struct fetcher {
    struct als_fetcher head;
    struct als_child_process *child; /* NULL: none is running */
};

static struct fetcher *own(struct als_fetcher *fetcher)
{
    return (struct fetcher *)fetcher;
}

static const char *program_of(const struct als_fetcher *fetcher)
{
    return ((const struct als_process *)fetcher->provider)->command.words[0];
}

/* --- what it prints --- */

static int refuse(awslogsrc_error **error, const char *reason)
{
    return als_error_set(error, AWSLOGSRC_E_PROTOCOL, "its output %s", reason);
}

/* Wall time on the monotonic clock. */
static int read_expiration(const struct als_json *json, const struct als_clock *clock, int64_t *out,
                           awslogsrc_error **error)
{
    struct als_text text;
    int64_t wall_ms = 0;
    *out = ALS_KEYS_FOREVER;
    if (!als_json_get_text(json, "Expiration", &text))
        return 0;
    if (!als_calendar_from_rfc3339(text, &wall_ms))
        return refuse(error, "has an Expiration that is no time of ISO 8601");
    *out = als_clock_monotonic_ms(clock) + (wall_ms - als_clock_wall_ms(clock));
    return 0;
}

static int read_document(const struct als_json *json, const struct als_clock *clock,
                         struct als_keys **keys, awslogsrc_error **error)
{
    struct als_text access_key, secret_key, session_token;
    int64_t version = 0, expires_ms = 0;
    if (!als_json_get_int64(json, "Version", &version) || version != 1)
        return refuse(error, "has no Version of 1");
    if (!als_json_get_text(json, "AccessKeyId", &access_key) || access_key.size == 0)
        return refuse(error, "has no AccessKeyId");
    if (!als_json_get_text(json, "SecretAccessKey", &secret_key) || secret_key.size == 0)
        return refuse(error, "has no SecretAccessKey");
    bool has_token =
        als_json_get_text(json, "SessionToken", &session_token) && session_token.size > 0;
    int status = read_expiration(json, clock, &expires_ms, error);
    /* Texts of als_json are strings. */
    struct als_sigv4_keys texts = {access_key.data, secret_key.data,
                                   has_token ? session_token.data : NULL};
    return status != 0 ? status : als_keys_new("its output", &texts, expires_ms, keys, error);
}

static int read_output(struct als_text output, const struct als_clock *clock,
                       struct als_keys **keys, awslogsrc_error **error)
{
    struct als_json *json = NULL;
    int status = als_json_parse(&json, output);
    if (status == AWSLOGSRC_E_NO_MEMORY)
        return als_error_set(error, status, "out of memory");
    if (status != 0)
        return refuse(error, output.size == 0 ? "is empty" : "is not JSON");
    status = read_document(json, clock, keys, error);
    als_json_free(json);
    return status;
}

/* --- how it ends --- */

/* One short line of printable characters. */
static void write_complaint(struct als_buffer *out, struct als_text complaint)
{
    complaint = als_text_trim(complaint);
    for (size_t i = 0; i < complaint.size && i < LONGEST_COMPLAINT; i++) {
        unsigned char c = (unsigned char)complaint.data[i];
        als_buffer_append_char(out, c < 0x20 || c >= 0x7f ? ' ' : (char)c);
    }
}

static int refuse_end(const struct als_child_process_result *result, awslogsrc_error **error)
{
    struct als_buffer why;
    als_buffer_init(&why, 2 * LONGEST_COMPLAINT);
    if (result->code == AWSLOGSRC_E_TIMEOUT)
        als_buffer_format(&why, "it was not done after %d seconds",
                          ALS_PROCESS_TIME_LIMIT_MS / 1000);
    else if (result->code == AWSLOGSRC_E_TOO_LARGE)
        als_buffer_format(&why, "it printed more than %d bytes", (int)ALS_PROCESS_OUTPUT_LIMIT);
    else if (result->code != 0)
        als_buffer_append_string(&why, "it cannot be read from");
    else if (result->signal != 0)
        als_buffer_format(&why, "it was ended by signal %d", result->signal);
    else
        als_buffer_format(&why, "it ended with exit code %d", result->exit_status);
    if (als_text_trim(result->complaint).size > 0) {
        als_buffer_append_string(&why, ": ");
        write_complaint(&why, result->complaint);
    }
    int code = result->code != 0 ? result->code : AWSLOGSRC_E_SYSTEM;
    als_error_set(error, code, "%s", als_buffer_string(&why));
    als_buffer_clear(&why);
    return code;
}

static void done(void *user_data, const struct als_child_process_result *result)
{
    struct als_fetcher *fetcher = user_data;
    struct als_keys *keys = NULL;
    awslogsrc_error *error = NULL;
    own(fetcher)->child = NULL;
    bool went_well = result->code == 0 && result->signal == 0 && result->exit_status <= 0;
    int status = went_well
                     ? read_output(result->output, &fetcher->place->loop->clock, &keys, &error)
                     : refuse_end(result, &error);
    if (status == 0) {
        als_fetcher_done(fetcher, keys);
        return;
    }
    als_error_prefix(&error, "process credentials: %s: ", program_of(fetcher));
    als_fetcher_fail(fetcher, error, 0);
}

static void fetch(struct als_fetcher *fetcher)
{
    const struct als_process *process = (const struct als_process *)fetcher->provider;
    awslogsrc_error *error = NULL;
    struct als_child_process_request request = {.arguments =
                                                    (const char *const *)process->command.words,
                                                .time_limit_ms = ALS_PROCESS_TIME_LIMIT_MS,
                                                .output_limit = ALS_PROCESS_OUTPUT_LIMIT};
    int status = als_child_process_start(fetcher->place->loop, &request, done, fetcher,
                                         &own(fetcher)->child, &error);
    if (status == 0)
        return;
    als_error_prefix(&error, "process credentials: ");
    als_fetcher_fail(fetcher, error, 0);
}

static void cancel(struct als_fetcher *fetcher)
{
    if (own(fetcher)->child != NULL)
        als_child_process_cancel(own(fetcher)->child);
    own(fetcher)->child = NULL;
}

static void release(awslogsrc_credentials *provider)
{
    struct als_process *process = (struct als_process *)provider;
    als_command_line_clear(&process->command);
    als_free(process);
}

static const struct als_provider_type process_type = {.name = "process",
                                                      .offline = true,
                                                      .fetcher_size = sizeof(struct fetcher),
                                                      .fetch = fetch,
                                                      .cancel = cancel,
                                                      .free = release};

int als_process_new(const char *command, awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_process *process = als_new(sizeof *process);
    if (process == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    int status = als_command_line_split(command, &process->command, error);
    if (status != 0) {
        als_free(process);
        return status;
    }
    als_provider_init(&process->head, &process_type);
    *out = &process->head;
    return 0;
}
