/* Into Kafka, with delivery reports as acknowledgement: the host keeps each batch (HOLD) until the
 * broker has confirmed its last message. A message that the broker refuses sends the whole batch
 * back (nack): it is read again, so that Kafka has every event at least once.
 *
 *     kafka_producer REGIONS LOG_GROUP BROKERS TOPIC [STATE_DIR]
 *
 * The key of a message is the event's id, for consumers that want to leave out what came twice. */
#include <awslogsrc/awslogsrc.h>
#include <errno.h>
#include <librdkafka/rdkafka.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* A held batch, until the last report for it is in. */
struct shipment {
    awslogsrc_batch *batch;
    size_t waiting;
    int refused;
};

struct producer {
    rd_kafka_t *kafka;
    rd_kafka_topic_t *topic;
    awslogsrc_context *context;
    awslogsrc_source *source;
};

static volatile sig_atomic_t stopped;
static awslogsrc_context *woken;

static void stop(int number)
{
    (void)number;
    stopped = 1;
    awslogsrc_context_wakeup(woken); /* NOLINT(*-signal-handler,cert-sig30-c): made for it */
}

static void release(struct shipment *shipment)
{
    if (shipment->refused)
        awslogsrc_batch_nack(shipment->batch);
    else
        awslogsrc_batch_ack(shipment->batch);
    free(shipment);
}

/* librdkafka calls this from rd_kafka_poll(), on our thread. */
static void reported(rd_kafka_t *kafka, const rd_kafka_message_t *message, void *opaque)
{
    struct shipment *shipment = message->_private;
    (void)kafka, (void)opaque;
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
        fprintf(stderr, "kafka: %s\n", rd_kafka_err2str(message->err));
        shipment->refused = 1;
    }
    if (--shipment->waiting == 0)
        release(shipment);
}

/* The batch stays where it is until it is acknowledged: librdkafka need not copy it. */
static int ship(struct producer *producer, struct shipment *shipment, const awslogsrc_event *event)
{
    size_t key_size = 0, size = 0;
    const char *key = awslogsrc_event_event_id(event, &key_size);
    const char *message = awslogsrc_event_message(event, &size);
    return rd_kafka_produce(producer->topic, RD_KAFKA_PARTITION_UA, 0, (void *)(uintptr_t)message,
                            size, key, key_size, shipment);
}

static int take_batch(void *user_data, awslogsrc_source *source, awslogsrc_batch *batch)
{
    struct producer *producer = user_data;
    struct shipment *shipment = calloc(1, sizeof *shipment);
    (void)source;
    if (shipment == NULL)
        return AWSLOGSRC_LATER;
    shipment->batch = batch;
    for (size_t i = 0; i < awslogsrc_batch_count(batch); i++) {
        if (ship(producer, shipment, awslogsrc_batch_event(batch, i)) != 0) {
            shipment->refused = 1; /* the queue is full: what is under way ends first */
            break;
        }
        shipment->waiting++;
    }
    if (shipment->waiting > 0)
        return AWSLOGSRC_HOLD;
    free(shipment);
    return AWSLOGSRC_LATER;
}

static void take_status(void *user_data, awslogsrc_source *source, const char *region, int state,
                        const awslogsrc_error *error, int64_t retry_at_ms)
{
    (void)user_data, (void)source, (void)region, (void)state, (void)retry_at_ms;
    if (error != NULL)
        fprintf(stderr, "%s\n", awslogsrc_error_message(error));
}

static int set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char why[256];
    if (rd_kafka_conf_set(conf, name, value, why, sizeof why) == RD_KAFKA_CONF_OK)
        return 0;
    fprintf(stderr, "kafka: %s\n", why);
    return -1;
}

/* Idempotent, so that librdkafka's own retries neither repeat nor reorder. */
static int connect_kafka(struct producer *producer, const char *brokers, const char *topic)
{
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set_dr_msg_cb(conf, reported);
    if (set(conf, "bootstrap.servers", brokers) != 0 ||
        set(conf, "enable.idempotence", "true") != 0 || set(conf, "linger.ms", "5") != 0) {
        rd_kafka_conf_destroy(conf);
        return -1;
    }
    producer->kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (producer->kafka == NULL) {
        fprintf(stderr, "kafka: %s\n", why);
        rd_kafka_conf_destroy(conf);
        return -1;
    }
    producer->topic = rd_kafka_topic_new(producer->kafka, topic, NULL);
    return producer->topic == NULL ? -1 : 0;
}

