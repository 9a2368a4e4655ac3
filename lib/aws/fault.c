#include "aws/fault.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "aws/xml_scanner.h"
#include "awslogsrc/error.h"
#include "base/json.h"
#include "base/memory.h"
#include "base/utf8.h"

/* [botocore: retryhandler, standard.py] [AWS: Common Errors of CloudWatch Logs and of STS] */
static const struct row {
    const char *aws_code;
    int code;
} rows[] = {
    {"Throttling", AWSLOGSRC_E_THROTTLED},
    {"ThrottlingException", AWSLOGSRC_E_THROTTLED},
    {"ThrottledException", AWSLOGSRC_E_THROTTLED},
    {"RequestThrottledException", AWSLOGSRC_E_THROTTLED},
    {"RequestThrottled", AWSLOGSRC_E_THROTTLED},
    {"TooManyRequestsException", AWSLOGSRC_E_THROTTLED},
    {"ProvisionedThroughputExceededException", AWSLOGSRC_E_THROTTLED},
    {"TransactionInProgressException", AWSLOGSRC_E_THROTTLED},
    {"RequestLimitExceeded", AWSLOGSRC_E_THROTTLED},
    {"BandwidthLimitExceeded", AWSLOGSRC_E_THROTTLED},
    {"LimitExceededException", AWSLOGSRC_E_THROTTLED},
    {"SlowDown", AWSLOGSRC_E_THROTTLED},
    {"PriorRequestNotComplete", AWSLOGSRC_E_THROTTLED},
    {"EC2ThrottledException", AWSLOGSRC_E_THROTTLED},

    {"RequestTimeout", AWSLOGSRC_E_SERVICE},
    {"RequestTimeoutException", AWSLOGSRC_E_SERVICE},
    {"InternalError", AWSLOGSRC_E_SERVICE},
    {"InternalFailure", AWSLOGSRC_E_SERVICE},
    {"InternalServerException", AWSLOGSRC_E_SERVICE},
    {"ServiceUnavailableException", AWSLOGSRC_E_SERVICE},
    {"ServiceUnavailable", AWSLOGSRC_E_SERVICE},
    {"IDPCommunicationError", AWSLOGSRC_E_SERVICE},

    {"RequestTimeTooSkewed", AWSLOGSRC_E_CLOCK_SKEW},
    {"RequestExpired", AWSLOGSRC_E_CLOCK_SKEW},
    {"RequestInTheFuture", AWSLOGSRC_E_CLOCK_SKEW},

    {"ExpiredTokenException", AWSLOGSRC_E_CREDENTIALS_EXPIRED},
    {"ExpiredToken", AWSLOGSRC_E_CREDENTIALS_EXPIRED},

    {"InvalidSignatureException", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"SignatureDoesNotMatch", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"AuthFailure", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"UnrecognizedClientException", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"InvalidClientTokenId", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"MissingAuthenticationToken", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"MissingAuthenticationTokenException", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"IncompleteSignature", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"IDPRejectedClaim", AWSLOGSRC_E_CREDENTIALS_REJECTED},
    {"InvalidIdentityToken", AWSLOGSRC_E_CREDENTIALS_REJECTED},

    {"AccessDeniedException", AWSLOGSRC_E_ACCESS_DENIED},
    {"AccessDenied", AWSLOGSRC_E_ACCESS_DENIED},
    {"OptInRequired", AWSLOGSRC_E_ACCESS_DENIED},
    {"NotAuthorized", AWSLOGSRC_E_ACCESS_DENIED},
    {"RegionDisabledException", AWSLOGSRC_E_ACCESS_DENIED},

    {"ResourceNotFoundException", AWSLOGSRC_E_NOT_FOUND},

    {"InvalidParameterException", AWSLOGSRC_E_BAD_REQUEST},
    {"ValidationException", AWSLOGSRC_E_BAD_REQUEST},
    {"ValidationError", AWSLOGSRC_E_BAD_REQUEST},
    {"SerializationException", AWSLOGSRC_E_BAD_REQUEST},
    {"UnknownOperationException", AWSLOGSRC_E_BAD_REQUEST},
    {"InvalidOperationException", AWSLOGSRC_E_BAD_REQUEST},
    {"MalformedPolicyDocument", AWSLOGSRC_E_BAD_REQUEST},
    {"PackedPolicyTooLarge", AWSLOGSRC_E_BAD_REQUEST},
    {"RequestEntityTooLarge", AWSLOGSRC_E_BAD_REQUEST},
};

