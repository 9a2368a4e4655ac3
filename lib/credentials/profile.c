#include "credentials/profile.h"

#include "aws/profile_chain.h"
#include "aws/profile_settings.h"
#include "base/memory.h"
#include "credentials/process.h"
#include "credentials/shared_files.h"
#include "credentials/static.h"

struct als_profile {
    awslogsrc_credentials head;
    struct als_shared_files files;
    als_getenv *getenv;
};

struct fetcher {
    struct als_fetcher head;
    struct als_fetcher *inner; /* of what the profile came to, while it is at work; NULL: none */
    bool warned;
};

static struct fetcher *own(struct als_fetcher *fetcher)
{
    return (struct fetcher *)fetcher;
}

/* --- what a profile comes to --- */

static int make_base(const struct als_profile *profile, const struct als_profile_chain *chain,
                     awslogsrc_credentials **out, awslogsrc_error **error)
{
    switch (chain->base) {
    case ALS_PROFILE_BASE_KEYS: return als_static_new(&chain->keys, out, error);
    case ALS_PROFILE_BASE_PROCESS: return als_process_new(chain->process, out, error);
    case ALS_PROFILE_BASE_ENVIRONMENT: return als_environment_new(profile->getenv, out, error);
    default:
        return als_error_set(error, AWSLOGSRC_E_NOT_AVAILABLE,
                             "where its keys come from is not "
                             "available yet");
    }
}

/* What a profile names and is not there is broken: AWSLOGSRC_E_NO_CREDENTIALS would send a chain on
 * to the next provider. */
static int refuse_base(const struct als_profile_chain *chain, int code, awslogsrc_error **error)
{
    awslogsrc_error *cause = error == NULL ? NULL : *error;
    if (code != AWSLOGSRC_E_NO_CREDENTIALS) {
        als_error_prefix(error, "profile %s: %s", chain->base_profile,
                         chain->base == ALS_PROFILE_BASE_PROCESS ? "credential_process: " : "");
        return code;
    }
    als_error_set(error, AWSLOGSRC_E_OPTION_MISSING, "profile %s: %s", chain->base_profile,
                  als_error_message(cause));
    als_error_free(cause);
    return AWSLOGSRC_E_OPTION_MISSING;
}

static int make_provider(const struct als_profile *profile, const struct als_profile_file *file,
                         awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_profile_chain chain;
    int status = als_profile_chain_resolve(file, profile->files.profile, &chain, error);
    if (status != 0)
        return status;
    if (chain.role_count > 0)
        return als_error_set(error, AWSLOGSRC_E_NOT_AVAILABLE,
                             "profile %s: roles are not available yet", chain.roles[0].profile);
    status = make_base(profile, &chain, out, error);
    return status == 0 ? 0 : refuse_base(&chain, status, error);
}

static int read_provider(const struct als_profile *profile, awslogsrc_credentials **out,
                         awslogsrc_error **error)
{
    struct als_profile_file file;
    int status = als_shared_files_read(&profile->files, &file, error);
    if (status == 0)
        status = make_provider(profile, &file, out, error);
    als_profile_file_clear(&file);
    return status;
}

/* --- attempts --- */

static void drop_inner(struct als_fetcher *fetcher)
{
    struct als_fetcher *inner = own(fetcher)->inner;
    own(fetcher)->inner = NULL;
    als_fetcher_close(inner);
}

static void came(void *self, struct als_keys *keys)
{
    drop_inner(self);
    als_fetcher_done(self, keys);
}

static void failed(void *self, awslogsrc_error *error, int64_t least_wait_ms)
{
    drop_inner(self);
    als_fetcher_fail(self, error, least_wait_ms);
}

/* The next attempt reads the files again: what is wrong may be mended there. */
static void troubled(void *self, const awslogsrc_error *error, int64_t retry_at_ms)
{
    (void)retry_at_ms;
    failed(self, als_error_copy(error), 0);
}

static void warn_once(struct als_fetcher *fetcher, const struct als_shared_files *files)
{
    if (own(fetcher)->warned || !als_shared_files_are_exposed(files))
        return;
    own(fetcher)->warned = true;
    const char *path = files->paths[ALS_PROFILE_FILE_CREDENTIALS];
    als_log_write(&fetcher->place->loop->log, AWSLOGSRC_LOG_WARNING,
                  "%s can be read by others than its owner: chmod 600 %s", path, path);
}

static void fetch(struct als_fetcher *fetcher)
{
    const struct als_profile *profile = (const struct als_profile *)fetcher->provider;
    const struct als_fetcher_listener listener = {came, failed, troubled, fetcher};
    awslogsrc_credentials *provider = NULL;
    awslogsrc_error *error = NULL;
    warn_once(fetcher, &profile->files);
    int status = read_provider(profile, &provider, &error);
    if (status == 0) {
        status = als_fetcher_open(provider, fetcher->place, &listener, &own(fetcher)->inner);
        if (status != 0)
            als_error_set(&error, status, "out of memory");
        als_provider_unref(provider);
    }
    if (status == 0)
        als_fetcher_fetch(own(fetcher)->inner);
    else
        als_fetcher_fail(fetcher, error, 0);
}

static void release(awslogsrc_credentials *provider)
{
    struct als_profile *profile = (struct als_profile *)provider;
    als_shared_files_clear(&profile->files);
    als_free(profile);
}

static const struct als_provider_type profile_type = {.name = "profile",
                                                      .fetcher_size = sizeof(struct fetcher),
                                                      .fetch = fetch,
                                                      .cancel = drop_inner,
                                                      .free = release};

int als_profile_new(const struct als_profile_config *config, als_getenv *getenv,
                    awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_profile *profile = als_new(sizeof *profile);
    if (profile == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    als_provider_init(&profile->head, &profile_type);
    profile->getenv = getenv;
    int status = als_shared_files_find(&profile->files, config->profile, getenv, error);
    if (status == 0)
        *out = &profile->head;
    else
        als_free(profile);
    return status;
}
