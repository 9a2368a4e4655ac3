/* Keys from a program that the host names, run without a shell:
 * https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html */
#ifndef ALS_CREDENTIALS_PROCESS_H
#define ALS_CREDENTIALS_PROCESS_H

#include "credentials/provider.h"

enum { ALS_PROCESS_TIME_LIMIT_MS = 60000, ALS_PROCESS_OUTPUT_LIMIT = 64 * 1024 };

/* command: as in als_command_line_split(). 0, AWSLOGSRC_E_OPTION_VALUE or AWSLOGSRC_E_NO_MEMORY. */
int als_process_new(const char *command, awslogsrc_credentials **out, awslogsrc_error **error);

#endif
