#include "generator.h"

#include "calendar.h"
#include "random.h"

#include <string.h>

bool sim_generator_kind_parse(const char *name, enum sim_generator_kind *out)
{
    static const char *const names[] = {"cloudtrail", "vpc", "text"};
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if (strcmp(name, names[i]) == 0) {
            *out = (enum sim_generator_kind)i;
            return true;
        }
    }
    return false;
}

/*
 * CloudTrail events as templates; $x stands for a value:
 *   $a account  $r region  $t event time  $e event id  $i IP address  $u user  $n number (4 digits)
 *   $k access key id  $h 17 hexadecimal digits  $A user agent  $I identity  $P parameters
 *   $R response elements  $N event name  $S event source  $O read only  $Y event type
 */
struct action {
    const char *name;
    const char *source;
    const char *type;
    const char *read_only;
    const char *parameters;
    const char *response;
};

static const struct action actions[] = {
    {"ConsoleLogin", "signin.amazonaws.com", "AwsConsoleSignIn", "false", "null",
     "{\"ConsoleLogin\":\"Success\"}"},
    {"AssumeRole", "sts.amazonaws.com", "AwsApiCall", "true",
     "{\"roleArn\":\"arn:aws:iam::$a:role/deploy-$n\",\"roleSessionName\":\"$u-$n\","
     "\"durationSeconds\":3600}",
     "{\"credentials\":{\"accessKeyId\":\"$k\",\"expiration\":\"$t\"},\"assumedRoleUser\":{"
     "\"assumedRoleId\":\"AROA$n:$u-$n\",\"arn\":\"arn:aws:sts::$a:assumed-role/deploy-$n/$u\"}}"},
    {"DescribeInstances", "ec2.amazonaws.com", "AwsApiCall", "true",
     "{\"maxResults\":1000,\"instancesSet\":{\"items\":[{\"instanceId\":\"i-$h\"}]},"
     "\"filterSet\":{}}",
     "null"},
    {"GetObject", "s3.amazonaws.com", "AwsApiCall", "true",
     "{\"bucketName\":\"example-bucket-$n\",\"Host\":\"example-bucket-$n.s3.$r.amazonaws.com\","
     "\"key\":\"reports/2026/$n/r\xc3\xa9sum\xc3\xa9 \xe2\x80\x93 $h.csv\"}",
     "null"},
    {"PutBucketPolicy", "s3.amazonaws.com", "AwsApiCall", "false",
     "{\"bucketName\":\"example-bucket-$n\",\"policy\":\"{\\\"Version\\\":\\\"2012-10-17\\\","
     "\\\"Statement\\\":[{\\\"Effect\\\":\\\"Allow\\\",\\\"Principal\\\":\\\"*\\\","
     "\\\"Action\\\":\\\"s3:GetObject\\\",\\\"Resource\\\":\\\"arn:aws:s3:::example-bucket-$n/*"
     "\\\"}]}\",\"policyStatus\":\"line one\\nline two\\ttab\"}",
     "null"},
    {"CreateUser", "iam.amazonaws.com", "AwsApiCall", "false",
     "{\"userName\":\"$u-$n\",\"tags\":[{\"key\":\"team\",\"value\":\"blue/$n\"}]}",
     "{\"user\":{\"userName\":\"$u-$n\",\"userId\":\"AIDA$n$n$n\",\"path\":\"/\","
     "\"arn\":\"arn:aws:iam::$a:user/$u-$n\",\"createDate\":\"$t\"}}"},
    {"StopLogging", "cloudtrail.amazonaws.com", "AwsApiCall", "false",
     "{\"name\":\"arn:aws:cloudtrail:$r:$a:trail/management-events\"}", "null"},
    {"Decrypt", "kms.amazonaws.com", "AwsApiCall", "true",
     "{\"encryptionAlgorithm\":\"SYMMETRIC_DEFAULT\",\"encryptionContext\":{\"aws:logs:arn\":"
     "\"arn:aws:logs:$r:$a:log-group:/app/$n\"}}",
     "null"},
};

