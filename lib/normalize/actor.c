#include "normalize/actor.h"

#include <string.h>

#include "base/calendar.h"

/* What is behind the last separator; the whole text where there is none. */
static struct als_text behind_last(struct als_text text, char separator)
{
    size_t at = text.size;
    while (at > 0 && text.data[at - 1] != separator)
        at--;
    return at == 0 ? text : (struct als_text){text.data + at, text.size - at};
}

/* arn:aws:iam::123456789012:user/division/name: what is behind the account. */
static struct als_text resource_of(struct als_text arn)
{
    struct als_text field = {NULL, 0};
    enum { FIELDS_BEFORE = 5 };
    for (int i = 0; i < FIELDS_BEFORE; i++) {
        if (!als_text_next_field(&arn, ':', &field))
            return (struct als_text){NULL, 0};
    }
    return arn;
}

static struct als_text name_in(struct als_text arn)
{
    struct als_text resource = resource_of(arn);
    return resource.size == 0 ? resource : behind_last(resource, '/');
}

/* assumed-role/<role>/<session> */
static bool split_session(struct als_text arn, struct als_text *role, struct als_text *session)
{
    struct als_text rest = resource_of(arn);
    struct als_text word;
    if (!als_text_next_field(&rest, '/', &word) || !als_text_equal(word, ALS_TEXT("assumed-role")))
        return false;
    if (!als_text_next_field(&rest, '/', role))
        return false;
    *session = behind_last(rest, '/');
    return true;
}

static struct als_text first_of(const awslogsrc_record *record, const int *fields)
{
    while (*fields >= 0 && !als_record_has(record, *fields))
        fields++;
    return *fields < 0 ? (struct als_text){NULL, 0} : als_record_text(record, *fields);
}

static void set_user(awslogsrc_record *record, struct als_text user)
{
    als_record_set(record, AWSLOGSRC_FIELD_ACTOR_USER, user);
}

static void derive_assumed_role(awslogsrc_record *record)
{
    struct als_text role = {NULL, 0}, session = {NULL, 0};
    struct als_text id = als_record_text(record, AWSLOGSRC_FIELD_ACTOR_ID);
    (void)split_session(als_record_text(record, AWSLOGSRC_FIELD_ACTOR_ARN), &role, &session);
    if (session.size == 0 && id.size > 0 && memchr(id.data, ':', id.size) != NULL)
        session = behind_last(id, ':');
    als_record_set(record, AWSLOGSRC_FIELD_ACTOR_SESSION, session);
    set_user(record, als_record_has(record, AWSLOGSRC_FIELD_ACTOR_ISSUER)
                         ? als_record_text(record, AWSLOGSRC_FIELD_ACTOR_ISSUER)
                         : role);
}

static void derive_account(awslogsrc_record *record)
{
    struct als_text account = als_record_text(record, AWSLOGSRC_FIELD_ACTOR_ACCOUNT);
    bool nobody = als_text_equal(account, ALS_TEXT("ANONYMOUS_PRINCIPAL"));
    set_user(record, nobody ? ALS_TEXT("anonymous") : account);
}

static void derive_identity_center_user(awslogsrc_record *record)
{
    static const int names[] = {ALS_FIELD_SIGN_IN_USER, AWSLOGSRC_FIELD_ACTOR_ON_BEHALF_OF,
                                ALS_FIELD_USER_ID, -1};
    set_user(record, first_of(record, names));
    als_record_set(record, AWSLOGSRC_FIELD_ACTOR_IDP,
                   als_record_text(record, ALS_FIELD_IDENTITY_STORE));
}

/* Users of every kind that has a name of its own. */
static void derive_named(awslogsrc_record *record)
{
    static const int names[] = {AWSLOGSRC_FIELD_ACTOR_USER_NAME, -1};
    static const int others[] = {AWSLOGSRC_FIELD_ACTOR_ID, ALS_FIELD_USER_ID, -1};
    struct als_text user = first_of(record, names);
    if (user.size == 0)
        user = name_in(als_record_text(record, AWSLOGSRC_FIELD_ACTOR_ARN));
    set_user(record, user.size > 0 ? user : first_of(record, others));
}

