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
    STEP_SIZE = 512 * 1024, /* read or written at once */
    LONGEST_PID = 20
};

struct store_file {
    struct awslogsrc_store head;
    const struct als_file_ops *files;
    char *folder;
};

/* A load or a write, in steps: a position of hundreds of thousands of ids takes tens of
 * milliseconds. */
struct transfer {
    struct als_store_reply reply;
    const char *path;       /* of the file; NULL: there is none */
    int fd;                 /* -1: a record is appended to the slot's file, or nothing goes on */
    struct als_buffer text; /* read so far, or to be written */
    size_t written;
    void (*step)(struct als_store_slot *slot);
};

struct file_slot {
    const struct store_file *store;
    char *current;
    char *previous;
    char *new;
    char *lock;
    int lock_fd;
    int fd;    /* where records go; -1 before the first snapshot */
    bool good; /* current exists and is worth keeping as previous */
    struct transfer transfer;
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
    slot->lock_fd = slot->fd = slot->transfer.fd = -1;
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

/* Transfers */

static void begin(struct file_slot *own, const struct als_store_reply *reply,
                  void (*step)(struct als_store_slot *slot))
{
    own->transfer = (struct transfer){.reply = *reply, .fd = -1, .step = step};
    als_buffer_init(&own->transfer.text, ALS_STORE_TEXT_CEILING);
}

/* Its text is the caller's to clear. */
static struct transfer end(struct als_store_slot *slot)
{
    struct file_slot *own = slot->state;
    struct transfer done = own->transfer;
    slot->in_steps = false;
    own->transfer = (struct transfer){.fd = -1};
    close_fd(own->store->files, &done.fd);
    return done;
}

/* error: take. */
static void answer(struct als_store_slot *slot, int status, awslogsrc_error *error)
{
    struct transfer done = end(slot);
    als_buffer_clear(&done.text);
    als_store_answer(&done.reply, status, error);
}

static void store_step(struct als_store_slot *slot)
{
    ((struct file_slot *)slot->state)->transfer.step(slot);
}

/* Loading */

static void answer_text(struct als_store_slot *slot)
{
    struct file_slot *own = slot->state;
    struct transfer done = end(slot);
    own->good = done.path == own->current;
    als_store_answer_text(&done.reply, done.path, &done.text);
}

static void load_step(struct als_store_slot *slot)
{
    struct file_slot *own = slot->state;
    const struct als_file_ops *files = own->store->files;
    struct transfer *load = &own->transfer;
    struct als_buffer *text = &load->text;
    awslogsrc_error *error = NULL;
    if (als_buffer_reserve(text, STEP_SIZE) != 0) {
        int status = als_error_set(&error, text->status, "%s does not fit into memory", load->path);
        answer(slot, status, error);
        return;
    }
    ssize_t got = files->read(files->self, load->fd, text->data + text->size, STEP_SIZE);
    if (got > 0)
        text->size += (size_t)got;
    else if (got == 0)
        answer_text(slot);
    else if (errno != EINTR)
        answer(slot, fail(&error, "read", load->path), error);
}

/* 1: open; 0: there is none. */
static int open_for_loading(struct als_store_slot *slot, const char *path, awslogsrc_error **error)
{
    struct file_slot *own = slot->state;
    const struct als_file_ops *files = own->store->files;
    own->transfer.fd = files->open(files->self, path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
    slot->in_steps = own->transfer.fd >= 0;
    own->transfer.path = slot->in_steps ? path : NULL;
    if (slot->in_steps || errno == ENOENT)
        return slot->in_steps;
    return fail(error, "open", path);
}

static void store_load(struct als_store_slot *slot, const struct als_store_reply *reply)
{
    struct file_slot *own = slot->state;
    awslogsrc_error *error = NULL;
    own->good = false;
    begin(own, reply, load_step);
    int status = open_for_loading(slot, own->current, &error);
    if (status == 0)
        status = open_for_loading(slot, own->previous, &error);
    if (status == 0)
        answer_text(slot);
    else if (status < 0)
        answer(slot, status, error);
}

static void store_load_previous(struct als_store_slot *slot, const struct als_store_reply *reply)
{
    struct file_slot *own = slot->state;
    awslogsrc_error *error = NULL;
    own->good = false;
    begin(own, reply, load_step);
    int status = open_for_loading(slot, own->previous, &error);
    if (status != 1)
        answer(slot, status == 0 ? AWSLOGSRC_E_CURSOR_DAMAGED : status, error);
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

static int open_new(struct file_slot *own, awslogsrc_error **error)
{
    const struct als_file_ops *files = own->store->files;
    own->transfer.path = own->new;
    own->transfer.fd = files->open(files->self, own->new,
                                   O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    return own->transfer.fd < 0 ? fail(error, "open", own->new) : 0;
}

/* 1: there is more to write. 0: all of it is on the disk. */
static int write_part(struct file_slot *own, awslogsrc_error **error)
{
    const struct als_file_ops *files = own->store->files;
    struct transfer *write = &own->transfer;
    int fd = write->fd >= 0 ? write->fd : own->fd;
    size_t left = write->text.size - write->written, size = left < STEP_SIZE ? left : STEP_SIZE;
    struct als_text part = {write->text.data + write->written, size};
    if (write_all(files, fd, part) != 0)
        return fail(error, "write", write->path);
    write->written += size;
    if (size < left)
        return 1;
    return files->sync(files->self, fd) != 0 ? fail(error, "sync", write->path) : 0;
}

/* A full disk wants its space back. */
static void drop_new(struct file_slot *own)
{
    close_fd(own->store->files, &own->transfer.fd);
    (void)own->store->files->unlink(own->store->files->self, own->new);
}

/* Between the renames there is no current file: then the previous one is as good, to its last
 * record. A current file that could not be read never becomes the previous one. */
static int put_in_place(struct file_slot *own, awslogsrc_error **error)
{
    const struct als_file_ops *files = own->store->files;
    close_fd(files, &own->fd);
    own->fd = own->transfer.fd;
    own->transfer.fd = -1;
    if (own->good && files->rename(files->self, own->current, own->previous) != 0)
        return fail(error, "rename", own->current);
    own->good = false;
    if (files->rename(files->self, own->new, own->current) != 0)
        return fail(error, "rename", own->new);
    own->good = true;
    return sync_folder(own, error);
}

static void write_step(struct als_store_slot *slot)
{
    struct file_slot *own = slot->state;
    awslogsrc_error *error = NULL;
    bool snapshot = own->transfer.fd >= 0;
    int status = write_part(own, &error);
    if (status == 1)
        return;
    if (status < 0 && snapshot)
        drop_new(own);
    else if (snapshot)
        status = put_in_place(own, &error);
    answer(slot, status, error);
}

static int begin_write(struct file_slot *own, enum als_store_kind kind, awslogsrc_error **error)
{
    if (kind == ALS_STORE_SNAPSHOT)
        return open_new(own, error);
    own->transfer.path = own->current;
    if (own->fd < 0)
        return als_error_set(error, AWSLOGSRC_E_STATE, "%s has no snapshot yet", own->current);
    return 0;
}

static void store_write(struct als_store_slot *slot, enum als_store_kind kind,
                        struct als_buffer *text, const struct als_store_reply *reply)
{
    struct file_slot *own = slot->state;
    awslogsrc_error *error = NULL;
    begin(own, reply, write_step);
    own->transfer.text = *text;
    als_buffer_init(text, text->ceiling);
    slot->in_steps = true;
    int status = begin_write(own, kind, &error);
    if (status == 0)
        write_step(slot);
    else
        answer(slot, status, error);
}

static void store_close(struct als_store_slot *slot)
{
    struct file_slot *own = slot->state;
    if (slot->in_steps && own->transfer.path == own->new)
        drop_new(own);
    close_fd(own->store->files, &own->transfer.fd);
    als_buffer_clear(&own->transfer.text);
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
                                         .write = store_write,
                                         .step = store_step,
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
