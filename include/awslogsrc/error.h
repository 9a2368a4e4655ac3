/* Errors: permanently numbered codes from one table, and objects that carry the details. */
#ifndef AWSLOGSRC_ERROR_H
#define AWSLOGSRC_ERROR_H

#include "types.h"

AWSLOGSRC_BEGIN

/*
 * X(name, number, class, retryable, fatal, text): every error the library returns. Numbers are
 * never reused. retryable: the same call may succeed later without anybody changing anything.
 * fatal: the handle it came from does no further work.
 */
#define AWSLOGSRC_ERROR_MAP(X)                                                          \
    X(INVALID, -1, CALLER, 0, 0, "invalid argument")                                    \
    X(NO_MEMORY, -2, SYSTEM, 1, 0, "out of memory")                                     \
    X(REENTRANT, -3, CALLER, 0, 0, "not allowed inside a callback")                     \
    X(FORKED, -4, CALLER, 0, 1, "the handle belongs to the parent process")             \
    X(STATE, -5, CALLER, 0, 0, "not allowed in this state")                             \
    X(SYSTEM, -6, SYSTEM, 1, 0, "the operating system refused")                         \
    X(INTERNAL, -7, INTERNAL, 0, 1, "internal error")                                   \
    X(OPTION_UNKNOWN, -10, OPTION, 0, 0, "unknown option")                              \
    X(OPTION_VALUE, -11, OPTION, 0, 0, "bad option value")                              \
    X(OPTION_MISSING, -12, OPTION, 0, 0, "an option is missing or contradicts another") \
    X(NOT_AVAILABLE, -13, OPTION, 0, 0, "not supported")                                \
    X(FILE, -14, SYSTEM, 0, 0, "file cannot be read")                                   \
    X(FILE_SYNTAX, -15, OPTION, 0, 0, "bad syntax in a file")                           \
    X(NAME_LOOKUP, -20, NETWORK, 1, 0, "host name not found")                           \
    X(CONNECT, -21, NETWORK, 1, 0, "connection refused or unreachable")                 \
    X(TIMEOUT, -22, NETWORK, 1, 0, "timed out")                                         \
    X(TLS, -23, NETWORK, 1, 0, "TLS failed")                                            \
    X(PROXY, -24, NETWORK, 1, 0, "proxy failed")                                        \
    X(NETWORK, -25, NETWORK, 1, 0, "connection broken")                                 \
    X(PROTOCOL, -26, PROTOCOL, 1, 0, "malformed answer")                                \
    X(TOO_LARGE, -27, PROTOCOL, 1, 0, "answer exceeds a limit")                         \
    X(NO_CREDENTIALS, -30, CREDENTIALS, 0, 0, "no credentials")                         \
    X(CREDENTIALS_REJECTED, -31, CREDENTIALS, 0, 0, "credentials rejected")             \
    X(CREDENTIALS_EXPIRED, -32, CREDENTIALS, 1, 0, "credentials expired")               \
    X(ACCESS_DENIED, -33, AWS, 0, 0, "access denied")                                   \
    X(NOT_FOUND, -34, AWS, 0, 0, "log group or stream not found")                       \
    X(BAD_REQUEST, -35, AWS, 0, 0, "request refused as invalid")                        \
    X(THROTTLED, -36, AWS, 1, 0, "throttled")                                           \
    X(SERVICE, -37, AWS, 1, 0, "service failed")                                        \
    X(CLOCK_SKEW, -38, AWS, 1, 0, "clock differs from the service's")                   \
    X(TOKEN, -39, AWS, 1, 0, "page token invalid or expired")                           \
    X(CURSOR_DAMAGED, -40, SYSTEM, 0, 0, "cursor damaged")                              \
    X(CURSOR_VERSION, -41, OPTION, 0, 0, "cursor written by a newer version")           \
    X(CURSOR_FOREIGN, -42, OPTION, 0, 0, "cursor belongs to another source")            \
    X(LOCKED, -43, SYSTEM, 1, 0, "in use by another process")                           \
    X(STORE, -44, SYSTEM, 1, 0, "cursor cannot be stored")

/* The numbers, AWSLOGSRC_E_<name>. Since 0.9. */
enum {
    AWSLOGSRC_OK = 0,
#define AWSLOGSRC_ERROR_NUMBER(name, number, class, retryable, fatal, text) \
    AWSLOGSRC_E_##name = (number),
    AWSLOGSRC_ERROR_MAP(AWSLOGSRC_ERROR_NUMBER)
#undef AWSLOGSRC_ERROR_NUMBER
};

/* Classes: who has to act. Since 0.9. */
enum {
    AWSLOGSRC_CLASS_CALLER = 1,      /* the program that embeds the library */
    AWSLOGSRC_CLASS_OPTION = 2,      /* whoever wrote the configuration */
    AWSLOGSRC_CLASS_SYSTEM = 3,      /* this machine: memory, files, descriptors */
    AWSLOGSRC_CLASS_NETWORK = 4,     /* between here and AWS */
    AWSLOGSRC_CLASS_PROTOCOL = 5,    /* an answer that makes no sense */
    AWSLOGSRC_CLASS_CREDENTIALS = 6, /* keys */
    AWSLOGSRC_CLASS_AWS = 7,         /* AWS understood and refused */
    AWSLOGSRC_CLASS_INTERNAL = 8     /* a defect of the library */
};

/* The short text of an error number: "out of memory". Never NULL; unknown numbers get "unknown
 * error". Returns: borrow, valid for ever. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_strerror(int code);

/* The number, AWSLOGSRC_E_*; 0 for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_error_code(const awslogsrc_error *error);

/* The class, AWSLOGSRC_CLASS_*; 0 for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_error_class(const awslogsrc_error *error);

/* 1 where the same call may succeed later by itself. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_error_is_retryable(const awslogsrc_error *error);

/* 1 where the handle the error came from does no further work. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_error_is_fatal(const awslogsrc_error *error);

/* One line for people: what failed, where, and what to do. Holds no secret. "" for NULL.
 * Returns: borrow, until the error is freed. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_error_message(const awslogsrc_error *error);

/* What to do about it, in one sentence for people: "Set this machine's clock, with NTP for
 * example." It depends on the number alone; "" where nothing is known to help. Messages of what AWS
 * refused end in it already.
 * Returns: borrow, valid for ever. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_error_hint(const awslogsrc_error *error);

/* What AWS called it ("AccessDeniedException"), "" where AWS did not answer.
 * Returns: borrow, until the error is freed. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_error_aws_code(const awslogsrc_error *error);

/* The x-amzn-RequestId that AWS support asks for, or "".
 * Returns: borrow, until the error is freed. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_error_request_id(const awslogsrc_error *error);

/* The HTTP status of the answer, 0 where there was none. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_error_http_status(const awslogsrc_error *error);

/* Frees an error. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_error_free(awslogsrc_error *error);

AWSLOGSRC_END

#endif
