#include "source/check_report.h"

#include <stdarg.h>
#include <string.h>

#include "base/memory.h"

awslogsrc_check *als_check_report_new(void)
{
    return als_new(sizeof(awslogsrc_check));
}

void als_check_report_free(awslogsrc_check *check)
{
    if (check == NULL)
        return;
    for (size_t i = 0; i < check->count; i++) {
        als_free(check->steps[i].region);
        als_buffer_clear(&check->steps[i].detail);
    }
    als_free(check->steps);
    als_free(check);
}

struct awslogsrc_step *als_check_report_add(awslogsrc_check *check, const char *name,
                                            const char *region, int result)
{
    struct awslogsrc_step *steps =
        als_resize_array(check->steps, check->count + 1, sizeof *check->steps);
    char *copy = als_copy_string(region);
    if (steps != NULL)
        check->steps = steps;
    if (steps == NULL || copy == NULL) {
        als_free(copy);
        return NULL;
    }
    struct awslogsrc_step *step = &steps[check->count++];
    *step = (struct awslogsrc_step){
        .name = name, .region = copy, .result = result, .duration_ms = -1, .remedy = ""};
    als_buffer_init(&step->detail, ALS_CHECK_DETAIL_LIMIT);
    return step;
}

void als_check_report_append(awslogsrc_check *check, awslogsrc_check *from)
{
    struct awslogsrc_step *steps =
        als_resize_array(check->steps, check->count + from->count + 1, sizeof *check->steps);
    if (steps == NULL)
        return;
    memcpy(steps + check->count, from->steps, from->count * sizeof *steps);
    check->steps = steps;
    check->count += from->count;
    from->count = 0;
}

void als_check_report_tell(awslogsrc_check *check, const char *name, const char *region,
                           const struct als_check_finding *finding, const char *format, ...)
{
    struct awslogsrc_step *step = als_check_report_add(check, name, region, finding->result);
    va_list arguments;
    if (step == NULL)
        return;
    step->duration_ms = finding->duration_ms;
    step->remedy = finding->remedy == NULL ? "" : finding->remedy;
    va_start(arguments, format);
    als_buffer_format_va(&step->detail, format, arguments);
    va_end(arguments);
}
