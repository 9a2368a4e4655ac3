#include "aws/caller_identity.h"

#include "aws/xml_scanner.h"
#include "awslogsrc/error.h"

static int read_member(struct als_text result, const char *name, struct als_buffer *out)
{
    struct als_text content;
    if (!als_xml_scanner_find(result, name, &content))
        return AWSLOGSRC_E_PROTOCOL;
    if (!als_xml_scanner_read(als_text_trim(content), out))
        return out->status != 0 ? out->status : AWSLOGSRC_E_PROTOCOL;
    return out->size > 0 ? 0 : AWSLOGSRC_E_PROTOCOL;
}

int als_caller_identity_read(struct als_text body, struct als_buffer *account,
                             struct als_buffer *arn)
{
    struct als_text result;
    if (!als_xml_scanner_find(body, "GetCallerIdentityResult", &result))
        return AWSLOGSRC_E_PROTOCOL;
    int status = read_member(result, "Account", account);
    return status != 0 ? status : read_member(result, "Arn", arn);
}
