/* The published default quotas of CloudWatch Logs, calls per second for an account and region.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
#ifndef ALS_AWS_QUOTA_H
#define ALS_AWS_QUOTA_H

#include "base/text.h"

int als_quota_filter_log_events(struct als_text region);

#endif