static int start_source(struct producer *producer, char **argv)
{
    awslogsrc_options *options = NULL;
    awslogsrc_error *error = NULL;
    int status = awslogsrc_context_new(&producer->context, &error);
    if (status == 0)
        status = awslogsrc_options_new(&options, &error);
    if (status == 0)
        status = awslogsrc_options_set(options, "regions", argv[1], &error);
    if (status == 0)
        status = awslogsrc_options_set(options, "log_group", argv[2], &error);
    if (status == 0 && argv[5] != NULL)
        status = awslogsrc_options_set(options, "state_dir", argv[5], &error);
    if (status == 0 && getenv("START_TIME") != NULL)
        status = awslogsrc_options_set(options, "start_time", getenv("START_TIME"), &error);
    if (status == 0)
        status = awslogsrc_source_new(producer->context, options, &producer->source, &error);
    if (status == 0)
        status = awslogsrc_source_on_batch(producer->source, take_batch, producer, NULL);
    if (status == 0)
        status = awslogsrc_source_on_status(producer->source, take_status, producer, NULL);
    if (status == 0)
        status = awslogsrc_source_start(producer->source, &error);
    if (error != NULL)
        fprintf(stderr, "%s\n", awslogsrc_error_message(error));
    awslogsrc_error_free(error);
    awslogsrc_options_free(options);
    return status;
}

/* Two descriptors, one loop: the library's, and a pipe that librdkafka writes to when reports are
 * there. */
static void follow(struct producer *producer)
{
    int wake[2];
    if (pipe(wake) != 0)
        return;
    rd_kafka_queue_t *reports = rd_kafka_queue_get_main(producer->kafka);
    rd_kafka_queue_io_event_enable(reports, wake[1], "!", 1);
    struct pollfd ready[] = {
        {.fd = awslogsrc_context_fd(producer->context), .events = POLLIN},
        {.fd = wake[0], .events = POLLIN},
    };
    while (!stopped && (poll(ready, 2, -1) >= 0 || errno == EINTR)) {
        char signs[64];
        if ((ready[1].revents & POLLIN) != 0 && read(wake[0], signs, sizeof signs) > 0)
            rd_kafka_poll(producer->kafka, 0);
        if ((ready[0].revents & POLLIN) != 0)
            awslogsrc_context_process(producer->context);
        rd_kafka_poll(producer->kafka, 0);
    }
    rd_kafka_queue_io_event_enable(reports, -1, NULL, 0);
    rd_kafka_queue_destroy(reports);
    close(wake[0]);
    close(wake[1]);
}

/* What is under way may still be acknowledged, for a while; what is not is read again next time. */
static void finish(struct producer *producer)
{
    rd_kafka_flush(producer->kafka, 5000);
    awslogsrc_context_process(producer->context); /* which takes the acknowledgements in */
    signal(SIGINT, SIG_DFL);
    signal(SIGTERM, SIG_DFL);
    rd_kafka_purge(producer->kafka, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
    rd_kafka_flush(producer->kafka, 1000);
}

int main(int argc, char **argv)
{
    struct producer producer = {0};
    if (argc != 5 && argc != 6) {
        fprintf(stderr, "usage: kafka_producer REGIONS LOG_GROUP BROKERS TOPIC [STATE_DIR]\n");
        return 2;
    }
    int status = connect_kafka(&producer, argv[3], argv[4]);
    if (status == 0)
        status = start_source(&producer, argv);
    if (status == 0) {
        woken = producer.context;
        signal(SIGINT, stop);
        signal(SIGTERM, stop);
        follow(&producer);
        finish(&producer);
    }
    awslogsrc_source_free(producer.source);
    awslogsrc_context_free(producer.context);
    if (producer.topic != NULL)
        rd_kafka_topic_destroy(producer.topic);
    if (producer.kafka != NULL)
        rd_kafka_destroy(producer.kafka);
    return status == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
