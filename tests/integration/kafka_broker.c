/* A Kafka of librdkafka's own, in memory, for the test of the producer: says where it listens, and
 * writes the key of every message that comes, one a line. SIGUSR1 makes it refuse the next messages
 * for good; SIGTERM ends it. kafka_broker TOPIC */
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

enum { REFUSALS = 3 };

static volatile sig_atomic_t stopped, refusing;

static void take_signal(int number)
{
    if (number == SIGUSR1)
        refusing = 1;
    else
        stopped = 1;
}

static void refuse(rd_kafka_mock_cluster_t *cluster)
{
    enum { PRODUCE = 0 }; /* the protocol's ApiKey */
    rd_kafka_resp_err_t errors[REFUSALS];
    for (size_t i = 0; i < REFUSALS; i++)
        errors[i] = RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED;
    rd_kafka_mock_push_request_errors_array(cluster, PRODUCE, REFUSALS, errors);
    refusing = 0;
}

static rd_kafka_t *new_consumer(const char *brokers, const char *topic)
{
    char why[256];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    (void)rd_kafka_conf_set(conf, "bootstrap.servers", brokers, why, sizeof why);
    (void)rd_kafka_conf_set(conf, "group.id", "test", why, sizeof why);
    (void)rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", why, sizeof why);
    rd_kafka_t *consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, why, sizeof why);
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    (void)rd_kafka_poll_set_consumer(consumer);
    (void)rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    (void)rd_kafka_subscribe(consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return consumer;
}

/* Threads are born with the signals blocked: the cluster's ends for good when a signal interrupts
 * it (librdkafka 2.0.2). What comes before the main thread takes them again is kept for it. */
static void keep_signals(int how)
{
    sigset_t ours;
    (void)sigemptyset(&ours);
    (void)sigaddset(&ours, SIGUSR1);
    (void)sigaddset(&ours, SIGTERM);
    (void)pthread_sigmask(how, &ours, NULL);
}

int main(int argc, char **argv)
{
    char why[256];
    if (argc != 2)
        return 2;
    (void)signal(SIGUSR1, take_signal);
    (void)signal(SIGTERM, take_signal);
    keep_signals(SIG_BLOCK);
    rd_kafka_t *host = rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), why, sizeof why);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(host, 1);
    (void)rd_kafka_mock_topic_create(cluster, argv[1], 2, 1);
    printf("brokers %s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    (void)fflush(stdout);
    rd_kafka_t *consumer = new_consumer(rd_kafka_mock_cluster_bootstraps(cluster), argv[1]);
    keep_signals(SIG_UNBLOCK);
    while (!stopped) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        if (refusing)
            refuse(cluster);
        if (message == NULL)
            continue;
        if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
            printf("%.*s\n", (int)message->key_len, (const char *)message->key);
            (void)fflush(stdout);
        }
        rd_kafka_message_destroy(message);
    }
    (void)rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_mock_cluster_destroy(cluster);
    rd_kafka_destroy(host);
    return EXIT_SUCCESS;
}
