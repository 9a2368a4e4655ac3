#include "net/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"

enum {
    FILE_LIMIT = 4 * 1024 * 1024,
    GROWTH = 64 * 1024, /* what others may put there between the looks at the file and into it */
    LONGEST_PATH = 4096,
    MODE = 0600,
    MOST_LOCK_ATTEMPTS = 100
};

#define HOST_MARK  "# host: "
#define BEGIN_MARK "-----BEGIN "
#define PREAMBLE                                                                           \
    "# Certificates that servers showed when they were met first, kept by libawslogsrc.\n" \
    "# An entry counts for its host alone. Without its entry a host is met anew.\n"

static int fail(awslogsrc_error **error, int code, const char *path, int number)
{
    char cause[128];
    return als_error_set(error, code, "trust_store: %s: %s", path,
                         strerror_r(number, cause, sizeof cause));
}

/* --- reading --- */

/* One host's part of the file, from its mark to the next one's. */
struct entry {
    struct als_text host;
    struct als_text whole;
};

static const char *find_mark(struct als_text text)
{
    const size_t size = sizeof HOST_MARK - 1;
    const char *at = text.data;
    while (text.size > 0 &&
           (at = memmem(at, (size_t)(text.data + text.size - at), HOST_MARK, size)) != NULL) {
        if (at == text.data || at[-1] == '\n')
            return at;
        at += size;
    }
    return NULL;
}

/* Cuts the next entry off; what stands in front of it is in *before. */
static bool next_entry(struct als_text *rest, struct als_text *before, struct entry *entry)
{
    const char *start = find_mark(*rest);
    const char *end = rest->data + rest->size;
    if (start == NULL)
        return false;
    *before = (struct als_text){rest->data, (size_t)(start - rest->data)};
    struct als_text behind = {start + 1, (size_t)(end - start) - 1};
    const char *next = find_mark(behind);
    next = next == NULL ? end : next;
    entry->whole = (struct als_text){start, (size_t)(next - start)};
    *rest = (struct als_text){next, (size_t)(end - next)};
    struct als_text line, lines = entry->whole;
    (void)als_text_next_field(&lines, '\n', &line);
    entry->host = als_text_trim(
        (struct als_text){line.data + sizeof HOST_MARK - 1, line.size - (sizeof HOST_MARK - 1)});
    return true;
}

static bool has_certificate(struct als_text text)
{
    return text.size > 0 && memmem(text.data, text.size, BEGIN_MARK, sizeof BEGIN_MARK - 1) != NULL;
}

static int damaged(awslogsrc_error **error, const char *path, const char *what)
{
    return als_error_set(error, AWSLOGSRC_E_FILE_SYNTAX, "trust_store: %s: %s", path, what);
}

/* Every certificate belongs to a host, and every host has one. */
static int check_entries(struct als_text text, const char *path, awslogsrc_error **error)
{
    struct als_text before;
    struct entry entry;
    while (next_entry(&text, &before, &entry)) {
        if (has_certificate(before))
            return damaged(error, path, "a certificate stands in front of the first \"# host:\"");
        if (!has_certificate(entry.whole))
            return als_error_set(error, AWSLOGSRC_E_FILE_SYNTAX,
                                 "trust_store: %s: host %.*s has no certificate", path,
                                 (int)entry.host.size, entry.host.data);
    }
    if (has_certificate(text))
        return damaged(error, path, "a certificate has no \"# host:\" in front of it");
    return 0;
}

static int read_file(const char *path, struct als_buffer *text, awslogsrc_error **error)
{
    struct stat status;
    int result = stat(path, &status);
    size_t size = result == 0 && status.st_size > 0 ? (size_t)status.st_size : 0;
    als_buffer_init(text, size < FILE_LIMIT - GROWTH ? size + GROWTH : FILE_LIMIT);
    if (result != 0 && errno == ENOENT)
        return 0;
    int code = als_file_read(path, text, error);
    als_error_prefix(error, "trust_store: ");
    return code != 0 ? code : check_entries(als_buffer_text(text), path, error);
}

