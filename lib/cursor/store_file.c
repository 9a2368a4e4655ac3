#include "cursor/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "awslogsrc/error.h"
#include "base/crypto.h"
#include "base/error.h"
#include "base/memory.h"

enum {
    LONGEST_PATH = 2 * 4096, /* longer than what the system takes: its error is the clearer one */
    LONGEST_NAME_PART = 64,  /* of a source or region in a file name; a hash follows anyway */
    NAME_HASH_SIZE = 8,
    READ_SIZE = 512 * 1024, /* a step */
    LONGEST_PID = 20
};

struct store_file {
    struct awslogsrc_store head;
    const struct als_file_ops *files;
    char *folder;
};

struct file_slot {
    const struct store_file *store;
    char *current;
    char *previous;
    char *new;
    char *lock;
    int lock_fd;
    int fd;                       /* where records go; -1 before the first snapshot */
    bool good;                    /* current exists and is worth keeping as previous */
    struct als_store_reply reply; /* to the load under way, */
    const char *loading;          /* the file it reads, */
    int loading_fd;               /* -1 where none is under way, */
    struct als_buffer loaded;     /* and what has come of it */
};

static int fail(awslogsrc_error **error, const char *what, const char *path)
{
    return als_error_set(error, AWSLOGSRC_E_STORE, "cannot %s %s: %s", what, path,
                         strerrordesc_np(errno));
}

static void close_fd(const struct als_file_ops *files, int *fd)
{
    if (*fd >= 0)
        (void)files->close(files->self, *fd);
    *fd = -1;
}

/* Names: what is left of source and region once it is safe, and a hash of both that tells apart
 * what looks alike then, also where the file system ignores case. */

static void append_safe(struct als_buffer *name, const char *part)
{
    if (part[0] == '\0')
        als_buffer_append_char(name, '_');
    for (size_t i = 0; part[i] != '\0' && i < LONGEST_NAME_PART; i++) {
        char c = part[i];
        bool safe =
            (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
        als_buffer_append_char(name, safe ? c : '_');
    }
}

static int append_hash(struct als_buffer *name, const char *source, const char *region)
{
    struct als_buffer both;
    unsigned char digest[ALS_SHA256_SIZE];
    als_buffer_init(&both, ALS_STORE_TEXT_CEILING);
    als_buffer_append(&both, source, strlen(source) + 1);
    als_buffer_append_string(&both, region);
    int status = both.status != 0 ? both.status : als_sha256(als_buffer_text(&both), digest);
    als_buffer_clear(&both);
    return status != 0 ? status : als_buffer_append_hex(name, digest, NAME_HASH_SIZE);
}

static char *make_path(const struct als_buffer *stem, const char *ending)
{
    struct als_buffer path;
    als_buffer_init(&path, LONGEST_PATH);
    als_buffer_append_text(&path, als_buffer_text(stem));
    als_buffer_append_string(&path, ending);
    return als_buffer_take(&path);
}

static void free_slot(struct file_slot *slot)
{
    als_free(slot->current);
    als_free(slot->previous);
    als_free(slot->new);
    als_free(slot->lock);
    als_free(slot);
}

static struct file_slot *new_slot(const struct store_file *store, const char *source,
                                  const char *region)
{
    struct file_slot *slot = als_new(sizeof *slot);
    if (slot == NULL)
        return NULL;
    struct als_buffer stem;
    als_buffer_init(&stem, LONGEST_PATH);
    als_buffer_append_string(&stem, store->folder);
    als_buffer_append_char(&stem, '/');
    append_safe(&stem, source);
    als_buffer_append_char(&stem, '.');
    append_safe(&stem, region);
    als_buffer_append_char(&stem, '.');
    int status = append_hash(&stem, source, region);
    slot->store = store;
    slot->lock_fd = slot->fd = slot->loading_fd = -1;
    als_buffer_init(&slot->loaded, ALS_STORE_TEXT_CEILING);
    slot->current = make_path(&stem, ".cursor");
    slot->previous = make_path(&stem, ".cursor.previous");
    slot->new = make_path(&stem, ".cursor.new");
    slot->lock = make_path(&stem, ".lock");
    als_buffer_clear(&stem);
    if (status == 0 && slot->current != NULL && slot->previous != NULL && slot->new != NULL &&
        slot->lock != NULL)
        return slot;
    free_slot(slot);
    return NULL;
}

static int write_all(const struct als_file_ops *files, int fd, struct als_text data)
{
    while (data.size > 0) {
        ssize_t written = files->write(files->self, fd, data.data, data.size);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0) {
            errno = written == 0 ? ENOSPC : errno;
            return -1;
        }
        data.data += written;
        data.size -= (size_t)written;
    }
    return 0;
}

