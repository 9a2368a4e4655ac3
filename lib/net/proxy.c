#include "net/proxy.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/buffer.h"
#include "base/memory.h"

enum { LONGEST_URL = 2048, LARGEST_PORT = 65535, LONGEST_ADDRESS = 64 };

static const struct als_text schemes[] = {{"http", 4}, {"https", 5}, {"socks5h", 7}, {"socks5", 6}};

static struct als_text skip(struct als_text text, size_t size)
{
    return (struct als_text){text.data + size, text.size - size};
}

static bool contains(struct als_text text, char c)
{
    return text.size > 0 && memchr(text.data, c, text.size) != NULL;
}

static bool is_known_scheme(struct als_text scheme)
{
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        if (als_text_equal(scheme, schemes[i]))
            return true;
    }
    return false;
}

/* The bytes of an address; 0 where the text is none. */
static size_t parse_address(struct als_text text, unsigned char out[sizeof(struct in6_addr)])
{
    char string[LONGEST_ADDRESS];
    if (text.size == 0 || text.size >= sizeof string || als_text_has_control(text))
        return 0;
    memcpy(string, text.data, text.size);
    string[text.size] = '\0';
    if (inet_pton(AF_INET, string, out) == 1)
        return sizeof(struct in_addr);
    return inet_pton(AF_INET6, string, out) == 1 ? sizeof(struct in6_addr) : 0;
}

static bool is_ipv6(struct als_text text)
{
    unsigned char address[sizeof(struct in6_addr)];
    return parse_address(text, address) == sizeof address;
}

/* An IPv6 address may stand without its brackets where no port follows, as in a form's field. */
static const char *split_host(struct als_text rest, struct als_proxy_address *out)
{
    const char *end =
        rest.size > 0 && rest.data[0] == '[' ? memchr(rest.data, ']', rest.size) : NULL;
    if (is_ipv6(rest)) {
        out->host = rest;
        return NULL;
    }
    if (end != NULL) {
        out->host = (struct als_text){rest.data + 1, (size_t)(end - rest.data) - 1};
        rest = skip(rest, out->host.size + 2);
        if (!is_ipv6(out->host) || (rest.size > 0 && rest.data[0] != ':'))
            return "what is in the brackets is not an IPv6 address";
        rest = rest.size == 0 ? (struct als_text){NULL, 0} : skip(rest, 1);
    } else {
        (void)als_text_next_field(&rest, ':', &out->host);
    }
    if (out->host.size == 0)
        return "names no host";
    if (rest.data != NULL &&
        (!als_text_to_int64(rest, &out->port) || out->port < 1 || out->port > LARGEST_PORT))
        return "the port is not a number from 1 to 65535";
    return NULL;
}

const char *als_proxy_split(struct als_text text, struct als_proxy_address *out)
{
    const char *mark = text.size == 0 ? NULL : memmem(text.data, text.size, "://", 3);
    *out = (struct als_proxy_address){.scheme = schemes[0]};
    if (mark != NULL) {
        out->scheme = (struct als_text){text.data, (size_t)(mark - text.data)};
        text = skip(text, out->scheme.size + 3);
    }
    if (!is_known_scheme(out->scheme))
        return "the scheme is none of http, https, socks5h";
    if (contains(text, '@'))
        return "a user name belongs into proxy_username";
    if (text.size > 1 && text.data[text.size - 1] == '/')
        text.size--;
    if (contains(text, '/') || contains(text, '?') || contains(text, '#') || contains(text, ' ') ||
        contains(text, '\t') || als_text_has_control(text))
        return "holds a character that no host name has";
    return split_host(text, out);
}

static int copy(char **out, struct als_text text)
{
    als_free_secret(*out);
    *out = text.size == 0 ? NULL : als_copy_bytes(text.data, text.size);
    return *out == NULL && text.size > 0 ? AWSLOGSRC_E_NO_MEMORY : 0;
}

static int64_t default_port(struct als_text scheme)
{
    if (als_text_equal(scheme, ALS_TEXT("http")))
        return 80;
    return als_text_equal(scheme, ALS_TEXT("https")) ? 443 : 1080; /* RFC 1928, 3 */
}

