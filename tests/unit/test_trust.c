#include "testing.h"

#include "certificates.h"
#include "folder.h"
#include "net/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { DAY_MS = CERTIFICATES_DAY * 1000 };

static struct als_certificates first, second;
static int64_t first_expires_ms;

static void read_one(struct als_certificates *out)
{
    struct issued issued;
    certificates_make(&issued, &(struct order){.subject = "first"});
    assert_int_equal(als_certificates_parse(out, als_text_of(issued.chain)), 0);
    certificates_clear(&issued);
}

static int make_certificates(void **state)
{
    (void)state;
    read_one(&first);
    read_one(&second);
    first_expires_ms = first.items[0].not_after_ms;
    return 0;
}

static int clear_certificates(void **state)
{
    (void)state;
    als_certificates_clear(&first);
    als_certificates_clear(&second);
    return 0;
}

static const char *path_in(void **state)
{
    static char path[FOLDER_PATH_SIZE];
    (void)snprintf(path, sizeof path, "%s/trust.pem", (const char *)*state);
    return path;
}

static int try_put(const char *path, const char *host, const struct als_certificates *certificates,
                   awslogsrc_error **error)
{
    const struct als_trust_entry entry = {.path = path, .host = host, .certificates = certificates};
    return als_trust_put(&entry, error);
}

static void put(void **state, const char *host, const struct als_certificates *certificates)
{
    assert_int_equal(try_put(path_in(state), host, certificates, NULL), 0);
}

static enum als_trust_answer ask(void **state, const char *host,
                                 const struct als_certificates *certificates, int64_t now_ms)
{
    enum als_trust_answer answer;
    char stored[ALS_FINGERPRINT_SIZE];
    const struct als_trust_query query = {path_in(state), host, &certificates->items[0], now_ms};
    assert_int_equal(als_trust_look_up(&query, &answer, stored, NULL), 0);
    return answer;
}

