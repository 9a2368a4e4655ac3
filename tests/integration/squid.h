/* squid, a real one: one instance that asks for a login in different ways on different ports. */
#ifndef SQUID_H
#define SQUID_H

#include "proxy.h"

#define SQUID_USERNAME "me"
#define SQUID_PASSWORD "s3cr#t-p@ss"

struct squid {
    struct process process;
    unsigned open_port;   /* wants no login; also on ::1, as all are */
    unsigned basic_port;  /* Basic (RFC 7617) */
    unsigned digest_port; /* Digest (RFC 7616) */
    unsigned tls_port;    /* speaks TLS itself */
    char folder[PROXY_PATH_SIZE];
};

/* Its files go into folder. tls_certificate, tls_key: PEM. It refuses to reach refused_port. False,
 * with a line that says so, where squid is not installed. */
bool squid_start(struct squid *squid, const char *folder, const char *tls_certificate,
                 const char *tls_key, unsigned refused_port);
void squid_stop(struct squid *squid);

/* What it wrote down about requests so far; the caller frees. */
char *squid_log(const struct squid *squid);

#endif
