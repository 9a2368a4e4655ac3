#include "testing.h"

#include "awslogsrc/error.h"
#include "base/random.h"
#include "plan/recent_ids.h"

enum { UNIVERSE = 3000, OPERATIONS = 60000, OWNERS = 7, MARGIN = 300000 };

enum model_state { ABSENT, HELD, ACKNOWLEDGED };
struct model {
    enum model_state state;
    uint64_t owner;
    int64_t timestamp;
    int64_t ingestion;
};

static struct als_event_id id_number(uint64_t number)
{
    struct als_random random = {.state = number * 977 + 1};
    uint64_t halves[2] = {als_random_next(&random), als_random_next(&random)};
    struct als_event_id id;
    memcpy(id.bytes, halves, sizeof id.bytes);
    return id;
}

static void model_end_batch(struct model *model, uint64_t owner, enum model_state state)
{
    for (int i = 0; i < UNIVERSE; i++) {
        if (model[i].state == HELD && model[i].owner == owner)
            model[i].state = state;
    }
}

static void assert_agrees(const struct als_recent_ids *ids, const struct model *model)
{
    size_t count = 0;
    for (uint64_t i = 0; i < UNIVERSE; i++) {
        struct als_event_id id = id_number(i);
        assert_int_equal(als_recent_ids_contains(ids, &id), model[i].state != ABSENT);
        count += model[i].state != ABSENT;
    }
    assert_int_equal(als_recent_ids_count(ids), count);
}

static void step(struct als_recent_ids *ids, struct model *model, struct als_random *random)
{
    uint64_t owner = 1 + (uint64_t)als_random_below(random, OWNERS);
    uint64_t number = (uint64_t)als_random_below(random, UNIVERSE);
    int64_t kind = als_random_below(random, 400);
    struct als_event_id id = id_number(number);
    if (kind == 0) {
        als_recent_ids_acknowledge(ids, owner);
        model_end_batch(model, owner, ACKNOWLEDGED);
    } else if (kind == 1) {
        als_recent_ids_forget(ids, owner);
        model_end_batch(model, owner, ABSENT);
    } else {
        int64_t timestamp = 1700000000000 + als_random_below(random, 1000000);
        int64_t ingestion = 1700000000000 + 1000 * als_random_below(random, 1000);
        assert_int_equal(als_recent_ids_insert(ids, owner, &id, timestamp, ingestion), 0);
        if (model[number].state == ABSENT)
            model[number] = (struct model){HELD, owner, timestamp, ingestion};
    }
}

static void release(struct als_recent_ids *ids, struct model *model, struct als_random *random)
{
    struct als_coverage coverage;
    struct als_margin margin;
    als_margin_init(&margin, MARGIN);
    als_coverage_init(&coverage, 0);
    int64_t start = 1700000000000 + als_random_below(random, 1000000);
    int64_t began = 1700000000000 + MARGIN + als_random_below(random, 1000000);
    assert_int_equal(als_coverage_mark(&coverage, start, start + 500000, began), 0);
    size_t expected = 0;
    for (int i = 0; i < UNIVERSE; i++) {
        if (model[i].state == ACKNOWLEDGED && model[i].timestamp >= start &&
            model[i].timestamp < start + 500000 && model[i].ingestion + MARGIN <= began) {
            model[i].state = ABSENT;
            expected++;
        }
    }
    assert_int_equal(als_recent_ids_release_all(ids, &coverage, &margin), expected);
    als_coverage_clear(&coverage);
}

static void test_recent_ids__random_operations__agree_with_naive_set(void **state)
{
    (void)state;
    static struct model model[UNIVERSE];
    struct als_random random = {.state = 7};
    struct als_recent_ids ids;
    als_recent_ids_init(&ids);
    for (int i = 0; i < OPERATIONS; i++) {
        step(&ids, model, &random);
        if (i % 1500 == 0) {
            release(&ids, model, &random);
            assert_agrees(&ids, model);
        }
    }
    als_recent_ids_clear(&ids);
}

static void fill(struct als_recent_ids *ids, uint64_t owner, uint64_t first, uint64_t count)
{
    for (uint64_t i = first; i < first + count; i++) {
        struct als_event_id id = id_number(i);
        assert_int_equal(
            als_recent_ids_insert(ids, owner, &id, (int64_t)i * 1000, (int64_t)i * 1000), 0);
    }
}

