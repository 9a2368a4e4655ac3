/* What VPC flow logs have of their own in OCSF: Network Activity. */
#ifndef ALS_NORMALIZE_OCSF_FLOW_H
#define ALS_NORMALIZE_OCSF_FLOW_H

#include "normalize/json_writer.h"

void als_ocsf_flow_write(struct als_json_writer *json, const awslogsrc_record *record);

#endif
