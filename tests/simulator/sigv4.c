/* Signature Version 4, the verifying side: docs "Signature Version 4 signing process". */
#include "sigv4.h"

#include "buffer.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { DIGEST = 32 };

/* ---- parsing ---- */

static bool copy_until(const char **at, char end, char *out, size_t size)
{
    size_t length = 0;
    while ((*at)[length] && (*at)[length] != end)
        length++;
    if (length == 0 || length >= size || (*at)[length] != end)
        return false;
    memcpy(out, *at, length);
    out[length] = '\0';
    *at += length + (end != '\0');
    return true;
}

/* "Name=": the members come in any order and are separated by commas and blanks. */
static const char *member(const char *header, const char *name)
{
    const char *at = strstr(header, name);
    return at ? at + strlen(name) : NULL;
}

static bool parse_scope(const char *at, struct sim_authorization *out)
{
    return copy_until(&at, '/', out->access_key, sizeof out->access_key) &&
           copy_until(&at, '/', out->date, sizeof out->date) &&
           copy_until(&at, '/', out->region, sizeof out->region) &&
           copy_until(&at, '/', out->service, sizeof out->service) &&
           strncmp(at, "aws4_request", 12) == 0;
}

static bool parse_list(const char *at, char *out, size_t size)
{
    size_t length = strcspn(at, ", ");
    if (length == 0 || length >= size)
        return false;
    memcpy(out, at, length);
    out[length] = '\0';
    return true;
}

bool sim_sigv4_parse(const struct sim_request *request, struct sim_authorization *out)
{
    *out = (struct sim_authorization){0};
    const char *header = sim_request_header(request, "Authorization");
    const char *date = sim_request_header(request, "X-Amz-Date");
    if (!header || !date || strncmp(header, "AWS4-HMAC-SHA256 ", 17) != 0)
        return false;
    const char *credential = member(header, "Credential=");
    const char *names = member(header, "SignedHeaders=");
    const char *signature = member(header, "Signature=");
    return credential && names && signature && parse_scope(credential, out) &&
           parse_list(names, out->signed_headers, sizeof out->signed_headers) &&
           parse_list(signature, out->signature, sizeof out->signature) &&
           parse_list(date, out->amz_date, sizeof out->amz_date);
}

bool sim_sigv4_signs(const struct sim_authorization *authorization, const char *header)
{
    size_t length = strlen(header);
    for (const char *at = authorization->signed_headers; *at;) {
        size_t part = strcspn(at, ";");
        if (part == length && strncasecmp(at, header, length) == 0)
            return true;
        at += part + (at[part] == ';');
    }
    return false;
}

/* ---- the canonical request ---- */

/* Services other than S3 encode the path as sent once more. */
static void add_path(struct sim_buffer *out, const char *path, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)path[i];
        if (isalnum(byte) || strchr("-._~/", byte))
            sim_buffer_add(out, &byte, 1);
        else
            sim_buffer_printf(out, "%%%02X", byte);
    }
    if (length == 0)
        sim_buffer_text(out, "/");
}

static int compare_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void add_query(struct sim_buffer *out, const char *query)
{
    char *copy = sim_duplicate(query);
    char *parts[64];
    size_t count = 0;
    char *rest = NULL;
    for (char *part = strtok_r(copy, "&", &rest); part && count < 64;
         part = strtok_r(NULL, "&", &rest))
        parts[count++] = part;
    qsort(parts, count, sizeof *parts, compare_text);
    for (size_t i = 0; i < count; i++)
        sim_buffer_printf(out, "%s%s%s", i ? "&" : "", parts[i], strchr(parts[i], '=') ? "" : "=");
    free(copy);
}

/* Without outer blanks, inner runs of them as one. */
static void add_trimmed(struct sim_buffer *out, const char *value)
{
    bool pending = false;
    for (bool started = false; *value; value++) {
        if (*value == ' ' || *value == '\t') {
            pending = started;
            continue;
        }
        if (pending)
            sim_buffer_add(out, " ", 1);
        pending = false;
        started = true;
        sim_buffer_add(out, value, 1);
    }
}

