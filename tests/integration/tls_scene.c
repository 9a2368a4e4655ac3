#include "testing.h"

#include "tls_scene.h"

#include <signal.h>
#include <unistd.h>

#include "awslogsrc/awslogsrc.h"

struct network network;
struct network_outcome outcome;
struct issued authority, other_authority;
char ca_file[TLS_TEXT], store[TLS_TEXT];
static struct sim_server *server;
char url[TLS_TEXT];
unsigned port;

void tls_scene_write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

int tls_scene_open(void **state)
{
    (void)state;
    (void)signal(SIGPIPE, SIG_IGN); /* of the servers in this process */
    network_open(&network);
    certificates_make(&authority, &(struct order){.subject = "Authority", .authority = true});
    certificates_make(&other_authority, &(struct order){.subject = "Other", .authority = true});
    (void)snprintf(ca_file, sizeof ca_file, "%s/authority.pem", network.folder);
    (void)snprintf(store, sizeof store, "%s/acquired.pem", network.folder);
    tls_scene_write_file(ca_file, authority.own);
    return 0;
}

int tls_scene_close(void **state)
{
    (void)state;
    certificates_clear(&authority);
    certificates_clear(&other_authority);
    network_close(&network);
    return 0;
}

static void stop_server(void)
{
    if (server != NULL)
        sim_server_stop(server);
    server = NULL;
}

int tls_scene_begin(void **state)
{
    (void)state;
    (void)unlink(store);
    port = 0;
    return 0;
}

int tls_scene_end(void **state)
{
    (void)state;
    stop_server();
    return 0;
}

/* A local AWS with this certificate, on the port that it had before. */
void tls_scene_serve(const struct issued *issued)
{
    stop_server();
    server = sim_server_start(network.service,
                              &(struct sim_server_options){.port = (uint16_t)port,
                                                           .key = issued->key,
                                                           .certificate_chain = issued->chain});
    assert_non_null(server);
    port = sim_server_port(server);
    (void)snprintf(url, sizeof url, "https://127.0.0.1:%u", port);
}

/* The fingerprint of what is served is kept. */
void tls_scene_serve_order(const struct order *order, char fingerprint[FINGERPRINT])
{
    struct issued issued;
    certificates_make(&issued, order);
    tls_scene_serve(&issued);
    memcpy(fingerprint, issued.fingerprint, sizeof issued.fingerprint);
    certificates_clear(&issued);
}

void tls_scene_expect_all_events(void)
{
    if (outcome.code != 0)
        fail_msg("%s", outcome.message);
    assert_int_equal(outcome.events, NETWORK_EVENTS);
}

void tls_scene_expect_says(const char *text)
{
    if (strstr(outcome.message, text) == NULL)
        fail_msg("\"%s\" is not in: %s", text, outcome.message);
}

void tls_scene_expect_refused(const char *says, const char *fingerprint)
{
    assert_int_equal(outcome.events, 0);
    tls_scene_expect_says(says);
    tls_scene_expect_says(fingerprint);
    assert_int_equal(outcome.code, AWSLOGSRC_E_TLS);
}

void tls_scene_expect_in_store(const char *text, bool wanted)
{
    char *content = access(store, F_OK) == 0 ? test_read_file(store, NULL) : strdup("");
    bool found = strstr(content, text) != NULL;
    free(content);
    if (found != wanted)
        fail_msg("%s is %s in the file", text, wanted ? "not" : "still");
}
