#include "awslogsrc/store.h"

#include "base/error.h"
#include "cursor/store_custom.h"
#include "cursor/store_file.h"
#include "cursor/store_memory.h"

static int report(int status, awslogsrc_error **error)
{
    return status == 0 ? 0 : als_error_set(error, status, "no memory for the store");
}

int awslogsrc_store_file_new(const char *path, awslogsrc_store **out, awslogsrc_error **error)
{
    if (out == NULL || path == NULL || path[0] == '\0')
        return als_error_set(error, AWSLOGSRC_E_INVALID, "out or path is missing");
    return report(als_store_file_new(path, als_file_ops_system(), out), error);
}

int awslogsrc_store_memory_new(awslogsrc_store **out, awslogsrc_error **error)
{
    if (out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "out is NULL");
    return report(als_store_memory_new(out), error);
}

int awslogsrc_store_custom_new(awslogsrc_store_load_fn load, awslogsrc_store_write_fn write,
                               void *user_data, awslogsrc_user_data_free user_data_free,
                               awslogsrc_store **out, awslogsrc_error **error)
{
    if (load == NULL || write == NULL || out == NULL) {
        if (user_data_free != NULL)
            user_data_free(user_data);
        return als_error_set(error, AWSLOGSRC_E_INVALID, "load, write or out is NULL");
    }
    struct als_store_custom_functions functions = {load, write, user_data, user_data_free};
    return report(als_store_custom_new(&functions, out), error);
}

int awslogsrc_store_loaded(awslogsrc_store_load *load, int status, const char *data, size_t size)
{
    if (load == NULL || (data == NULL && size != 0))
        return AWSLOGSRC_E_INVALID;
    als_store_custom_loaded(load, status, (struct als_text){data == NULL ? "" : data, size});
    return 0;
}

int awslogsrc_store_written(awslogsrc_store_write *write, int status)
{
    if (write == NULL)
        return AWSLOGSRC_E_INVALID;
    als_store_custom_written(write, status);
    return 0;
}

void awslogsrc_store_free(awslogsrc_store *store)
{
    als_store_unref(store);
}
