#include "awslogsrc/error.h"

#include "aws/fault.h"
#include "base/error.h"

const char *awslogsrc_strerror(int code)
{
    return als_error_text(code);
}

int awslogsrc_error_code(const awslogsrc_error *error)
{
    return error == NULL ? AWSLOGSRC_OK : error->code;
}

int awslogsrc_error_class(const awslogsrc_error *error)
{
    const struct als_error_row *row = als_error_row(awslogsrc_error_code(error));
    return row == NULL ? 0 : row->class;
}

int awslogsrc_error_is_retryable(const awslogsrc_error *error)
{
    const struct als_error_row *row = als_error_row(awslogsrc_error_code(error));
    return row == NULL ? 0 : row->retryable;
}

int awslogsrc_error_is_fatal(const awslogsrc_error *error)
{
    const struct als_error_row *row = als_error_row(awslogsrc_error_code(error));
    return row == NULL ? 0 : row->fatal;
}

const char *awslogsrc_error_message(const awslogsrc_error *error)
{
    return als_error_message(error);
}

const char *awslogsrc_error_hint(const awslogsrc_error *error)
{
    return als_fault_hint(awslogsrc_error_code(error));
}

const char *awslogsrc_error_aws_code(const awslogsrc_error *error)
{
    return error == NULL || error->aws_code == NULL ? "" : error->aws_code;
}

const char *awslogsrc_error_request_id(const awslogsrc_error *error)
{
    return error == NULL || error->request_id == NULL ? "" : error->request_id;
}

int awslogsrc_error_http_status(const awslogsrc_error *error)
{
    return error == NULL ? 0 : error->http_status;
}

void awslogsrc_error_free(awslogsrc_error *error)
{
    als_error_free(error);
}