static const char *const identities[] = {
    "{\"type\":\"IAMUser\",\"principalId\":\"AIDA$n$n$n\",\"arn\":\"arn:aws:iam::$a:user/$u\","
    "\"accountId\":\"$a\",\"accessKeyId\":\"$k\",\"userName\":\"$u\",\"sessionContext\":{"
    "\"attributes\":{\"creationDate\":\"$t\",\"mfaAuthenticated\":\"true\"}}}",
    "{\"type\":\"AssumedRole\",\"principalId\":\"AROA$n$n$n:$u\",\"arn\":\"arn:aws:sts::$a:"
    "assumed-role/operator-$n/$u\",\"accountId\":\"$a\",\"accessKeyId\":\"$k\","
    "\"sessionContext\":{\"sessionIssuer\":{\"type\":\"Role\",\"principalId\":\"AROA$n$n$n\","
    "\"arn\":\"arn:aws:iam::$a:role/operator-$n\",\"accountId\":\"$a\",\"userName\":\"operator-$n"
    "\"},\"webIdFederationData\":{},\"attributes\":{\"creationDate\":\"$t\","
    "\"mfaAuthenticated\":\"false\"}}}",
    "{\"type\":\"Root\",\"principalId\":\"$a\",\"arn\":\"arn:aws:iam::$a:root\","
    "\"accountId\":\"$a\",\"accessKeyId\":\"\",\"sessionContext\":{\"attributes\":{"
    "\"creationDate\":\"$t\",\"mfaAuthenticated\":\"true\"}}}",
    "{\"type\":\"AWSService\",\"invokedBy\":\"autoscaling.amazonaws.com\"}",
};

static const char *const agents[] = {
    "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0 exe/x86_64.debian.12 prompt/off",
    "Boto3/1.34.69 md/Botocore#1.34.69 ua/2.0 os/linux#6.1.0 md/arch#x86_64 lang/python#3.12.2",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "APN/1.0 HashiCorp/1.0 Terraform/1.7.5 (+https://www.terraform.io)",
    "console.amazonaws.com",
};

static const char *const users[] = {"alice", "bob",   "carol",        "dave",
                                    "erin",  "frank", "gr\xc3\xa4tel"};

static const char cloudtrail[] =
    "{\"eventVersion\":\"1.09\",\"userIdentity\":$I,\"eventTime\":\"$t\",\"eventSource\":\"$S\","
    "\"eventName\":\"$N\",\"awsRegion\":\"$r\",\"sourceIPAddress\":\"$i\",\"userAgent\":\"$A\","
    "\"requestParameters\":$P,\"responseElements\":$R,\"requestID\":\"$e\",\"eventID\":\"$e\","
    "\"readOnly\":$O,\"eventType\":\"$Y\",\"managementEvent\":true,\"recipientAccountId\":\"$a\","
    "\"eventCategory\":\"Management\",\"tlsDetails\":{\"tlsVersion\":\"TLSv1.3\",\"cipherSuite\":"
    "\"TLS_AES_128_GCM_SHA256\",\"clientProvidedHostHeader\":\"$S\"}}";

struct draft {
    const struct sim_generator *generator;
    const struct action *action;
    uint64_t state; /* of the random numbers */
    char time[SIM_CALENDAR_SIZE];
    struct sim_buffer *out;
};

static uint64_t below(struct draft *draft, uint64_t bound)
{
    return sim_random_next(&draft->state) % bound;
}

#define PICK(draft, list) (list)[below(draft, sizeof(list) / sizeof *(list))]

static void add_random(struct draft *draft, const char *alphabet, size_t count)
{
    char *at = sim_buffer_reserve(draft->out, count);
    uint64_t size = strlen(alphabet);
    for (size_t i = 0; i < count; i++)
        at[i] = alphabet[below(draft, size)];
    draft->out->length += count;
}

static void add_uuid(struct draft *draft)
{
    static const size_t groups[] = {8, 4, 4, 4, 12};
    for (size_t i = 0; i < 5; i++) {
        if (i)
            sim_buffer_text(draft->out, "-");
        add_random(draft, "0123456789abcdef", groups[i]);
    }
}

static void add_number(struct draft *draft, uint64_t value)
{
    char text[20];
    size_t at = sizeof text;
    do
        text[--at] = (char)('0' + value % 10);
    while (value /= 10);
    sim_buffer_add(draft->out, text + at, sizeof text - at);
}

/* Documentation addresses only (RFC 5737). */
static void add_address(struct draft *draft)
{
    static const char *const networks[] = {"192.0.2.", "198.51.100.", "203.0.113."};
    sim_buffer_text(draft->out, PICK(draft, networks));
    add_number(draft, 1 + below(draft, 254));
}

static void expand(struct draft *draft, const char *template);