static bool find_entry(struct als_text text, const char *host, struct entry *entry)
{
    struct als_text before;
    while (next_entry(&text, &before, entry)) {
        if (als_text_equal_ignoring_case(entry->host, als_text_of(host)))
            return true;
    }
    return false;
}

static enum als_trust_answer compare(const struct als_certificate *stored,
                                     const struct als_trust_query *query)
{
    if (strcmp(stored->fingerprint, query->leaf->fingerprint) == 0)
        return ALS_TRUST_SAME;
    return stored->not_after_ms < query->now_ms ? ALS_TRUST_RENEWED : ALS_TRUST_CHANGED;
}

/* The host's certificates: none where it has no entry. */
static int read_entry(struct als_text text, const char *path, const char *host,
                      struct als_certificates *out, awslogsrc_error **error)
{
    struct entry entry;
    if (!find_entry(text, host, &entry))
        return 0;
    int status = als_certificates_parse(out, entry.whole);
    if (status != 0)
        als_error_set(error, status, "trust_store: %s: the certificate of %s is damaged", path,
                      host);
    return status;
}

int als_trust_look_up(const struct als_trust_query *query, enum als_trust_answer *answer,
                      char stored[ALS_FINGERPRINT_SIZE], awslogsrc_error **error)
{
    struct als_certificates certificates = {0};
    struct als_buffer text;
    *answer = ALS_TRUST_UNKNOWN;
    stored[0] = '\0';
    int status = read_file(query->path, &text, error);
    if (status == 0)
        status = read_entry(als_buffer_text(&text), query->path, query->host, &certificates, error);
    if (status == 0 && certificates.count > 0) {
        *answer = compare(&certificates.items[0], query);
        memcpy(stored, certificates.items[0].fingerprint, ALS_FINGERPRINT_SIZE);
    }
    als_certificates_clear(&certificates);
    als_buffer_clear(&text);
    return status;
}

/* --- writing --- */

static void write_entry(struct als_buffer *out, const char *host,
                        const struct als_certificates *certificates, int64_t now_ms)
{
    char from[ALS_RFC3339_SIZE], to[ALS_RFC3339_SIZE];
    als_certificates_date(now_ms, from);
    als_buffer_format(out, HOST_MARK "%s\n# acquired: %s\n", host, from);
    for (size_t i = 0; i < certificates->count; i++) {
        const struct als_certificate *one = &certificates->items[i];
        als_certificates_date(one->not_before_ms, from);
        als_certificates_date(one->not_after_ms, to);
        als_buffer_format(out, "# subject: %s\n# issuer: %s\n# names: %s\n# valid: %s to %s\n",
                          one->subject, one->issuer, one->names, from, to);
        als_buffer_format(out, "# SHA-256: %s\n%s", one->fingerprint, one->pem);
    }
    als_buffer_append_char(out, '\n');
}

/* The file's text with the host's entry replaced, or appended. */
static int merge(struct als_text text, const char *host,
                 const struct als_certificates *certificates, int64_t now_ms,
                 struct als_buffer *out)
{
    struct als_text before;
    struct entry entry;
    if (text.size == 0)
        als_buffer_append_string(out, PREAMBLE "\n");
    while (next_entry(&text, &before, &entry)) {
        als_buffer_append_text(out, before);
        if (!als_text_equal_ignoring_case(entry.host, als_text_of(host)))
            als_buffer_append_text(out, entry.whole);
    }
    als_buffer_append_text(out, text);
    if (out->size > 0 && out->data[out->size - 1] != '\n')
        als_buffer_append_char(out, '\n');
    write_entry(out, host, certificates, now_ms);
    return out->status;
}

static bool is_named(int fd, const char *path)
{
    struct stat opened, named;
    return fstat(fd, &opened) == 0 && stat(path, &named) == 0 && opened.st_ino == named.st_ino &&
           opened.st_dev == named.st_dev;
}

