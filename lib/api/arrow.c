#include "awslogsrc/arrow.h"

#include "base/error.h"
#include "event/arrow.h"
#include "event/arrow_records.h"

enum {
    KNOWN_FLAGS = AWSLOGSRC_ARROW_COPY_TEXT | AWSLOGSRC_ARROW_NO_PAYLOAD | AWSLOGSRC_ARROW_RECORDS
};

int awslogsrc_batch_export_arrow(awslogsrc_batch *batch, int flags, struct ArrowSchema *schema,
                                 struct ArrowArray *array, awslogsrc_error **error)
{
    struct ArrowArray exported = {0};
    bool records = (flags & AWSLOGSRC_ARROW_RECORDS) != 0;
    int status = 0;
    if ((flags & ~KNOWN_FLAGS) != 0)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "flags: %d are not known", flags);
    if (array == NULL ? schema == NULL : batch == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "batch, or schema and array, are NULL");
    if (array != NULL)
        status = records ? als_arrow_records_export_batch(batch, flags, &exported)
                         : als_arrow_export_batch(batch, flags, &exported);
    if (status == 0 && schema != NULL)
        status = records ? als_arrow_records_export_schema(flags, schema)
                         : als_arrow_export_schema(flags, schema);
    if (status != 0) {
        if (exported.release != NULL)
            exported.release(&exported);
        return als_error_set(error, status, "%s", als_error_text(status));
    }
    if (array != NULL)
        *array = exported;
    return 0;
}
