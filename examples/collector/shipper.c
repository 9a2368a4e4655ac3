#include "shipper.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lookup.h"
#include "progress.h"
#include "wire.h"

enum {
    MOST_MARKS = 256,
    CHUNK = OUTPUT_BUFFER_SIZE, /* bytes encoded at a time, for streams */
    TURN = 1024 * 1024,         /* bytes sent in a turn, so that the rest of the loop has its own */
    BURST = 32,                 /* datagrams: nobody tells when there are too many at once, */
    BURST_PAUSE_MS = 1,         /* so receivers have time to take them */
    CONNECT_TIMEOUT_MS = 10000,
    FIRST_RETRY_MS = 100,
    LONGEST_RETRY_MS = 5000,
    LOOK_MS = 20 /* how often to look whether what was sent has arrived, or a host was found */
};

struct shipment {
    struct shipment *next;
    awslogsrc_batch *batch;
    const char *source;
    size_t encoded, arrived; /* events, from the first on */
};

/* So many events of the shipment have arrived once so many bytes have. */
struct mark {
    struct shipment *shipment;
    size_t events;
    uint64_t bytes;
};

struct shipper {
    struct destination destination;
    struct event_writer *writer;
    struct wire_trust *trust;
    struct lookup *lookup;      /* that goes on; NULL: none */
    struct addrinfo *addresses; /* of the receiver */
    const struct addrinfo *to;  /* the one in use; NULL: they are to be looked up */
    struct wire *wire;          /* NULL: not connected */
    int64_t opened_ms, retry_at_ms, retry_ms;
    struct shipment *first, *last, *current; /* current: where encoding goes on */
    struct output chunk;                     /* encoded */
    size_t chunk_sent;
    uint64_t encoded; /* bytes, for this wire */
    struct mark marks[MOST_MARKS];
    size_t mark_first, mark_count;
    int pause_ms; /* -1: for ever */
    uint64_t shipped;
    char trouble[256];
    int64_t trouble_since_ms; /* 0: none */
};

/* --- life --- */

struct shipper *shipper_new(const struct destination *destination, struct event_writer *writer,
                            const char *ca_file)
{
    struct shipper *shipper = calloc(1, sizeof *shipper);
    if (shipper == NULL) {
        event_writer_free(writer);
        return NULL;
    }
    shipper->destination = *destination;
    shipper->writer = writer;
    shipper->retry_ms = FIRST_RETRY_MS;
    output_init(&shipper->chunk, OUTPUT_MEMORY);
    if (destination->kind == DESTINATION_TLS) {
        shipper->trust = wire_trust_new(ca_file);
        if (shipper->trust == NULL) {
            shipper_free(shipper);
            return NULL;
        }
    }
    return shipper;
}

static void drop_first(struct shipper *shipper)
{
    struct shipment *shipment = shipper->first;
    shipper->first = shipment->next;
    if (shipper->first == NULL)
        shipper->last = NULL;
    free(shipment);
}

void shipper_free(struct shipper *shipper)
{
    if (shipper == NULL)
        return;
    while (shipper->first != NULL) {
        awslogsrc_batch_unref(shipper->first->batch);
        drop_first(shipper);
    }
    wire_close(shipper->wire);
    wire_trust_free(shipper->trust);
    lookup_free(shipper->lookup);
    if (shipper->addresses != NULL)
        freeaddrinfo(shipper->addresses);
    event_writer_free(shipper->writer);
    output_clear(&shipper->chunk);
    free(shipper);
}

bool shipper_take(struct shipper *shipper, const char *source, awslogsrc_batch *batch)
{
    struct shipment *shipment = calloc(1, sizeof *shipment);
    if (shipment == NULL)
        return false;
    *shipment = (struct shipment){.batch = batch, .source = source};
    if (shipper->last != NULL)
        shipper->last->next = shipment;
    else
        shipper->first = shipment;
    shipper->last = shipment;
    if (shipper->current == NULL)
        shipper->current = shipment;
    shipper->pause_ms = 0;
    return true;
}

/* --- the connection --- */

