#include "normalize/cloudtrail_shape.h"

/* In the order in which CloudTrail writes them, which is the fast one. */
#define F(name) AWSLOGSRC_FIELD_##name

static const struct als_shape_member session_issuer[] = {
    ALS_SHAPE_TEXT_OF("arn", F(ACTOR_ISSUER_ARN)),
    ALS_SHAPE_TEXT_OF("userName", F(ACTOR_ISSUER)),
};
static const struct als_shape in_session_issuer = {ALS_SHAPE_MEMBERS(session_issuer)};

static const struct als_shape_member federation[] = {
    ALS_SHAPE_TEXT_OF("federatedProvider", ALS_FIELD_FEDERATED_PROVIDER),
};
static const struct als_shape in_federation = {ALS_SHAPE_MEMBERS(federation)};

static const struct als_shape_member attributes[] = {
    ALS_SHAPE_TEXT_OF("creationDate", ALS_FIELD_SESSION_CREATED),
    ALS_SHAPE_FLAG_OF("mfaAuthenticated", ALS_FIELD_SESSION_MFA),
};
static const struct als_shape in_attributes = {ALS_SHAPE_MEMBERS(attributes)};

static const struct als_shape_member session_context[] = {
    ALS_SHAPE_JSON_OF("sessionIssuer", ALS_SHAPE_NOWHERE, &in_session_issuer),
    ALS_SHAPE_JSON_OF("webIdFederationData", ALS_SHAPE_NOWHERE, &in_federation),
    ALS_SHAPE_JSON_OF("attributes", ALS_SHAPE_NOWHERE, &in_attributes),
    ALS_SHAPE_TEXT_OF("sourceIdentity", F(ACTOR_SOURCE_IDENTITY)),
};
static const struct als_shape in_session_context = {ALS_SHAPE_MEMBERS(session_context)};

static const struct als_shape_member on_behalf_of[] = {
    ALS_SHAPE_TEXT_OF("userId", F(ACTOR_ON_BEHALF_OF)),
    ALS_SHAPE_TEXT_OF("identityStoreArn", ALS_FIELD_IDENTITY_STORE),
};
static const struct als_shape in_on_behalf_of = {ALS_SHAPE_MEMBERS(on_behalf_of)};

static const struct als_shape_member user_identity[] = {
    ALS_SHAPE_TEXT_OF("type", F(ACTOR_TYPE)),
    ALS_SHAPE_TEXT_OF("principalId", F(ACTOR_ID)),
    ALS_SHAPE_TEXT_OF("arn", F(ACTOR_ARN)),
    ALS_SHAPE_TEXT_OF("accountId", F(ACTOR_ACCOUNT)),
    ALS_SHAPE_TEXT_OF("accessKeyId", F(ACTOR_ACCESS_KEY)),
    ALS_SHAPE_TEXT_OF("userName", F(ACTOR_USER_NAME)),
    ALS_SHAPE_JSON_OF("sessionContext", ALS_SHAPE_NOWHERE, &in_session_context),
    ALS_SHAPE_TEXT_OF("invokedBy", F(ACTOR_INVOKED_BY)),
    ALS_SHAPE_TEXT_OF("identityProvider", ALS_FIELD_IDENTITY_PROVIDER),
    ALS_SHAPE_JSON_OF("onBehalfOf", ALS_SHAPE_NOWHERE, &in_on_behalf_of),
    ALS_SHAPE_TEXT_OF("credentialId", F(ACTOR_CREDENTIAL)),
    ALS_SHAPE_TEXT_OF("userId", ALS_FIELD_USER_ID),
    ALS_SHAPE_TEXT_OF("identityStoreArn", ALS_FIELD_IDENTITY_STORE),
};
static const struct als_shape in_user_identity = {ALS_SHAPE_MEMBERS(user_identity)};

