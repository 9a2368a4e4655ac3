#include "cursor/store_custom.h"

#include "awslogsrc/error.h"
#include "base/error.h"
#include "base/memory.h"

struct store_custom {
    struct awslogsrc_store head;
    struct als_store_custom_functions functions;
};

/* A load or write that the host has not answered yet. It outlives its slot. */
struct request {
    struct custom_slot *slot; /* NULL once the slot is closed: nobody wants the answer */
    struct als_store_reply reply;
    struct als_buffer text;
};

struct awslogsrc_store_load {
    struct request request;
};

struct awslogsrc_store_write {
    struct request request;
};

struct custom_slot {
    char *key; /* "SOURCE/REGION" */
    struct request *pending;
};

static void free_slot(struct custom_slot *slot)
{
    als_free(slot->key);
    als_free(slot);
}

static char *make_key(const char *source, const char *region)
{
    struct als_buffer key;
    als_buffer_init(&key, ALS_STORE_TEXT_CEILING);
    als_buffer_append_string(&key, source);
    als_buffer_append_char(&key, '/');
    als_buffer_append_string(&key, region);
    return als_buffer_take(&key);
}

static int store_open(struct awslogsrc_store *store, const char *source, const char *region,
                      struct als_store_slot *slot, awslogsrc_error **error)
{
    (void)store;
    struct custom_slot *custom = als_new(sizeof *custom);
    if (custom != NULL) {
        custom->key = make_key(source, region);
        if (custom->key == NULL) {
            free_slot(custom);
            custom = NULL;
        }
    }
    slot->state = custom;
    return custom != NULL ? 0
                          : als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "no memory for the store");
}

static void refuse(const struct als_store_reply *reply)
{
    awslogsrc_error *error = NULL;
    int status = als_error_set(&error, AWSLOGSRC_E_NO_MEMORY, "no memory for the store");
    als_store_answer(reply, status, error);
}

static void begin(struct request *request, struct custom_slot *slot,
                  const struct als_store_reply *reply)
{
    request->slot = slot;
    request->reply = *reply;
    slot->pending = request;
}

/* The request is over. Whether somebody still wants the answer; it may close the slot. */
static bool end(struct request *request, struct als_store_reply *reply)
{
    bool wanted = request->slot != NULL;
    *reply = request->reply;
    if (wanted)
        request->slot->pending = NULL;
    als_buffer_clear(&request->text);
    als_free(request);
    return wanted;
}

static void end_with(struct request *request, int status, const char *what)
{
    struct als_store_reply reply;
    awslogsrc_error *error = NULL;
    if (!end(request, &reply))
        return;
    if (status != 0)
        als_error_set(&error, status, "the store could not %s the cursor: %s", what,
                      als_error_text(status));
    als_store_answer(&reply, status, error);
}

static void store_load(struct als_store_slot *slot, const struct als_store_reply *reply)
{
    const struct store_custom *custom = (const struct store_custom *)slot->store;
    struct custom_slot *own = slot->state;
    struct awslogsrc_store_load *load = als_new(sizeof *load);
    if (load == NULL) {
        refuse(reply);
        return;
    }
    begin(&load->request, own, reply);
    custom->functions.load(custom->functions.user_data, own->key, load);
}

void als_store_custom_loaded(awslogsrc_store_load *load, int status, struct als_text text)
{
    struct als_store_reply reply;
    struct als_buffer copy;
    if (status != 0) {
        end_with(&load->request, status, "load");
    } else if (end(&load->request, &reply)) {
        als_buffer_init(&copy, ALS_STORE_TEXT_CEILING);
        als_buffer_append_text(&copy, text);
        als_store_answer_text(&reply, NULL, &copy);
    }
}

static void store_write(struct als_store_slot *slot, enum als_store_kind kind,
                        struct als_buffer *text, const struct als_store_reply *reply)
{
    const struct store_custom *custom = (const struct store_custom *)slot->store;
    struct custom_slot *own = slot->state;
    struct awslogsrc_store_write *write = als_new(sizeof *write);
    if (write == NULL) {
        als_buffer_clear(text);
        refuse(reply);
        return;
    }
    write->request.text = *text;
    als_buffer_init(text, text->ceiling);
    begin(&write->request, own, reply);
    struct als_text data = als_buffer_text(&write->request.text);
    custom->functions.write(custom->functions.user_data, own->key, (int)kind, data.data, data.size,
                            write);
}

void als_store_custom_written(awslogsrc_store_write *write, int status)
{
    end_with(&write->request, status, "write");
}

static void store_close(struct als_store_slot *slot)
{
    struct custom_slot *own = slot->state;
    if (own->pending != NULL)
        own->pending->slot = NULL;
    free_slot(own);
}

static void store_free(struct awslogsrc_store *store)
{
    struct store_custom *custom = (struct store_custom *)store;
    if (custom->functions.user_data_free != NULL)
        custom->functions.user_data_free(custom->functions.user_data);
    als_free(custom);
}

static const struct als_store_ops ops = {.open = store_open,
                                         .load = store_load,
                                         .write = store_write,
                                         .close = store_close,
                                         .free = store_free};

int als_store_custom_new(const struct als_store_custom_functions *functions,
                         struct awslogsrc_store **out)
{
    struct store_custom *custom = als_new(sizeof *custom);
    if (custom == NULL) {
        if (functions->user_data_free != NULL)
            functions->user_data_free(functions->user_data);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    als_store_init(&custom->head, &ops);
    custom->functions = *functions;
    *out = &custom->head;
    return 0;
}
