#include "normalize/resources.h"

#include <limits.h>

#include "normalize/writer.h"

enum { CUT_RESOURCES = 4 }; /* the first ones */

void als_resources_open(struct als_resources *resources, const awslogsrc_record *record, bool cut)
{
    als_json_reader_init(&resources->reader, als_record_text(record, AWSLOGSRC_FIELD_RESOURCES));
    resources->first = true;
    resources->left = cut ? CUT_RESOURCES : INT_MAX;
    (void)als_json_reader_open(&resources->reader, '[');
}

static struct als_text read_string(struct als_json_reader *reader)
{
    struct als_json_raw string;
    struct als_text value;
    if (als_json_reader_peek(reader) != '"')
        (void)als_json_reader_value(reader, &value);
    else if (als_json_reader_string(reader, &string) && string.text.size > 0)
        return string.text;
    return (struct als_text){NULL, 0};
}

static void read_object(struct als_json_reader *reader, struct als_resource *resource)
{
    struct als_json_raw name;
    for (bool first = als_json_reader_open(reader, '{');
         als_json_reader_next_member(reader, &first, &name);) {
        struct als_text value = read_string(reader);
        if (als_text_equal_ignoring_case(name.text, ALS_TEXT("ARN")))
            resource->arn = value;
        else if (als_text_equal(name.text, ALS_TEXT("type")))
            resource->type = value;
        else if (als_text_equal(name.text, ALS_TEXT("accountId")))
            resource->account = value;
    }
}

bool als_resources_next(struct als_resources *resources, struct als_resource *resource)
{
    *resource = (struct als_resource){.arn = {NULL, 0}};
    if (resources->left < 0 || !als_json_reader_next_element(&resources->reader, &resources->first))
        return false;
    if (resources->left-- == 0)
        resource->arn = ALS_TEXT(ALS_WRITER_CUT_MARK);
    else if (als_json_reader_peek(&resources->reader) == '{')
        read_object(&resources->reader, resource);
    else
        resource->arn = read_string(&resources->reader);
    return true;
}
