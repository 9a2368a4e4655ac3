#include "awslogsrc/trust.h"

#include "source/acquisition.h"

int awslogsrc_trust_new(awslogsrc_context *context, const awslogsrc_options *options,
                        const char *host, awslogsrc_trust **out, awslogsrc_error **error)
{
    int status = als_context_check(context);
    if (status == 0 && (host == NULL || out == NULL))
        status = AWSLOGSRC_E_INVALID;
    if (status != 0)
        return als_error_set(error, status, "%s: %s", __func__, als_error_text(status));
    return als_acquisition_new(context, options, host, out, error);
}

static int check(const awslogsrc_trust *trust)
{
    return trust == NULL ? AWSLOGSRC_E_INVALID : als_context_check(trust->context);
}

int awslogsrc_trust_fetch(awslogsrc_trust *trust, awslogsrc_trust_fn fn, void *user_data,
                          awslogsrc_user_data_free user_data_free, awslogsrc_error **error)
{
    int status = check(trust);
    if (status == 0 && fn == NULL)
        status = AWSLOGSRC_E_INVALID;
    if (status == 0)
        return als_acquisition_fetch(trust, fn, user_data, user_data_free, error);
    if (user_data_free != NULL)
        user_data_free(user_data);
    return als_error_set(error, status, "%s: %s", __func__, als_error_text(status));
}

int awslogsrc_trust_count(const awslogsrc_trust *trust)
{
    int status = check(trust);
    return status != 0 ? status : (int)trust->certificates.count;
}

static const struct als_certificate *find(const awslogsrc_trust *trust, int index)
{
    return check(trust) != 0 ? NULL : als_acquisition_certificate(trust, index);
}

const char *awslogsrc_trust_subject(const awslogsrc_trust *trust, int index)
{
    const struct als_certificate *certificate = find(trust, index);
    return certificate == NULL ? NULL : certificate->subject;
}

const char *awslogsrc_trust_issuer(const awslogsrc_trust *trust, int index)
{
    const struct als_certificate *certificate = find(trust, index);
    return certificate == NULL ? NULL : certificate->issuer;
}

const char *awslogsrc_trust_names(const awslogsrc_trust *trust, int index)
{
    const struct als_certificate *certificate = find(trust, index);
    return certificate == NULL ? NULL : certificate->names;
}

const char *awslogsrc_trust_fingerprint(const awslogsrc_trust *trust, int index)
{
    const struct als_certificate *certificate = find(trust, index);
    return certificate == NULL ? NULL : certificate->fingerprint;
}

const char *awslogsrc_trust_pem(const awslogsrc_trust *trust, int index)
{
    const struct als_certificate *certificate = find(trust, index);
    return certificate == NULL ? NULL : certificate->pem;
}

int64_t awslogsrc_trust_not_before_ms(const awslogsrc_trust *trust, int index)
{
    const struct als_certificate *certificate = find(trust, index);
    return certificate == NULL ? 0 : certificate->not_before_ms;
}

int64_t awslogsrc_trust_not_after_ms(const awslogsrc_trust *trust, int index)
{
    const struct als_certificate *certificate = find(trust, index);
    return certificate == NULL ? 0 : certificate->not_after_ms;
}

const char *awslogsrc_trust_problem(const awslogsrc_trust *trust)
{
    return check(trust) != 0 || trust->problem == NULL ? "" : trust->problem;
}

int awslogsrc_trust_store(const awslogsrc_trust *trust, const char *path, awslogsrc_error **error)
{
    int status = check(trust);
    if (status != 0)
        return als_error_set(error, status, "%s: %s", __func__, als_error_text(status));
    return als_acquisition_store(trust, path, error);
}

void awslogsrc_trust_free(awslogsrc_trust *trust)
{
    if (check(trust) == 0)
        als_acquisition_free(trust);
}
