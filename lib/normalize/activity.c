#include "normalize/activity.h"

#include "normalize/activity_table.h"
#include "normalize/title.h"

#define TEXT(literal)                \
    {                                \
        literal, sizeof(literal) - 1 \
    }
/* Ids come in threes: attempted, succeeded, failed. */
#define KNOWN_AS(word, id) \
    TEXT(word " Activity Succeeded"), TEXT(word " Activity Failed"), (id), (id) + 1
/* Where QRadar has no category of its own for something, it is an audit event like others. */
#define AUDIT TEXT("General Audit Event"), TEXT("General Audit Event"), 19001, 19001

static const struct als_activity_row rows[ALS_ACTIVITIES] = {
    [ALS_ACTIVITY_OTHER] = {TEXT("other"), "info", AUDIT},
    [ALS_ACTIVITY_READ] = {TEXT("read"), "access", KNOWN_AS("Read", 19015)},
    [ALS_ACTIVITY_CREATE] = {TEXT("create"), "creation", KNOWN_AS("Create", 19012)},
    [ALS_ACTIVITY_UPDATE] = {TEXT("update"), "change", KNOWN_AS("Update", 19018)},
    [ALS_ACTIVITY_DELETE] = {TEXT("delete"), "deletion", KNOWN_AS("Delete", 19021)},
    [ALS_ACTIVITY_ATTACH] = {TEXT("attach"), "change", AUDIT},
    [ALS_ACTIVITY_DETACH] = {TEXT("detach"), "change", AUDIT},
    [ALS_ACTIVITY_ENABLE] = {TEXT("enable"), "change", KNOWN_AS("Enable", 19039)},
    [ALS_ACTIVITY_DISABLE] = {TEXT("disable"), "change", KNOWN_AS("Disable", 19036)},
    [ALS_ACTIVITY_START] = {TEXT("start"), "start", AUDIT},
    [ALS_ACTIVITY_STOP] = {TEXT("stop"), "end", AUDIT},
    [ALS_ACTIVITY_EXECUTE] = {TEXT("execute"), "access", AUDIT},
    [ALS_ACTIVITY_DEPLOY] = {TEXT("deploy"), "change", KNOWN_AS("Deploy", 19033)},
    [ALS_ACTIVITY_RESTORE] = {TEXT("restore"), "change", AUDIT},
    [ALS_ACTIVITY_BACKUP] = {TEXT("backup"), "creation", KNOWN_AS("Backup", 19024)},
    [ALS_ACTIVITY_LOGIN] = {TEXT("login"), "start", AUDIT},
    [ALS_ACTIVITY_LOGOUT] = {TEXT("logout"), "end", AUDIT},
    [ALS_ACTIVITY_TRAFFIC] = {TEXT("traffic"), "connection", TEXT("Firewall Permit"),
                              TEXT("Firewall Deny"), 4002, 4003},
};

const struct als_activity_row *als_activity_row(enum als_activity activity)
{
    return &rows[activity];
}

/* In front of the verb: BatchGetItem, AdminCreateUser. */
static bool is_prefix(struct als_text word)
{
    return als_text_equal(word, ALS_TEXT("Batch")) || als_text_equal(word, ALS_TEXT("Admin")) ||
           als_text_equal(word, ALS_TEXT("Bulk")) || als_text_equal(word, ALS_TEXT("Transact"));
}

enum als_activity als_activity_of_operation(struct als_text service, struct als_text operation)
{
    struct als_title_words words;
    struct als_text word = {NULL, 0};
    const struct als_activity_exception *exception =
        als_activity_table_exception(service, operation);
    if (exception != NULL)
        return exception->activity;
    als_title_words_init(&words, operation);
    if (als_title_next_word(&words, &word) && is_prefix(word))
        (void)als_title_next_word(&words, &word);
    const struct als_activity_verb *verb = als_activity_table_verb(word);
    return verb == NULL ? ALS_ACTIVITY_OTHER : verb->activity;
}
