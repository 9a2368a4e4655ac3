#include "base/json.h"

#include <cjson/cJSON.h>
#include <string.h>

#include "awslogsrc/error.h"
#include "base/memory.h"
#include "base/utf8.h"

/* Up to here a double holds every integer. */
static const double EXACT_MAX = 9007199254740992.0;

static const cJSON *node(const struct als_json *json)
{
    return (const cJSON *)(const void *)json;
}

/* The unit of an escape \uXXXX at text, or -1. */
static int32_t escaped_unit(const char *text, size_t size)
{
    int32_t unit = 0;
    if (size < 6 || text[0] != '\\' || text[1] != 'u')
        return -1;
    for (size_t i = 2; i < 6; i++) {
        char c = text[i];
        if (c >= '0' && c <= '9')
            unit = unit * 16 + (c - '0');
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            unit = unit * 16 + ((c | 0x20) - 'a' + 10);
        else
            return -1;
    }
    return unit;
}

/* cJSON ends a string at \u0000 and fails at a lone surrogate; both become \ufffd, which has the
 * same size. Returns how far to go on. */
static size_t mend_escape(char *text, size_t size)
{
    static const char replacement[6] = {'\\', 'u', 'f', 'f', 'f', 'd'};
    int32_t unit = escaped_unit(text, size);
    if (unit < 0)
        return 2;
    if (unit >= 0xd800 && unit <= 0xdbff) {
        int32_t low = escaped_unit(text + 6, size - 6);
        if (low >= 0xdc00 && low <= 0xdfff)
            return 12;
    }
    if (unit == 0 || (unit >= 0xd800 && unit <= 0xdfff))
        memcpy(text, replacement, sizeof replacement);
    return 6;
}

/* What cJSON has no limit or no eye for. */
static int prepare(char *text, size_t size)
{
    unsigned depth = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (c == '\0')
            return AWSLOGSRC_E_PROTOCOL; /* blank to cJSON, and the end of the document */
        if (in_string && c == '\\')
            i += mend_escape(text + i, size - i) - 1;
        else if (c == '"')
            in_string = !in_string;
        else if (!in_string && (c == '{' || c == '[') && ++depth > ALS_JSON_DEPTH_MAX)
            return AWSLOGSRC_E_TOO_LARGE;
        else if (!in_string && (c == '}' || c == ']') && depth > 0)
            depth--;
    }
    return 0;
}

int als_json_parse(struct als_json **json, struct als_text text)
{
    *json = NULL;
    if (text.size > ALS_JSON_SIZE_MAX)
        return AWSLOGSRC_E_TOO_LARGE;
    if (!als_utf8_is_valid(text))
        return AWSLOGSRC_E_PROTOCOL;
    char *copy = als_copy_bytes(text.data, text.size);
    if (copy == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int status = prepare(copy, text.size);
    if (status == 0) {
        /* With the NUL in its size, so that cJSON insists on the document ending there. */
        cJSON *root = cJSON_ParseWithLengthOpts(copy, text.size + 1, NULL, 1);
        *json = (struct als_json *)(void *)root;
        status = root == NULL ? AWSLOGSRC_E_PROTOCOL : 0;
    }
    als_wipe(copy, text.size);
    als_free(copy);
    return status;
}

/* Recursion ends at ALS_JSON_DEPTH_MAX. */
static void wipe(cJSON *value)
{
    for (; value != NULL; value = value->next) {
        if (value->valuestring != NULL)
            als_wipe(value->valuestring, strlen(value->valuestring));
        wipe(value->child);
    }
}

void als_json_free(struct als_json *json)
{
    cJSON *root = (cJSON *)(void *)json;
    wipe(root);
    cJSON_Delete(root);
}

static const cJSON *member(const struct als_json *json, const char *name)
{
    return json == NULL ? NULL : cJSON_GetObjectItemCaseSensitive(node(json), name);
}

bool als_json_get_text(const struct als_json *json, const char *name, struct als_text *out)
{
    const cJSON *value = member(json, name);
    if (!cJSON_IsString(value))
        return false;
    *out = als_text_of(value->valuestring);
    return true;
}

bool als_json_get_int64(const struct als_json *json, const char *name, int64_t *out)
{
    const cJSON *value = member(json, name);
    if (!cJSON_IsNumber(value))
        return false;
    /* valueint saturates at 31 bits. */
    double number = value->valuedouble;
    if (!(number >= -EXACT_MAX && number <= EXACT_MAX) || number != (double)(int64_t)number)
        return false;
    *out = (int64_t)number;
    return true;
}

bool als_json_get_bool(const struct als_json *json, const char *name, bool *out)
{
    const cJSON *value = member(json, name);
    if (!cJSON_IsBool(value))
        return false;
    *out = cJSON_IsTrue(value);
    return true;
}

const struct als_json *als_json_get(const struct als_json *json, const char *name)
{
    const cJSON *value = member(json, name);
    if (!cJSON_IsObject(value) && !cJSON_IsArray(value))
        return NULL;
    return (const struct als_json *)(const void *)value;
}

const struct als_json *als_json_element(const struct als_json *json, size_t index)
{
    if (json == NULL || !cJSON_IsArray(node(json)) || index > ALS_JSON_SIZE_MAX)
        return NULL;
    return (const struct als_json *)(const void *)cJSON_GetArrayItem(node(json), (int)index);
}

int als_json_write_text(struct als_buffer *buffer, struct als_text text)
{
    size_t done = 0;
    als_buffer_append_char(buffer, '"');
    for (size_t i = 0; i < text.size; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c >= 0x20 && c != '"' && c != '\\')
            continue;
        als_buffer_append(buffer, text.data + done, i - done);
        if (c < 0x20)
            als_buffer_format(buffer, "\\u%04x", c);
        else
            als_buffer_append(buffer, (char[]){'\\', (char)c}, 2);
        done = i + 1;
    }
    als_buffer_append(buffer, text.data + done, text.size - done);
    return als_buffer_append_char(buffer, '"');
}

const char *als_json_version(void)
{
    return cJSON_Version();
}
