/* What a CloudTrail event means: activity, domain, outcome, severity, category and title, from the
 * fields that were read. */
#ifndef ALS_NORMALIZE_CLASSIFY_H
#define ALS_NORMALIZE_CLASSIFY_H

#include "normalize/activity.h"
#include "normalize/domain.h"
#include "normalize/record.h"

void als_classify_event(awslogsrc_record *record);

void als_classify_set_activity(awslogsrc_record *record, enum als_activity activity);
void als_classify_set_domain(awslogsrc_record *record, enum als_domain domain);

/* The activity's category; failed: in the form for what failed or was refused. */
void als_classify_set_category(awslogsrc_record *record, bool failed);

enum als_activity als_classify_activity(const awslogsrc_record *record);
enum als_domain als_classify_domain(const awslogsrc_record *record);

/* Whether these are the outcome. */
bool als_classify_succeeded(const awslogsrc_record *record);
bool als_classify_failed(const awslogsrc_record *record);

#endif
