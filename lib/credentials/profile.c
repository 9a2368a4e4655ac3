#include "credentials/profile.h"

#include "aws/profile_chain.h"
#include "aws/profile_settings.h"
#include "base/memory.h"
#include "credentials/assume_role.h"
#include "credentials/container.h"
#include "credentials/process.h"
#include "credentials/shared_files.h"
#include "credentials/static.h"
#include "credentials/web_identity.h"

enum { LONGEST_URL = 4096 };

struct als_profile {
    awslogsrc_credentials head;
    struct als_shared_files files;
    als_getenv *getenv;
    char *sts_region; /* "" where not set, as the next two */
    char *sts_endpoint_url;
    char *imds_endpoint;
    bool use_fips;
    bool use_dualstack;
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

/* A profile as it is read for one attempt. */
struct reading {
    const struct als_profile *profile;
    const struct als_profile_file *file;
    struct als_profile_chain chain;
    struct als_buffer sts_url; /* as the profile has it; empty: not at all */
    struct als_sts_config sts;
};

static const char *get(const struct reading *reading, const char *name)
{
    return als_profile_settings_get(reading->file, reading->profile->files.profile, name);
}

static const char *or_null(const char *text)
{
    return text == NULL || *text == '\0' ? NULL : text;
}

static const char *variable(const struct als_profile *profile, const char *name)
{
    return als_environment_get(profile->getenv, name);
}

/* What was given, else what the first of two variables says that is set. */
static const char *given_or_variable(const struct als_profile *profile, const char *given,
                                     const char *first, const char *second)
{
    if (or_null(given) != NULL)
        return given;
    const char *value = variable(profile, first);
    return value != NULL ? value : variable(profile, second);
}

/* The order of https://docs.aws.amazon.com/sdkref/latest/guide/feature-ss-endpoints.html */
static const char *find_sts_endpoint(struct reading *reading)
{
    const struct als_profile *profile = reading->profile;
    if (als_profile_settings_ignore_endpoints(
            reading->file, profile->files.profile,
            variable(profile, "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")))
        return or_null(profile->sts_endpoint_url);
    (void)als_profile_settings_endpoint(reading->file, profile->files.profile, "sts",
                                        &reading->sts_url);
    const char *url = given_or_variable(profile, profile->sts_endpoint_url, "AWS_ENDPOINT_URL_STS",
                                        "AWS_ENDPOINT_URL");
    return url != NULL ? url : or_null(als_buffer_string(&reading->sts_url));
}

static void find_sts(struct reading *reading)
{
    const struct als_profile *profile = reading->profile;
    struct als_sts_config *sts = &reading->sts;
    sts->endpoint_url = find_sts_endpoint(reading);
    sts->region =
        given_or_variable(profile, profile->sts_region, "AWS_REGION", "AWS_DEFAULT_REGION");
    if (sts->region == NULL)
        sts->region = get(reading, "region");
    sts->use_fips = profile->use_fips;
    sts->use_dualstack = profile->use_dualstack;
}

static int make_imds(const struct reading *reading, awslogsrc_credentials **out,
                     awslogsrc_error **error)
{
    const struct als_profile *profile = reading->profile;
    const struct als_imds_config imds = {.endpoint = or_null(profile->imds_endpoint)};
    return als_imds_new_from_environment(&imds, profile->files.profile, profile->getenv, out,
                                         error);
}

static struct als_role role_of(const struct als_profile_role *role)
{
    return (struct als_role){role->arn, role->session_name, role->external_id, role->duration_s};
}

static int make_web_identity(const struct reading *reading, awslogsrc_credentials **out,
                             awslogsrc_error **error)
{
    struct als_role role = role_of(&reading->chain.web_identity);
    return als_web_identity_new(reading->chain.token_file, &role, &reading->sts, out, error);
}

static int make_base(const struct reading *reading, awslogsrc_credentials **out,
                     awslogsrc_error **error)
{
    als_getenv *getenv = reading->profile->getenv;
    switch (reading->chain.base) {
    case ALS_PROFILE_BASE_KEYS: return als_static_new(&reading->chain.keys, out, error);
    case ALS_PROFILE_BASE_PROCESS: return als_process_new(reading->chain.process, out, error);
    case ALS_PROFILE_BASE_WEB_IDENTITY: return make_web_identity(reading, out, error);
    case ALS_PROFILE_BASE_ENVIRONMENT: return als_environment_new(getenv, out, error);
    case ALS_PROFILE_BASE_INSTANCE: return make_imds(reading, out, error);
    default: return als_container_new(getenv, out, error);
    }
}

/* What a profile names and is not there is broken: AWSLOGSRC_E_NO_CREDENTIALS would send a chain on
 * to the next provider. */
static int refuse(const char *profile, const char *setting, int code, awslogsrc_error **error)
{
    awslogsrc_error *cause = *error;
    if (code != AWSLOGSRC_E_NO_CREDENTIALS) {
        als_error_prefix(error, "profile %s: %s", profile, setting);
        return code;
    }
    als_error_set(error, AWSLOGSRC_E_OPTION_MISSING, "profile %s: %s", profile,
                  als_error_message(cause));
    als_error_free(cause);
    return AWSLOGSRC_E_OPTION_MISSING;
}

/* Puts the roles on top of *out, each over what was there. */
static int add_roles(const struct reading *reading, awslogsrc_credentials **out,
                     awslogsrc_error **error)
{
    for (size_t i = 0; i < reading->chain.role_count; i++) {
        const struct als_profile_role *role = &reading->chain.roles[i];
        struct als_role config = role_of(role);
        awslogsrc_credentials *base = *out;
        int status = als_assume_role_new(base, &config, &reading->sts, out, error);
        if (status != 0)
            return refuse(role->profile, "", status, error);
        als_provider_unref(base);
    }
    return 0;
}

static int make_provider(struct reading *reading, awslogsrc_credentials **out,
                         awslogsrc_error **error)
{
    const char *name = reading->profile->files.profile;
    int status = als_profile_chain_resolve(reading->file, name, &reading->chain, error);
    if (status != 0)
        return status;
    find_sts(reading);
    status = make_base(reading, out, error);
    if (status != 0)
        return refuse(reading->chain.base_profile,
                      reading->chain.base == ALS_PROFILE_BASE_PROCESS ? "credential_process: " : "",
                      status, error);
    status = add_roles(reading, out, error);
    if (status != 0)
        als_provider_unref(*out);
    return status;
}

static int read_provider(const struct als_profile *profile, awslogsrc_credentials **out,
                         awslogsrc_error **error)
{
    struct als_profile_file file;
    struct reading reading = {.profile = profile, .file = &file};
    als_buffer_init(&reading.sts_url, LONGEST_URL);
    int status = als_shared_files_read(&profile->files, &file, error);
    if (status == 0)
        status = make_provider(&reading, out, error);
    als_buffer_wipe(&reading.sts_url);
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
    const struct als_fetcher *fetcher = self;
    const struct als_profile *profile = (const struct als_profile *)fetcher->provider;
    drop_inner(self);
    (void)refuse(profile->files.profile, "", error->code, &error);
    als_fetcher_fail(self, error, least_wait_ms);
}

/* The next attempt reads the files again: what is wrong may be mended there. */
static void troubled(void *self, const awslogsrc_error *error, int64_t retry_at_ms)
{
    const struct als_fetcher *fetcher = self;
    int64_t now = als_clock_wall_ms(&fetcher->place->loop->clock);
    failed(self, als_error_copy(error), retry_at_ms - now);
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
    als_free(profile->sts_region);
    als_free_secret(profile->sts_endpoint_url);
    als_free_secret(profile->imds_endpoint);
    als_free(profile);
}

static const struct als_provider_type profile_type = {.name = "profile",
                                                      .fetcher_size = sizeof(struct fetcher),
                                                      .fetch = fetch,
                                                      .cancel = drop_inner,
                                                      .free = release};

static char *copy(const char *text)
{
    return als_copy_string(text == NULL ? "" : text);
}

int als_profile_new(const struct als_profile_config *config, als_getenv *getenv,
                    awslogsrc_credentials **out, awslogsrc_error **error)
{
    struct als_profile *profile = als_new(sizeof *profile);
    if (profile == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    als_provider_init(&profile->head, &profile_type);
    profile->getenv = getenv;
    profile->sts_region = copy(config->sts.region);
    profile->sts_endpoint_url = copy(config->sts.endpoint_url);
    profile->imds_endpoint = copy(config->imds.endpoint);
    profile->use_fips = config->sts.use_fips;
    profile->use_dualstack = config->sts.use_dualstack;
    int status = als_shared_files_find(&profile->files, config->profile, getenv, error);
    if (status == 0 && (profile->sts_region == NULL || profile->sts_endpoint_url == NULL ||
                        profile->imds_endpoint == NULL))
        status = als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    if (status == 0)
        *out = &profile->head;
    else
        release(&profile->head);
    return status;
}