static int classify_status(int http_status)
{
    switch (http_status) {
    case 401:
    case 403: return AWSLOGSRC_E_ACCESS_DENIED;
    case 407: return AWSLOGSRC_E_PROXY;
    case 408: return AWSLOGSRC_E_SERVICE;
    case 429:
    case 509: return AWSLOGSRC_E_THROTTLED;
    default: break;
    }
    if (http_status >= 500)
        return AWSLOGSRC_E_SERVICE;
    return http_status >= 400 ? AWSLOGSRC_E_BAD_REQUEST : AWSLOGSRC_E_PROTOCOL;
}

static bool contains(struct als_text text, const char *needle)
{
    return text.size > 0 && memmem(text.data, text.size, needle, strlen(needle)) != NULL;
}

static int classify(const char *aws_code, int http_status, struct als_text body)
{
    int code = classify_status(http_status);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(rows[i].aws_code, aws_code) == 0)
            code = rows[i].code;
    }
    /* InvalidSignatureException: "Signature expired: ..." or "Signature not yet current: ..." */
    if (code == AWSLOGSRC_E_CREDENTIALS_REJECTED &&
        (contains(body, "Signature expired") || contains(body, "not yet current")))
        return AWSLOGSRC_E_CLOCK_SKEW;
    /* InvalidParameterException: "The specified nextToken is invalid." */
    if (code == AWSLOGSRC_E_BAD_REQUEST && aws_code[0] != '\0' && contains(body, "nextToken"))
        return AWSLOGSRC_E_TOKEN;
    return code;
}

/* Printable text on one line, cut where it gets too long; what is not UTF-8 reads '?'. */
static void copy_printable(char *out, size_t room, struct als_text text)
{
    size_t used = 0;
    bool valid = true;
    text = als_text_trim(text);
    for (size_t i = 0, size = 0; i < text.size; i += size) {
        size = als_utf8_measure(text.data + i, text.size - i, &valid);
        if (used + size >= room)
            break;
        if (!valid || als_utf8_is_control(text.data + i, size)) {
            out[used++] = valid ? ' ' : '?';
            continue;
        }
        memcpy(out + used, text.data + i, size);
        used += size;
    }
    out[used] = '\0';
}

/* "ns#FooError:http://..." is FooError. */
static void set_aws_code(struct als_fault *fault, struct als_text text)
{
    const char *end = text.size == 0 ? NULL : memchr(text.data, ':', text.size);
    if (end != NULL)
        text.size = (size_t)(end - text.data);
    const char *hash = text.size == 0 ? NULL : memchr(text.data, '#', text.size);
    if (hash != NULL) {
        text.size -= (size_t)(hash + 1 - text.data);
        text.data = hash + 1;
    }
    copy_printable(fault->aws_code, sizeof fault->aws_code, text);
}

static void set_message(struct als_fault *fault, struct als_text text)
{
    /* SignatureDoesNotMatch may repeat the request, session token and all. */
    const char *canonical =
        text.size == 0 ? NULL : memmem(text.data, text.size, "The Canonical String", 20);
    if (canonical != NULL)
        text.size = (size_t)(canonical - text.data);
    copy_printable(fault->message, sizeof fault->message, text);
}

static bool read_json(struct als_fault *fault, struct als_text body)
{
    struct als_json *json = NULL;
    struct als_text text;
    if (als_json_parse(&json, body) != 0)
        return false;
    if (fault->aws_code[0] == '\0' &&
        (als_json_get_text(json, "code", &text) || als_json_get_text(json, "__type", &text) ||
         als_json_get_text(json, "Code", &text)))
        set_aws_code(fault, text);
    if (als_json_get_text(json, "message", &text) || als_json_get_text(json, "Message", &text))
        set_message(fault, text);
    als_json_free(json);
    return true;
}

