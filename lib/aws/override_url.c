#include "aws/override_url.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

enum { LONGEST_LABEL = 63, LARGEST_PORT = 65535 };

struct parts {
    const char *scheme;
    int64_t default_port;
    struct als_text host;
    struct als_text port; /* empty: none */
    struct als_text path;
};

static int refuse(awslogsrc_error **error, const char *name, const char *what)
{
    return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, "%s: %s", name, what);
}

static bool contains(struct als_text text, char c)
{
    return text.size > 0 && memchr(text.data, c, text.size) != NULL;
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

static bool is_alphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_hex_digit(char c)
{
    return is_alphanumeric(c) && is_one_of(c, "0123456789abcdefABCDEF");
}

static struct als_text skip(struct als_text text, size_t size)
{
    return (struct als_text){text.data + size, text.size - size};
}

static bool split_scheme(struct als_text *url, struct parts *parts)
{
    static const struct {
        struct als_text prefix;
        const char *name;
        int64_t port;
    } schemes[] = {{{"https://", 8}, "https", 443}, {{"http://", 7}, "http", 80}};
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t size = schemes[i].prefix.size;
        if (url->size < size ||
            !als_text_equal_ignoring_case((struct als_text){url->data, size}, schemes[i].prefix))
            continue;
        parts->scheme = schemes[i].name;
        parts->default_port = schemes[i].port;
        *url = skip(*url, size);
        return true;
    }
    return false;
}

static void split_path(struct als_text url, struct als_text *authority, struct als_text *path)
{
    size_t size = 0;
    while (size < url.size && url.data[size] != '/')
        size++;
    *authority = (struct als_text){url.data, size};
    *path = size == url.size ? ALS_TEXT("/") : skip(url, size);
}

/* False where a colon is followed by nothing, or a bracket by anything but a colon. */
static bool split_port(struct als_text authority, struct parts *parts)
{
    bool bracketed = authority.size > 0 && authority.data[0] == '[';
    const char *end = bracketed ? memchr(authority.data, ']', authority.size) : NULL;
    size_t size = bracketed && end != NULL ? (size_t)(end - authority.data) + 1 : 0;
    while (!bracketed && size < authority.size && authority.data[size] != ':')
        size++;
    parts->host = (struct als_text){authority.data, size};
    struct als_text rest = skip(authority, size);
    parts->port = rest.size == 0 ? rest : skip(rest, 1);
    return rest.size == 0 || (rest.data[0] == ':' && rest.size > 1);
}

static bool is_address(int family, struct als_text host, struct in6_addr *address)
{
    char text[INET6_ADDRSTRLEN];
    if (host.size >= sizeof text || als_text_has_control(host))
        return false;
    memcpy(text, host.data, host.size);
    text[host.size] = '\0';
    return inet_pton(family, text, address) == 1;
}

static bool is_ipv6(struct als_text host, struct in6_addr *address)
{
    return host.size > 2 && host.data[0] == '[' && host.data[host.size - 1] == ']' &&
           is_address(AF_INET6, (struct als_text){host.data + 1, host.size - 2}, address);
}

/* Forms such as "127.1" are names to nobody, and each HTTP client sends them differently. */
static bool ends_in_number(struct als_text host)
{
    size_t start = host.size;
    while (start > 0 && host.data[start - 1] != '.')
        start--;
    struct als_text last = skip(host, start);
    if (last.size > 1 && last.data[0] == '0' && is_one_of(last.data[1], "xX"))
        return true;
    for (size_t i = 0; i < last.size; i++) {
        if (!is_one_of(last.data[i], "0123456789"))
            return false;
    }
    return true;
}

/* RFC 1123, 2.1, and the underscores of container names. */
static bool is_host_name(struct als_text host)
{
    struct als_text label;
    if (host.size == 0 || host.size > ALS_ENDPOINT_LONGEST_HOST)
        return false;
    if (ends_in_number(host))
        return is_address(AF_INET, host, &(struct in6_addr){0});
    while (als_text_next_field(&host, '.', &label)) {
        if (label.size == 0 || label.size > LONGEST_LABEL || label.data[0] == '-' ||
            label.data[label.size - 1] == '-')
            return false;
        for (size_t i = 0; i < label.size; i++) {
            if (!is_alphanumeric(label.data[i]) && !is_one_of(label.data[i], "-_"))
                return false;
        }
    }
    return true;
}

