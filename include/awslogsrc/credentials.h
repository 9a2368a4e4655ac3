/* Credential providers: where the keys that sign requests come from. A provider is only
 * a description: it needs no context, never changes, and any number of sources, contexts and
 * threads may share it. What it describes is looked up when a source that uses it needs keys, on
 * the loop of that source's context, which keeps one cache for each provider: keys are fetched once
 * however many sources and regions ask, renewed before they expire, and used as long as they live
 * when renewing fails. Until there are keys the regions wait, in the state
 * AWSLOGSRC_REGION_WAITING_FOR_CREDENTIALS, and go on by themselves. */
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
 * AWS_SHARED_CREDENTIALS_FILE), which are read whenever keys are needed. Profiles that need a login
 * (IAM Identity Center, aws login) are refused. What is wrong with them shows in the status of the
 * regions that wait for keys. options: optional; borrow, during the call: profile counts (else
 * AWS_PROFILE, else "default"), and for its roles regions (the first one's STS is asked; else the
 * profile's region), sts_endpoint_url, use_fips_endpoint, use_dualstack_endpoint and
 * ec2_metadata_endpoint. out: ref; written on success only. error: optional; ref, written on
 * failure only. Returns 0, or AWSLOGSRC_E_INVALID (out is NULL), AWSLOGSRC_E_OPTION_VALUE (a
 * variable), AWSLOGSRC_E_FILE, AWSLOGSRC_E_FILE_SYNTAX (the config file), AWSLOGSRC_E_NO_MEMORY.
 * Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_profile_new(const awslogsrc_options *options,
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

/* The role of this EC2 instance, from its metadata service, version 2 only, never through a proxy.
 * options: optional; borrow, during the call: ec2_metadata_endpoint counts, before
 * AWS_EC2_METADATA_SERVICE_ENDPOINT and AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE, and these before
 * what the profile says. out: ref; written on success only. error: optional; ref, written on
 * failure only. Returns 0, or AWSLOGSRC_E_INVALID (out is NULL), AWSLOGSRC_E_NO_CREDENTIALS
 * (AWS_EC2_METADATA_DISABLED is true), AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_FILE,
 * AWSLOGSRC_E_FILE_SYNTAX (the config file), AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_imds_new(const awslogsrc_options *options,
                                                 awslogsrc_credentials **out,
                                                 awslogsrc_error **error);

/* What the agent of ECS or EKS gives this container: AWS_CONTAINER_CREDENTIALS_RELATIVE_URI or
 * AWS_CONTAINER_CREDENTIALS_FULL_URI, with AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (read again each
 * time) or AWS_CONTAINER_AUTHORIZATION_TOKEN; all read now. Never through a proxy; without TLS only
 * this machine and the agents' own addresses are asked. out: ref; written on success only. error:
 * optional; ref, written on failure only.
 * Returns 0, or AWSLOGSRC_E_INVALID (out is NULL), AWSLOGSRC_E_NO_CREDENTIALS (neither URI is set),
 * AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_container_new(awslogsrc_credentials **out,
                                                      awslogsrc_error **error);

/* A role that other credentials may assume, by AssumeRole of STS. base: ref. options: borrow,
 * during the call: assume_role_arn, assume_role_session_name, assume_role_external_id and
 * assume_role_duration count, and regions (the first one's STS is asked), sts_endpoint_url,
 * use_fips_endpoint and use_dualstack_endpoint. Roles over roles make a chain. out: ref; written on
 * success only. error: optional; ref, written on failure only.
 * Returns 0, or AWSLOGSRC_E_INVALID (an argument is NULL), AWSLOGSRC_E_OPTION_MISSING (the role or
 * the region), AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_FILE, AWSLOGSRC_E_FILE_SYNTAX (the config
 * file, which may have the region), AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_assume_role_new(awslogsrc_credentials *base,
                                                        const awslogsrc_options *options,
                                                        awslogsrc_credentials **out,
                                                        awslogsrc_error **error);

/* A role that the bearer of a token may assume, by AssumeRoleWithWebIdentity of STS:
 * AWS_WEB_IDENTITY_TOKEN_FILE (the file is read again each time), AWS_ROLE_ARN and
 * AWS_ROLE_SESSION_NAME, as EKS sets them; read now. options: borrow, during the call: regions,
 * sts_endpoint_url, use_fips_endpoint and use_dualstack_endpoint count. out: ref; written on
 * success only. error: optional; ref, written on failure only. Returns 0, or AWSLOGSRC_E_INVALID
 * (an argument is NULL), AWSLOGSRC_E_OPTION_MISSING (file, role or region),
 * AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_FILE, AWSLOGSRC_E_FILE_SYNTAX (the config file),
 * AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_web_identity_new(const awslogsrc_options *options,
                                                         awslogsrc_credentials **out,
                                                         awslogsrc_error **error);

/* The default chain: the first of environment, profile, web identity, container and EC2 that is
 * configured; what is configured but broken stops it. options: borrow, during the call; those of
 * the providers count. out: ref; written on success only. error: optional; ref, written on failure
 * only. Returns 0, or AWSLOGSRC_E_INVALID (an argument is NULL), AWSLOGSRC_E_NO_CREDENTIALS
 * (nothing is configured, or half of a pair of keys), AWSLOGSRC_E_OPTION_MISSING,
 * AWSLOGSRC_E_OPTION_VALUE, AWSLOGSRC_E_FILE, AWSLOGSRC_E_FILE_SYNTAX (the config file),
 * AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_chain_new(const awslogsrc_options *options,
                                                  awslogsrc_credentials **out,
                                                  awslogsrc_error **error);

/* Fetches keys. It answers with awslogsrc_credentials_fetched() or awslogsrc_credentials_refused(),
 * once, during the call or later; without an answer within 60 s another request is made. request:
 * take (either function ends it). */
typedef void (*awslogsrc_credentials_fetch_fn)(void *user_data,
                                               awslogsrc_credentials_request *request);

/* Keys that the host provides. The callback runs only inside awslogsrc_context_process() of the
 * contexts whose sources use the provider: in each at most once a second, and not while a request
 * is open. user_data: take; freed when the last reference goes, on that thread. out: ref; written
 * on success only. error: optional; ref, written on failure only. Returns 0, or AWSLOGSRC_E_INVALID
 * (fetch or out is NULL), AWSLOGSRC_E_NO_MEMORY. Any thread. Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_custom_new(awslogsrc_credentials_fetch_fn fetch,
                                                   void *user_data,
                                                   awslogsrc_user_data_free user_data_free,
                                                   awslogsrc_credentials **out,
                                                   awslogsrc_error **error);

/* Answers a request with keys. request: take. The keys are borrowed during the call, copied, and
 * wiped when freed; session_token: optional. expires_at_ms: when they end, in ms since 1970 UTC; 0:
 * never. Keys that cannot be used (missing, control characters, expired) count as refused. Fine
 * after the source was freed. On the context's thread. Returns 0, or AWSLOGSRC_E_INVALID (request
 * is NULL). Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_fetched(awslogsrc_credentials_request *request,
                                                const char *access_key, const char *secret_key,
                                                const char *session_token, int64_t expires_at_ms);

/* Answers a request with a failure; another one is made after a pause. request: take. status: any
 * AWSLOGSRC_E_*. message: for people, without secrets; optional; borrow, during the call. Fine
 * after the source was freed. On the context's thread. Returns 0, or AWSLOGSRC_E_INVALID (request
 * is NULL, or status is no error: nothing is taken). Since 0.9. */
AWSLOGSRC_API int awslogsrc_credentials_refused(awslogsrc_credentials_request *request, int status,
                                                const char *message);

/* Takes a further reference. Returns the credentials. Any thread. Since 0.9. */
AWSLOGSRC_API awslogsrc_credentials *awslogsrc_credentials_ref(awslogsrc_credentials *credentials);

/* Gives a reference back; the last one wipes the keys. NULL is fine. Any thread. Since 0.9. */
AWSLOGSRC_API void awslogsrc_credentials_unref(awslogsrc_credentials *credentials);

AWSLOGSRC_END

#endif
