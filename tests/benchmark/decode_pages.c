/* How fast pages are decoded, beside memcpy() (no decoder is faster) and cJSON (what an ordinary
 * program would use), in the same run on the same pages. */
#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "aws/page.h"
#include "base/json.h"

enum { MESSAGE_MAX = 1024 * 1024, ROUNDS = 20 };

static const char cloudtrail[] =
    "{\"eventVersion\":\"1.08\",\"userIdentity\":{\"type\":\"AssumedRole\",\"principalId\":"
    "\"AROAEXAMPLE:session\",\"arn\":\"arn:aws:sts::123456789012:assumed-role/reader/session\","
    "\"accountId\":\"123456789012\"},\"eventTime\":\"2026-01-31T23:59:59Z\",\"eventSource\":"
    "\"s3.amazonaws.com\",\"eventName\":\"GetObject\",\"awsRegion\":\"eu-west-1\","
    "\"sourceIPAddress\":\"203.0.113.7\",\"userAgent\":\"[aws-sdk-java/2.20 Linux/5.10]\","
    "\"requestParameters\":{\"bucketName\":\"example\",\"key\":\"logs/2026/01/31/part-0001.gz\"},"
    "\"responseElements\":null,\"requestID\":\"8B6F2E1D0C9A\",\"readOnly\":true}";
static const char vpc_flow[] = "2 123456789012 eni-0a1b2c3d4e5f60718 203.0.113.7 10.0.0.5 443 "
                               "49152 6 17 4249 1769903939 1769903999 ACCEPT OK";

/* The page that AWS would send: messages up to 1 MB in sum, 10,000 events. */
static struct als_buffer make_page(struct als_text message, const char *raw_message)
{
    struct als_buffer page;
    size_t count = MESSAGE_MAX / message.size;
    als_buffer_init(&page, ALS_PAGE_SIZE_MAX);
    als_buffer_append_string(&page, "{\"events\":[");
    for (size_t i = 0; i < count && i < ALS_PAGE_EVENTS_MAX; i++) {
        als_buffer_append_string(&page, i == 0 ? "{" : ",{");
        als_buffer_append_string(
            &page, "\"logStreamName\":\"123456789012_CloudTrail_eu-west-1\",\"timestamp\":");
        als_buffer_format(&page, "%lld,\"message\":", 1769903999000LL + (long long)i);
        if (raw_message != NULL)
            als_buffer_append_string(&page, raw_message);
        else
            als_json_write_text(&page, message);
        als_buffer_format(&page, ",\"ingestionTime\":1769904000000,\"eventId\":\"%056zu\"}", i);
    }
    als_buffer_append_string(&page,
                             "],\"nextToken\":\"Bxkq6kVGFtq2y_MoigeqscPOdhXVbhiVtLoAmXb5\"}");
    return page;
}

static double now(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void keep_best(double *best, double seconds)
{
    if (seconds < *best)
        *best = seconds;
}

static void measure(const char *name, struct als_buffer body)
{
    double copy = 1e9, decode = 1e9, cjson = 1e9, worst = 0;
    struct als_page page;
    char *work = malloc(body.size + 1);
    als_page_init(&page);
    if (work == NULL || body.status != 0)
        exit(1);
    for (int round = 0; round < ROUNDS; round++) {
        double start = now();
        memcpy(work, body.data, body.size);
        double copied = now();
        if (als_page_decode(&page, work, body.size) != 0)
            exit(1);
        double decoded = now();
        keep_best(&copy, copied - start);
        keep_best(&decode, decoded - copied);
        if (round > 0 && decoded - copied > worst)
            worst = decoded - copied;
        start = now();
        cJSON_Delete(cJSON_ParseWithLength(body.data, body.size));
        keep_best(&cjson, now() - start);
    }
    double size = (double)body.size / 1e6;
    printf("%-16s %6.2f MB %6zu events  %6.0f MB/s  best %6.3f ms  worst %6.3f ms  "
           "memcpy / %4.1f  cJSON x %4.1f\n",
           name, size, page.count, size / decode, decode * 1e3, worst * 1e3, decode / copy,
           cjson / decode);
    als_page_clear(&page);
    als_buffer_clear(&body);
    free(work);
}

/* One message of 1 MB, each byte of it written as the escape. */
static void measure_escapes(const char *name, const char *escape)
{
    struct als_buffer raw;
    als_buffer_init(&raw, ALS_PAGE_SIZE_MAX);
    als_buffer_append_char(&raw, '"');
    for (size_t i = 0; i < MESSAGE_MAX; i++)
        als_buffer_append_string(&raw, escape);
    als_buffer_append_char(&raw, '"');
    measure(name, make_page((struct als_text){"", MESSAGE_MAX}, als_buffer_string(&raw)));
    als_buffer_clear(&raw);
}

static void measure_large(const char *name, struct als_text pattern)
{
    struct als_buffer text;
    als_buffer_init(&text, MESSAGE_MAX);
    while (als_buffer_append_text(&text, pattern) == 0)
        ;
    measure(name, make_page((struct als_text){text.data, text.size}, NULL));
    als_buffer_clear(&text);
}

int main(void)
{
    measure("CloudTrail", make_page(als_text_of(cloudtrail), NULL));
    measure("VPC flow logs", make_page(als_text_of(vpc_flow), NULL));
    measure_large("plain, 1 MB", als_text_of(vpc_flow));
    measure_large(
        "Japanese, 1 MB",
        ALS_TEXT("\xe6\x97\xa5\xe6\x9c\xac\xe8\xaa\x9e\xe3\x81\xae\xe3\x83\xad\xe3\x82\xb0"));
    measure_escapes("\\n, 1 MB", "\\n");
    measure_escapes("\\u0041, 1 MB", "\\u0041");
    measure_escapes("\\u20ac, 1 MB", "\\u20ac");
    measure_escapes("invalid, 1 MB", "\xff");
    return 0;
}
