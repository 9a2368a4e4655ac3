/* Visibility and compiler hints shared by all public headers. */
#ifndef AWSLOGSRC_EXPORT_H
#define AWSLOGSRC_EXPORT_H

#if defined(__GNUC__) || defined(__clang__)
#define AWSLOGSRC_API          __attribute__((visibility("default")))
#define AWSLOGSRC_MUST_USE     __attribute__((warn_unused_result))
#define AWSLOGSRC_PRINTF(f, a) __attribute__((format(printf, f, a)))
#else
#define AWSLOGSRC_API
#define AWSLOGSRC_MUST_USE
#define AWSLOGSRC_PRINTF(f, a)
#endif

#ifdef __cplusplus
#define AWSLOGSRC_BEGIN extern "C" {
#define AWSLOGSRC_END   }
#else
#define AWSLOGSRC_BEGIN
#define AWSLOGSRC_END
#endif

#endif
