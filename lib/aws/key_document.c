#include "aws/key_document.h"

#include "aws/fault.h"
#include "aws/xml_scanner.h"
#include "base/calendar.h"
#include "base/json.h"
#include "base/memory.h"

/* Where members are read from, and what went wrong. */
struct reading {
    const struct als_json *json; /* or NULL */
    struct als_text xml;
    const char *origin;
    awslogsrc_error **error;
    int status;
};

static void fail(struct reading *reading, const char *member, const char *what)
{
    if (reading->status == 0)
        reading->status = als_error_set(reading->error, AWSLOGSRC_E_PROTOCOL, "%s: %s %s",
                                        reading->origin, member, what);
}

static void out_of_memory(struct reading *reading)
{
    if (reading->status == 0)
        reading->status = als_error_set(reading->error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory",
                                        reading->origin);
}

/* A copy for the caller, or NULL where the member is missing or null. */
static char *copy_member(struct reading *reading, const char *member)
{
    struct als_text text;
    struct als_buffer plain;
    char *copy = NULL;
    if (reading->json != NULL) {
        if (!als_json_get_text(reading->json, member, &text))
            return NULL;
        copy = als_copy_bytes(text.data, text.size);
    } else {
        if (!als_xml_scanner_find(reading->xml, member, &text))
            return NULL;
        als_buffer_init(&plain, text.size + 1);
        als_buffer_reserve(&plain, text.size); /* at once: no copies stay behind */
        if (!als_xml_scanner_read(als_text_trim(text), &plain) && plain.status == 0)
            fail(reading, member, "holds markup that is no text");
        copy = als_copy_bytes(plain.data, plain.size);
        als_buffer_wipe(&plain);
    }
    if (copy == NULL)
        out_of_memory(reading);
    return copy;
}

static char *need_member(struct reading *reading, const char *member)
{
    char *copy = copy_member(reading, member);
    if (copy == NULL)
        fail(reading, member, "is missing in the answer");
    else if (*copy == '\0')
        fail(reading, member, "is empty in the answer");
    return copy;
}

static void read_expiration(struct reading *reading, struct als_key_document *out)
{
    char *text = copy_member(reading, "Expiration");
    if (text != NULL && *text != '\0') {
        out->expires = true;
        if (!als_calendar_from_rfc3339(als_text_of(text), &out->expires_ms))
            fail(reading, "Expiration", "is no time");
    }
    als_free_secret(text);
}

static int read_members(struct reading *reading, const char *token, struct als_key_document *out)
{
    out->access_key = need_member(reading, "AccessKeyId");
    out->secret_key = need_member(reading, "SecretAccessKey");
    out->session_token = copy_member(reading, token);
    read_expiration(reading, out);
    if (out->expires && (out->session_token == NULL || *out->session_token == '\0'))
        fail(reading, token, "is missing in the answer");
    if (out->session_token != NULL && *out->session_token == '\0') {
        als_free(out->session_token);
        out->session_token = NULL;
    }
    if (reading->status != 0)
        als_key_document_clear(out);
    return reading->status;
}

/* EC2 answers with HTTP 200 where a role cannot be assumed, and says so inside. */
static int refuse_code(const struct als_json *json, struct als_text body, const char *origin,
                       awslogsrc_error **error)
{
    struct als_text code;
    struct als_fault fault;
    if (!als_json_get_text(json, "Code", &code) || als_text_equal(code, ALS_TEXT("Success")))
        return 0;
    als_fault_read(&fault, 200, ALS_TEXT(""), body);
    return als_error_set(error, AWSLOGSRC_E_NO_CREDENTIALS, "%s: %s: %s", origin, fault.aws_code,
                         fault.message);
}

int als_key_document_read_json(struct als_text body, const char *token, const char *origin,
                               struct als_key_document *out, awslogsrc_error **error)
{
    struct als_json *json = NULL;
    int status = als_json_parse(&json, body);
    if (status == AWSLOGSRC_E_NO_MEMORY)
        return als_error_set(error, status, "%s: out of memory", origin);
    if (status != 0)
        return als_error_set(error, AWSLOGSRC_E_PROTOCOL, "%s: the answer is %s JSON", origin,
                             als_text_trim(body).size == 0 ? "empty, and no" : "no");
    struct reading reading = {.json = json, .origin = origin, .error = error};
    status = refuse_code(json, body, origin, error);
    if (status == 0)
        status = read_members(&reading, token, out);
    als_json_free(json);
    return status;
}

int als_key_document_read_xml(struct als_text body, const char *origin,
                              struct als_key_document *out, awslogsrc_error **error)
{
    struct reading reading = {.origin = origin, .error = error};
    if (als_text_trim(body).size == 0)
        return als_error_set(error, AWSLOGSRC_E_PROTOCOL, "%s: the answer is empty, and no XML",
                             origin);
    if (!als_xml_scanner_find(body, "Credentials", &reading.xml))
        return als_error_set(error, AWSLOGSRC_E_PROTOCOL,
                             "%s: the answer is no XML with Credentials", origin);
    return read_members(&reading, "SessionToken", out);
}

void als_key_document_clear(struct als_key_document *document)
{
    als_free_secret(document->access_key);
    als_free_secret(document->secret_key);
    als_free_secret(document->session_token);
    *document = (struct als_key_document){0};
}

struct als_sigv4_keys als_key_document_keys(const struct als_key_document *document)
{
    return (struct als_sigv4_keys){document->access_key, document->secret_key,
                                   document->session_token};
}
