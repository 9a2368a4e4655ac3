/* Cursors in memory: they live as long as the store. */
#ifndef ALS_CURSOR_STORE_MEMORY_H
#define ALS_CURSOR_STORE_MEMORY_H

#include "cursor/store.h"

int als_store_memory_new(struct awslogsrc_store **out); /* 0 or AWSLOGSRC_E_NO_MEMORY */

#endif