static void write_text(void **state, const char *text)
{
    FILE *file = fopen(path_in(state), "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void test_trust__no_file__knows_nobody(void **state)
{
    assert_int_equal(ask(state, "a:443", &first, 0), ALS_TRUST_UNKNOWN);
    assert_int_equal(access(path_in(state), F_OK), -1);
}

static void test_trust__put__is_the_same_from_then_on(void **state)
{
    put(state, "a:443", &first);
    assert_int_equal(ask(state, "a:443", &first, 0), ALS_TRUST_SAME);
    assert_int_equal(ask(state, "A:443", &first, 0), ALS_TRUST_SAME);
}

static void test_trust__other_host_or_port__is_unknown(void **state)
{
    put(state, "a:443", &first);
    assert_int_equal(ask(state, "b:443", &first, 0), ALS_TRUST_UNKNOWN);
    assert_int_equal(ask(state, "a:444", &first, 0), ALS_TRUST_UNKNOWN);
    assert_int_equal(ask(state, "a:44", &first, 0), ALS_TRUST_UNKNOWN);
}

static void test_trust__another_certificate__has_changed_until_the_stored_one_expires(void **state)
{
    put(state, "a:443", &first);
    assert_int_equal(ask(state, "a:443", &second, first_expires_ms), ALS_TRUST_CHANGED);
    assert_int_equal(ask(state, "a:443", &second, first_expires_ms + 1), ALS_TRUST_RENEWED);
}

static void test_trust__put_again__takes_the_place_of_the_entry(void **state)
{
    put(state, "a:443", &first);
    put(state, "b:443", &first);
    put(state, "a:443", &second);
    assert_int_equal(ask(state, "a:443", &second, 0), ALS_TRUST_SAME);
    assert_int_equal(ask(state, "b:443", &first, 0), ALS_TRUST_SAME);
    assert_int_equal(ask(state, "b:443", &second, 0), ALS_TRUST_CHANGED);
}

static int put_over(void **state, const char *former, const struct als_certificates *certificates)
{
    const struct als_trust_entry entry = {
        .path = path_in(state), .host = "a:443", .certificates = certificates, .former = former};
    return als_trust_put(&entry, NULL);
}

static void test_trust__entry_as_it_was__is_replaced(void **state)
{
    assert_int_equal(put_over(state, "", &first), 0);
    assert_int_equal(put_over(state, first.items[0].fingerprint, &second), 0);
    assert_int_equal(ask(state, "a:443", &second, 0), ALS_TRUST_SAME);
}

static void test_trust__entry_of_somebody_faster__stays(void **state)
{
    put(state, "a:443", &first);
    assert_int_equal(put_over(state, "", &second), ALS_TRUST_OVERTAKEN);
    assert_int_equal(put_over(state, second.items[0].fingerprint, &second), ALS_TRUST_OVERTAKEN);
    assert_int_equal(ask(state, "a:443", &first, 0), ALS_TRUST_SAME);
}

/* Runs once, between the looks at the file and into it. */
static void (*overtake)(void **state);
static void **overtaken;

int __real_als_file_read(const char *path, struct als_buffer *out, awslogsrc_error **error);
int __wrap_als_file_read(const char *path, struct als_buffer *out, awslogsrc_error **error);

int __wrap_als_file_read(const char *path, struct als_buffer *out, awslogsrc_error **error)
{
    void (*run)(void **) = overtake;
    overtake = NULL;
    if (run != NULL)
        run(overtaken);
    return __real_als_file_read(path, out, error);
}

static void put_first(void **state)
{
    put(state, "a:443", &first);
}

/* Whoever is first makes an empty file, and then puts a larger one in its place. */
static void test_trust__file_grows_while_it_is_looked_at__is_read_whole(void **state)
{
    write_text(state, "");
    overtake = put_first;
    overtaken = state;
    assert_int_equal(ask(state, "a:443", &first, 0), ALS_TRUST_SAME);
}

static void test_trust__comments_of_others__stay(void **state)
{
    write_text(state, "# our own words\n\n");
    put(state, "a:443", &first);
    put(state, "b:443", &second);
    char *text = test_read_file(path_in(state), NULL);
    bool kept = strncmp(text, "# our own words\n", 16) == 0;
    free(text);
    assert_true(kept);
}

static void test_trust__put__leaves_nothing_beside_and_lets_nobody_else_read(void **state)
{
    struct stat status;
    char beside[FOLDER_PATH_SIZE + 8];
    put(state, "a:443", &first);
    (void)snprintf(beside, sizeof beside, "%s.new", path_in(state));
    assert_int_equal(access(beside, F_OK), -1);
    assert_int_equal(stat(path_in(state), &status), 0);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_trust__root_writes__the_file_keeps_its_owner(void **state)
{
    struct stat status;
    if (geteuid() != 0) {
        printf("SKIPPED: test_trust: only root can write what others own\n");
        skip();
    }
    put(state, "a:443", &first);
    assert_int_equal(chown(path_in(state), 1234, 1235), 0);
    put(state, "b:443", &first);
    assert_int_equal(stat(path_in(state), &status), 0);
    assert_int_equal(status.st_uid, 1234);
    assert_int_equal(status.st_gid, 1235);
    assert_int_equal(status.st_mode & 0777, 0600);
}

static void test_trust__another_process_writes__is_locked(void **state)
{
    awslogsrc_error *error = NULL;
    put(state, "a:443", &first);
    int fd = open(path_in(state), O_RDONLY | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(try_put(path_in(state), "b:443", &second, &error), AWSLOGSRC_E_LOCKED);
    assert_non_null(strstr(als_error_message(error), path_in(state)));
    als_error_free(error);
    (void)close(fd);
}

int __real_flock(int fd, int operation);
int __wrap_flock(int fd, int operation);

static int locks_fail_with;

int __wrap_flock(int fd, int operation)
{
    if (locks_fail_with == 0)
        return __real_flock(fd, operation);
    errno = locks_fail_with;
    return -1;
}

static void test_trust__file_system_has_no_locks__says_so(void **state)
{
    awslogsrc_error *error = NULL;
    locks_fail_with = ENOLCK;
    int status = try_put(path_in(state), "a:443", &first, &error);
    locks_fail_with = 0;
    assert_int_equal(status, AWSLOGSRC_E_FILE);
    assert_non_null(strstr(als_error_message(error), "No locks available"));
    als_error_free(error);
}

static void expect_damaged(void **state, const char *text, const char *says)
{
    enum als_trust_answer answer;
    awslogsrc_error *error = NULL;
    char stored[ALS_FINGERPRINT_SIZE];
    const struct als_trust_query query = {path_in(state), "a:443", &first.items[0], 0};
    write_text(state, text);
    assert_int_equal(als_trust_look_up(&query, &answer, stored, &error), AWSLOGSRC_E_FILE_SYNTAX);
    if (strstr(als_error_message(error), says) == NULL)
        fail_msg("%s", als_error_message(error));
    als_error_free(error);
    assert_int_equal(try_put(path_in(state), "b:443", &first, NULL) == 0,
                     strstr(text, "damaged") != NULL); /* what is another host's stays as it is */
}

static void test_trust__damaged__is_an_error(void **state)
{
    expect_damaged(state, "-----BEGIN CERTIFICATE-----\n", "no \"# host:\" in front of it");
    expect_damaged(state, "# host: a:443\n# nothing\n", "host a:443 has no certificate");
    expect_damaged(state,
                   "-----BEGIN CERTIFICATE-----\n# host: a:443\n-----BEGIN CERTIFICATE-----\n",
                   "in front of the first");
    expect_damaged(state, "# host: a:443\n-----BEGIN CERTIFICATE-----\ndamaged\n",
                   "the certificate of a:443 is damaged");
}

/* OpenSSL would ask for the password, at the terminal of the host, and wait. */
static void test_trust__encrypted_certificate__asks_nobody(void **state)
{
    int typed[2], unread = 0, input = dup(STDIN_FILENO);
    assert_int_equal(pipe(typed), 0);
    assert_int_equal(write(typed[1], "password\n", 9), 9);
    assert_int_equal(dup2(typed[0], STDIN_FILENO), STDIN_FILENO);
    expect_damaged(state,
                   "# host: a:443\n# damaged\n-----BEGIN CERTIFICATE-----\nProc-Type: 4,ENCRYPTED\n"
                   "DEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n"
                   "AAAAAAAAAAAAAAAAAAAAAA==\n-----END CERTIFICATE-----\n",
                   "the certificate of a:443 is damaged");
    assert_int_equal(ioctl(typed[0], FIONREAD, &unread), 0);
    assert_int_equal(unread, 9);
    (void)dup2(input, STDIN_FILENO);
    (void)close(input);
    (void)close(typed[0]);
    (void)close(typed[1]);
}

static void test_trust__folder_in_its_place__is_an_error(void **state)
{
    awslogsrc_error *error = NULL;
    assert_int_equal(try_put(*state, "a:443", &first, &error), AWSLOGSRC_E_FILE);
    assert_non_null(strstr(als_error_message(error), "trust_store: "));
    als_error_free(error);
}

static void test_certificates__fingerprint_dates_and_names__are_read(void **state)
{
    struct issued issued;
    struct als_certificates certificates = {0};
    (void)state;
    certificates_make(&issued, &(struct order){.subject = "a\nb", .names = "DNS:x.example"});
    assert_int_equal(als_certificates_parse(&certificates, als_text_of(issued.chain)), 0);
    assert_int_equal(certificates.count, 1);
    assert_string_equal(certificates.items[0].fingerprint, issued.fingerprint);
    assert_string_equal(certificates.items[0].subject, "CN = a\\0Ab");
    assert_string_equal(certificates.items[0].names, "DNS:x.example");
    assert_int_equal(certificates.items[0].not_after_ms - certificates.items[0].not_before_ms,
                     31LL * DAY_MS);
    als_certificates_clear(&certificates);
    certificates_clear(&issued);
}

/* U+009B begins what terminals obey: a server would write over its own fingerprint with it. */
static void test_certificates__control_characters_of_terminals__are_not_shown(void **state)
{
    struct issued issued;
    struct als_certificates certificates = {0};
    (void)state;
    certificates_make(&issued, &(struct order){.subject = "a\xc2\x9b"
                                                          "2Kb\xc3\xa9"});
    assert_int_equal(als_certificates_parse(&certificates, als_text_of(issued.chain)), 0);
    assert_string_equal(certificates.items[0].subject, "CN = a?2Kb\xc3\xa9");
    assert_string_equal(certificates.items[0].issuer, "CN = a?2Kb\xc3\xa9");
    als_certificates_clear(&certificates);
    certificates_clear(&issued);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, folder_make, folder_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_trust__no_file__knows_nobody),
        TEST(test_trust__put__is_the_same_from_then_on),
        TEST(test_trust__other_host_or_port__is_unknown),
        TEST(test_trust__another_certificate__has_changed_until_the_stored_one_expires),
        TEST(test_trust__put_again__takes_the_place_of_the_entry),
        TEST(test_trust__entry_as_it_was__is_replaced),
        TEST(test_trust__entry_of_somebody_faster__stays),
        TEST(test_trust__file_grows_while_it_is_looked_at__is_read_whole),
        TEST(test_trust__comments_of_others__stay),
        TEST(test_trust__put__leaves_nothing_beside_and_lets_nobody_else_read),
        TEST(test_trust__root_writes__the_file_keeps_its_owner),
        TEST(test_trust__another_process_writes__is_locked),
        TEST(test_trust__file_system_has_no_locks__says_so),
        TEST(test_trust__damaged__is_an_error),
        TEST(test_trust__encrypted_certificate__asks_nobody),
        TEST(test_trust__folder_in_its_place__is_an_error),
        TEST(test_certificates__fingerprint_dates_and_names__are_read),
        TEST(test_certificates__control_characters_of_terminals__are_not_shown),
    };
    return cmocka_run_group_tests(tests, make_certificates, clear_certificates);
}
