#include "normalize/classify.h"

#include "normalize/sensitive.h"
#include "normalize/title.h"

void als_classify_set_activity(awslogsrc_record *record, enum als_activity activity)
{
    als_record_set(record, AWSLOGSRC_FIELD_ACTIVITY, als_activity_row(activity)->name);
    als_record_set_integer(record, ALS_FIELD_ACTIVITY_NUMBER, activity);
}

void als_classify_set_domain(awslogsrc_record *record, enum als_domain domain)
{
    als_record_set(record, AWSLOGSRC_FIELD_DOMAIN, als_domain_name(domain));
    als_record_set_integer(record, ALS_FIELD_DOMAIN_NUMBER, domain);
}

void als_classify_set_category(awslogsrc_record *record, bool failed)
{
    const struct als_activity_row *row = als_activity_row(als_classify_activity(record));
    als_record_set(record, AWSLOGSRC_FIELD_CATEGORY, failed ? row->failed_category : row->category);
    als_record_set_integer(record, AWSLOGSRC_FIELD_CATEGORY_ID,
                           failed ? row->failed_category_id : row->category_id);
}

enum als_activity als_classify_activity(const awslogsrc_record *record)
{
    return (enum als_activity)als_record_integer(record, ALS_FIELD_ACTIVITY_NUMBER,
                                                 ALS_ACTIVITY_OTHER);
}

enum als_domain als_classify_domain(const awslogsrc_record *record)
{
    return (enum als_domain)als_record_integer(record, ALS_FIELD_DOMAIN_NUMBER, ALS_DOMAIN_OTHER);
}

bool als_classify_succeeded(const awslogsrc_record *record)
{
    return als_record_is(record, AWSLOGSRC_FIELD_OUTCOME, ALS_TEXT("success"));
}

bool als_classify_failed(const awslogsrc_record *record)
{
    return als_record_is(record, AWSLOGSRC_FIELD_OUTCOME, ALS_TEXT("failure"));
}

static void classify_activity(awslogsrc_record *record)
{
    struct als_text service = als_record_text(record, AWSLOGSRC_FIELD_SERVICE);
    struct als_text name = als_record_text(record, AWSLOGSRC_FIELD_NAME);
    enum als_activity activity = als_activity_of_operation(service, name);
    if (activity == ALS_ACTIVITY_OTHER &&
        als_record_integer(record, AWSLOGSRC_FIELD_READ_ONLY, 0) != 0)
        activity = ALS_ACTIVITY_READ;
    als_classify_set_activity(record, activity);
    bool auth = activity == ALS_ACTIVITY_LOGIN || activity == ALS_ACTIVITY_LOGOUT;
    als_classify_set_domain(record, auth ? ALS_DOMAIN_AUTH : als_domain_of(service, name));
}

/* What the service itself says of a sign-in comes before errors: those of the console have a
 * message and no code. */
static struct als_text find_outcome(const awslogsrc_record *record)
{
    struct als_text result = als_record_text(record, ALS_FIELD_RESULT);
    if (result.size > 0)
        return als_text_equal_ignoring_case(result, ALS_TEXT("success")) ? ALS_TEXT("success")
                                                                         : ALS_TEXT("failure");
    if (als_record_kind(record) == ALS_RECORD_INSIGHT)
        return ALS_TEXT("unknown");
    if (als_record_has(record, AWSLOGSRC_FIELD_ERROR_CODE) ||
        als_record_has(record, AWSLOGSRC_FIELD_ERROR_MESSAGE))
        return ALS_TEXT("failure");
    return ALS_TEXT("success");
}

/* Codes come bare (AccessDenied), prefixed (Client.UnauthorizedOperation) and suffixed. */
static bool is_denial(struct als_text error_code)
{
    static const char *const words[] = {
        "AccessDenied",       "Unauthorized",         "NotAuthorized",         "Forbidden",
        "UnrecognizedClient", "InvalidClientTokenId", "SignatureDoesNotMatch", "ExpiredToken",
        "AuthFailure",        "OptInRequired"};
    for (size_t i = 0; error_code.size > 0 && i < sizeof words / sizeof *words; i++) {
        if (als_text_contains(error_code, als_text_of(words[i])))
            return true;
    }
    return false;
}

enum { SEVERITY_HIGH = 6, SEVERITY_NOTABLE = 5 };

