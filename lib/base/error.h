/* Error objects. The numbers and their texts are in awslogsrc/error.h. */
#ifndef ALS_BASE_ERROR_H
#define ALS_BASE_ERROR_H

#include "awslogsrc/error.h"

struct awslogsrc_error {
    int code;
    int http_status;
    char *message;
    char *aws_code;
    char *request_id;
};

/* A row of the table in awslogsrc/error.h. */
struct als_error_row {
    int code;
    const char *name; /* "THROTTLED" */
    int class;
    int retryable;
    int fatal;
    const char *text;
};

const struct als_error_row *als_error_row(int code); /* NULL where there is none */
const char *als_error_text(int code);                /* never NULL */
const char *als_error_name(int code);                /* "" where there is none */

struct als_error_origin {
    const char *aws_code; /* all optional */
    const char *request_id;
    int http_status;
};

/* Writes a new error to *error (optional; whatever is there is overwritten, not freed) and returns
 * code, so that a failing function ends with "return als_error_set(error, ...)". Without memory the
 * error says so. */
int als_error_set(awslogsrc_error **error, int code, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

int als_error_set_origin(awslogsrc_error **error, int code, const struct als_error_origin *origin,
                         const char *message);

/* Puts text in front of the message: "regions: ". Does nothing where error or *error is NULL. */
void als_error_prefix(awslogsrc_error **error, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

const char *als_error_message(const awslogsrc_error *error); /* "" for NULL */
awslogsrc_error *als_error_copy(const awslogsrc_error *error);
void als_error_free(awslogsrc_error *error);

#endif