/* What has not arrived is encoded again for the next connection. */
static void lose_wire(struct shipper *shipper, const char *why)
{
    int64_t now = progress_now_ms();
    (void)snprintf(shipper->trouble, sizeof shipper->trouble, "%s", why);
    if (shipper->trouble_since_ms == 0)
        shipper->trouble_since_ms = now; /* the same address has another chance */
    else if (shipper->to != NULL)
        shipper->to = shipper->to->ai_next;
    wire_close(shipper->wire);
    shipper->wire = NULL;
    shipper->retry_at_ms = now + shipper->retry_ms;
    shipper->retry_ms *= 2;
    if (shipper->retry_ms > LONGEST_RETRY_MS)
        shipper->retry_ms = LONGEST_RETRY_MS;
    for (struct shipment *each = shipper->first; each != NULL; each = each->next)
        each->encoded = each->arrived;
    shipper->current = shipper->first;
    shipper->mark_count = 0;
    output_reset(&shipper->chunk);
    shipper->chunk_sent = 0;
    shipper->encoded = 0;
}

/* Whether there is an address to try, now. */
static bool look_up(struct shipper *shipper)
{
    bool datagrams = shipper->destination.kind == DESTINATION_UDP;
    if (shipper->to != NULL)
        return true;
    if (shipper->lookup == NULL)
        shipper->lookup =
            lookup_new(&shipper->destination.address, datagrams ? SOCK_DGRAM : SOCK_STREAM);
    if (shipper->lookup == NULL)
        lose_wire(shipper, "out of memory");
    if (shipper->lookup == NULL || !lookup_is_done(shipper->lookup))
        return false;
    if (shipper->addresses != NULL)
        freeaddrinfo(shipper->addresses);
    int code = lookup_take(shipper->lookup, &shipper->addresses);
    lookup_free(shipper->lookup);
    shipper->lookup = NULL;
    shipper->to = shipper->addresses;
    if (code != 0)
        lose_wire(shipper, gai_strerror(code));
    return code == 0;
}

static bool open_wire(struct shipper *shipper)
{
    if (progress_now_ms() < shipper->retry_at_ms || !look_up(shipper))
        return false;
    shipper->opened_ms = progress_now_ms();
    shipper->wire = wire_open(&shipper->destination, shipper->to, shipper->trust);
    if (shipper->wire == NULL)
        lose_wire(shipper, "out of memory");
    return shipper->wire != NULL;
}

/* Whether there is a connection to send on. */
static bool connect_wire(struct shipper *shipper)
{
    int64_t now = progress_now_ms();
    if (shipper->wire == NULL && !open_wire(shipper))
        return false;
    enum wire_state state = wire_process(shipper->wire);
    if (state == WIRE_BROKEN)
        lose_wire(shipper, wire_error(shipper->wire));
    else if (state == WIRE_CONNECTING && now - shipper->opened_ms > CONNECT_TIMEOUT_MS)
        lose_wire(shipper, "timed out");
    else if (state == WIRE_READY)
        shipper->trouble_since_ms = 0;
    return state == WIRE_READY;
}

/* --- what has arrived --- */

static void acknowledge(struct shipper *shipper)
{
    struct shipment *shipment = shipper->first;
    shipper->shipped += awslogsrc_batch_count(shipment->batch);
    (void)awslogsrc_batch_ack(shipment->batch);
    if (shipper->current == shipment)
        shipper->current = shipment->next;
    drop_first(shipper);
}

static void heed_arrivals(struct shipper *shipper)
{
    uint64_t arrived = shipper->mark_count == 0 ? 0 : wire_arrived(shipper->wire);
    while (shipper->mark_count > 0) {
        const struct mark *mark = &shipper->marks[shipper->mark_first];
        if (mark->bytes > arrived)
            return;
        mark->shipment->arrived = mark->events;
        shipper->retry_ms = FIRST_RETRY_MS;
        if (mark->events == awslogsrc_batch_count(mark->shipment->batch))
            acknowledge(shipper); /* they arrive in order: it is the first one */
        shipper->mark_first = (shipper->mark_first + 1) % MOST_MARKS;
        shipper->mark_count--;
    }
}

/* --- sending --- */

