/* "awslogsrc trust": shows a server's certificates, and stores them. */
#ifndef TRUST_H
#define TRUST_H

#include "arguments.h"

/* host: "HOST[:PORT]". Prints; returns an exit code, after saying on stderr what is wrong. */
int trust_run(const char *host, const struct arguments *arguments);

#endif
