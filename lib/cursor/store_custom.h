/* Cursors where the host keeps them, through its callbacks. */
#ifndef ALS_CURSOR_STORE_CUSTOM_H
#define ALS_CURSOR_STORE_CUSTOM_H

#include "cursor/store.h"

struct als_store_custom_functions {
    awslogsrc_store_load_fn load;
    awslogsrc_store_write_fn write;
    void *user_data; /* take, also where this fails */
    awslogsrc_user_data_free user_data_free;
};

/* 0 or AWSLOGSRC_E_NO_MEMORY. */
int als_store_custom_new(const struct als_store_custom_functions *functions,
                         struct awslogsrc_store **out);

/* The host's answers; the handle is gone afterwards. */
void als_store_custom_loaded(awslogsrc_store_load *load, int status, struct als_text text);
void als_store_custom_written(awslogsrc_store_write *write, int status);

#endif
