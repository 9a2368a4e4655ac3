/* --output: where events go. */
#ifndef DESTINATION_H
#define DESTINATION_H

#include "address.h"

struct destination {
    enum {
        DESTINATION_STDOUT,
        DESTINATION_FILE,
        DESTINATION_UDP, /* from here on syslog receivers */
        DESTINATION_TCP,
        DESTINATION_TLS
    } kind;
    const char *name;       /* for messages; borrowed */
    const char *path;       /* of the file; borrowed */
    struct address address; /* of the receiver */
};

#define DESTINATION_FORMS \
    "-, file:PATH, syslog://HOST:PORT, syslog+tcp://HOST:PORT, syslog+tls://HOST:PORT"

/* Whether text is one of the forms. */
bool destination_parse(const char *text, struct destination *destination);

bool destination_is_syslog(const struct destination *destination);

#endif
