/*
 * Records: events as fields with names and types, whatever form they came in. CloudTrail events
 * (bare, in the wrapper {LogStreamName: ...}, in Records, or from EventBridge) and VPC flow logs
 * are taken apart; anything else is a record with its message and where it came from.
 *
 * A record is made to be used again: parsing into one that exists does not allocate once it has
 * grown to the size of the messages. Its texts point into the message where they can.
 */
#ifndef AWSLOGSRC_RECORD_H
#define AWSLOGSRC_RECORD_H

#include "types.h"

AWSLOGSRC_BEGIN

/* Types of fields, from awslogsrc_field_type(). Since 0.9. */
enum {
    AWSLOGSRC_TYPE_TEXT = 1,    /* UTF-8; of CloudTrail's, what an empty string says is absent */
    AWSLOGSRC_TYPE_INTEGER = 2, /* names that end in _ms: milliseconds since 1970 UTC */
    AWSLOGSRC_TYPE_BOOLEAN = 3, /* an integer, 0 or 1 */
    AWSLOGSRC_TYPE_JSON = 4     /* text: a JSON value as it stands in the message */
};

/*
 * X(NAME, name, TYPE): every field; each may be absent. New ones are added at the end.
 *   kind      cloudtrail, cloudtrail_insight, cloudtrail_network, vpcflow, json, text, or invalid:
 *             what looks like JSON and is not
 *   activity  create read update delete attach detach enable disable start stop execute deploy
 *             restore backup login logout traffic other
 *   domain    auth iam crypto audit security network storage database compute app billing other
 *   outcome   success, failure, unknown
 *   severity  0 to 10
 *   category, category_id  the low-level category of QRadar and JSA
 */
