/* A check of everything that a source needs, from its options to a sample event: what is wrong, and
 * what to do about it. */
#ifndef AWSLOGSRC_CHECK_H
#define AWSLOGSRC_CHECK_H

#include "types.h"

AWSLOGSRC_BEGIN

/* What became of a step. Since 0.9. */
enum {
    AWSLOGSRC_STEP_OK = 0,
    AWSLOGSRC_STEP_FAILED = 1,
    AWSLOGSRC_STEP_SKIPPED = 2 /* there is nothing to check, or an earlier step failed */
};

/* Receives the report of a check. check: take (free it with awslogsrc_check_free()); it outlives
 * the source. */
typedef void (*awslogsrc_check_fn)(void *user_data, awslogsrc_source *source,
                                   awslogsrc_check *check);

/* A check ends within that time, in ms, whatever the options and the services do; the keys have 30
 * s of it. What had no answer by then is a step that failed. Since 0.9. */
enum { AWSLOGSRC_CHECK_LIMIT_MS = 120000 };

/* Tries, once and in all regions at the same time, what reading will need: credentials, and in each
 * region name lookup, connection, proxy, TLS, clock, keys, permission, filter pattern, log group
 * and stream; and fetches a sample event of the last day. Besides, it asks STS whom the keys belong
 * to: where STS is out of reach, or refuses, or where endpoint_url is set and sts_endpoint_url is
 * not (then it is not asked at all), that step is skipped, and no other depends on it. Nothing is
 * delivered and no position moves; the source may be running or not. fn is called once, from
 * awslogsrc_context_process(), within AWSLOGSRC_CHECK_LIMIT_MS, unless the source is freed before.
 * user_data: take. error: optional. Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_FORKED,
 * AWSLOGSRC_E_STATE (a check is under way already), AWSLOGSRC_E_NO_MEMORY; user_data_free has run
 * then. Since 0.9. */
AWSLOGSRC_API int awslogsrc_source_check(awslogsrc_source *source, awslogsrc_check_fn fn,
                                         void *user_data, awslogsrc_user_data_free user_data_free,
                                         awslogsrc_error **error);

/* How many steps the report has; 0 for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API size_t awslogsrc_check_count(const awslogsrc_check *check);

/* How many of them failed; 0 for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API size_t awslogsrc_check_failures(const awslogsrc_check *check);

/* One step, numbered from 0, in the order in which they depend on one another; NULL past the end.
 * Returns: borrow, as long as the report lives. Any thread. Since 0.9. */
AWSLOGSRC_API const awslogsrc_step *awslogsrc_check_step(const awslogsrc_check *check,
                                                         size_t index);

/* "options", "identifier" (its patterns), "credentials", "identity", "name lookup", "connection",
 * "proxy", "tls", "answer", "clock", "keys", "permission", "filter", "log group", "sample event";
 * NULL for NULL. Later versions add names. Returns: borrow, for ever. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_step_name(const awslogsrc_step *step);

/* The region it was taken in; "" where it is the source's own; NULL for NULL. Returns: borrow, as
 * long as the report lives. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_step_region(const awslogsrc_step *step);

/* AWSLOGSRC_STEP_*. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_step_result(const awslogsrc_step *step);

/* What it took, in ms; -1 where that is not known. Any thread. Since 0.9. */
AWSLOGSRC_API int64_t awslogsrc_step_duration_ms(const awslogsrc_step *step);

/* What was found, or the cause of the failure; of a sample event its payload. Never a secret. size:
 * optional, in bytes, without the NUL behind it. Returns: borrow, as long as the report lives; NULL
 * for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_step_detail(const awslogsrc_step *step, size_t *size);

/* What to do about a failure, in a sentence; "" where there is nothing to do. Returns: borrow, as
 * long as the report lives; NULL for NULL. Any thread. Since 0.9. */
AWSLOGSRC_API const char *awslogsrc_step_remedy(const awslogsrc_step *step);

/* Frees a report. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_check_free(awslogsrc_check *check);

AWSLOGSRC_END

#endif
