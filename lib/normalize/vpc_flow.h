/* VPC flow logs: lines of columns. */
#ifndef ALS_NORMALIZE_VPC_FLOW_H
#define ALS_NORMALIZE_VPC_FLOW_H

#include "normalize/record.h"

/* Reads a line in the record's flow_format. False where it is none; some fields may be set then. */
bool als_vpc_flow_read(awslogsrc_record *record, struct als_text line);

#endif
