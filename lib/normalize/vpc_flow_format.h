/* The columns of a VPC flow log. CloudWatch Logs has no header lines, so the format must be known.
 */
#ifndef ALS_NORMALIZE_VPC_FLOW_FORMAT_H
#define ALS_NORMALIZE_VPC_FLOW_FORMAT_H

#include <stdbool.h>

#include "base/buffer.h"
#include "base/text.h"

enum { ALS_VPC_FLOW_COLUMNS_MAX = 128 };

enum als_vpc_flow_type {
    ALS_VPC_FLOW_IGNORED,
    ALS_VPC_FLOW_TEXT,
    ALS_VPC_FLOW_ADDRESS,
    ALS_VPC_FLOW_NUMBER,
    ALS_VPC_FLOW_SECONDS /* since 1970 UTC */
};

struct als_vpc_flow_column {
    const char *name;
    enum als_vpc_flow_type type;
    int field; /* of the record */
};

struct als_vpc_flow_format {
    char *text; /* what it was made of */
    const struct als_vpc_flow_column *columns[ALS_VPC_FLOW_COLUMNS_MAX];
    size_t count;
    bool standard; /* the default format */
};

/* "version account-id ...", or as AWS writes it: "${version} ${account-id} ..."; "-" is a column to
 * ignore. Empty: the default format, version 2. On failure says why (optional) and leaves the
 * format empty. Answers 0, AWSLOGSRC_E_OPTION_VALUE or AWSLOGSRC_E_NO_MEMORY. Does nothing where
 * the format is the same already. */
int als_vpc_flow_format_compile(struct als_vpc_flow_format *format, struct als_text text,
                                struct als_buffer *why);
void als_vpc_flow_format_clear(struct als_vpc_flow_format *format);

/* Whether it can be compiled: for options. */
bool als_vpc_flow_format_check(struct als_text text, struct als_buffer *why);

#endif