static int rate(const awslogsrc_record *record)
{
    bool failed = als_classify_failed(record);
    enum als_activity activity = als_classify_activity(record);
    if (als_record_kind(record) == ALS_RECORD_INSIGHT)
        return SEVERITY_HIGH;
    if (als_record_integer(record, AWSLOGSRC_FIELD_DENIED, 0) != 0)
        return SEVERITY_NOTABLE;
    if (als_sensitive_is(als_record_text(record, AWSLOGSRC_FIELD_SERVICE),
                         als_record_text(record, AWSLOGSRC_FIELD_NAME)))
        return failed ? SEVERITY_NOTABLE : SEVERITY_HIGH;
    if (activity == ALS_ACTIVITY_LOGIN)
        return failed ? SEVERITY_NOTABLE : 2;
    if (activity == ALS_ACTIVITY_READ)
        return failed ? 2 : 1;
    return 3;
}

static void classify_severity(awslogsrc_record *record)
{
    int severity = rate(record);
    bool root = als_record_is(record, AWSLOGSRC_FIELD_ACTOR_TYPE, ALS_TEXT("Root"));
    if (root && als_classify_activity(record) != ALS_ACTIVITY_READ && severity < SEVERITY_HIGH)
        severity = SEVERITY_HIGH;
    als_record_set_integer(record, AWSLOGSRC_FIELD_SEVERITY, severity);
}

static void set_title(awslogsrc_record *record)
{
    struct als_text name = als_record_text(record, AWSLOGSRC_FIELD_NAME);
    char *room = name.size > ALS_TITLE_NAME_MAX ? NULL : als_record_room(record, 2 * name.size);
    if (room != NULL)
        name = (struct als_text){room, als_title_write(name, room)};
    als_record_set(record, AWSLOGSRC_FIELD_TITLE, name);
}

/* "Api Call Rate Insight Start" */
static void set_insight_title(awslogsrc_record *record)
{
    struct als_text type = als_record_text(record, AWSLOGSRC_FIELD_INSIGHT_TYPE);
    struct als_text state = als_record_text(record, AWSLOGSRC_FIELD_INSIGHT_STATE);
    size_t most = 2 * type.size + 2 * state.size + 1;
    char *room = most > ALS_TITLE_NAME_MAX ? NULL : als_record_room(record, most);
    if (room == NULL || type.size == 0)
        return;
    size_t size = als_title_write(type, room);
    room[size++] = ' ';
    size += als_title_write(state, room + size);
    als_record_set(record, AWSLOGSRC_FIELD_TITLE, (struct als_text){room, size});
}

/* QRadar and JSA call what the console itself reads, as it opens a page, a login to it. */
static bool is_console_reading(const awslogsrc_record *record)
{
    return als_classify_activity(record) == ALS_ACTIVITY_READ &&
           als_record_is(record, AWSLOGSRC_FIELD_ACTOR_INVOKED_BY,
                         ALS_TEXT("signin.amazonaws.com"));
}

static void set_general_category(awslogsrc_record *record)
{
    const struct als_activity_row *row = als_activity_row(ALS_ACTIVITY_OTHER);
    als_record_set(record, AWSLOGSRC_FIELD_CATEGORY, row->category);
    als_record_set_integer(record, AWSLOGSRC_FIELD_CATEGORY_ID, row->category_id);
}

/* An insight is about many calls: nothing was created, and nothing succeeded. */
static void classify_title(awslogsrc_record *record)
{
    set_title(record);
    als_classify_set_category(record, als_classify_failed(record));
    if (als_record_kind(record) == ALS_RECORD_INSIGHT) {
        set_insight_title(record);
        set_general_category(record);
    } else if (is_console_reading(record)) {
        als_record_set(record, AWSLOGSRC_FIELD_TITLE, ALS_TEXT("Console Login"));
        set_general_category(record);
    }
}

void als_classify_event(awslogsrc_record *record)
{
    classify_activity(record);
    als_record_set(record, AWSLOGSRC_FIELD_OUTCOME, find_outcome(record));
    als_record_set_integer(record, AWSLOGSRC_FIELD_DENIED,
                           is_denial(als_record_text(record, AWSLOGSRC_FIELD_ERROR_CODE)));
    classify_severity(record);
    classify_title(record);
}
