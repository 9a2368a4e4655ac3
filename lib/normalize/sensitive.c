#include "normalize/sensitive.h"

#include "normalize/lookup.h"

struct operation {
    const char *name;
    const char *service;
};

/* What public detection rules for CloudTrail look for. Sorted by name. */
static const struct operation operations[] = {{"AddUserToGroup", "iam"},
                                              {"AttachGroupPolicy", "iam"},
                                              {"AttachRolePolicy", "iam"},
                                              {"AttachUserPolicy", "iam"},
                                              {"AuthorizeSecurityGroupIngress", "ec2"},
                                              {"CreateAccessKey", "iam"},
                                              {"CreateLoginProfile", "iam"},
                                              {"CreatePolicyVersion", "iam"},
                                              {"CreateSAMLProvider", "iam"},
                                              {"CreateUser", "iam"},
                                              {"DeactivateMFADevice", "iam"},
                                              {"DeleteBucketPolicy", "s3"},
                                              {"DeleteConfigurationRecorder", "config"},
                                              {"DeleteDeliveryChannel", "config"},
                                              {"DeleteDetector", "guardduty"},
                                              {"DeleteFlowLogs", "ec2"},
                                              {"DeleteLogGroup", "logs"},
                                              {"DeleteLogStream", "logs"},
                                              {"DeleteMembers", "guardduty"},
                                              {"DeleteSecret", "secretsmanager"},
                                              {"DeleteTrail", "cloudtrail"},
                                              {"DeleteWebACL", "waf"},
                                              {"DeleteWebACL", "wafv2"},
                                              {"DisableKey", "kms"},
                                              {"DisableSecurityHub", "securityhub"},
                                              {"GetPasswordData", "ec2"},
                                              {"LeaveOrganization", "organizations"},
                                              {"ModifyDBClusterSnapshotAttribute", "rds"},
                                              {"ModifyDBSnapshotAttribute", "rds"},
                                              {"ModifyImageAttribute", "ec2"},
                                              {"ModifySnapshotAttribute", "ec2"},
                                              {"PutBucketAcl", "s3"},
                                              {"PutBucketPolicy", "s3"},
                                              {"PutEventSelectors", "cloudtrail"},
                                              {"PutGroupPolicy", "iam"},
                                              {"PutKeyPolicy", "kms"},
                                              {"PutRolePolicy", "iam"},
                                              {"PutUserPolicy", "iam"},
                                              {"ScheduleKeyDeletion", "kms"},
                                              {"SendCommand", "ssm"},
                                              {"SetDefaultPolicyVersion", "iam"},
                                              {"StopConfigurationRecorder", "config"},
                                              {"StopLogging", "cloudtrail"},
                                              {"StopMonitoringMembers", "guardduty"},
                                              {"UpdateAssumeRolePolicy", "iam"},
                                              {"UpdateDetector", "guardduty"},
                                              {"UpdateLoginProfile", "iam"},
                                              {"UpdateSAMLProvider", "iam"},
                                              {"UpdateTrail", "cloudtrail"}};

bool als_sensitive_is(struct als_text service, struct als_text operation)
{
    struct als_lookup table = ALS_LOOKUP(operations);
    const struct operation *row = als_lookup_find(table, operation);
    while (row != NULL && !als_text_equal(als_text_of(row->service), service))
        row = als_lookup_next(table, row, operation);
    return row != NULL;
}
