/* Credential providers: where the keys that sign requests come from. */
#ifndef AWSLOGSRC_CREDENTIALS_H
#define AWSLOGSRC_CREDENTIALS_H

#include "types.h"

AWSLOGSRC_BEGIN

/* Fixed keys. session_token: optional. All borrowed during the call, copied, and wiped when freed.
 * out: ref. Returns 0, or AWSLOGSRC_E_INVALID (a key is missing, empty, or has a control
 * character), AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_static_new(const char *access_key, const char *secret_key,
                                                   const char *session_token,
                                                   awslogsrc_credentials **out,
                                                   awslogsrc_error **error);

/* AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, read now. out: ref.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_NO_CREDENTIALS (not set, or one of the two alone),
 * AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_environment_new(awslogsrc_credentials **out,
                                                        awslogsrc_error **error);

/* A profile of the shared AWS files (~/.aws/config, ~/.aws/credentials; AWS_CONFIG_FILE,
 * AWS_SHARED_CREDENTIALS_FILE), which are read whenever keys are needed: keys, credential_process,
 * credential_source = Environment. Login profiles (IAM Identity Center, aws login) are refused.
 * What is wrong with them shows in the status of the regions that wait for keys. profile: NULL or
 * "" for AWS_PROFILE, else "default". out: ref. Returns 0, or AWSLOGSRC_E_INVALID,
 * AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_profile_new(const char *profile,
                                                    awslogsrc_credentials **out,
                                                    awslogsrc_error **error);

/* A program that prints {"Version": 1, "AccessKeyId": ..., "SecretAccessKey": ..., "SessionToken":
 * ..., "Expiration": ...}, run whenever keys are needed, for a minute at most; its output is never
 * logged. command: words with POSIX quotes, without variables, pipes and other services of a shell.
 * It gets the environment, no descriptors of the host but standard output and error, which the
 * library reads, and no terminal. The library waits for its own child only; a host that has a
 * handler for SIGCHLD will see it run. out: ref.
 * Returns 0, or AWSLOGSRC_E_INVALID, AWSLOGSRC_E_OPTION_VALUE (the command), AWSLOGSRC_E_NO_MEMORY.
 * Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_process_new(const char *command,
                                                    awslogsrc_credentials **out,
                                                    awslogsrc_error **error);

/* Takes a further reference. Returns the credentials. Any thread. Since 0.9. */
AWSLOGSRC_API awslogsrc_credentials *awslogsrc_credentials_ref(awslogsrc_credentials *credentials);

/* Gives a reference back; the last one wipes the keys. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_credentials_unref(awslogsrc_credentials *credentials);

AWSLOGSRC_END

#endif
