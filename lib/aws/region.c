#include "aws/region.h"

enum { AWS, AWS_CN, AWS_US_GOV, AWS_EUSC, AWS_ISO, AWS_ISO_B, AWS_ISO_E, AWS_ISO_F };

/* https://docs.aws.amazon.com/general/latest/gr/rande.html */
static const struct als_partition partitions[] = {
    [AWS] = {"aws",
             "amazonaws.com",
             "api.aws",
             "aws-global",
             {"us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"}},
    [AWS_CN] =
        {"aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn", "aws-cn-global", {"cn"}},
    [AWS_US_GOV] = {"aws-us-gov", "amazonaws.com", "api.aws", "aws-us-gov-global", {"us-gov"}},
    [AWS_EUSC] = {"aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu", NULL, {"eusc-de"}},
    [AWS_ISO] = {"aws-iso", "c2s.ic.gov", "api.aws.ic.gov", "aws-iso-global", {"us-iso"}},
    [AWS_ISO_B] = {"aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud", "aws-iso-b-global", {"us-isob"}},
    [AWS_ISO_E] =
        {"aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "aws-iso-e-global", {"eu-isoe"}},
    [AWS_ISO_F] =
        {"aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov", "aws-iso-f-global", {"us-isof"}},
};

enum { PARTITION_COUNT = sizeof partitions / sizeof partitions[0] };

static const struct region {
    const char *name;
    int partition;
} regions[] = {
    {"af-south-1", AWS},
    {"ap-east-1", AWS},
    {"ap-east-2", AWS},
    {"ap-northeast-1", AWS},
    {"ap-northeast-2", AWS},
    {"ap-northeast-3", AWS},
    {"ap-south-1", AWS},
    {"ap-south-2", AWS},
    {"ap-southeast-1", AWS},
    {"ap-southeast-2", AWS},
    {"ap-southeast-3", AWS},
    {"ap-southeast-4", AWS},
    {"ap-southeast-5", AWS},
    {"ap-southeast-6", AWS},
    {"ap-southeast-7", AWS},
    {"ca-central-1", AWS},
    {"ca-west-1", AWS},
    {"eu-central-1", AWS},
    {"eu-central-2", AWS},
    {"eu-north-1", AWS},
    {"eu-south-1", AWS},
    {"eu-south-2", AWS},
    {"eu-west-1", AWS},
    {"eu-west-2", AWS},
    {"eu-west-3", AWS},
    {"il-central-1", AWS},
    {"me-central-1", AWS},
    {"me-south-1", AWS},
    {"mx-central-1", AWS},
    {"sa-east-1", AWS},
    {"us-east-1", AWS},
    {"us-east-2", AWS},
    {"us-west-1", AWS},
    {"us-west-2", AWS},
    {"cn-north-1", AWS_CN},
    {"cn-northwest-1", AWS_CN},
    {"us-gov-east-1", AWS_US_GOV},
    {"us-gov-west-1", AWS_US_GOV},
    {"eusc-de-east-1", AWS_EUSC},
    {"us-iso-east-1", AWS_ISO},
    {"us-iso-west-1", AWS_ISO},
    {"us-isob-east-1", AWS_ISO_B},
    {"us-isob-west-1", AWS_ISO_B},
    {"eu-isoe-west-1", AWS_ISO_E},
    {"us-isof-east-1", AWS_ISO_F},
    {"us-isof-south-1", AWS_ISO_F},
};

enum { REGION_COUNT = sizeof regions / sizeof regions[0] };

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_name_character(char c)
{
    return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-';
}

static bool has_valid_form(struct als_text region)
{
    if (region.size == 0 || region.size > ALS_REGION_LONGEST_NAME || region.data[0] == '-' ||
        region.data[region.size - 1] == '-')
        return false;
    for (size_t i = 0; i < region.size; i++) {
        if (!is_name_character(region.data[i]))
            return false;
    }
    return true;
}

/* The name as an error may quote it: short, and without bytes that upset a terminal or a log. */
static void make_printable(struct als_text name, char out[ALS_REGION_LONGEST_NAME + 1])
{
    size_t size = name.size < ALS_REGION_LONGEST_NAME ? name.size : ALS_REGION_LONGEST_NAME;
    for (size_t i = 0; i < size; i++)
        out[i] = name.data[i] >= ' ' && name.data[i] <= '~' ? name.data[i] : '?';
    out[size] = '\0';
}

int als_region_check(struct als_text region, awslogsrc_error **error)
{
    char shown[ALS_REGION_LONGEST_NAME + 1];
    if (has_valid_form(region))
        return 0;
    make_printable(region, shown);
    return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                         "region \"%s\"%s is not a region name: up to %d lower-case letters, "
                         "digits and inner hyphens are expected, as in \"us-east-1\"",
                         shown, region.size > ALS_REGION_LONGEST_NAME ? "..." : "",
                         (int)ALS_REGION_LONGEST_NAME);
}

const char *als_region_at(size_t index)
{
    return index < REGION_COUNT ? regions[index].name : NULL;
}

static const struct region *find(struct als_text name)
{
    for (size_t i = 0; i < REGION_COUNT; i++) {
        if (als_text_equal(name, als_text_of(regions[i].name)))
            return &regions[i];
    }
    return NULL;
}

bool als_region_is_known(struct als_text region)
{
    return find(region) != NULL;
}

/* Cuts the last "-field" off; an empty answer where there is none. */
static struct als_text cut_last_field(struct als_text *name)
{
    size_t start = name->size;
    while (start > 0 && name->data[start - 1] != '-')
        start--;
    if (start == 0)
        return (struct als_text){"", 0};
    struct als_text field = {name->data + start, name->size - start};
    name->size = start - 1;
    return field;
}

/* "us-gov" of "us-gov-west-1"; empty where the name does not end in "-word-number". */
static struct als_text prefix_of(struct als_text name)
{
    const struct als_text none = {"", 0};
    struct als_text number = cut_last_field(&name);
    struct als_text word = cut_last_field(&name);
    if (number.size == 0 || word.size == 0)
        return none;
    for (size_t i = 0; i < number.size; i++) {
        if (!is_digit(number.data[i]))
            return none;
    }
    return name;
}

static bool covers(const struct als_partition *partition, struct als_text name,
                   struct als_text prefix)
{
    if (partition->global_region != NULL &&
        als_text_equal(name, als_text_of(partition->global_region)))
        return true;
    for (const char *const *p = partition->prefixes; *p != NULL; p++) {
        if (als_text_equal(prefix, als_text_of(*p)))
            return true;
    }
    return false;
}

const struct als_partition *als_region_partition(struct als_text region)
{
    const struct region *known = find(region);
    if (known != NULL)
        return &partitions[known->partition];
    struct als_text prefix = prefix_of(region);
    for (size_t i = 0; i < PARTITION_COUNT; i++) {
        if (covers(&partitions[i], region, prefix))
            return &partitions[i];
    }
    return &partitions[AWS];
}
