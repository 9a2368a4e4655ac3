#include "error_writer.h"

#include "xml_writer.h"

#include <stdio.h>
#include <string.h>

/* What the endpoints make of the names that CloudWatch Logs has; others stay as they are. */
static const struct translation {
    const char *logs;
    const char *sts;
    int sts_status;
    int metadata_status;
} translations[] = {
    {"UnrecognizedClientException", "InvalidClientTokenId", 403, 401},
    {"InvalidSignatureException", "SignatureDoesNotMatch", 403, 401},
    {"ExpiredTokenException", "ExpiredToken", 403, 401},
    {"MissingAuthenticationTokenException", "MissingAuthenticationToken", 403, 401},
    {"IncompleteSignatureException", "IncompleteSignature", 400, 400},
    {"ThrottlingException", "Throttling", 400, 429},
    {"AccessDeniedException", "AccessDenied", 403, 403},
    {"ServiceUnavailableException", "ServiceUnavailable", 503, 503},
    {"InternalFailure", "InternalFailure", 500, 500},
    {"UnknownOperationException", "InvalidAction", 400, 404},
};

static const struct translation *translate(const char *type)
{
    for (size_t i = 0; i < sizeof translations / sizeof *translations; i++)
        if (strcmp(translations[i].logs, type) == 0)
            return &translations[i];
    return NULL;
}

static void write_json(struct sim_operation *operation)
{
    const struct sim_settings *settings = operation->settings;
    const struct sim_error *error = &operation->error;
    struct sim_buffer *body = operation->body;
    sim_buffer_printf(body, "{\"__type\":\"%s%s\"", settings->error_prefix, error->type);
    if (error->message[0]) {
        bool capital = strcmp(error->type, "AccessDeniedException") == 0; /* aws.md 2.1 */
        sim_json_member(body, &settings->json, capital ? "Message" : "message", false);
        sim_json_string(body, &settings->json, error->message, strlen(error->message));
    }
    sim_buffer_text(body, "}");
    operation->response->error_type_header = settings->error_type_header;
}

static void write_container_json(struct sim_operation *operation)
{
    const struct sim_json_style *style = &operation->settings->json;
    const struct sim_error *error = &operation->error;
    sim_buffer_text(operation->body, "{");
    sim_json_member(operation->body, style, "code", true);
    sim_json_string(operation->body, style, error->type, strlen(error->type));
    sim_json_member(operation->body, style, "message", false);
    sim_json_string(operation->body, style, error->message, strlen(error->message));
    sim_buffer_text(operation->body, "}");
}

static void write_xml(struct sim_operation *operation)
{
    const struct sim_error *error = &operation->error;
    const struct sim_xml_member members[] = {{"Type", error->status < 500 ? "Sender" : "Receiver"},
                                             {"Code", error->type},
                                             {"Message", error->message}};
    struct sim_xml xml = {operation->body, 0, 0};
    sim_xml_open(&xml, "ErrorResponse", "xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"");
    sim_xml_open(&xml, "Error", "");
    sim_xml_members(&xml, members, sizeof members / sizeof *members);
    sim_xml_close(&xml, "Error");
    sim_xml_text(&xml, "RequestId", operation->response->request_id);
    sim_xml_close(&xml, "ErrorResponse");
    sim_buffer_text(operation->body, "\n");
}

/* The page that the metadata service answers with. */
static void write_xhtml(struct sim_operation *operation)
{
    const struct sim_error *error = &operation->error;
    sim_buffer_printf(
        operation->body,
        "<?xml version=\"1.0\" encoding=\"iso-8859-1\"?>\n"
        "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Transitional//EN\"\n"
        "\t\"http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd\">\n"
        "<html xmlns=\"http://www.w3.org/1999/xhtml\" xml:lang=\"en\" lang=\"en\">\n"
        " <head>\n  <title>%d - %s</title>\n </head>\n <body>\n  <h1>%d - %s</h1>\n </body>\n"
        "</html>\n",
        error->status, error->type, error->status, error->type);
    operation->response->content_type = "text/html";
}

void sim_error_write(struct sim_operation *operation)
{
    static void (*const writers[SIM_ENDPOINT_COUNT])(struct sim_operation *) = {
        [SIM_LOGS] = write_json,
        [SIM_IMDS] = write_xhtml,
        [SIM_CONTAINER] = write_container_json,
        [SIM_STS] = write_xml,
    };
    struct sim_error *error = &operation->error;
    const struct translation *translation = translate(error->type);
    if (translation && operation->endpoint == SIM_STS) {
        error->type = translation->sts;
        error->status = translation->sts_status;
    } else if (translation && operation->endpoint != SIM_LOGS) {
        error->status = translation->metadata_status;
    }
    operation->body->length = 0;
    operation->response->status = error->status;
    operation->response->error_type = error->type;
    writers[operation->endpoint](operation);
}

void sim_error_html(struct sim_operation *operation, int status)
{
    operation->body->length = 0;
    sim_buffer_printf(operation->body,
                      "<html>\r\n<head><title>%d</title></head>\r\n<body>\r\n<h1>Not the service "
                      "but something in between</h1>\r\n</body>\r\n</html>\r\n",
                      status);
    operation->response->status = status;
    operation->response->content_type = "text/html";
    operation->response->error_type = NULL;
    operation->response->request_id[0] = '\0'; /* not from AWS, so without its marks */
}