static const struct als_shape_member request[] = {
    ALS_SHAPE_TEXT_OF("userName", ALS_FIELD_REQUEST_USER),
    ALS_SHAPE_TEXT_OF("roleName", ALS_FIELD_REQUEST_ROLE),
    ALS_SHAPE_TEXT_OF("groupName", ALS_FIELD_REQUEST_GROUP),
    ALS_SHAPE_TEXT_OF("policyArn", ALS_FIELD_REQUEST_POLICY_ARN),
    ALS_SHAPE_TEXT_OF("roleArn", ALS_FIELD_REQUEST_ROLE_ARN),
    ALS_SHAPE_TEXT_OF("roleSessionName", ALS_FIELD_REQUEST_SESSION),
    ALS_SHAPE_TEXT_OF("sourceIdentity", ALS_FIELD_REQUEST_SOURCE_IDENTITY),
};
static const struct als_shape in_request = {ALS_SHAPE_MEMBERS(request)};

static const struct als_shape_member response_user[] = {
    ALS_SHAPE_TEXT_OF("userName", ALS_FIELD_RESPONSE_USER),
    ALS_SHAPE_TEXT_OF("arn", ALS_FIELD_RESPONSE_USER_ARN),
};
static const struct als_shape in_response_user = {ALS_SHAPE_MEMBERS(response_user)};

static const struct als_shape_member response_role[] = {
    ALS_SHAPE_TEXT_OF("roleName", ALS_FIELD_RESPONSE_ROLE),
    ALS_SHAPE_TEXT_OF("arn", ALS_FIELD_RESPONSE_ROLE_ARN),
};
static const struct als_shape in_response_role = {ALS_SHAPE_MEMBERS(response_role)};

static const struct als_shape_member assumed_role_user[] = {
    ALS_SHAPE_TEXT_OF("arn", ALS_FIELD_RESPONSE_SESSION_ARN),
};
static const struct als_shape in_assumed_role_user = {ALS_SHAPE_MEMBERS(assumed_role_user)};

static const struct als_shape_member credentials[] = {
    ALS_SHAPE_TEXT_OF("accessKeyId", ALS_FIELD_RESPONSE_ACCESS_KEY),
};
static const struct als_shape in_credentials = {ALS_SHAPE_MEMBERS(credentials)};

static const struct als_shape_member response[] = {
    ALS_SHAPE_JSON_OF("credentials", ALS_SHAPE_NOWHERE, &in_credentials),
    ALS_SHAPE_JSON_OF("assumedRoleUser", ALS_SHAPE_NOWHERE, &in_assumed_role_user),
    ALS_SHAPE_JSON_OF("user", ALS_SHAPE_NOWHERE, &in_response_user),
    ALS_SHAPE_JSON_OF("role", ALS_SHAPE_NOWHERE, &in_response_role),
};
static const struct als_shape in_response = {ALS_SHAPE_MEMBERS(response), .results = true};

static const struct als_shape in_service_details = {.results = true};

static const struct als_shape_member additional[] = {
    ALS_SHAPE_TEXT_OF("LoginTo", F(LOGIN_TO)),
    ALS_SHAPE_FLAG_OF("MFAUsed", ALS_FIELD_SIGN_IN_MFA),
    ALS_SHAPE_TEXT_OF("UserName", ALS_FIELD_SIGN_IN_USER),
};
static const struct als_shape in_additional = {ALS_SHAPE_MEMBERS(additional)};

static const struct als_shape_member insight[] = {
    ALS_SHAPE_TEXT_OF("state", F(INSIGHT_STATE)),
    ALS_SHAPE_TEXT_OF("eventSource", ALS_FIELD_INSIGHT_SOURCE),
    ALS_SHAPE_TEXT_OF("eventName", ALS_FIELD_INSIGHT_NAME),
    ALS_SHAPE_TEXT_OF("insightType", F(INSIGHT_TYPE)),
};
static const struct als_shape in_insight = {ALS_SHAPE_MEMBERS(insight)};

static const struct als_shape_member tls[] = {
    ALS_SHAPE_TEXT_OF("tlsVersion", F(TLS_VERSION)),
    ALS_SHAPE_TEXT_OF("cipherSuite", F(TLS_CIPHER)),
    ALS_SHAPE_TEXT_OF("clientProvidedHostHeader", F(TLS_HOST)),
};
static const struct als_shape in_tls = {ALS_SHAPE_MEMBERS(tls)};