static void test_recent_ids__420_seconds_at_1000_a_second__fit_in_16_MiB(void **state)
{
    (void)state;
    struct als_recent_ids ids;
    als_recent_ids_init(&ids);
    for (uint64_t i = 0; i < 420; i++) {
        fill(&ids, i + 1, i * 1000, 1000);
        als_recent_ids_acknowledge(&ids, i + 1);
    }
    assert_int_equal(als_recent_ids_count(&ids), 420000);
    assert_true(als_recent_ids_memory(&ids) < 16U << 20);
    als_recent_ids_clear(&ids);
}

static void test_recent_ids__released__give_their_memory_back(void **state)
{
    (void)state;
    struct als_recent_ids ids;
    struct als_coverage coverage;
    struct als_margin margin;
    als_recent_ids_init(&ids);
    als_coverage_init(&coverage, 0);
    als_margin_init(&margin, MARGIN);
    fill(&ids, 1, 0, 100000);
    als_recent_ids_acknowledge(&ids, 1);
    assert_int_equal(als_coverage_mark(&coverage, 0, 98000000, 100000000 + MARGIN), 0);
    assert_int_equal(als_recent_ids_release_all(&ids, &coverage, &margin), 98000);
    assert_true(als_recent_ids_memory(&ids) < 200000);
    als_recent_ids_clear(&ids);
    als_coverage_clear(&coverage);
}

static void test_recent_ids__unacknowledged__are_never_released(void **state)
{
    (void)state;
    struct als_recent_ids ids;
    struct als_coverage coverage;
    struct als_margin margin;
    als_recent_ids_init(&ids);
    als_coverage_init(&coverage, ALS_TIME_MAX - 1);
    als_margin_init(&margin, 0);
    fill(&ids, 1, 0, 10);
    assert_int_equal(als_recent_ids_release_all(&ids, &coverage, &margin), 0);
    als_recent_ids_clear(&ids);
}

static size_t walk(const struct als_recent_ids *ids, uint64_t batch, uint64_t *sum)
{
    struct als_recent_ids_iterator iterator = {0};
    struct als_recent_id id;
    size_t count = 0;
    *sum = 0;
    for (; als_recent_ids_next(ids, batch, &iterator, &id); count++)
        *sum += (uint64_t)id.timestamp / 1000;
    return count;
}

static void test_recent_ids__iteration__gives_acknowledged_ids_alone(void **state)
{
    (void)state;
    struct als_recent_ids ids;
    uint64_t sum = 0;
    als_recent_ids_init(&ids);
    fill(&ids, 1, 0, 100);
    fill(&ids, 2, 100, 100);
    als_recent_ids_acknowledge(&ids, 1);
    assert_int_equal(walk(&ids, 0, &sum), 100);
    assert_int_equal(sum, 99 * 100 / 2);
    als_recent_ids_clear(&ids);
}

static void test_recent_ids__iteration_with_a_batch__gives_its_ids_too(void **state)
{
    (void)state;
    struct als_recent_ids ids;
    uint64_t sum = 0;
    als_recent_ids_init(&ids);
    fill(&ids, 1, 0, 100);
    fill(&ids, 2, 100, 100);
    fill(&ids, 3, 200, 100);
    als_recent_ids_acknowledge(&ids, 1);
    assert_int_equal(walk(&ids, 2, &sum), 200);
    assert_int_equal(sum, 199 * 200 / 2);
    als_recent_ids_clear(&ids);
}

static void test_recent_ids__densest__is_where_most_ids_are(void **state)
{
    (void)state;
    struct als_recent_ids ids;
    als_recent_ids_init(&ids);
    fill(&ids, 1, 1000, 50);
    for (uint64_t i = 0; i < 200; i++) {
        struct als_event_id id = id_number(5000 + i);
        assert_int_equal(als_recent_ids_insert(&ids, 1, &id, 3000000 + (int64_t)i, 3000000), 0);
    }
    int64_t start = 0;
    int64_t end = 0;
    assert_false(als_recent_ids_densest(&ids, 9000000, 10000, &start, &end));
    als_recent_ids_acknowledge(&ids, 1);
    assert_true(als_recent_ids_densest(&ids, 9000000, 10000, &start, &end));
    assert_int_equal(start, 3000000);
    assert_int_equal(end, 3000200);
    als_recent_ids_clear(&ids);
}

