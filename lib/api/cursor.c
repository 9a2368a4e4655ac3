#include "awslogsrc/cursor.h"

#include "base/error.h"
#include "base/memory.h"
#include "cursor/cursor.h"

int awslogsrc_cursor_to_text(const awslogsrc_cursor *cursor, char **out, size_t *size,
                             awslogsrc_error **error)
{
    if (cursor == NULL || out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "cursor or out is NULL");
    struct als_text text = als_cursor_exported_text(cursor);
    char *copy = als_copy_bytes(text.data, text.size);
    if (copy == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "no memory for the cursor's text");
    *out = copy;
    if (size != NULL)
        *size = text.size;
    return 0;
}

void awslogsrc_cursor_text_free(char *text)
{
    als_free(text);
}

int awslogsrc_cursor_from_text(const char *text, size_t size, awslogsrc_cursor **out,
                               awslogsrc_error **error)
{
    if (text == NULL || out == NULL)
        return als_error_set(error, AWSLOGSRC_E_INVALID, "text or out is NULL");
    return als_cursor_import((struct als_text){text, size}, out, error);
}

void awslogsrc_cursor_free(awslogsrc_cursor *cursor)
{
    als_cursor_exported_free(cursor);
}

int64_t awslogsrc_cursor_position_ms(const awslogsrc_cursor *cursor)
{
    return cursor == NULL ? 0 : als_cursor_exported_position(cursor);
}

int64_t awslogsrc_cursor_lag_ms(const awslogsrc_cursor *cursor)
{
    return cursor == NULL ? 0 : als_cursor_exported_lag(cursor);
}