/* The lock */

static int refuse_locked(const struct file_slot *slot, awslogsrc_error **error)
{
    const struct als_file_ops *files = slot->store->files;
    char pid[LONGEST_PID + 1];
    ssize_t size = files->read(files->self, slot->lock_fd, pid, LONGEST_PID);
    while (size > 0 && (pid[size - 1] < '0' || pid[size - 1] > '9'))
        size--;
    return als_error_set(error, AWSLOGSRC_E_LOCKED, "%s is locked by %s%.*s", slot->lock,
                         size > 0 ? "process " : "another process", size > 0 ? (int)size : 0, pid);
}

static int take_lock(struct file_slot *slot, awslogsrc_error **error)
{
    const struct als_file_ops *files = slot->store->files;
    slot->lock_fd =
        files->open(files->self, slot->lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (slot->lock_fd < 0)
        return fail(error, "open", slot->lock);
    if (files->lock(files->self, slot->lock_fd) != 0)
        return errno == EWOULDBLOCK ? refuse_locked(slot, error) : fail(error, "lock", slot->lock);
    struct als_buffer pid;
    als_buffer_init(&pid, LONGEST_PID);
    als_buffer_append_int(&pid, getpid());
    als_buffer_append_char(&pid, '\n');
    /* Only for people: a lock without a number is as good. */
    if (files->truncate(files->self, slot->lock_fd) == 0)
        (void)write_all(files, slot->lock_fd, als_buffer_text(&pid));
    als_buffer_clear(&pid);
    return 0;
}

static int store_open(struct awslogsrc_store *store, const char *source, const char *region,
                      struct als_store_slot *slot, awslogsrc_error **error)
{
    const struct store_file *own = (const struct store_file *)store;
    const struct als_file_ops *files = own->files;
    if (files->mkdir(files->self, own->folder, 0700) != 0 && errno != EEXIST)
        return fail(error, "make the folder", own->folder);
    struct file_slot *opened = new_slot(own, source, region);
    if (opened == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY,
                             "no memory for the store, or its path is too long");
    int status = take_lock(opened, error);
    if (status != 0) {
        close_fd(files, &opened->lock_fd);
        free_slot(opened);
        return status;
    }
    slot->state = opened;
    return 0;
}

/* Loading, in steps: reading a position of hundreds of thousands of ids takes tens of milliseconds.
 */

static void end_loading(struct als_store_slot *slot)
{
    struct file_slot *own = slot->state;
    slot->loading = false;
    close_fd(own->store->files, &own->loading_fd);
    als_buffer_clear(&own->loaded);
}

/* error: take. */
static void answer_load(struct als_store_slot *slot, int status, awslogsrc_error *error)
{
    struct file_slot *own = slot->state;
    struct als_store_reply reply = own->reply;
    struct als_buffer text = own->loaded;
    const char *name = own->loading;
    als_buffer_init(&own->loaded, ALS_STORE_TEXT_CEILING);
    end_loading(slot);
    own->good = status == 0 && name == own->current;
    if (status == 0) {
        als_store_answer_text(&reply, name, &text);
    } else {
        als_buffer_clear(&text);
        als_store_answer(&reply, status, error);
    }
}

/* 1: open; 0: there is none. */
static int open_for_loading(struct als_store_slot *slot, const char *path, awslogsrc_error **error)
{
    struct file_slot *own = slot->state;
    const struct als_file_ops *files = own->store->files;
    own->loading = path;
    own->loading_fd = files->open(files->self, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    slot->loading = own->loading_fd >= 0;
    if (slot->loading || errno == ENOENT)
        return slot->loading;
    return fail(error, "open", path);
}

static void store_load(struct als_store_slot *slot, const struct als_store_reply *reply)
{
    struct file_slot *own = slot->state;
    awslogsrc_error *error = NULL;
    own->reply = *reply;
    int status = open_for_loading(slot, own->current, &error);
    if (status == 0)
        status = open_for_loading(slot, own->previous, &error);
    if (status == 0)
        own->loading = NULL;
    if (status != 1)
        answer_load(slot, status, error);
}

static void store_load_previous(struct als_store_slot *slot, const struct als_store_reply *reply)
{
    struct file_slot *own = slot->state;
    awslogsrc_error *error = NULL;
    own->reply = *reply;
    int status = open_for_loading(slot, own->previous, &error);
    if (status != 1)
        answer_load(slot, status == 0 ? AWSLOGSRC_E_CURSOR_DAMAGED : status, error);
}

static void store_load_step(struct als_store_slot *slot)
{
    struct file_slot *own = slot->state;
    const struct als_file_ops *files = own->store->files;
    struct als_buffer *text = &own->loaded;
    awslogsrc_error *error = NULL;
    if (als_buffer_reserve(text, READ_SIZE) != 0) {
        int status =
            als_error_set(&error, text->status, "%s does not fit into memory", own->loading);
        answer_load(slot, status, error);
        return;
    }
    ssize_t got = files->read(files->self, own->loading_fd, text->data + text->size, READ_SIZE);
    if (got > 0)
        text->size += (size_t)got;
    else if (got == 0)
        answer_load(slot, 0, NULL);
    else if (errno != EINTR)
        answer_load(slot, fail(&error, "read", own->loading), error);
}

/* Writing */

static int sync_folder(const struct file_slot *slot, awslogsrc_error **error)
{
    const struct als_file_ops *files = slot->store->files;
    const char *folder = slot->store->folder;
    int fd = files->open(files->self, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
    if (fd < 0)
        return fail(error, "open the folder", folder);
    int status = 0;
    if (files->sync(files->self, fd) != 0)
        status = fail(error, "sync the folder", folder);
    close_fd(files, &fd);
    return status;
}

static int write_new(const struct file_slot *slot, struct als_text text, int *fd,
                     awslogsrc_error **error)
{
    const struct als_file_ops *files = slot->store->files;
    *fd = files->open(files->self, slot->new, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW,
                      0600);
    if (*fd < 0)
        return fail(error, "open", slot->new);
    int status = 0;
    if (write_all(files, *fd, text) != 0)
        status = fail(error, "write", slot->new);
    else if (files->sync(files->self, *fd) != 0)
        status = fail(error, "sync", slot->new);
    if (status != 0) {
        close_fd(files, fd);
        (void)files->unlink(files->self, slot->new); /* a full disk wants its space back */
    }
    return status;
}

/* Between the renames there is no current file: then the previous one is as good, to its last
 * record. A current file that could not be read never becomes the previous one. */
static int write_snapshot(struct file_slot *slot, struct als_text text, awslogsrc_error **error)
{
    const struct als_file_ops *files = slot->store->files;
    int fd;
    int status = write_new(slot, text, &fd, error);
    if (status != 0)
        return status;
    close_fd(files, &slot->fd);
    slot->fd = fd;
    if (slot->good && files->rename(files->self, slot->current, slot->previous) != 0)
        return fail(error, "rename", slot->current);
    slot->good = false;
    if (files->rename(files->self, slot->new, slot->current) != 0)
        return fail(error, "rename", slot->new);
    slot->good = true;
    return sync_folder(slot, error);
}

static int append_record(const struct file_slot *slot, struct als_text text,
                         awslogsrc_error **error)
{
    const struct als_file_ops *files = slot->store->files;
    if (slot->fd < 0)
        return als_error_set(error, AWSLOGSRC_E_STATE, "%s has no snapshot yet", slot->current);
    if (write_all(files, slot->fd, text) != 0)
        return fail(error, "write", slot->current);
    if (files->sync(files->self, slot->fd) != 0)
        return fail(error, "sync", slot->current);
    return 0;
}

static void store_write(struct als_store_slot *slot, enum als_store_kind kind,
                        struct als_buffer *text, const struct als_store_reply *reply)
{
    struct file_slot *own = slot->state;
    awslogsrc_error *error = NULL;
    int status = kind == ALS_STORE_SNAPSHOT ? write_snapshot(own, als_buffer_text(text), &error)
                                            : append_record(own, als_buffer_text(text), &error);
    als_buffer_clear(text);
    als_store_answer(reply, status, error);
}

static void store_close(struct als_store_slot *slot)
{
    struct file_slot *own = slot->state;
    end_loading(slot);
    close_fd(own->store->files, &own->fd);
    close_fd(own->store->files, &own->lock_fd);
    free_slot(own);
}

static void store_free(struct awslogsrc_store *store)
{
    struct store_file *own = (struct store_file *)store;
    als_free(own->folder);
    als_free(own);
}

static const struct als_store_ops ops = {.open = store_open,
                                         .load = store_load,
                                         .load_previous = store_load_previous,
                                         .load_step = store_load_step,
                                         .write = store_write,
                                         .close = store_close,
                                         .free = store_free};

int als_store_file_new(const char *path, const struct als_file_ops *files,
                       struct awslogsrc_store **out)
{
    struct store_file *own = als_new(sizeof *own);
    char *folder = als_copy_string(path);
    if (own == NULL || folder == NULL) {
        als_free(own);
        als_free(folder);
        return AWSLOGSRC_E_NO_MEMORY;
    }
    als_store_init(&own->head, &ops);
    own->files = files;
    own->folder = folder;
    *out = &own->head;
    return 0;
}