static int set_url(struct als_proxy_route *route, const struct als_proxy_address *address,
                   int64_t port)
{
    struct als_buffer url;
    bool bracketed = is_ipv6(address->host);
    als_buffer_init(&url, LONGEST_URL);
    als_buffer_append_text(&url, address->scheme);
    als_buffer_append_string(&url, bracketed ? "://[" : "://");
    als_buffer_append_text(&url, address->host);
    als_buffer_append_string(&url, bracketed ? "]:" : ":");
    als_buffer_append_int(&url, port);
    int status = url.status != 0 ? url.status : copy(&route->url, als_buffer_text(&url));
    als_buffer_clear(&url);
    return status;
}

static int no_memory(awslogsrc_error **error)
{
    return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "proxy_server: out of memory");
}

static int fill(struct als_proxy_route *route, const struct als_proxy_address *address,
                const struct als_proxy_options *options)
{
    int64_t port = options->port != 0 ? options->port : address->port;
    int status = set_url(route, address, port != 0 ? port : default_port(address->scheme));
    if (status == 0)
        status = copy(&route->username, als_text_of(options->username));
    return status != 0 ? status : copy(&route->password, als_text_of(options->password));
}

int als_proxy_init(struct als_proxy *proxy, const struct als_proxy_options *options,
                   awslogsrc_error **error)
{
    struct als_proxy_address address;
    *proxy = (struct als_proxy){0};
    const char *wrong = als_proxy_split(als_text_of(options->server), &address);
    if (wrong != NULL)
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, "proxy_server: %s", wrong);
    int status = fill(&proxy->for_http, &address, options);
    if (status == 0)
        status = fill(&proxy->for_https, &address, options);
    if (status == 0)
        status = copy(&proxy->no_proxy, als_text_of(options->no_proxy));
    return status == 0 ? 0 : no_memory(error);
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Percent-decoding, in place (RFC 3986, 2.1). */
static void decode(char *text)
{
    char *to = text;
    for (; text != NULL && *text != '\0'; text++) {
        int high = *text == '%' ? hex_digit(text[1]) : -1;
        int low = high < 0 ? -1 : hex_digit(text[2]);
        *to++ = low < 0 ? *text : (char)(high * 16 + low);
        text += low < 0 ? 0 : 2;
    }
    if (to != NULL)
        als_wipe(to, (size_t)(text - to)); /* als_free_secret() sees up to the first NUL */
}

/* Cuts "user:password@" out of a URL. */
static int cut_login(struct als_text *url, struct als_buffer *rest, struct als_proxy_route *route)
{
    const char *mark = memmem(url->data, url->size, "://", 3);
    size_t start = mark == NULL ? 0 : (size_t)(mark - url->data) + 3;
    struct als_text authority = skip(*url, start), user;
    const char *at = memrchr(authority.data, '@', authority.size);
    if (at == NULL)
        return 0;
    struct als_text login = {authority.data, (size_t)(at - authority.data)};
    als_buffer_append(rest, url->data, start);
    als_buffer_append_text(rest, skip(authority, login.size + 1));
    (void)als_text_next_field(&login, ':', &user);
    int status = rest->status != 0 ? rest->status : copy(&route->username, user);
    if (status == 0)
        status = copy(&route->password, login);
    decode(route->username);
    decode(route->password);
    *url = als_buffer_text(rest);
    return status;
}

static const char *find(char *(*environment)(const char *name), const char *const *names,
                        const char **value)
{
    for (; *names != NULL; names++) {
        *value = environment(*names);
        if (*value != NULL && (*value)[0] != '\0')
            return *names;
    }
    return NULL;
}

static int read_variable(struct als_proxy_route *route, char *(*environment)(const char *name),
                         const char *const *names, awslogsrc_error **error)
{
    struct als_proxy_address address;
    struct als_buffer rest;
    const char *value = NULL, *name = find(environment, names, &value), *wrong = NULL;
    if (name == NULL)
        return 0;
    struct als_text url = als_text_trim(als_text_of(value));
    als_buffer_init(&rest, LONGEST_URL);
    int status = cut_login(&url, &rest, route);
    if (status == 0)
        wrong = als_proxy_split(url, &address);
    if (status == 0 && wrong == NULL)
        status = set_url(route, &address,
                         address.port != 0 ? address.port : default_port(address.scheme));
    als_buffer_wipe(&rest);
    if (wrong != NULL)
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, "%s (environment): %s", name, wrong);
    return status == 0 ? 0 : no_memory(error);
}