#define AWSLOGSRC_FIELD_MAP(X)                                     \
    X(KIND, kind, TEXT)                                            \
    X(MESSAGE, message, TEXT)                                      \
    X(LOG_GROUP, log_group, TEXT)                                  \
    X(LOG_STREAM, log_stream, TEXT)                                \
    X(LOG_EVENT_ID, log_event_id, TEXT)                            \
    X(LOG_TIMESTAMP_MS, log_timestamp_ms, INTEGER)                 \
    X(LOG_INGESTION_MS, log_ingestion_ms, INTEGER)                 \
    X(TIME_MS, time_ms, INTEGER)                                   \
    X(NAME, name, TEXT)                                            \
    X(TITLE, title, TEXT)                                          \
    X(SOURCE, source, TEXT)                                        \
    X(SERVICE, service, TEXT)                                      \
    X(ACTIVITY, activity, TEXT)                                    \
    X(DOMAIN, domain, TEXT)                                        \
    X(OUTCOME, outcome, TEXT)                                      \
    X(DENIED, denied, BOOLEAN)                                     \
    X(SEVERITY, severity, INTEGER)                                 \
    X(CATEGORY, category, TEXT)                                    \
    X(CATEGORY_ID, category_id, INTEGER)                           \
    X(READ_ONLY, read_only, BOOLEAN)                               \
    X(MANAGEMENT, management, BOOLEAN)                             \
    X(REGION, region, TEXT)                                        \
    X(ACCOUNT, account, TEXT)                                      \
    X(EVENT_VERSION, event_version, TEXT)                          \
    X(EVENT_ID, event_id, TEXT)                                    \
    X(EVENT_TYPE, event_type, TEXT)                                \
    X(EVENT_CATEGORY, event_category, TEXT)                        \
    X(REQUEST_ID, request_id, TEXT)                                \
    X(SHARED_EVENT_ID, shared_event_id, TEXT)                      \
    X(API_VERSION, api_version, TEXT)                              \
    X(ERROR_CODE, error_code, TEXT)                                \
    X(ERROR_MESSAGE, error_message, TEXT)                          \
    X(ACTOR_TYPE, actor_type, TEXT)                                \
    X(ACTOR_USER, actor_user, TEXT)                                \
    X(ACTOR_USER_NAME, actor_user_name, TEXT)                      \
    X(ACTOR_ID, actor_id, TEXT)                                    \
    X(ACTOR_ARN, actor_arn, TEXT)                                  \
    X(ACTOR_ACCOUNT, actor_account, TEXT)                          \
    X(ACTOR_ACCESS_KEY, actor_access_key, TEXT)                    \
    X(ACTOR_CREDENTIAL, actor_credential, TEXT)                    \
    X(ACTOR_SESSION, actor_session, TEXT)                          \
    X(ACTOR_SESSION_CREATED_MS, actor_session_created_ms, INTEGER) \
    X(ACTOR_MFA, actor_mfa, BOOLEAN)                               \
    X(ACTOR_ISSUER, actor_issuer, TEXT)                            \
    X(ACTOR_ISSUER_ARN, actor_issuer_arn, TEXT)                    \
    X(ACTOR_INVOKED_BY, actor_invoked_by, TEXT)                    \
    X(ACTOR_SOURCE_IDENTITY, actor_source_identity, TEXT)          \
    X(ACTOR_IDP, actor_idp, TEXT)                                  \
    X(ACTOR_ON_BEHALF_OF, actor_on_behalf_of, TEXT)                \
    X(SRC_ADDRESS, src_address, TEXT)                              \
    X(SRC_IP, src_ip, TEXT)                                        \
    X(SRC_IP_VERSION, src_ip_version, INTEGER)                     \
    X(SRC_HOST, src_host, TEXT)                                    \
    X(SRC_PORT, src_port, INTEGER)                                 \
    X(DST_IP, dst_ip, TEXT)                                        \
    X(DST_IP_VERSION, dst_ip_version, INTEGER)                     \
    X(DST_PORT, dst_port, INTEGER)                                 \
    X(USER_AGENT, user_agent, TEXT)                                \
    X(VPC_ENDPOINT, vpc_endpoint, TEXT)                            \
    X(TLS_VERSION, tls_version, TEXT)                              \
    X(TLS_CIPHER, tls_cipher, TEXT)                                \
    X(TLS_HOST, tls_host, TEXT)                                    \
    X(LOGIN_TO, login_to, TEXT)                                    \
    X(TARGET_NAME, target_name, TEXT)                              \
    X(TARGET_ARN, target_arn, TEXT)                                \
    X(RESOURCE_ARN, resource_arn, TEXT)                            \
    X(RESOURCE_TYPE, resource_type, TEXT)                          \
    X(RESOURCE_ACCOUNT, resource_account, TEXT)                    \
    X(RESOURCE_COUNT, resource_count, INTEGER)                     \
    X(INSIGHT_TYPE, insight_type, TEXT)                            \
    X(INSIGHT_STATE, insight_state, TEXT)                          \
    X(FLOW_ACTION, flow_action, TEXT)                              \
    X(FLOW_STATUS, flow_status, TEXT)                              \
    X(FLOW_DIRECTION, flow_direction, TEXT)                        \
    X(PROTOCOL, protocol, INTEGER)                                 \
    X(BYTES, bytes, INTEGER)                                       \
    X(PACKETS, packets, INTEGER)                                   \
    X(START_MS, start_ms, INTEGER)                                 \
    X(END_MS, end_ms, INTEGER)                                     \
    X(TCP_FLAGS, tcp_flags, INTEGER)                               \
    X(TRAFFIC_PATH, traffic_path, INTEGER)                         \
    X(INTERFACE, interface, TEXT)                                  \
    X(VPC, vpc, TEXT)                                              \
    X(SUBNET, subnet, TEXT)                                        \
    X(INSTANCE, instance, TEXT)                                    \
    X(ZONE, zone, TEXT)                                            \
    X(PKT_SRC_IP, pkt_src_ip, TEXT)                                \
    X(PKT_DST_IP, pkt_dst_ip, TEXT)                                \
    X(PKT_SRC_SERVICE, pkt_src_service, TEXT)                      \
    X(PKT_DST_SERVICE, pkt_dst_service, TEXT)                      \
    X(REJECT_REASON, reject_reason, TEXT)                          \
    X(USER_IDENTITY, user_identity, JSON)                          \
    X(REQUEST_PARAMETERS, request_parameters, JSON)                \
    X(RESPONSE_ELEMENTS, response_elements, JSON)                  \
    X(ADDITIONAL_EVENT_DATA, additional_event_data, JSON)          \
    X(SERVICE_EVENT_DETAILS, service_event_details, JSON)          \
    X(RESOURCES, resources, JSON)                                  \
    X(INSIGHT_DETAILS, insight_details, JSON)