static void add_action_value(struct draft *draft, char letter)
{
    const struct action *action = draft->action;
    switch (letter) {
    case 'I': expand(draft, PICK(draft, identities)); break;
    case 'P': expand(draft, action->parameters); break;
    case 'R': expand(draft, action->response); break;
    case 'N': sim_buffer_text(draft->out, action->name); break;
    case 'S': sim_buffer_text(draft->out, action->source); break;
    case 'O': sim_buffer_text(draft->out, action->read_only); break;
    case 'Y': sim_buffer_text(draft->out, action->type); break;
    case 'A': sim_buffer_text(draft->out, PICK(draft, agents)); break;
    default: break;
    }
}

static void add_value(struct draft *draft, char letter)
{
    switch (letter) {
    case 'a': sim_buffer_text(draft->out, draft->generator->account); break;
    case 'r': sim_buffer_text(draft->out, draft->generator->region); break;
    case 't': sim_buffer_text(draft->out, draft->time); break;
    case 'u': sim_buffer_text(draft->out, PICK(draft, users)); break;
    case 'n': add_random(draft, "123456789", 4); break;
    case 'h': add_random(draft, "0123456789abcdef", 17); break;
    case 'i': add_address(draft); break;
    case 'e': add_uuid(draft); break;
    case 'k':
        sim_buffer_text(draft->out, "ASIAEXAMPLE");
        add_random(draft, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 9);
        break;
    default: add_action_value(draft, letter); break;
    }
}

static void expand(struct draft *draft, const char *template)
{
    while (*template) {
        size_t plain = strcspn(template, "$");
        sim_buffer_add(draft->out, template, plain);
        template += plain;
        if (*template) {
            add_value(draft, template[1]);
            template += 2;
        }
    }
}

static void add_vpc_flow(struct draft *draft, int64_t timestamp_ms)
{
    static const uint64_t ports[] = {22, 53, 80, 123, 443, 3306, 3389, 5432, 8080};
    expand(draft, "2 $a eni-$h $i $i ");
    add_number(draft, 1024 + below(draft, 64512));
    sim_buffer_text(draft->out, " ");
    add_number(draft, PICK(draft, ports));
    sim_buffer_text(draft->out, below(draft, 4) ? " 6 " : " 17 ");
    uint64_t packets = 1 + below(draft, 5000);
    uint64_t end = (uint64_t)(timestamp_ms > 0 ? timestamp_ms : 0) / 1000;
    const uint64_t numbers[] = {packets, packets * (40 + below(draft, 1400)),
                                end - (end < 60 ? end : 60), end};
    for (size_t i = 0; i < 4; i++) {
        add_number(draft, numbers[i]);
        sim_buffer_text(draft->out, " ");
    }
    sim_buffer_text(draft->out, below(draft, 5) ? "ACCEPT OK" : "REJECT OK");
}

static void add_text(struct draft *draft, uint64_t index)
{
    static const char *const lines[] = {
        " INFO  [worker-$n] request $e from $i done for $u",
        " WARN  [worker-$n] slow answer: \"GET /reports/$h\" took $n ms\tuser=$u",
        " ERROR [main] cannot open C:\\data\\$n\\$h.log: \xe2\x80\x9cno such file\xe2\x80\x9d",
        " DEBUG [db] select * from events where id = '$h'; -- \xf0\x9f\x94\x8d $n rows",
    };
    expand(draft, "$t");
    expand(draft, PICK(draft, lines));
    sim_buffer_text(draft->out, " #");
    add_number(draft, index);
}

void sim_generator_message(const struct sim_generator *generator, uint64_t index,
                           int64_t timestamp_ms, struct sim_buffer *out)
{
    struct draft draft = {.generator = generator, .out = out};
    draft.state = sim_random_mix(generator->seed ^ sim_random_mix(index));
    draft.action = &PICK(&draft, actions);
    sim_calendar_iso(timestamp_ms, draft.time);
    if (generator->kind == SIM_CLOUDTRAIL)
        expand(&draft, cloudtrail);
    else if (generator->kind == SIM_VPC_FLOW)
        add_vpc_flow(&draft, timestamp_ms);
    else
        add_text(&draft, index);
}

void sim_generator_stream(const struct sim_generator *generator, uint32_t number,
                          struct sim_buffer *out)
{
    switch (generator->kind) {
    case SIM_CLOUDTRAIL:
        sim_buffer_printf(out, "%s_CloudTrail_%s", generator->account, generator->region);
        if (number)
            sim_buffer_printf(out, "_%u", number + 1);
        break;
    case SIM_VPC_FLOW:
        sim_buffer_printf(out, "eni-%017llx-all",
                          (unsigned long long)(sim_random_mix(generator->seed + number) >> 4));
        break;
    case SIM_TEXT: sim_buffer_printf(out, "app/host-%u", number + 1); break;
    }
}
