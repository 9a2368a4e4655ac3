/* Open Cybersecurity Schema Framework 1.5, as AWS's own Security Lake maps CloudTrail and VPC flow
 * logs; what has no class there is a Base Event. */
#ifndef ALS_NORMALIZE_OCSF_H
#define ALS_NORMALIZE_OCSF_H

#include "normalize/record.h"
#include "normalize/writer.h"

/* original: raw_data as well. */
void als_ocsf_write(struct als_writer *writer, const awslogsrc_record *record, bool original);

#endif