static const struct als_shape_member event[] = {
    ALS_SHAPE_TEXT_OF("eventVersion", F(EVENT_VERSION)),
    ALS_SHAPE_JSON_OF("userIdentity", F(USER_IDENTITY), &in_user_identity),
    ALS_SHAPE_TEXT_OF("eventTime", ALS_FIELD_EVENT_TIME),
    ALS_SHAPE_TEXT_OF("eventSource", F(SOURCE)),
    ALS_SHAPE_TEXT_OF("eventName", F(NAME)),
    ALS_SHAPE_TEXT_OF("awsRegion", F(REGION)),
    ALS_SHAPE_TEXT_OF("sourceIPAddress", F(SRC_ADDRESS)),
    ALS_SHAPE_TEXT_OF("userAgent", F(USER_AGENT)),
    ALS_SHAPE_TEXT_OF("errorCode", F(ERROR_CODE)),
    ALS_SHAPE_TEXT_OF("errorMessage", F(ERROR_MESSAGE)),
    ALS_SHAPE_JSON_OF("requestParameters", F(REQUEST_PARAMETERS), &in_request),
    ALS_SHAPE_JSON_OF("responseElements", F(RESPONSE_ELEMENTS), &in_response),
    ALS_SHAPE_JSON_OF("additionalEventData", F(ADDITIONAL_EVENT_DATA), &in_additional),
    ALS_SHAPE_TEXT_OF("requestID", F(REQUEST_ID)),
    ALS_SHAPE_TEXT_OF("eventID", F(EVENT_ID)),
    ALS_SHAPE_FLAG_OF("readOnly", F(READ_ONLY)),
    ALS_SHAPE_JSON_OF("resources", F(RESOURCES), NULL),
    ALS_SHAPE_TEXT_OF("eventType", F(EVENT_TYPE)),
    ALS_SHAPE_TEXT_OF("apiVersion", F(API_VERSION)),
    ALS_SHAPE_FLAG_OF("managementEvent", F(MANAGEMENT)),
    ALS_SHAPE_TEXT_OF("recipientAccountId", F(ACCOUNT)),
    ALS_SHAPE_TEXT_OF("sharedEventID", F(SHARED_EVENT_ID)),
    ALS_SHAPE_TEXT_OF("vpcEndpointId", F(VPC_ENDPOINT)),
    ALS_SHAPE_JSON_OF("serviceEventDetails", F(SERVICE_EVENT_DETAILS), &in_service_details),
    ALS_SHAPE_TEXT_OF("eventCategory", F(EVENT_CATEGORY)),
    ALS_SHAPE_JSON_OF("tlsDetails", ALS_SHAPE_NOWHERE, &in_tls),
    ALS_SHAPE_JSON_OF("insightDetails", F(INSIGHT_DETAILS), &in_insight),
    ALS_SHAPE_JSON_OF("Records", ALS_FIELD_RECORDS, NULL),
    ALS_SHAPE_TEXT_OF("detail-type", ALS_FIELD_WRAPPED_TYPE),
    ALS_SHAPE_JSON_OF("detail", ALS_FIELD_WRAPPED, NULL),
};
const struct als_shape als_cloudtrail_shape_event = {ALS_SHAPE_MEMBERS(event)};

static const struct als_shape_member resource[] = {
    ALS_SHAPE_TEXT_OF("ARN", F(RESOURCE_ARN)),
    ALS_SHAPE_TEXT_OF("accountId", F(RESOURCE_ACCOUNT)),
    ALS_SHAPE_TEXT_OF("type", F(RESOURCE_TYPE)),
    ALS_SHAPE_TEXT_OF("arn", F(RESOURCE_ARN)),
};
const struct als_shape als_cloudtrail_shape_resource = {ALS_SHAPE_MEMBERS(resource)};
