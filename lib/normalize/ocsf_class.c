#include "normalize/ocsf_class.h"

#include "normalize/classify.h"
#include "normalize/lookup.h"

enum { OTHER = 99 };

struct operation {
    const char *name;
};

/* What AWS counts as Account Change. Sorted by name. */
static const struct operation account_changes[] = {{"AccountNameUpdated"},
                                                   {"AddRoleToInstanceProfile"},
                                                   {"AddUserToGroup"},
                                                   {"AttachGroupPolicy"},
                                                   {"AttachRolePolicy"},
                                                   {"AttachUserPolicy"},
                                                   {"ChangePassword"},
                                                   {"CreateAccessKey"},
                                                   {"CreateAccountAlias"},
                                                   {"CreateInstanceProfile"},
                                                   {"CreateLoginProfile"},
                                                   {"CreateRole"},
                                                   {"CreateServiceLinkedRole"},
                                                   {"CreateUser"},
                                                   {"CreateVirtualMFADevice"},
                                                   {"DeactivateMFADevice"},
                                                   {"DeleteAccessKey"},
                                                   {"DeleteAccountAlias"},
                                                   {"DeleteAccountPasswordPolicy"},
                                                   {"DeleteGroup"},
                                                   {"DeleteGroupPolicy"},
                                                   {"DeleteInstanceProfile"},
                                                   {"DeleteLoginProfile"},
                                                   {"DeletePolicy"},
                                                   {"DeleteRole"},
                                                   {"DeleteRolePermissionsBoundary"},
                                                   {"DeleteRolePolicy"},
                                                   {"DeleteServiceLinkedRole"},
                                                   {"DeleteUser"},
                                                   {"DeleteUserPermissionsBoundary"},
                                                   {"DeleteUserPolicy"},
                                                   {"DeleteVirtualMFADevice"},
                                                   {"DetachGroupPolicy"},
                                                   {"DetachRolePolicy"},
                                                   {"DetachUserPolicy"},
                                                   {"EmailUpdated"},
                                                   {"EnableMFADevice"},
                                                   {"FinalizeSmsMfaRegistration"},
                                                   {"PasswordUpdated"},
                                                   {"PutGroupPolicy"},
                                                   {"PutRolePermissionsBoundary"},
                                                   {"PutRolePolicy"},
                                                   {"PutUserPermissionsBoundary"},
                                                   {"PutUserPolicy"},
                                                   {"RemoveRoleFromInstanceProfile"},
                                                   {"RemoveUserFromGroup"},
                                                   {"RequestSmsMfaRegistration"},
                                                   {"ResyncMFADevice"},
                                                   {"TagInstanceProfile"},
                                                   {"TagRole"},
                                                   {"TagUser"},
                                                   {"UntagInstanceProfile"},
                                                   {"UntagRole"},
                                                   {"UntagUser"},
                                                   {"UpdateAccessKey"},
                                                   {"UpdateAccountEmailAddress"},
                                                   {"UpdateAccountName"},
                                                   {"UpdateAccountPasswordPolicy"},
                                                   {"UpdateAssumeRolePolicy"},
                                                   {"UpdateGroup"},
                                                   {"UpdateLoginProfile"},
                                                   {"UpdateRole"},
                                                   {"UpdateRoleDescription"},
                                                   {"UpdateUser"}};

/* --- Account Change --- */

static bool starts(struct als_text name, const char *prefix)
{
    return als_text_starts_with(name, als_text_of(prefix));
}

static bool is(struct als_text name, const char *other)
{
    return als_text_equal(name, als_text_of(other));
}

/* Deleting these is no matter of an account's life. */
static bool deletes_accessory(struct als_text name)
{
    return starts(name, "DeleteSSH") || starts(name, "DeleteServer") ||
           starts(name, "DeleteSign") || starts(name, "DeleteAccount") ||
           starts(name, "DeleteCloudFront") || starts(name, "DeleteService");
}

static int account_activity(struct als_text name)
{
    if (is(name, "EnableMFADevice"))
        return 10;
    if (is(name, "DeactivateMFADevice"))
        return 11;
    if (is(name, "ChangePassword") || is(name, "PasswordUpdated"))
        return 3;
    if (is(name, "UpdateLoginProfile"))
        return 4;
    if (starts(name, "Create"))
        return 1;
    if (starts(name, "Attach") || starts(name, "Put") || is(name, "AddUserToGroup"))
        return 7;
    if (starts(name, "Detach") || starts(name, "Remove"))
        return 8;
    if (!starts(name, "Delete") || deletes_accessory(name))
        return OTHER;
    return als_text_contains(name, ALS_TEXT("Polic")) ||
                   als_text_contains(name, ALS_TEXT("Boundary"))
               ? 8
               : 6;
}

