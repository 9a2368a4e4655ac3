/* HOST:PORT, as in 127.0.0.1:514, [::1]:514 and siem.example.com:6514. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <stdbool.h>

enum { ADDRESS_LONGEST_HOST = 256, ADDRESS_LONGEST_PORT = 5 };

struct address {
    char host[ADDRESS_LONGEST_HOST]; /* without brackets */
    char port[ADDRESS_LONGEST_PORT + 1];
};

bool address_parse(const char *text, struct address *address);

#endif
