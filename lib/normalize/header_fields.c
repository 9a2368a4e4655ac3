#include "normalize/header_fields.h"

struct als_text als_header_fields_product(const awslogsrc_record *record)
{
    if (als_record_kind(record) == ALS_RECORD_VPC_FLOW)
        return ALS_TEXT("AWS VPC Flow Logs");
    return als_record_is_event(record) ? ALS_TEXT("AWS CloudTrail")
                                       : ALS_TEXT("AWS CloudWatch Logs");
}

struct als_text als_header_fields_version(const awslogsrc_record *record)
{
    struct als_text version = als_record_text(record, AWSLOGSRC_FIELD_EVENT_VERSION);
    if (version.size > 0)
        return version;
    return als_record_kind(record) == ALS_RECORD_VPC_FLOW ? ALS_TEXT("2") : ALS_TEXT("1.0");
}

struct als_text als_header_fields_protocol(int64_t number)
{
    switch (number) {
    case 1: return ALS_TEXT("icmp");
    case 2: return ALS_TEXT("igmp");
    case 6: return ALS_TEXT("tcp");
    case 17: return ALS_TEXT("udp");
    case 47: return ALS_TEXT("gre");
    case 50: return ALS_TEXT("esp");
    case 51: return ALS_TEXT("ah");
    case 58: return ALS_TEXT("ipv6-icmp");
    case 132: return ALS_TEXT("sctp");
    default: return ALS_TEXT("");
    }
}