int als_proxy_init_by_environment(struct als_proxy *proxy, char *(*environment)(const char *name),
                                  const char *no_proxy, awslogsrc_error **error)
{
    static const char *const http[] = {"http_proxy", "all_proxy", "ALL_PROXY", NULL};
    static const char *const https[] = {"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
                                        NULL};
    static const char *const exceptions[] = {"no_proxy", "NO_PROXY", NULL};
    *proxy = (struct als_proxy){0};
    int status = read_variable(&proxy->for_http, environment, http, error);
    if (status == 0)
        status = read_variable(&proxy->for_https, environment, https, error);
    if (status != 0)
        return status;
    if (no_proxy[0] == '\0' && find(environment, exceptions, &no_proxy) == NULL)
        return 0;
    return copy(&proxy->no_proxy, als_text_of(no_proxy)) == 0 ? 0 : no_memory(error);
}

static void clear_route(struct als_proxy_route *route)
{
    als_free_secret(route->url);
    als_free_secret(route->username);
    als_free_secret(route->password);
}

void als_proxy_clear(struct als_proxy *proxy)
{
    clear_route(&proxy->for_http);
    clear_route(&proxy->for_https);
    als_free_secret(proxy->no_proxy);
    *proxy = (struct als_proxy){0};
}

const struct als_proxy_route *als_proxy_for(const struct als_proxy *proxy, bool tls,
                                            struct als_text host)
{
    if (proxy == NULL || als_proxy_excepts(als_text_of(proxy->no_proxy), host))
        return NULL;
    const struct als_proxy_route *route = tls ? &proxy->for_https : &proxy->for_http;
    return route->url == NULL ? NULL : route;
}

/* --- exceptions --- */

static bool same_bits(const unsigned char *a, const unsigned char *b, size_t count)
{
    size_t whole = count / 8, rest = count % 8;
    if (memcmp(a, b, whole) != 0)
        return false;
    return rest == 0 || ((a[whole] ^ b[whole]) >> (8 - rest)) == 0;
}

/* entry: an address, or a range in CIDR notation. */
static bool has_address(struct als_text entry, const unsigned char *address, size_t size)
{
    unsigned char network[sizeof(struct in6_addr)];
    struct als_text base;
    int64_t bits = (int64_t)size * 8;
    bool range = contains(entry, '/');
    (void)als_text_next_field(&entry, '/', &base);
    if (base.size > 1 && base.data[0] == '[' && base.data[base.size - 1] == ']')
        base = (struct als_text){base.data + 1, base.size - 2};
    if (parse_address(base, network) != size)
        return false;
    if (range && (!als_text_to_int64(entry, &bits) || bits < 0 || bits > (int64_t)size * 8))
        return false;
    return same_bits(network, address, (size_t)bits);
}

/* "example.com" and ".example.com" both mean the domain and all below it. */
static bool has_name(struct als_text entry, struct als_text host)
{
    if (als_text_starts_with(entry, ALS_TEXT("*.")))
        entry = skip(entry, 1);
    if (entry.size > 0 && entry.data[0] == '.')
        entry = skip(entry, 1);
    if (entry.size > 0 && entry.data[entry.size - 1] == '.')
        entry.size--;
    if (entry.size == 0 || entry.size > host.size)
        return false;
    struct als_text tail = skip(host, host.size - entry.size);
    return als_text_equal_ignoring_case(tail, entry) &&
           (tail.size == host.size || tail.data[-1] == '.');
}

static bool names(struct als_text entry, struct als_text host)
{
    unsigned char address[sizeof(struct in6_addr)];
    size_t size = parse_address(host, address);
    if (als_text_equal(entry, ALS_TEXT("*")))
        return true;
    return size > 0 ? has_address(entry, address, size) : has_name(entry, host);
}

bool als_proxy_excepts(struct als_text no_proxy, struct als_text host)
{
    struct als_text item, entry;
    if (host.size > 0 && host.data[host.size - 1] == '.')
        host.size--;
    while (als_text_next_field(&no_proxy, ',', &item)) {
        item = als_text_trim(item);
        while (als_text_next_field(&item, ' ', &entry)) {
            if (names(entry, host))
                return true;
        }
    }
    return false;
}