static void put_mark(struct shipper *shipper)
{
    size_t place = (shipper->mark_first + shipper->mark_count++) % MOST_MARKS;
    shipper->marks[place] = (struct mark){.shipment = shipper->current,
                                          .events = shipper->current->encoded,
                                          .bytes = shipper->encoded};
}

/* A chunk is events of one batch; a datagram is one event. Returns 0, or why it cannot be encoded.
 */
static int encode_chunk(struct shipper *shipper)
{
    bool datagrams = shipper->destination.kind == DESTINATION_UDP;
    struct shipment *shipment = shipper->current;
    size_t count = awslogsrc_batch_count(shipment->batch);
    size_t most = datagrams ? 1 : CHUNK;
    output_reset(&shipper->chunk);
    shipper->chunk_sent = 0;
    while (shipment->encoded < count && shipper->chunk.used < most) {
        const awslogsrc_event *event = awslogsrc_batch_event(shipment->batch, shipment->encoded);
        int code = event_writer_write(shipper->writer, &shipper->chunk, shipment->source,
                                      shipment->batch, event);
        if (code != 0 || shipper->chunk.error != 0)
            return code != 0 ? code : AWSLOGSRC_E_NO_MEMORY;
        shipment->encoded++;
    }
    shipper->encoded += shipper->chunk.used;
    put_mark(shipper);
    if (shipment->encoded == count)
        shipper->current = shipment->next;
    return 0;
}

/* Whether something is there to send, now. */
static bool has_chunk(struct shipper *shipper, int *code)
{
    if (shipper->chunk_sent < shipper->chunk.used)
        return true;
    if (shipper->current == NULL || shipper->mark_count == MOST_MARKS)
        return false;
    *code = encode_chunk(shipper);
    return *code == 0;
}

/* Returns 0, or why nothing can be encoded. */
static int send_some(struct shipper *shipper)
{
    bool datagrams = shipper->destination.kind == DESTINATION_UDP;
    size_t sent = 0, datagrams_sent = 0;
    int code = 0;
    while (has_chunk(shipper, &code)) {
        ptrdiff_t size = wire_send(shipper->wire, shipper->chunk.data + shipper->chunk_sent,
                                   shipper->chunk.used - shipper->chunk_sent);
        if (size < 0)
            lose_wire(shipper, wire_error(shipper->wire));
        if (size <= 0)
            return 0;
        shipper->chunk_sent += (size_t)size;
        sent += (size_t)size;
        if (datagrams ? ++datagrams_sent >= BURST : sent >= TURN) {
            shipper->pause_ms = datagrams ? BURST_PAUSE_MS : 0;
            return 0;
        }
    }
    return code;
}

int shipper_process(struct shipper *shipper)
{
    int code = 0;
    shipper->pause_ms = -1;
    if (connect_wire(shipper)) {
        heed_arrivals(shipper);
        code = send_some(shipper);
    }
    if (shipper->wire != NULL)
        heed_arrivals(shipper);
    return code;
}

/* --- for the loop --- */

int shipper_fd(const struct shipper *shipper)
{
    return shipper->wire == NULL ? -1 : wire_fd(shipper->wire);
}

short shipper_events(const struct shipper *shipper)
{
    return shipper->wire == NULL ? 0 : wire_events(shipper->wire);
}

int shipper_timeout_ms(const struct shipper *shipper)
{
    int64_t wait = shipper->retry_at_ms - progress_now_ms();
    if (shipper->lookup != NULL)
        return LOOK_MS;
    if (shipper->wire == NULL)
        return wait > 0 ? (int)wait : 0;
    if (shipper->pause_ms >= 0)
        return shipper->pause_ms;
    return shipper->mark_count > 0 ? LOOK_MS : CONNECT_TIMEOUT_MS;
}

bool shipper_is_idle(const struct shipper *shipper)
{
    return shipper->first == NULL;
}

uint64_t shipper_events_shipped(const struct shipper *shipper)
{
    return shipper->shipped;
}

const char *shipper_trouble(const struct shipper *shipper, int64_t *since_ms)
{
    *since_ms = shipper->trouble_since_ms;
    return shipper->trouble_since_ms == 0 ? NULL : shipper->trouble;
}
