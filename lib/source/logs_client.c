#include "source/logs_client.h"

enum {
    DATE_GRAIN_MS = 1000,
    CLOCK_STEP_MS = 2500 /* what is further off than that was set, or another server answers */
};

int als_logs_client_init(struct als_logs_client *client,
                         const struct als_logs_client_config *config, awslogsrc_error **error)
{
    *client = (struct als_logs_client){.loop = config->loop,
                                       .http_settings = config->http_settings,
                                       .waits = config->waits,
                                       .user_data = config->user_data,
                                       .region = config->region};
    return als_endpoint_resolve(&config->endpoint, &client->endpoint, error);
}

void als_logs_client_use(struct als_logs_client *client, struct als_cached *credentials)
{
    client->credentials = credentials;
}

void als_logs_client_clear(struct als_logs_client *client)
{
    als_sigv4_signer_clear(&client->signer);
}

int64_t als_logs_client_server_ms(const struct als_logs_client *client)
{
    if (!client->knows_server_time)
        return als_clock_wall_ms(&client->loop->clock);
    return als_loop_now_ms(client->loop) + client->server_ahead_ms;
}

void als_logs_client_learn_time(struct als_logs_client *client, int64_t date_ms, int64_t sent_ms,
                                int64_t received_ms)
{
    /* Date was cut to the second, somewhere between sending and receiving: every answer bounds the
     * difference of the clocks from both sides, and the highest lower bound is best. A jump ahead
     * counts once a second answer confirms it: to believe in a time that has not come would make
     * events look known; to learn of it later costs nothing. */
    int64_t least = date_ms - received_ms;
    int64_t most = date_ms + DATE_GRAIN_MS - sent_ms;
    bool known = client->knows_server_time;
    bool jumped = known && least > client->server_ahead_ms + CLOCK_STEP_MS;
    bool confirmed = least > client->suspected_ms - CLOCK_STEP_MS &&
                     least < client->suspected_ms + CLOCK_STEP_MS;
    if (jumped && !confirmed) {
        client->suspected_ms = least;
        return;
    }
    bool set_back = known && most < client->server_ahead_ms - CLOCK_STEP_MS;
    if (set_back)
        client->set_back = true;
    if (!known || set_back || least > client->server_ahead_ms)
        client->server_ahead_ms = least;
    client->knows_server_time = true;
}
