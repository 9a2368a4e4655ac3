#include "aws/endpoint.h"

#include <stdio.h>

#include "aws/override_url.h"

#define GLOBAL_STS_HOST           "sts.amazonaws.com"
#define GLOBAL_STS_SIGNING_REGION "us-east-1"

/* The regions that "legacy" sends to the global endpoint of STS.
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-sts-regionalized-endpoints.html */
static const char *const legacy_sts_regions[] = {
    "ap-northeast-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ca-central-1",
    "eu-central-1",   "eu-north-1", "eu-west-1",      "eu-west-2",      "eu-west-3",
    "sa-east-1",      "us-east-1",  "us-east-2",      "us-west-1",      "us-west-2"};

static bool is_legacy_sts_region(struct als_text region)
{
    for (size_t i = 0; i < sizeof legacy_sts_regions / sizeof legacy_sts_regions[0]; i++) {
        if (als_text_equal(region, als_text_of(legacy_sts_regions[i])))
            return true;
    }
    return false;
}

static bool is_global_sts(const struct als_endpoint_query *query)
{
    if (!als_text_equal(query->service, ALS_TEXT("sts")) || query->use_fips || query->use_dualstack)
        return false;
    return als_text_equal(query->region, ALS_TEXT("aws-global")) ||
           (query->use_global_sts && is_legacy_sts_region(query->region));
}

/* In GovCloud the plain hosts are FIPS endpoints already. The rules of AWS name the two regions
 * for logs, the whole partition for STS. */
static bool is_fips_by_itself(const struct als_endpoint_query *query,
                              const struct als_partition *partition)
{
    if (query->use_dualstack)
        return false;
    if (als_text_equal(query->service, ALS_TEXT("sts")))
        return als_text_equal(als_text_of(partition->name), ALS_TEXT("aws-us-gov"));
    return als_text_equal(query->region, ALS_TEXT("us-gov-east-1")) ||
           als_text_equal(query->region, ALS_TEXT("us-gov-west-1"));
}

static void write_signing_region(struct als_endpoint *out, struct als_text region)
{
    (void)snprintf(out->signing_region, sizeof out->signing_region, "%.*s", (int)region.size,
                   region.data == NULL ? "" : region.data);
}

static void resolve_by_region(const struct als_endpoint_query *query, struct als_endpoint *out)
{
    const struct als_partition *partition = als_region_partition(query->region);
    bool fips = query->use_fips && !is_fips_by_itself(query, partition);
    out->scheme = "https";
    (void)snprintf(out->path, sizeof out->path, "/");
    if (is_global_sts(query)) {
        (void)snprintf(out->host, sizeof out->host, "%s", GLOBAL_STS_HOST);
        write_signing_region(out, ALS_TEXT(GLOBAL_STS_SIGNING_REGION));
        return;
    }
    (void)snprintf(out->host, sizeof out->host, "%.*s%s.%.*s.%s", (int)query->service.size,
                   query->service.data, fips ? "-fips" : "", (int)query->region.size,
                   query->region.data,
                   query->use_dualstack ? partition->dualstack_suffix : partition->dns_suffix);
    write_signing_region(out, query->region);
}

static int resolve_by_override(const struct als_endpoint_query *query, struct als_endpoint *out,
                               awslogsrc_error **error)
{
    const char *name = query->override_name == NULL ? "endpoint_url" : query->override_name;
    if (query->use_fips)
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING,
                             "%s and use_fips_endpoint contradict each other", name);
    if (query->use_dualstack)
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING,
                             "%s and use_dualstack_endpoint contradict each other", name);
    write_signing_region(out, query->region);
    return als_override_url_parse(query->override_url, name, out, error);
}

int als_endpoint_resolve(const struct als_endpoint_query *query, struct als_endpoint *out,
                         awslogsrc_error **error)
{
    int status = 0;
    if (query->region.size == 0 && query->override_url.size == 0)
        return als_error_set(error, AWSLOGSRC_E_OPTION_MISSING, "no region is given");
    if (query->region.size > 0)
        status = als_region_check(query->region, error);
    if (status != 0)
        return status;
    *out = (struct als_endpoint){0};
    if (query->override_url.size > 0)
        status = resolve_by_override(query, out, error);
    else
        resolve_by_region(query, out);
    if (status == 0)
        (void)snprintf(out->url, sizeof out->url, "%s://%s%s", out->scheme, out->host, out->path);
    return status;
}