static void add_header(struct sim_buffer *out, const struct sim_request *request, const char *name,
                       size_t length)
{
    sim_buffer_add(out, name, length);
    sim_buffer_text(out, ":");
    size_t found = 0;
    for (size_t i = 0; i < request->header_count; i++) {
        const struct sim_header *header = &request->headers[i];
        if (strlen(header->name) != length || strncasecmp(header->name, name, length) != 0)
            continue;
        if (found++)
            sim_buffer_text(out, ",");
        add_trimmed(out, header->value);
    }
    if (!found && length == 4 && strncasecmp(name, "host", 4) == 0 && request->host)
        add_trimmed(out, request->host);
    sim_buffer_text(out, "\n");
}

static void add_hex(struct sim_buffer *out, const unsigned char digest[DIGEST])
{
    static const char hex[] = "0123456789abcdef";
    char text[2 * DIGEST];
    for (size_t i = 0; i < DIGEST; i++) {
        text[2 * i] = hex[digest[i] >> 4];
        text[2 * i + 1] = hex[digest[i] & 15];
    }
    sim_buffer_add(out, text, sizeof text);
}

static void add_sha256(struct sim_buffer *out, const void *data, size_t length)
{
    unsigned char digest[DIGEST];
    EVP_Digest(data, length, digest, NULL, EVP_sha256(), NULL);
    add_hex(out, digest);
}

static void canonical_request(struct sim_buffer *out, const struct sim_request *request,
                              const struct sim_authorization *authorization)
{
    const char *path = request->path ? request->path : "/";
    size_t path_length = strcspn(path, "?");
    sim_buffer_text(out, request->method);
    sim_buffer_text(out, "\n");
    add_path(out, path, path_length);
    sim_buffer_text(out, "\n");
    if (path[path_length])
        add_query(out, path + path_length + 1);
    sim_buffer_text(out, "\n");
    for (const char *at = authorization->signed_headers; *at;) {
        size_t length = strcspn(at, ";");
        add_header(out, request, at, length);
        at += length + (at[length] == ';');
    }
    sim_buffer_printf(out, "\n%s\n", authorization->signed_headers);
    add_sha256(out, request->body ? request->body : "", request->body_length);
}

/* ---- the signature ---- */

static void hmac(unsigned char digest[DIGEST], const void *key, size_t key_length, const char *text)
{
    unsigned char out[DIGEST];
    HMAC(EVP_sha256(), key, (int)key_length, (const unsigned char *)text, strlen(text), out, NULL);
    memcpy(digest, out, DIGEST);
}

void sim_sigv4_signature(const struct sim_request *request,
                         const struct sim_authorization *authorization, const char *secret_key,
                         char out[65])
{
    struct sim_buffer text = {0};
    canonical_request(&text, request, authorization);
    struct sim_buffer to_sign = {0};
    sim_buffer_printf(&to_sign, "AWS4-HMAC-SHA256\n%s\n%s/%s/%s/aws4_request\n",
                      authorization->amz_date, authorization->date, authorization->region,
                      authorization->service);
    add_sha256(&to_sign, text.data, text.length);
    sim_buffer_add(&to_sign, "", 1);

    text.length = 0;
    sim_buffer_printf(&text, "AWS4%s", secret_key);
    unsigned char digest[DIGEST];
    hmac(digest, text.data, text.length, authorization->date);
    hmac(digest, digest, DIGEST, authorization->region);
    hmac(digest, digest, DIGEST, authorization->service);
    hmac(digest, digest, DIGEST, "aws4_request");
    hmac(digest, digest, DIGEST, to_sign.data);
    text.length = 0;
    add_hex(&text, digest);
    memcpy(out, text.data, 64);
    out[64] = '\0';
    sim_buffer_clear(&text);
    sim_buffer_clear(&to_sign);
}
