#include "aws/profile_chain.h"

#include <string.h>

enum { SHORTEST_SESSION_S = 900, LONGEST_SESSION_S = 43200 }; /* DurationSeconds of AssumeRole */

struct resolver {
    const struct als_profile_file *file;
    const char *profile; /* at hand */
    struct als_profile_chain *chain;
    awslogsrc_error **error;
};

/* An empty value counts as not set, as in the SDKs. */
static const char *get(const struct resolver *resolver, const char *name)
{
    const char *value =
        als_profile_file_get(resolver->file, ALS_PROFILE_SECTION_PROFILE, resolver->profile, name);
    return value == NULL || *value == '\0' ? NULL : value;
}

static int refuse(const struct resolver *resolver, const char *reason)
{
    return als_error_set(resolver->error, AWSLOGSRC_E_FILE_SYNTAX, "profile %s: %s",
                         resolver->profile, reason);
}

static bool has_keys(const struct resolver *resolver)
{
    return get(resolver, "aws_access_key_id") != NULL &&
           get(resolver, "aws_secret_access_key") != NULL;
}

static int use_keys(const struct resolver *resolver)
{
    struct als_sigv4_keys keys = {get(resolver, "aws_access_key_id"),
                                  get(resolver, "aws_secret_access_key"),
                                  get(resolver, "aws_session_token")};
    if (keys.access_key == NULL)
        return refuse(resolver, "aws_secret_access_key is set but aws_access_key_id is not");
    if (keys.secret_key == NULL)
        return refuse(resolver, "aws_access_key_id is set but aws_secret_access_key is not");
    resolver->chain->base = ALS_PROFILE_BASE_KEYS;
    resolver->chain->base_profile = resolver->profile;
    resolver->chain->keys = keys;
    return 0;
}

static int read_role(const struct resolver *resolver, struct als_profile_role *role)
{
    const char *duration = get(resolver, "duration_seconds");
    *role = (struct als_profile_role){.profile = resolver->profile,
                                      .arn = get(resolver, "role_arn"),
                                      .session_name = get(resolver, "role_session_name"),
                                      .external_id = get(resolver, "external_id")};
    if (duration != NULL &&
        (!als_text_to_int64(als_text_of(duration), &role->duration_s) ||
         role->duration_s < SHORTEST_SESSION_S || role->duration_s > LONGEST_SESSION_S))
        return refuse(resolver, "duration_seconds is not a number from 900 to 43200");
    if (get(resolver, "mfa_serial") != NULL)
        return refuse(resolver, "mfa_serial: nobody is there to type a code; use a role without "
                                "multi-factor authentication");
    return 0;
}

static int use_web_identity(const struct resolver *resolver, const char *token_file)
{
    struct als_profile_chain *chain = resolver->chain;
    chain->base = ALS_PROFILE_BASE_WEB_IDENTITY;
    chain->token_file = token_file;
    int status = read_role(resolver, &chain->web_identity);
    if (status == 0 && chain->web_identity.arn == NULL)
        return refuse(resolver, "web_identity_token_file is set but role_arn is not");
    return status;
}

static int use_source(const struct resolver *resolver, const char *source)
{
    static const struct {
        const char *name;
        enum als_profile_base base;
    } sources[] = {{"Environment", ALS_PROFILE_BASE_ENVIRONMENT},
                   {"Ec2InstanceMetadata", ALS_PROFILE_BASE_INSTANCE},
                   {"EcsContainer", ALS_PROFILE_BASE_CONTAINER}};
    for (size_t i = 0; i < sizeof sources / sizeof sources[0]; i++) {
        if (strcmp(source, sources[i].name) == 0) {
            resolver->chain->base = sources[i].base;
            return 0;
        }
    }
    return refuse(resolver, "credential_source is none of Environment, Ec2InstanceMetadata, "
                            "EcsContainer");
}

static int refuse_login(const struct resolver *resolver, const char *what)
{
    return als_error_set(resolver->error, AWSLOGSRC_E_NOT_AVAILABLE,
                         "profile %s: %s needs somebody to log in, which a collector cannot; use a "
                         "role, keys of an IAM user, or credential_process",
                         resolver->profile, what);
}

static bool has_keys_of_credentials(const struct resolver *resolver)
{
    return als_profile_file_is_from(resolver->file, ALS_PROFILE_FILE_CREDENTIALS, resolver->profile,
                                    "aws_access_key_id");
}

/* What the profile at hand has of its own, as in the AWS CLI: keys of the credentials file, a
 * process, keys of the config file. All go before IAM Identity Center, since tools write keys that
 * it gave out beside its settings. */