/* SipHash-2-4-128, official vectors: key 00..0f, input empty, 00, and 00..3e. */
static void test_recent_ids__keyed_hash__matches_the_published_vectors(void **state)
{
    (void)state;
    static const unsigned char empty[16] = {0xa3, 0x81, 0x7f, 0x04, 0xba, 0x25, 0xa8, 0xe6,
                                            0x6d, 0xf6, 0x72, 0x14, 0xc7, 0x55, 0x02, 0x93};
    static const unsigned char one[16] = {0xda, 0x87, 0xc1, 0xd8, 0x6b, 0x99, 0xaf, 0x44,
                                          0x34, 0x76, 0x59, 0x11, 0x9b, 0x22, 0xfc, 0x45};
    static const unsigned char longest[16] = {0x51, 0x50, 0xd1, 0x77, 0x2f, 0x50, 0x83, 0x4a,
                                              0x50, 0x3e, 0x06, 0x9a, 0x97, 0x3f, 0xbd, 0x7c};
    char input[63];
    for (char i = 0; i < 63; i++)
        input[(int)i] = i;
    unsigned char key[16];
    for (unsigned char i = 0; i < 16; i++)
        key[i] = i;
    struct als_keyed_hash *hash = als_keyed_hash_new(key);
    assert_non_null(hash);
    struct als_event_id id;
    als_event_id_of(hash, ALS_TEXT(""), &id);
    assert_memory_equal(id.bytes, empty, sizeof empty);
    als_event_id_of(hash, (struct als_text){"\0", 1}, &id);
    assert_memory_equal(id.bytes, one, sizeof one);
    als_event_id_of(hash, (struct als_text){input, sizeof input}, &id);
    assert_memory_equal(id.bytes, longest, sizeof longest);
    /* However it is cut into parts. */
    for (size_t cut = 0; cut <= sizeof input; cut++) {
        const struct als_text parts[] = {{input, cut}, {input + cut, sizeof input - cut}};
        als_keyed_hash_sum(hash, parts, 2, id.bytes);
        assert_memory_equal(id.bytes, longest, sizeof longest);
    }
    als_keyed_hash_free(hash);
}

static void test_recent_ids__content_ids__keep_stream_and_message_apart(void **state)
{
    (void)state;
    static const unsigned char key[16] = {1};
    struct als_keyed_hash *hash = als_keyed_hash_new(key);
    struct als_event_id a;
    struct als_event_id b;
    als_event_id_of_content(hash, ALS_TEXT("ab"), 5, ALS_TEXT("c"), &a);
    als_event_id_of_content(hash, ALS_TEXT("a"), 5, ALS_TEXT("bc"), &b);
    assert_memory_not_equal(a.bytes, b.bytes, sizeof a.bytes);
    als_keyed_hash_free(hash);
}

/* Cursors that were written long ago hold them. */
static void test_recent_ids__ids__stay_what_they_were(void **state)
{
    (void)state;
    static const unsigned char by_id[16] = {0x0d, 0x40, 0x95, 0xe6, 0x2e, 0x4a, 0x04, 0xbe,
                                            0xd1, 0x00, 0xc6, 0x49, 0xaf, 0xb5, 0x27, 0xfe};
    static const unsigned char by_content[16] = {0xd6, 0x13, 0xbd, 0xd9, 0x3d, 0xc2, 0xa3, 0x97,
                                                 0x78, 0xc9, 0x28, 0x0d, 0xa9, 0x95, 0x79, 0xe0};
    struct als_keyed_hash *hash = als_keyed_hash_new((const unsigned char *)"0123456789abcdef");
    struct als_event_id id;
    als_event_id_of(hash, ALS_TEXT("36900000000000000000000000000000000000000000000000000001"),
                    &id);
    assert_memory_equal(id.bytes, by_id, sizeof by_id);
    als_event_id_of_content(hash, ALS_TEXT("stream"), INT64_C(1767268801234), ALS_TEXT("message"),
                            &id);
    assert_memory_equal(id.bytes, by_content, sizeof by_content);
    als_keyed_hash_free(hash);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_recent_ids__random_operations__agree_with_naive_set),
        cmocka_unit_test(test_recent_ids__420_seconds_at_1000_a_second__fit_in_16_MiB),
        cmocka_unit_test(test_recent_ids__released__give_their_memory_back),
        cmocka_unit_test(test_recent_ids__unacknowledged__are_never_released),
        cmocka_unit_test(test_recent_ids__iteration__gives_acknowledged_ids_alone),
        cmocka_unit_test(test_recent_ids__iteration_with_a_batch__gives_its_ids_too),
        cmocka_unit_test(test_recent_ids__densest__is_where_most_ids_are),
        cmocka_unit_test(test_recent_ids__keyed_hash__matches_the_published_vectors),
        cmocka_unit_test(test_recent_ids__content_ids__keep_stream_and_message_apart),
        cmocka_unit_test(test_recent_ids__ids__stay_what_they_were),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
