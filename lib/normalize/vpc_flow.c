#include "normalize/vpc_flow.h"

#include "normalize/address.h"
#include "normalize/classify.h"

enum { SECOND_MS = 1000, SEVERITY_ALLOWED = 1, SEVERITY_DENIED = 3 };
#define LATEST_SECOND INT64_C(253402300799) /* 9999-12-31T23:59:59Z */

static bool read_column(awslogsrc_record *record, const struct als_vpc_flow_column *column,
                        struct als_text value)
{
    int64_t number = 0;
    if (als_text_equal(value, ALS_TEXT("-")))
        return true;
    switch (column->type) {
    case ALS_VPC_FLOW_IGNORED: return true;
    case ALS_VPC_FLOW_TEXT: als_record_set(record, column->field, value); return true;
    case ALS_VPC_FLOW_ADDRESS:
        als_record_set(record, column->field, value);
        return als_address_version(value) != 0;
    case ALS_VPC_FLOW_NUMBER:
    case ALS_VPC_FLOW_SECONDS: break;
    }
    if (!als_text_to_int64(value, &number) || number < 0)
        return false;
    if (column->type == ALS_VPC_FLOW_SECONDS) {
        if (number > LATEST_SECOND)
            return false;
        number *= SECOND_MS;
    }
    als_record_set_integer(record, column->field, number);
    return true;
}

static bool read_columns(awslogsrc_record *record, struct als_text line)
{
    const struct als_vpc_flow_format *format = &record->flow_format;
    struct als_text value;
    size_t count = 0;
    for (; als_text_next_field(&line, ' ', &value); count++) {
        if (count == format->count || value.size == 0 ||
            !read_column(record, format->columns[count], value))
            return false;
    }
    return count == format->count;
}

static bool in_range(const awslogsrc_record *record, int field, int64_t most)
{
    return als_record_integer(record, field, 0) <= most;
}

/* That of the default format is known: its lines are found among whatever a log group holds. */
static bool has_good_version(const awslogsrc_record *record)
{
    int64_t version = 0;
    if (record->flow_format.standard)
        return als_record_is(record, AWSLOGSRC_FIELD_EVENT_VERSION, ALS_TEXT("2"));
    return !als_record_has(record, AWSLOGSRC_FIELD_EVENT_VERSION) ||
           als_text_to_int64(als_record_text(record, AWSLOGSRC_FIELD_EVENT_VERSION), &version);
}

static bool is_plausible(const awslogsrc_record *record)
{
    struct als_text action = als_record_text(record, AWSLOGSRC_FIELD_FLOW_ACTION);
    return has_good_version(record) && in_range(record, AWSLOGSRC_FIELD_SRC_PORT, 65535) &&
           in_range(record, AWSLOGSRC_FIELD_DST_PORT, 65535) &&
           in_range(record, AWSLOGSRC_FIELD_PROTOCOL, 255) &&
           (action.size == 0 || als_text_equal(action, ALS_TEXT("ACCEPT")) ||
            als_text_equal(action, ALS_TEXT("REJECT")));
}

static void set_version(awslogsrc_record *record, int field, int version_field)
{
    int version = als_address_version(als_record_text(record, field));
    if (version != 0)
        als_record_set_integer(record, version_field, version);
}

/* What the line says happened: its action, or why there is none. */
static void derive_name(awslogsrc_record *record)
{
    static const struct {
        struct als_text name, title;
    } names[] = {
        {{"ACCEPT", 6}, {"VPC Flow Accept", 15}},
        {{"REJECT", 6}, {"VPC Flow Reject", 15}},
        {{"NODATA", 6}, {"VPC Flow No Data", 16}},
        {{"SKIPDATA", 8}, {"VPC Flow Skipped", 16}},
    };
    struct als_text name =
        als_record_either(record, AWSLOGSRC_FIELD_FLOW_ACTION, AWSLOGSRC_FIELD_FLOW_STATUS);
    als_record_set(record, AWSLOGSRC_FIELD_NAME, name.size > 0 ? name : ALS_TEXT("FLOW"));
    als_record_set(record, AWSLOGSRC_FIELD_TITLE, ALS_TEXT("VPC Flow"));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (als_text_equal(name, names[i].name))
            als_record_set(record, AWSLOGSRC_FIELD_TITLE, names[i].title);
    }
}

static void derive_outcome(awslogsrc_record *record)
{
    bool accepted = als_record_is(record, AWSLOGSRC_FIELD_FLOW_ACTION, ALS_TEXT("ACCEPT"));
    bool rejected = als_record_is(record, AWSLOGSRC_FIELD_FLOW_ACTION, ALS_TEXT("REJECT"));
    als_classify_set_activity(record, ALS_ACTIVITY_TRAFFIC);
    als_classify_set_domain(record, ALS_DOMAIN_NETWORK);
    als_record_set(record, AWSLOGSRC_FIELD_OUTCOME, ALS_TEXT("unknown"));
    if (accepted || rejected) {
        als_record_set(record, AWSLOGSRC_FIELD_OUTCOME,
                       accepted ? ALS_TEXT("success") : ALS_TEXT("failure"));
        als_classify_set_category(record, rejected);
    }
    als_record_set_integer(record, AWSLOGSRC_FIELD_DENIED, rejected);
    als_record_set_integer(record, AWSLOGSRC_FIELD_SEVERITY,
                           rejected ? SEVERITY_DENIED : SEVERITY_ALLOWED);
}

bool als_vpc_flow_read(awslogsrc_record *record, struct als_text line)
{
    if (!read_columns(record, als_text_trim(line)) || !is_plausible(record))
        return false;
    als_record_set_kind(record, ALS_RECORD_VPC_FLOW);
    als_record_set(record, AWSLOGSRC_FIELD_SERVICE, ALS_TEXT("vpc"));
    als_record_set(record, AWSLOGSRC_FIELD_SRC_ADDRESS,
                   als_record_text(record, AWSLOGSRC_FIELD_SRC_IP));
    set_version(record, AWSLOGSRC_FIELD_SRC_IP, AWSLOGSRC_FIELD_SRC_IP_VERSION);
    set_version(record, AWSLOGSRC_FIELD_DST_IP, AWSLOGSRC_FIELD_DST_IP_VERSION);
    if (als_record_has(record, AWSLOGSRC_FIELD_START_MS))
        als_record_set_integer(record, AWSLOGSRC_FIELD_TIME_MS,
                               als_record_integer(record, AWSLOGSRC_FIELD_START_MS, 0));
    derive_name(record);
    derive_outcome(record);
    return true;
}
