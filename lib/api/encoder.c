#include "awslogsrc/encoder.h"

#include "awslogsrc/error.h"

#include "base/error.h"
#include "normalize/encoder.h"
#include "normalize/encoder_setting.h"

static int refuse_null(awslogsrc_error **error, const char *function)
{
    return als_error_set(error, AWSLOGSRC_E_INVALID, "%s: an argument is NULL", function);
}

int awslogsrc_encoder_new(awslogsrc_encoder **out, awslogsrc_error **error)
{
    if (out == NULL)
        return refuse_null(error, __func__);
    awslogsrc_encoder *encoder = als_encoder_new();
    if (encoder == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    *out = encoder;
    return 0;
}

int awslogsrc_encoder_set(awslogsrc_encoder *encoder, const char *name, const char *value,
                          awslogsrc_error **error)
{
    if (encoder == NULL || name == NULL || value == NULL)
        return refuse_null(error, __func__);
    return als_encoder_setting_apply(encoder, name, value, error);
}

static void lend(struct als_text text, const char **data, size_t *size)
{
    *data = text.data;
    *size = text.size;
}

int awslogsrc_encode(awslogsrc_encoder *encoder, const awslogsrc_record *record, const char **data,
                     size_t *size, awslogsrc_error **error)
{
    struct als_text out = {NULL, 0};
    if (encoder == NULL || record == NULL || data == NULL || size == NULL)
        return refuse_null(error, __func__);
    int status = als_encoder_encode(encoder, record, &out);
    if (status != 0)
        return als_error_set(error, status, "%s", als_error_text(status));
    lend(out, data, size);
    return 0;
}

int awslogsrc_encode_text(awslogsrc_encoder *encoder, int64_t time_ms, const char *text,
                          size_t text_size, const char **data, size_t *size)
{
    struct als_text out = {NULL, 0};
    if (encoder == NULL || (text == NULL && text_size > 0) || data == NULL || size == NULL)
        return AWSLOGSRC_E_INVALID;
    int status =
        als_encoder_encode_text(encoder, time_ms, (struct als_text){text, text_size}, &out);
    if (status == 0)
        lend(out, data, size);
    return status;
}

void awslogsrc_encoder_free(awslogsrc_encoder *encoder)
{
    als_encoder_free(encoder);
}
