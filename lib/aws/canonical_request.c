#include "aws/canonical_request.h"

#include <stdlib.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"

static bool is_unreserved(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '.' || c == '_' || c == '~';
}

static void append_encoded(struct als_buffer *out, char c)
{
    static const char digits[] = "0123456789ABCDEF";
    unsigned char byte = (unsigned char)c;
    char triplet[3] = {'%', digits[byte >> 4], digits[byte & 15]};
    if (is_unreserved(c))
        als_buffer_append_char(out, c);
    else
        als_buffer_append(out, triplet, sizeof triplet);
}

/* What is sent is percent-encoded already; services other than S3 sign it encoded once more. */
static void append_path_segment(struct als_buffer *out, struct als_text segment)
{
    for (size_t i = 0; i < segment.size; i++)
        append_encoded(out, segment.data[i]);
}

static void drop_last_segment(struct als_buffer *out, size_t start)
{
    while (out->size > start && out->data[--out->size] != '/')
        continue;
}

static void append_normalized_path(struct als_buffer *out, struct als_text path)
{
    size_t start = out->size;
    bool ends_with_slash = path.size > 0 && path.data[path.size - 1] == '/';
    struct als_text segment;
    while (als_text_next_field(&path, '/', &segment)) {
        if (segment.size == 0 || als_text_equal(segment, ALS_TEXT(".")))
            continue;
        if (als_text_equal(segment, ALS_TEXT(".."))) {
            drop_last_segment(out, start);
            continue;
        }
        als_buffer_append_char(out, '/');
        append_path_segment(out, segment);
    }
    if (out->size == start || ends_with_slash)
        als_buffer_append_char(out, '/');
}

static void append_verbatim_path(struct als_buffer *out, struct als_text path)
{
    struct als_text segment;
    bool first = true;
    while (als_text_next_field(&path, '/', &segment)) {
        if (!first)
            als_buffer_append_char(out, '/');
        append_path_segment(out, segment);
        first = false;
    }
}

static void append_path(struct als_buffer *out, const struct als_sigv4_request *request)
{
    if (request->path.size == 0)
        als_buffer_append_char(out, '/');
    else if (request->verbatim_path)
        append_verbatim_path(out, request->path);
    else
        append_normalized_path(out, request->path);
}

/* Query parameters: what is percent-encoded already stays as it is sent. */

struct parameter {
    struct als_text name;
    struct als_text value;
};

static struct als_text encode_query_part(struct als_buffer *out, struct als_text part)
{
    size_t start = out->size;
    for (size_t i = 0; i < part.size; i++) {
        if (part.data[i] == '%')
            als_buffer_append_char(out, '%');
        else
            append_encoded(out, part.data[i]);
    }
    return (struct als_text){out->data + start, out->size - start};
}

static int compare_bytes(struct als_text a, struct als_text b)
{
    size_t common = a.size < b.size ? a.size : b.size;
    int order = common == 0 ? 0 : memcmp(a.data, b.data, common);
    return order != 0 ? order : (a.size > b.size) - (a.size < b.size);
}

static int compare_parameters(const void *a, const void *b)
{
    const struct parameter *left = a;
    const struct parameter *right = b;
    int order = compare_bytes(left->name, right->name);
    return order != 0 ? order : compare_bytes(left->value, right->value);
}

static size_t split_query(struct als_text query, struct parameter *parameters,
                          struct als_buffer *encoded)
{
    size_t count = 0;
    struct als_text pair;
    while (als_text_next_field(&query, '&', &pair)) {
        struct als_text name;
        if (pair.size == 0)
            continue;
        (void)als_text_next_field(&pair, '=', &name);
        parameters[count].name = encode_query_part(encoded, name);
        parameters[count].value = encode_query_part(encoded, pair);
        count++;
    }
    return count;
}

static int append_query(struct als_buffer *out, struct als_text query)
{
    if (query.size == 0)
        return out->status;
    size_t most = 1;
    for (size_t i = 0; i < query.size; i++)
        most += query.data[i] == '&';
    struct als_buffer encoded;
    struct parameter *parameters = als_new_array(most, sizeof *parameters);
    als_buffer_init(&encoded, ALS_SIGV4_CANONICAL_CEILING);
    /* Reserved whole, so that the parameters' pointers into it stay valid. */
    int status = query.size > ALS_SIGV4_CANONICAL_CEILING
                     ? AWSLOGSRC_E_TOO_LARGE
                     : als_buffer_reserve(&encoded, 3 * query.size);
    if (parameters == NULL)
        status = AWSLOGSRC_E_NO_MEMORY;
    size_t count = status == 0 ? split_query(query, parameters, &encoded) : 0;
    if (count > 1)
        qsort(parameters, count, sizeof *parameters, compare_parameters);
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            als_buffer_append_char(out, '&');
        als_buffer_append_text(out, parameters[i].name);
        als_buffer_append_char(out, '=');
        als_buffer_append_text(out, parameters[i].value);
    }
    als_free(parameters);
    als_buffer_clear(&encoded);
    return status != 0 ? status : out->status;
}

