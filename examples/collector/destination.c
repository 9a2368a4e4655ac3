#include "destination.h"

#include <string.h>

static const char *behind(const char *text, const char *prefix)
{
    size_t size = strlen(prefix);
    return strncmp(text, prefix, size) == 0 ? text + size : NULL;
}

bool destination_parse(const char *text, struct destination *destination)
{
    static const char *const schemes[] = {[DESTINATION_UDP] = "syslog://",
                                          [DESTINATION_TCP] = "syslog+tcp://",
                                          [DESTINATION_TLS] = "syslog+tls://"};
    *destination = (struct destination){.kind = DESTINATION_STDOUT, .name = "standard output"};
    if (strcmp(text, "-") == 0)
        return true;
    destination->name = text;
    destination->path = behind(text, "file:");
    if (destination->path != NULL) {
        destination->kind = DESTINATION_FILE;
        return *destination->path != '\0';
    }
    for (unsigned kind = DESTINATION_UDP; kind <= DESTINATION_TLS; kind++) {
        const char *address = behind(text, schemes[kind]);
        if (address == NULL)
            continue;
        destination->kind = kind;
        return address_parse(address, &destination->address);
    }
    return false;
}

bool destination_is_syslog(const struct destination *destination)
{
    return destination->kind >= DESTINATION_UDP;
}
