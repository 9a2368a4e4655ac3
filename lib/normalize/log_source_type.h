/* What a log is said to hold: the values of the option log_source_type, in its order. */
#ifndef ALS_NORMALIZE_LOG_SOURCE_TYPE_H
#define ALS_NORMALIZE_LOG_SOURCE_TYPE_H

enum als_log_source_type {
    ALS_LOG_SOURCE_AUTO, /* whatever each message looks like */
    ALS_LOG_SOURCE_AWS_CLOUDTRAIL,
    ALS_LOG_SOURCE_VPC_FLOW
};

#endif
