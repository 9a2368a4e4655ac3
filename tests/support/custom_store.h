/* A store of the host's in memory, which does what a test wants of it when it is called. Included
 * by the tests of sources. */
#ifndef CUSTOM_STORE_H
#define CUSTOM_STORE_H

#include "source_fixture.h"

typedef void store_act(struct fixture *fixture);

static struct store {
    awslogsrc_store *store;
    struct fixture *fixture;
    int write_status;
    int fail_from; /* writes from this one on fail */
    bool load_later;
    awslogsrc_store_load *load;                         /* not yet answered */
    store_act *after_load, *before_write, *after_write; /* it is answered; each acts once */
    int loads, writes;
    char text[1 << 20];
    size_t size;
} store;

static inline void act_once(store_act **act)
{
    store_act *once = *act;
    *act = NULL;
    if (once != NULL)
        once(store.fixture);
}

static inline void on_load(void *user_data, const char *key, awslogsrc_store_load *load)
{
    (void)user_data, (void)key;
    store.loads++;
    if (store.load_later)
        store.load = load;
    else
        awslogsrc_store_loaded(load, 0, store.text, store.size);
    act_once(&store.after_load);
}

static inline void on_write(void *user_data, const char *key, int kind, const char *data,
                            size_t size, awslogsrc_store_write *write)
{
    (void)user_data, (void)key;
    store.writes++;
    act_once(&store.before_write);
    if (store.fail_from > 0 && store.writes >= store.fail_from)
        store.write_status = AWSLOGSRC_E_STORE;
    if (store.write_status == 0) {
        if (kind == AWSLOGSRC_STORE_SNAPSHOT)
            store.size = 0;
        assert_true(store.size + size <= sizeof store.text);
        memcpy(store.text + store.size, data, size);
        store.size += size;
    }
    awslogsrc_store_written(write, store.write_status);
    act_once(&store.after_write);
}

static inline void use_store(struct fixture *fixture)
{
    memset(&store, 0, sizeof store);
    store.fixture = fixture;
    assert_int_equal(awslogsrc_store_custom_new(on_load, on_write, NULL, NULL, &store.store, NULL),
                     0);
    assert_int_equal(awslogsrc_source_set_store(fixture->source, store.store), 0);
    awslogsrc_store_free(store.store);
}

#endif
