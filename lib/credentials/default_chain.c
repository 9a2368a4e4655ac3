#include "credentials/default_chain.h"

#include <unistd.h>

#include "base/memory.h"
#include "credentials/container.h"
#include "credentials/profile.h"
#include "credentials/shared_files.h"
#include "credentials/web_identity.h"

enum { MOST_LINKS = 2 }; /* the profile, and what the environment or the machine offers */

struct als_default_chain {
    awslogsrc_credentials head;
    awslogsrc_credentials *links[MOST_LINKS];
    size_t count;
    awslogsrc_error *broken; /* what is wrong with the one behind the profile; NULL: nothing */
};

struct default_chain_fetcher {
    struct als_fetcher head;
    struct als_fetcher *links[MOST_LINKS]; /* as far as they were needed */
    size_t at;
};

/* --- attempts --- */

static void ask_link(struct default_chain_fetcher *fetcher);

static void link_done(void *self, struct als_keys *keys)
{
    struct default_chain_fetcher *fetcher = self;
    als_fetcher_done(&fetcher->head, keys);
}

static void link_failed(void *self, awslogsrc_error *error, int64_t least_wait_ms)
{
    struct default_chain_fetcher *fetcher = self;
    const struct als_default_chain *chain =
        (const struct als_default_chain *)fetcher->head.provider;
    if (error->code == AWSLOGSRC_E_NO_CREDENTIALS && fetcher->at + 1 < chain->count) {
        als_error_free(error);
        fetcher->at++;
        ask_link(fetcher);
        return;
    }
    if (error->code == AWSLOGSRC_E_NO_CREDENTIALS && chain->broken != NULL) {
        als_error_free(error);
        error = als_error_copy(chain->broken);
    } else if (fetcher->at + 1 == chain->count)
        als_error_prefix(&error, "no keys in the options%s, and none here: ",
                         fetcher->at > 0 ? ", the environment and the profile"
                                         : " and the environment");
    als_fetcher_fail(&fetcher->head, error, least_wait_ms);
}

static void link_troubled(void *self, const awslogsrc_error *error, int64_t retry_at_ms)
{
    struct default_chain_fetcher *fetcher = self;
    als_fetcher_trouble(&fetcher->head, error, retry_at_ms);
}

static void ask_link(struct default_chain_fetcher *fetcher)
{
    const struct als_default_chain *chain =
        (const struct als_default_chain *)fetcher->head.provider;
    struct als_fetcher_listener listener = {link_done, link_failed, link_troubled, fetcher};
    struct als_fetcher **link = &fetcher->links[fetcher->at];
    awslogsrc_error *error = NULL;
    if (*link != NULL ||
        als_fetcher_open(chain->links[fetcher->at], fetcher->head.place, &listener, link) == 0) {
        als_fetcher_fetch(*link);
    } else {
        als_error_set(&error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
        als_fetcher_fail(&fetcher->head, error, 0);
    }
}

static void fetch(struct als_fetcher *head)
{
    struct default_chain_fetcher *fetcher = (struct default_chain_fetcher *)head;
    fetcher->at = 0;
    ask_link(fetcher);
}

static void cancel(struct als_fetcher *head)
{
    struct default_chain_fetcher *fetcher = (struct default_chain_fetcher *)head;
    if (fetcher->links[fetcher->at] != NULL)
        als_fetcher_cancel(fetcher->links[fetcher->at]);
}

static void close_fetcher(struct als_fetcher *head)
{
    struct default_chain_fetcher *fetcher = (struct default_chain_fetcher *)head;
    for (size_t i = 0; i < MOST_LINKS; i++)
        als_fetcher_close(fetcher->links[i]);
}

/* --- the provider --- */

static void free_chain(awslogsrc_credentials *provider)
{
    struct als_default_chain *chain = (struct als_default_chain *)provider;
    for (size_t i = 0; i < chain->count; i++)
        als_provider_unref(chain->links[i]);
    als_error_free(chain->broken);
    als_free(chain);
}

static const struct als_provider_type chain_type = {.name = "default_chain",
                                                    .fetcher_size =
                                                        sizeof(struct default_chain_fetcher),
                                                    .fetch = fetch,
                                                    .cancel = cancel,
                                                    .close = close_fetcher,
                                                    .free = free_chain};

/* The link behind the profile: the first that the environment names, or else the machine's. */
static int add_last_link(struct als_default_chain *chain,
                         const struct als_default_chain_config *config, als_getenv *getenv,
                         awslogsrc_error **error)
{
    awslogsrc_credentials **link = &chain->links[chain->count];
    int status = 0;
    if (als_environment_get(getenv, "AWS_WEB_IDENTITY_TOKEN_FILE") != NULL)
        status = als_web_identity_new_from_environment(&config->sts, getenv, link, error);
    else if (als_container_is_configured(getenv))
        status = als_container_new(getenv, link, error);
    else
        status = als_imds_new_from_environment(&config->imds, config->profile, getenv, link, error);
    if (status == 0)
        chain->count++;
    return status;
}

/* Whether it is worth looking: a file may hold the profile one day, no file will not. */
static bool may_have_profile(const struct als_default_chain_config *config, als_getenv *getenv)
{
    struct als_shared_files files;
    if (als_shared_files_find(&files, config->profile, getenv, NULL) != 0)
        return true;
    bool may = files.is_chosen;
    for (size_t i = 0; i < 2; i++)
        may = may || (files.paths[i][0] != '\0' && access(files.paths[i], F_OK) == 0);
    als_shared_files_clear(&files);
    return may;
}

static int make_chain(const struct als_default_chain_config *config, als_getenv *getenv,
                      awslogsrc_credentials **out, awslogsrc_error **error)
{
    awslogsrc_error *why = NULL;
    struct als_default_chain *chain = als_new(sizeof *chain);
    if (chain == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    als_provider_init(&chain->head, &chain_type);
    struct als_profile_config profile = {config->profile, config->sts, config->imds};
    int status = als_profile_new(&profile, getenv, &chain->links[0], &why);
    chain->count = status == 0 ? 1 : 0;
    if (status == 0)
        status = add_last_link(chain, config, getenv, &why);
    if (status != 0 && status != AWSLOGSRC_E_NO_MEMORY && may_have_profile(config, getenv)) {
        if (status == AWSLOGSRC_E_NO_CREDENTIALS)
            als_error_free(why);
        else
            chain->broken = why;
        why = NULL;
        status = 0;
    }
    if (status == AWSLOGSRC_E_NO_CREDENTIALS)
        als_error_prefix(&why, "no credentials: set the options access_key and secret_key, or "
                               "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment, or "
                               "authentication_method; ");
    if (status != 0) {
        if (error != NULL)
            *error = why;
        else
            als_error_free(why);
        als_provider_unref(&chain->head);
        return status;
    }
    *out = &chain->head;
    return 0;
}

int als_default_chain_new(const struct als_default_chain_config *config, als_getenv *getenv,
                          awslogsrc_credentials **out, awslogsrc_error **error)
{
    if (als_environment_get(getenv, "AWS_ACCESS_KEY_ID") != NULL ||
        als_environment_get(getenv, "AWS_SECRET_ACCESS_KEY") != NULL)
        return als_environment_new(getenv, out, error);
    return make_chain(config, getenv, out, error);
}
