#include "normalize/address.h"

#include <arpa/inet.h>
#include <string.h>

int als_address_version(struct als_text text)
{
    char string[INET6_ADDRSTRLEN];
    unsigned char bytes[sizeof(struct in6_addr)];
    if (text.size == 0 || text.size >= sizeof string || memchr(text.data, '\0', text.size) != NULL)
        return 0;
    memcpy(string, text.data, text.size);
    string[text.size] = '\0';
    if (inet_pton(AF_INET, string, bytes) == 1)
        return 4;
    return inet_pton(AF_INET6, string, bytes) == 1 ? 6 : 0;
}

/* RFC 1123, 2.1. */
static bool is_label(struct als_text label)
{
    enum { LABEL_MAX = 63 };
    for (size_t i = 0; i < label.size; i++) {
        char c = label.data[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && (c < '0' || c > '9') && c != '-')
            return false;
    }
    return label.size > 0 && label.size <= LABEL_MAX && label.data[0] != '-' &&
           label.data[label.size - 1] != '-';
}

static bool is_host(struct als_text text)
{
    enum { HOST_MAX = 253 };
    struct als_text label;
    size_t labels = 0;
    if (text.size == 0 || text.size > HOST_MAX || text.data[text.size - 1] == '.')
        return false;
    for (; als_text_next_field(&text, '.', &label); labels++) {
        if (!is_label(label))
            return false;
    }
    bool letters = label.data[0] > '9'; /* 1.2.3 and 300.1.2.3 are broken addresses */
    return labels > 1 && letters;
}

void als_address_set_source(awslogsrc_record *record, struct als_text text)
{
    int version = als_address_version(text);
    als_record_set(record, AWSLOGSRC_FIELD_SRC_ADDRESS, text);
    if (version != 0) {
        als_record_set(record, AWSLOGSRC_FIELD_SRC_IP, text);
        als_record_set_integer(record, AWSLOGSRC_FIELD_SRC_IP_VERSION, version);
    } else if (is_host(text)) {
        als_record_set(record, AWSLOGSRC_FIELD_SRC_HOST, text);
    }
}