static void derive_unknown(awslogsrc_record *record)
{
    static const int names[] = {AWSLOGSRC_FIELD_ACTOR_USER_NAME, AWSLOGSRC_FIELD_ACTOR_INVOKED_BY,
                                AWSLOGSRC_FIELD_ACTOR_ID, AWSLOGSRC_FIELD_ACTOR_ACCOUNT, -1};
    set_user(record, first_of(record, names));
}

static void derive_user(awslogsrc_record *record)
{
    struct als_text type = als_record_text(record, AWSLOGSRC_FIELD_ACTOR_TYPE);
    if (type.size == 0)
        derive_unknown(record);
    else if (als_text_equal(type, ALS_TEXT("Root")))
        set_user(record, ALS_TEXT("root")); /* userName is the account's alias there */
    else if (als_text_equal(type, ALS_TEXT("AssumedRole")))
        derive_assumed_role(record);
    else if (als_text_equal(type, ALS_TEXT("FederatedUser")))
        set_user(record, name_in(als_record_text(record, AWSLOGSRC_FIELD_ACTOR_ARN)));
    else if (als_text_equal(type, ALS_TEXT("AWSService")))
        set_user(record, als_record_text(record, AWSLOGSRC_FIELD_ACTOR_INVOKED_BY));
    else if (als_text_equal(type, ALS_TEXT("AWSAccount")))
        derive_account(record);
    else if (als_text_equal(type, ALS_TEXT("IdentityCenterUser")))
        derive_identity_center_user(record);
    else
        derive_named(record);
    /* Whoever lacks what its kind should have: something is better than nothing. */
    if (!als_record_has(record, AWSLOGSRC_FIELD_ACTOR_USER))
        derive_unknown(record);
}

/* A sign-in says it of itself; a session, of the one that it began with. */
static void derive_mfa(awslogsrc_record *record)
{
    int field = als_record_has(record, ALS_FIELD_SIGN_IN_MFA) ? ALS_FIELD_SIGN_IN_MFA
                                                              : ALS_FIELD_SESSION_MFA;
    if (als_record_has(record, field))
        als_record_set_integer(record, AWSLOGSRC_FIELD_ACTOR_MFA,
                               als_record_integer(record, field, 0));
}

/* The call that begins a session has it among its parameters; other services may mean something
 * else by the word. */
static void derive_source_identity(awslogsrc_record *record)
{
    if (!als_record_has(record, AWSLOGSRC_FIELD_ACTOR_SOURCE_IDENTITY) &&
        als_record_is(record, AWSLOGSRC_FIELD_SERVICE, ALS_TEXT("sts")))
        als_record_set(record, AWSLOGSRC_FIELD_ACTOR_SOURCE_IDENTITY,
                       als_record_text(record, ALS_FIELD_REQUEST_SOURCE_IDENTITY));
}

void als_actor_derive(awslogsrc_record *record)
{
    int64_t created = 0;
    if (als_record_has(record, ALS_FIELD_IDENTITY_PROVIDER) ||
        als_record_has(record, ALS_FIELD_FEDERATED_PROVIDER))
        als_record_set(
            record, AWSLOGSRC_FIELD_ACTOR_IDP,
            als_record_either(record, ALS_FIELD_IDENTITY_PROVIDER, ALS_FIELD_FEDERATED_PROVIDER));
    if (als_calendar_from_rfc3339(als_record_text(record, ALS_FIELD_SESSION_CREATED), &created) &&
        created >= 0)
        als_record_set_integer(record, AWSLOGSRC_FIELD_ACTOR_SESSION_CREATED_MS, created);
    derive_mfa(record);
    derive_source_identity(record);
    derive_user(record);
}