/* The numbers of the fields, AWSLOGSRC_FIELD_<NAME>. Since 0.9. */
enum {
#define AWSLOGSRC_FIELD_NUMBER(NAME, name, TYPE) AWSLOGSRC_FIELD_##NAME,
    AWSLOGSRC_FIELD_MAP(AWSLOGSRC_FIELD_NUMBER)
#undef AWSLOGSRC_FIELD_NUMBER
};

/* How many fields this library has, numbered from 0; perhaps more than its header had. Any thread.
 * Since 0.9. */
AWSLOGSRC_API int awslogsrc_field_count(void);

/* A field's name, as in JSON; NULL for a number that is none. Returns: borrow, valid for ever. Any
 * thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_field_name(int field);

/* A field's type, AWSLOGSRC_TYPE_*; 0 for a number that is none. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_field_type(int field);

/* Parses the message of an event, as log_source_type and vpc_flow_format of its source say. Never
 * fails for what the message holds: what cannot be parsed is a record of kind invalid.
 * record: *record is a record to use again, or NULL: then a new one, to be freed with
 * awslogsrc_record_free(). It points into the event, and is valid as long as the event's batch
 * lives. error: optional; ref, written on failure only. Returns 0, or AWSLOGSRC_E_INVALID,
 * AWSLOGSRC_E_NO_MEMORY; the record is empty then. Any thread, one at a time for a record.
 * Since 0.9. */
AWSLOGSRC_API int awslogsrc_record_parse(awslogsrc_record **record, const awslogsrc_event *event,
                                         awslogsrc_error **error);

/* Parses text from elsewhere: a message, a payload {LogStreamName: ...}, a line of the command's
 * JSON, or an event as FilterLogEvents and GetLogEvents return it.
 * text: borrow, as long as the record is used; size: in bytes. options: optional; its
 * log_source_type and vpc_flow_format are heeded. Else as awslogsrc_record_parse().
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_NO_MEMORY. Since 0.9. */
AWSLOGSRC_API int awslogsrc_record_parse_text(awslogsrc_record **record, const char *text,
                                              size_t size, const awslogsrc_options *options,
                                              awslogsrc_error **error);

/* A message {"Records":[...]} holds several events: this goes on to the next of them. Returns 1,
 * or 0 where there is none: then the record stays as it was; or AWSLOGSRC_E_INVALID. Any thread,
 * one at a time for a record. Since 0.9. */
AWSLOGSRC_API int awslogsrc_record_next(awslogsrc_record *record);

/* A field of type text or JSON. size: optional, in bytes; a NUL need not follow.
 * Returns: borrow, until the record is parsed into again or freed; NULL where the field is absent,
 * or an integer. Any thread, one at a time for a record. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_record_get(const awslogsrc_record *record, int field,
                                               size_t *size);

/* A field of type integer or boolean. value: written where it is there. Returns 1; 0 where the
 * field is absent; or AWSLOGSRC_E_INVALID (NULL, or the field is text). Any thread, one at a time
 * for a record. Since 0.9. */
AWSLOGSRC_API int awslogsrc_record_get_integer(const awslogsrc_record *record, int field,
                                               int64_t *value);

/* Frees a record. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_record_free(awslogsrc_record *record);

AWSLOGSRC_END

#endif