static int use_base(const struct resolver *resolver)
{
    static const char *const sso[] = {"sso_session", "sso_start_url", "sso_account_id",
                                      "sso_role_name", "sso_region"};
    const char *token_file = get(resolver, "web_identity_token_file");
    resolver->chain->base_profile = resolver->profile;
    if (token_file != NULL)
        return use_web_identity(resolver, token_file);
    bool keys = get(resolver, "aws_access_key_id") != NULL ||
                get(resolver, "aws_secret_access_key") != NULL;
    resolver->chain->process = get(resolver, "credential_process");
    if (keys && (resolver->chain->process == NULL || has_keys_of_credentials(resolver)))
        return use_keys(resolver);
    if (resolver->chain->process != NULL) {
        resolver->chain->base = ALS_PROFILE_BASE_PROCESS;
        return 0;
    }
    for (size_t i = 0; i < sizeof sso / sizeof sso[0]; i++) {
        if (get(resolver, sso[i]) != NULL)
            return refuse_login(resolver, "IAM Identity Center (sso_...)");
    }
    if (get(resolver, "login_session") != NULL)
        return refuse_login(resolver, "\"aws login\" (login_session)");
    /* A profile that another one names as its source is broken then, not unconfigured. */
    bool is_source = resolver->chain->role_count > 0;
    return als_error_set(
        resolver->error, is_source ? AWSLOGSRC_E_FILE_SYNTAX : AWSLOGSRC_E_NO_CREDENTIALS,
        "profile %s: there are neither keys nor a role or process in it", resolver->profile);
}

static void reverse(struct als_profile_role *roles, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        struct als_profile_role role = roles[i];
        roles[i] = roles[count - 1 - i];
        roles[count - 1 - i] = role;
    }
}

/* Takes the profile's role, and goes on to where the keys for it come from. *source: the next
 * profile, or NULL where the base is found. */
static int take_role(const struct resolver *resolver, const char **source)
{
    struct als_profile_chain *chain = resolver->chain;
    const char *base = get(resolver, "credential_source");
    *source = get(resolver, "source_profile");
    if (*source != NULL && base != NULL)
        return refuse(resolver, "source_profile and credential_source contradict each other");
    if (*source == NULL && base == NULL)
        return refuse(resolver, "role_arn needs source_profile or credential_source");
    int status = read_role(resolver, &chain->roles[chain->role_count]);
    if (status != 0)
        return status;
    chain->role_count++;
    if (base != NULL) {
        chain->base_profile = resolver->profile;
        return use_source(resolver, base);
    }
    if (strcmp(*source, resolver->profile) != 0)
        return 0;
    *source = NULL; /* the profile's own keys */
    return use_base(resolver);
}

static bool is_role(const struct resolver *resolver)
{
    return get(resolver, "role_arn") != NULL && get(resolver, "web_identity_token_file") == NULL;
}

static bool was_visited(const struct als_profile_chain *chain, const char *profile)
{
    for (size_t i = 0; i < chain->role_count; i++) {
        if (strcmp(chain->roles[i].profile, profile) == 0)
            return true;
    }
    return false;
}

/* Goes to the next profile, which has to be there. */
static int move_on(struct resolver *resolver, const char *source)
{
    if (als_text_has_control(als_text_of(source)))
        return refuse(resolver, "source_profile is no name of a profile");
    if (!als_profile_file_has(resolver->file, ALS_PROFILE_SECTION_PROFILE, source))
        return als_error_set(resolver->error, AWSLOGSRC_E_FILE_SYNTAX,
                             "profile %s: there is no source_profile %s", resolver->profile,
                             source);
    if (was_visited(resolver->chain, source))
        return als_error_set(resolver->error, AWSLOGSRC_E_FILE_SYNTAX,
                             "profile %s: source_profile %s leads back to itself",
                             resolver->profile, source);
    if (resolver->chain->role_count == ALS_PROFILE_CHAIN_LONGEST)
        return refuse(resolver, "too many profiles name one another");
    resolver->profile = source;
    return 0;
}

int als_profile_chain_resolve(const struct als_profile_file *file, const char *profile,
                              struct als_profile_chain *out, awslogsrc_error **error)
{
    struct resolver resolver = {file, profile, out, error};
    *out = (struct als_profile_chain){0};
    if (!als_profile_file_has(file, ALS_PROFILE_SECTION_PROFILE, profile))
        return als_error_set(error, AWSLOGSRC_E_NO_CREDENTIALS,
                             "profile %s: there is no such "
                             "profile",
                             profile);
    const char *source = NULL;
    int status = 0;
    do {
        /* Behind the first profile, keys go before a role. */
        bool keys = out->role_count > 0 && has_keys(&resolver);
        source = NULL;
        status = !keys && is_role(&resolver) ? take_role(&resolver, &source) : use_base(&resolver);
        if (status == 0 && source != NULL)
            status = move_on(&resolver, source);
    } while (status == 0 && source != NULL);
    reverse(out->roles, out->role_count);
    return status;
}