static bool is_dot_segment(struct als_text segment)
{
    size_t dots = 0;
    while (segment.size > 0) {
        bool encoded = segment.size >= 3 && segment.data[0] == '%' && segment.data[1] == '2' &&
                       is_one_of(segment.data[2], "eE");
        if (!encoded && segment.data[0] != '.')
            return false;
        segment = skip(segment, encoded ? 3 : 1);
        dots++;
    }
    return dots == 1 || dots == 2;
}

static bool has_dot_segment(struct als_text path)
{
    struct als_text segment;
    while (als_text_next_field(&path, '/', &segment)) {
        if (is_dot_segment(segment))
            return true;
    }
    return false;
}

/* RFC 3986, 3.3: only what is sent unchanged by every HTTP client, so that what is signed is what
 * is sent. */
static bool is_encoded_path(struct als_text path)
{
    for (size_t i = 0; i < path.size; i++) {
        if (path.data[i] == '%') {
            if (path.size - i < 3 || !is_hex_digit(path.data[i + 1]) ||
                !is_hex_digit(path.data[i + 2]))
                return false;
            i += 2;
        } else if (!is_alphanumeric(path.data[i]) &&
                   !is_one_of(path.data[i], "/-._~!$&'()*+,;=:@")) {
            return false;
        }
    }
    return true;
}

static int split(struct als_text url, const char *name, struct parts *parts,
                 awslogsrc_error **error)
{
    struct als_text authority;
    if (!split_scheme(&url, parts))
        return refuse(error, name, "a URL starting with http:// or https:// is expected");
    if (contains(url, '?') || contains(url, '#'))
        return refuse(error, name, "a query or fragment ('?', '#') is not supported");
    split_path(url, &authority, &parts->path);
    if (contains(authority, '@'))
        return refuse(error, name, "a user name or password in the URL is not supported");
    if (!split_port(authority, parts))
        return refuse(error, name, "what follows the host is not a port");
    return 0;
}

static int check(const struct parts *parts, const char *name, int64_t *port,
                 awslogsrc_error **error)
{
    *port = parts->default_port;
    if (!is_ipv6(parts->host, &(struct in6_addr){0}) && !is_host_name(parts->host))
        return refuse(error, name,
                      "the host is not a name, an IPv4 address or an IPv6 address "
                      "in brackets");
    if (parts->port.size > 0 &&
        (!als_text_to_int64(parts->port, port) || *port < 1 || *port > LARGEST_PORT))
        return refuse(error, name, "the port is not a number from 1 to 65535");
    if (parts->path.size > ALS_ENDPOINT_LONGEST_PATH)
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                             "%s: the path is longer than %d bytes", name,
                             (int)ALS_ENDPOINT_LONGEST_PATH);
    if (!is_encoded_path(parts->path))
        return refuse(error, name, "the path has a character that must be percent-encoded");
    if (has_dot_segment(parts->path))
        return refuse(error, name, "\".\" and \"..\" in the path are not supported");
    return 0;
}

/* An IPv6 address in its shortest form (RFC 5952), as libcurl sends it too. */
static void write_host(const struct parts *parts, int64_t port, char out[ALS_ENDPOINT_HOST_SIZE])
{
    size_t size = parts->host.size;
    char shortest[INET6_ADDRSTRLEN];
    struct in6_addr address;
    for (size_t i = 0; i < size; i++)
        out[i] = lower(parts->host.data[i]);
    out[size] = '\0';
    if (is_ipv6(parts->host, &address) &&
        inet_ntop(AF_INET6, &address, shortest, sizeof shortest) != NULL)
        size = (size_t)snprintf(out, ALS_ENDPOINT_HOST_SIZE, "[%s]", shortest);
    if (port != parts->default_port)
        (void)snprintf(out + size, ALS_ENDPOINT_HOST_SIZE - size, ":%u",
                       (unsigned)port % (LARGEST_PORT + 1));
}

int als_override_url_parse(struct als_text url, const char *name, struct als_endpoint *out,
                           awslogsrc_error **error)
{
    struct parts parts = {0};
    int64_t port = 0;
    int status = split(url, name, &parts, error);
    if (status == 0)
        status = check(&parts, name, &port, error);
    if (status != 0)
        return status;
    out->scheme = parts.scheme;
    write_host(&parts, port, out->host);
    (void)snprintf(out->path, sizeof out->path, "%.*s", (int)parts.path.size, parts.path.data);
    return 0;
}
