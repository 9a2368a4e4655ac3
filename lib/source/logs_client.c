#include "source/logs_client.h"

/* The Date header has whole seconds, so one answer can say up to a second less than another did;
 * what is further off means that the server's clock was set, or that another server answers. */
enum { CLOCK_STEP_MS = 2500 };

int als_logs_client_init(struct als_logs_client *client,
                         const struct als_logs_client_config *config, awslogsrc_error **error)
{
    *client = (struct als_logs_client){
        .loop = config->loop, .http_settings = config->http_settings, .region = config->region};
    int status = als_endpoint_resolve(&config->endpoint, &client->endpoint, error);
    if (status == 0)
        client->credentials = als_provider_ref(config->credentials);
    return status;
}

void als_logs_client_clear(struct als_logs_client *client)
{
    als_provider_unref(client->credentials);
    client->credentials = NULL;
    als_sigv4_signer_clear(&client->signer);
}

int64_t als_logs_client_server_ms(const struct als_logs_client *client)
{
    if (!client->knows_server_time)
        return als_clock_wall_ms(&client->loop->clock);
    return als_loop_now_ms(client->loop) + client->server_ahead_ms;
}

void als_logs_client_learn_time(struct als_logs_client *client, int64_t date_ms,
                                int64_t received_ms)
{
    /* Date was cut to the second and the answer took a while: every answer is a lower bound, the
     * highest is best. A jump ahead counts once a second answer confirms it: to believe in a time
     * that has not come would make events look known; to learn of it later costs nothing. */
    int64_t bound = date_ms - received_ms;
    int64_t ahead = bound - client->server_ahead_ms;
    if (client->knows_server_time && ahead > CLOCK_STEP_MS &&
        (bound < client->suspected_ms - CLOCK_STEP_MS ||
         bound > client->suspected_ms + CLOCK_STEP_MS)) {
        client->suspected_ms = bound;
        return;
    }
    if (client->knows_server_time && ahead < -CLOCK_STEP_MS)
        client->set_back = true;
    if (!client->knows_server_time || ahead > 0 || ahead < -CLOCK_STEP_MS)
        client->server_ahead_ms = bound;
    client->knows_server_time = true;
}
