#include "source/intake.h"

#include "source/chain.h"
#include "source/region_reader.h"

static void work(void *user_data);

void als_intake_init(struct als_intake *intake, struct als_loop *loop)
{
    *intake = (struct als_intake){.loop = loop, .work = {.fn = work, .user_data = intake}};
    als_page_init(&intake->page);
}

void als_intake_clear(struct als_intake *intake)
{
    als_loop_disarm(intake->loop, &intake->work);
    als_page_clear(&intake->page);
}

void als_intake_push(struct als_intake *intake, struct als_chain *chain)
{
    chain->next_arrived = NULL;
    if (intake->last != NULL)
        intake->last->next_arrived = chain;
    else
        intake->first = chain;
    intake->last = chain;
    if (!intake->work.armed)
        als_loop_arm(intake->loop, &intake->work, als_loop_now_ms(intake->loop));
}

void als_intake_forget(struct als_intake *intake, struct als_chain *chain)
{
    struct als_chain *before = NULL;
    struct als_chain **link = &intake->first;
    while (*link != NULL && *link != chain) {
        before = *link;
        link = &before->next_arrived;
    }
    if (*link == NULL)
        return;
    *link = chain->next_arrived;
    if (intake->last == chain)
        intake->last = before;
    chain->next_arrived = NULL;
}

static int hand_on(struct als_region_reader *reader, uint64_t number, struct als_buffer *body,
                   struct als_page *page)
{
    struct als_outstanding_entry *entry = als_outstanding_prepare(reader->loop->waker);
    awslogsrc_batch *batch = NULL;
    if (entry != NULL)
        batch = als_batch_new(reader->origin, als_outstanding_receipt(entry), number, body, page);
    if (batch == NULL) {
        als_outstanding_discard(entry);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    als_outstanding_add(&reader->outstanding, entry, batch);
    als_delivery_push(&reader->delivery, batch);
    return 0;
}

/* The page has been dealt with, or is of no use. */
static void forget_page(struct als_intake *intake, struct als_chain *chain)
{
    als_intake_forget(intake, chain);
    als_chain_forget_page(chain);
    als_region_reader_free_reserve(chain);
}

void als_intake_shrink_pages(struct als_chain *chain)
{
    struct als_region_reader *reader = chain->reader;
    if (reader->page_limit > 1)
        reader->page_limit /= 2;
    als_region_reader_drop_chain(reader, chain, false);
}

static void refuse_page(struct als_intake *intake, struct als_chain *chain, int status, size_t size)
{
    struct als_region_reader *reader = chain->reader;
    int code = status != 0 ? status : AWSLOGSRC_E_PROTOCOL;
    const char *reason = status != 0 ? intake->page.error_reason : "there is no Date header";
    awslogsrc_error *error = NULL;
    als_error_set(&error, code, "%s: %s: page of %zu bytes: byte %zu: %s", reader->region,
                  als_error_text(code), size, intake->page.error_offset, reason);
    if (code == AWSLOGSRC_E_TOO_LARGE)
        als_intake_shrink_pages(chain);
    als_region_reader_fail(reader, error, 0);
    als_error_free(error);
}

/* The first step. */
static void decode_page(struct als_intake *intake, struct als_chain *chain)
{
    size_t size = chain->body.size;
    int status = als_page_decode(&intake->page, chain->body.data, size);
    if (status == 0 && chain->began_ms != 0) {
        chain->state = ALS_CHAIN_DECODED;
        return;
    }
    forget_page(intake, chain); /* and ask for it again */
    refuse_page(intake, chain, status, size);
}

/* The second one. The chain may be gone afterwards. */
static void keep_page(struct als_intake *intake, struct als_chain *chain)
{
    struct als_region_reader *reader = chain->reader;
    struct als_page *page = &intake->page;
    int64_t now = als_logs_client_server_ms(&reader->client);
    uint64_t batch = 0;
    size_t events = page->count;
    int status =
        als_reading_add_page(&reader->reading, chain->scan, page, chain->began_ms, now, &batch);
    bool moves_on = page->next_token.size > 0;
    bool repeated = moves_on && !als_chain_advance(chain, page->next_token);
    if (status == 0 && page->count > 0) {
        status = hand_on(reader, batch, &chain->body, page);
        if (status != 0)
            als_reading_refuse(&reader->reading, batch);
    }
    forget_page(intake, chain);
    if (status != 0 || repeated || !moves_on)
        als_region_reader_drop_chain(reader, chain, status == 0 && !repeated);
    if (status != 0) {
        als_region_reader_fail_with(reader, status, "a page could not be kept");
    } else if (repeated) {
        als_region_reader_fail_with(reader, AWSLOGSRC_E_TOKEN,
                                    "the service answered with the token it was sent");
    } else {
        reader->pages++;
        reader->events += events;
        als_position_changed(&reader->position);
        als_region_state_succeed(&reader->state);
    }
}

static void work(void *user_data)
{
    struct als_intake *intake = user_data;
    struct als_chain *chain = intake->first;
    if (chain == NULL)
        return;
    struct als_region_reader *reader = chain->reader;
    awslogsrc_source *source = reader->source;
    als_source_ref(source);
    if (chain->state == ALS_CHAIN_ARRIVED) {
        decode_page(intake, chain);
    } else {
        keep_page(intake, chain);
    }
    als_region_reader_wake(reader);
    if (intake->first != NULL)
        als_loop_arm(intake->loop, &intake->work, als_loop_now_ms(intake->loop));
    als_source_unref(source); /* which may be the last reference to the context as well */
}