static const char *account_activity_name(int activity)
{
    switch (activity) {
    case 1: return "Create";
    case 3: return "Password Change";
    case 4: return "Password Reset";
    case 6: return "Delete";
    case 7: return "Attach Policy";
    case 8: return "Detach Policy";
    case 10: return "MFA Factor Enable";
    case 11: return "MFA Factor Disable";
    default: return "Other";
    }
}

static bool is_account_change(struct als_text service, struct als_text name)
{
    static const char *const services[] = {"iam", "signin", "account", "sso", "identitystore"};
    for (size_t i = 0; i < sizeof services / sizeof *services; i++) {
        if (is(service, services[i]))
            return als_lookup_find(ALS_LOOKUP(account_changes), name) != NULL;
    }
    return false;
}

/* --- Authentication --- */

static bool is_logon(struct als_text name)
{
    return is(name, "ConsoleLogin") || is(name, "ExternalIdPDirectoryLogin") ||
           is(name, "AssumeRole") || is(name, "AssumeRoleWithSAML") ||
           is(name, "AssumeRoleWithWebIdentity");
}

static bool is_authentication(struct als_text service, struct als_text name)
{
    bool gate = is(service, "signin") || is(service, "sts") || is(service, "sso");
    return gate && (is_logon(name) || is(name, "CheckMfa") || is(name, "CredentialChallenge") ||
                    is(name, "CredentialVerification") || is(name, "UserAuthentication"));
}

/* --- API Activity --- */

static int api_activity(enum als_activity activity)
{
    switch (activity) {
    case ALS_ACTIVITY_CREATE:
    case ALS_ACTIVITY_BACKUP:
    case ALS_ACTIVITY_RESTORE: return 1;
    case ALS_ACTIVITY_READ: return 2;
    case ALS_ACTIVITY_UPDATE:
    case ALS_ACTIVITY_ATTACH:
    case ALS_ACTIVITY_DETACH:
    case ALS_ACTIVITY_ENABLE:
    case ALS_ACTIVITY_DISABLE:
    case ALS_ACTIVITY_START:
    case ALS_ACTIVITY_STOP:
    case ALS_ACTIVITY_DEPLOY: return 3;
    case ALS_ACTIVITY_DELETE: return 4;
    default: return OTHER;
    }
}

static const char *api_activity_name(int activity)
{
    static const char *const names[] = {"Unknown", "Create", "Read", "Update", "Delete"};
    return activity == OTHER ? "Other" : names[activity];
}

struct als_ocsf_class als_ocsf_class_of(const awslogsrc_record *record)
{
    struct als_text service = als_record_text(record, AWSLOGSRC_FIELD_SERVICE);
    struct als_text name = als_record_text(record, AWSLOGSRC_FIELD_NAME);
    enum als_record_kind kind = als_record_kind(record);
    int activity = api_activity(als_classify_activity(record));
    if (kind == ALS_RECORD_VPC_FLOW)
        return (struct als_ocsf_class){
            ALS_OCSF_NETWORK_ACTIVITY, "Network Activity", 4, "Network Activity", 6, "Traffic"};
    if (kind == ALS_RECORD_INSIGHT || !als_record_is_event(record))
        return (struct als_ocsf_class){ALS_OCSF_BASE_EVENT, "Base Event", 0,
                                       "Uncategorized",     OTHER,        "Other"};
    if (is_account_change(service, name)) {
        activity = account_activity(name);
        return (struct als_ocsf_class){
            ALS_OCSF_ACCOUNT_CHANGE,        "Account Change", 3,
            "Identity & Access Management", activity,         account_activity_name(activity)};
    }
    if (is_authentication(service, name))
        return (struct als_ocsf_class){ALS_OCSF_AUTHENTICATION,
                                       "Authentication",
                                       3,
                                       "Identity & Access Management",
                                       is_logon(name) ? 1 : OTHER,
                                       is_logon(name) ? "Logon" : "Other"};
    return (struct als_ocsf_class){
        ALS_OCSF_API_ACTIVITY,  "API Activity", 6,
        "Application Activity", activity,       api_activity_name(activity)};
}