static void set_xml_message(struct als_fault *fault, struct als_text content)
{
    struct als_buffer plain;
    als_buffer_init(&plain, content.size);
    set_message(fault, als_xml_scanner_read(content, &plain) ? als_buffer_text(&plain) : content);
    als_buffer_wipe(&plain); /* see set_message() */
}

static bool read_xml(struct als_fault *fault, struct als_text body)
{
    struct als_text code, message;
    if (!als_xml_scanner_find(body, "Code", &code))
        return false;
    if (fault->aws_code[0] == '\0')
        set_aws_code(fault, als_text_trim(code));
    if (als_xml_scanner_find(body, "Message", &message) ||
        als_xml_scanner_find(body, "message", &message))
        set_xml_message(fault, message);
    return true;
}

void als_fault_read(struct als_fault *fault, int http_status, struct als_text error_type,
                    struct als_text body)
{
    *fault = (struct als_fault){0};
    set_aws_code(fault, als_text_trim(error_type));
    if (!read_json(fault, body) && !read_xml(fault, body))
        set_message(fault, body);
    if (fault->message[0] == '\0')
        (void)snprintf(fault->message, sizeof fault->message, "HTTP status %d", http_status);
    fault->code = classify(fault->aws_code, http_status, body);
}

const char *als_fault_hint(int code)
{
    switch (code) {
    case AWSLOGSRC_E_CREDENTIALS_REJECTED:
        return "Check the access key and its secret, and that the account has this region enabled: "
               "AWS answers both alike.";
    case AWSLOGSRC_E_CREDENTIALS_EXPIRED:
        return "Get new temporary credentials, or use a source that renews them by itself.";
    case AWSLOGSRC_E_NO_CREDENTIALS:
        return "Set access_key and secret_key, or authentication_method to where keys come from.";
    case AWSLOGSRC_E_ACCESS_DENIED:
        return "Allow these credentials the IAM action that was denied: logs:FilterLogEvents on "
               "this log group (the resource's ARN ends with :*), or sts:AssumeRole on the role.";
    case AWSLOGSRC_E_NOT_FOUND:
        return "Check the names of log group and stream, and that they exist in this region and "
               "account.";
    case AWSLOGSRC_E_BAD_REQUEST:
        return "Check the options that the message names, filter_pattern first.";
    case AWSLOGSRC_E_THROTTLED:
        return "Nothing to do: reading slows down by itself; api_rate_limit leaves room for "
               "others.";
    case AWSLOGSRC_E_SERVICE: return "Nothing to do: the service is asked again.";
    case AWSLOGSRC_E_TOKEN: return "Nothing to do: the interval is read again.";
    case AWSLOGSRC_E_CLOCK_SKEW: return "Set this machine's clock, with NTP for example.";
    case AWSLOGSRC_E_PROXY:
        return "Check proxy_server and proxy_port, and proxy_username and proxy_password.";
    case AWSLOGSRC_E_NAME_LOOKUP:
        return "Check regions and endpoint_url, and this machine's name servers.";
    case AWSLOGSRC_E_CONNECT:
    case AWSLOGSRC_E_TIMEOUT: return "Check the way to that host: firewall, route, proxy.";
    case AWSLOGSRC_E_NETWORK: return "Nothing to do if it stays rare: the request is sent again.";
    case AWSLOGSRC_E_TLS:
        return "Check ca_file and ca_path, and whether something on the way intercepts TLS.";
    case AWSLOGSRC_E_LOCKED:
        return "End the other process, or give each source a name or a state_dir of its own.";
    case AWSLOGSRC_E_STORE: return "Check that state_dir can be written and has space left.";
    case AWSLOGSRC_E_CURSOR_FOREIGN:
        return "Give the changed source another name, or remove its old position.";
    case AWSLOGSRC_E_CURSOR_VERSION: return "Run the newer version again, or remove the position.";
    case AWSLOGSRC_E_CURSOR_DAMAGED: return "Restore the position from a backup, or remove it.";
    case AWSLOGSRC_E_PROTOCOL:
        return "Check endpoint_url and the proxy: something that is not AWS may have answered.";
    default: return "";
    }
}
