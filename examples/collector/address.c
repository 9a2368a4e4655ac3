#include "address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGEST_PORT = 65535 };

static bool is_port(const char *text)
{
    size_t digits = strspn(text, "0123456789");
    return digits > 0 && digits <= ADDRESS_LONGEST_PORT && text[digits] == '\0' &&
           strtol(text, NULL, 10) <= LARGEST_PORT;
}

bool address_parse(const char *text, struct address *address)
{
    const char *colon = strrchr(text, ':');
    if (colon == NULL || !is_port(colon + 1))
        return false;
    size_t size = (size_t)(colon - text);
    bool bracketed = size > 2 && text[0] == '[' && text[size - 1] == ']';
    if (bracketed) {
        text++;
        size -= 2;
    } else if (strcspn(text, ":[]") < size) {
        return false;
    }
    if (size == 0 || size >= ADDRESS_LONGEST_HOST)
        return false;
    memcpy(address->host, text, size);
    address->host[size] = '\0';
    (void)snprintf(address->port, sizeof address->port, "%s", colon + 1);
    return true;
}