/* Locks the file that path names now, which a rename may replace while one waits for it. */
static int open_locked(const char *path)
{
    int cause = EWOULDBLOCK;
    for (int i = 0; i < MOST_LOCK_ATTEMPTS && cause == EWOULDBLOCK; i++) {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, MODE);
        if (fd < 0)
            return -1;
        int status = flock(fd, LOCK_EX | LOCK_NB);
        if (status == 0 && is_named(fd, path))
            return fd;
        if (status != 0)
            cause = errno;
        (void)close(fd);
    }
    errno = cause;
    return -1;
}

static int write_all(int fd, struct als_text data)
{
    while (data.size > 0) {
        ssize_t written = write(fd, data.data, data.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return -1;
        data.data += written;
        data.size -= (size_t)written;
    }
    return fsync(fd);
}

/* After a power cut the new name is there too. */
static int sync_folder(const char *path)
{
    char folder[LONGEST_PATH + 1] = ".";
    const char *slash = strrchr(path, '/');
    if (slash != NULL)
        (void)snprintf(folder, sizeof folder, "%.*s", slash == path ? 1 : (int)(slash - path),
                       path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result = fd < 0 ? -1 : fsync(fd);
    if (fd >= 0)
        (void)close(fd);
    return result;
}

/* Who looks at it with sudo does not lock its owner out. */
static int keep_owner(const char *path, int fd)
{
    struct stat former;
    if (stat(path, &former) != 0)
        return -1;
    return former.st_uid == geteuid() ? 0 : fchown(fd, former.st_uid, former.st_gid);
}

static int replace_file(const char *path, struct als_text text)
{
    char fresh[LONGEST_PATH + sizeof ".new"];
    if ((size_t)snprintf(fresh, sizeof fresh, "%s.new", path) >= sizeof fresh) {
        errno = ENAMETOOLONG;
        return -1;
    }
    (void)unlink(fresh);
    int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, MODE);
    if (fd < 0)
        return -1;
    int result = keep_owner(path, fd);
    if (result == 0)
        result = write_all(fd, text);
    (void)close(fd);
    if (result == 0 && rename(fresh, path) == 0)
        return sync_folder(path);
    int cause = errno;
    (void)unlink(fresh);
    errno = cause;
    return -1;
}

/* 0 where the entry is still the former one. */
static int compare_former(const struct als_trust_entry *entry, struct als_text text,
                          awslogsrc_error **error)
{
    struct als_certificates certificates = {0};
    if (entry->former == NULL)
        return 0;
    int status = read_entry(text, entry->path, entry->host, &certificates, error);
    const char *now = certificates.count > 0 ? certificates.items[0].fingerprint : "";
    if (status == 0 && strcmp(now, entry->former) != 0)
        status = ALS_TRUST_OVERTAKEN;
    als_certificates_clear(&certificates);
    return status;
}

static int write_merged(const struct als_trust_entry *entry, struct als_text text,
                        awslogsrc_error **error)
{
    struct als_buffer merged;
    als_buffer_init(&merged, FILE_LIMIT);
    int status = merge(text, entry->host, entry->certificates, entry->now_ms, &merged);
    if (status != 0)
        als_error_set(error, status, "trust_store: %s: %s", entry->path, als_error_text(status));
    else if (replace_file(entry->path, als_buffer_text(&merged)) != 0)
        status = fail(error, AWSLOGSRC_E_FILE, entry->path, errno);
    als_buffer_clear(&merged);
    return status;
}

int als_trust_put(const struct als_trust_entry *entry, awslogsrc_error **error)
{
    struct als_buffer text;
    int fd = open_locked(entry->path);
    if (fd < 0 && errno == EWOULDBLOCK)
        return als_error_set(error, AWSLOGSRC_E_LOCKED,
                             "trust_store: %s: another process is writing it", entry->path);
    if (fd < 0)
        return fail(error, AWSLOGSRC_E_FILE, entry->path, errno);
    int status = read_file(entry->path, &text, error);
    if (status == 0)
        status = compare_former(entry, als_buffer_text(&text), error);
    if (status == 0)
        status = write_merged(entry, als_buffer_text(&text), error);
    als_buffer_clear(&text);
    (void)close(fd); /* and with it goes the lock */
    return status;
}
