#include "awslogsrc/check.h"

#include "source/check.h"
#include "source/check_report.h"
#include "source/context.h"
#include "source/source.h"

int awslogsrc_source_check(awslogsrc_source *source, awslogsrc_check_fn fn, void *user_data,
                           awslogsrc_user_data_free user_data_free, awslogsrc_error **error)
{
    struct als_check_callback callback = {fn, user_data, user_data_free};
    int status = source == NULL || fn == NULL ? AWSLOGSRC_E_INVALID : 0;
    if (status == 0)
        status = als_context_check(source->context);
    if (status != 0)
        als_error_set(error, status, "awslogsrc_source_check: %s", als_error_text(status));
    else
        status = als_check_begin(source, &callback, error);
    if (status != 0 && user_data_free != NULL)
        user_data_free(user_data);
    return status;
}

size_t awslogsrc_check_count(const awslogsrc_check *check)
{
    return check == NULL ? 0 : check->count;
}

size_t awslogsrc_check_failures(const awslogsrc_check *check)
{
    size_t failures = 0;
    for (size_t i = 0; i < awslogsrc_check_count(check); i++)
        failures += check->steps[i].result == AWSLOGSRC_STEP_FAILED;
    return failures;
}

const awslogsrc_step *awslogsrc_check_step(const awslogsrc_check *check, size_t index)
{
    return index < awslogsrc_check_count(check) ? &check->steps[index] : NULL;
}

const char *awslogsrc_step_name(const awslogsrc_step *step)
{
    return step == NULL ? NULL : step->name;
}

const char *awslogsrc_step_region(const awslogsrc_step *step)
{
    return step == NULL ? NULL : step->region;
}

int awslogsrc_step_result(const awslogsrc_step *step)
{
    return step == NULL ? AWSLOGSRC_STEP_SKIPPED : step->result;
}

int64_t awslogsrc_step_duration_ms(const awslogsrc_step *step)
{
    return step == NULL ? -1 : step->duration_ms;
}

const char *awslogsrc_step_detail(const awslogsrc_step *step, size_t *size)
{
    if (size != NULL)
        *size = step == NULL ? 0 : step->detail.size;
    return step == NULL ? NULL : als_buffer_string(&step->detail);
}

const char *awslogsrc_step_remedy(const awslogsrc_step *step)
{
    return step == NULL ? NULL : step->remedy;
}

void awslogsrc_check_free(awslogsrc_check *check)
{
    als_check_report_free(check);
}