/* Headers, by lower-case name; those of one name in the order of appearance. */

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static int compare_names(struct als_text a, struct als_text b)
{
    for (size_t i = 0; i < a.size && i < b.size; i++) {
        unsigned char left = (unsigned char)lower(a.data[i]);
        unsigned char right = (unsigned char)lower(b.data[i]);
        if (left != right)
            return left < right ? -1 : 1;
    }
    return (a.size > b.size) - (a.size < b.size);
}

struct entry {
    struct als_text name;
    struct als_text value;
    size_t position;
};

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a;
    const struct entry *right = b;
    int order = compare_names(left->name, right->name);
    return order != 0 ? order
                      : (left->position > right->position) - (left->position < right->position);
}

static struct entry *sort_headers(const struct als_sigv4_request *request)
{
    struct entry *sorted = als_new_array(request->header_count + 1, sizeof *sorted);
    if (sorted == NULL)
        return NULL;
    for (size_t i = 0; i < request->header_count; i++)
        sorted[i] = (struct entry){request->headers[i].name, request->headers[i].value, i};
    qsort(sorted, request->header_count, sizeof *sorted, compare_entries);
    return sorted;
}

static bool repeats_name(const struct entry *sorted, size_t i)
{
    return i > 0 && compare_names(sorted[i].name, sorted[i - 1].name) == 0;
}

static void append_name(struct als_buffer *out, struct als_text name)
{
    for (size_t i = 0; i < name.size; i++)
        als_buffer_append_char(out, lower(name.data[i]));
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* Folded lines (RFC 9112, 5.2) come out as one line like any other run of blanks. */
static void append_value(struct als_buffer *out, struct als_text value)
{
    value = als_text_trim(value);
    for (size_t i = 0; i < value.size; i++) {
        if (!is_blank(value.data[i]))
            als_buffer_append_char(out, value.data[i]);
        else if (!is_blank(value.data[i - 1]))
            als_buffer_append_char(out, ' ');
    }
}

static int append_headers(struct als_buffer *out, const struct als_sigv4_request *request)
{
    struct entry *sorted = sort_headers(request);
    if (sorted == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    for (size_t i = 0; i < request->header_count; i++) {
        if (repeats_name(sorted, i)) {
            als_buffer_append_char(out, ',');
        } else {
            als_buffer_append_string(out, i > 0 ? "\n" : "");
            append_name(out, sorted[i].name);
            als_buffer_append_char(out, ':');
        }
        append_value(out, sorted[i].value);
    }
    als_free(sorted);
    return als_buffer_append_char(out, '\n');
}

int als_canonical_request_signed_headers(const struct als_sigv4_request *request,
                                         struct als_buffer *out)
{
    struct entry *sorted = sort_headers(request);
    if (sorted == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    for (size_t i = 0; i < request->header_count; i++) {
        if (repeats_name(sorted, i))
            continue;
        als_buffer_append_string(out, i > 0 ? ";" : "");
        append_name(out, sorted[i].name);
    }
    als_free(sorted);
    return out->status;
}

int als_canonical_request_write(const struct als_sigv4_request *request, struct als_buffer *out)
{
    unsigned char body_digest[ALS_SHA256_SIZE];
    int status = als_sha256(request->body, body_digest);
    if (status != 0)
        return status;
    als_buffer_append_text(out, request->method);
    als_buffer_append_char(out, '\n');
    append_path(out, request);
    als_buffer_append_char(out, '\n');
    status = append_query(out, request->query);
    if (status != 0)
        return status;
    als_buffer_append_char(out, '\n');
    status = append_headers(out, request);
    if (status != 0)
        return status;
    als_buffer_append_char(out, '\n');
    status = als_canonical_request_signed_headers(request, out);
    if (status != 0)
        return status;
    als_buffer_append_char(out, '\n');
    return als_buffer_append_hex(out, body_digest, sizeof body_digest);
}
