/* "awslogsrc policy": the least IAM policy for the sources. */
#ifndef POLICY_H
#define POLICY_H

#include "configuration.h"

/* Prints it. Returns an exit code, after saying on stderr what is wrong. */
int policy_print(const struct configuration *configuration);

#endif
