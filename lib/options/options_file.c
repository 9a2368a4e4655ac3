#include "options/options_file.h"

#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "base/memory.h"
#include "options/option_table.h"
#include "options/options.h"
#include "options/problems.h"

struct section {
    struct als_text name; /* points into the file's bytes */
    int line;
};

struct reader {
    const char *path;
    awslogsrc_error **error;
    int line; /* the number of the line at hand, from 1 */

    struct section sections[ALS_OPTIONS_FILE_MOST_SECTIONS];
    int section_count;

    struct als_text wanted;       /* the section to set options from */
    awslogsrc_options *options;   /* NULL where only the sections are of interest */
    int set_on[ALS_OPTION_COUNT]; /* the line on which an option was set; 0: not yet */
    struct als_problems problems; /* options that cannot be set so */

    /* The option whose value may go on below. */
    char key[ALS_OPTIONS_FILE_LONGEST_NAME + 1];
    int key_line; /* 0: there is none */
    struct als_buffer value;
};

static int refuse(const struct reader *reader, const char *reason)
{
    return als_error_set(reader->error, AWSLOGSRC_E_FILE_SYNTAX, "%s:%d: %s", reader->path,
                         reader->line, reason);
}

static bool in_wanted_section(const struct reader *reader)
{
    return reader->section_count > 0 &&
           als_text_equal(reader->sections[reader->section_count - 1].name, reader->wanted);
}

/* Two lines that set one option are a slip, unless they add to one another. */
static int note_line(struct reader *reader)
{
    int index = als_option_table_find(reader->key);
    if (index < 0 || (als_option_table_row(index)->flags & AWSLOGSRC_OPTION_APPENDS) != 0)
        return 0;
    if (reader->set_on[index] != 0)
        return als_error_set(reader->error, AWSLOGSRC_E_FILE_SYNTAX,
                             "%s:%d: %s is already set on line %d", reader->path, reader->key_line,
                             als_option_table_row(index)->name, reader->set_on[index]);
    reader->set_on[index] = reader->key_line;
    return 0;
}

static void set_option(struct reader *reader)
{
    awslogsrc_error *error = NULL;
    int code =
        als_options_set(reader->options, reader->key, als_buffer_string(&reader->value), &error);
    if (code != 0)
        als_problems_add(&reader->problems, code, "%s:%d: %s", reader->path, reader->key_line,
                         als_error_message(error));
    als_error_free(error);
}

/* Sets the option that was being collected, now that its value is complete. */
static int finish_option(struct reader *reader)
{
    int code = 0;
    if (reader->key_line > 0 && reader->options != NULL && in_wanted_section(reader)) {
        code = note_line(reader);
        if (code == 0)
            set_option(reader);
    }
    reader->key_line = 0;
    return code;
}

static bool is_section_name(struct als_text name)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    for (size_t i = 0; i < name.size; i++) {
        if (memchr(allowed, name.data[i], sizeof allowed - 1) == NULL)
            return false;
    }
    return name.size >= 1 && name.size <= ALS_OPTIONS_FILE_LONGEST_NAME;
}

static int add_section(struct reader *reader, struct als_text name)
{
    for (int i = 0; i < reader->section_count; i++) {
        if (als_text_equal(reader->sections[i].name, name))
            return als_error_set(reader->error, AWSLOGSRC_E_FILE_SYNTAX,
                                 "%s:%d: section [source %.*s] is already on line %d", reader->path,
                                 reader->line, (int)name.size, name.data, reader->sections[i].line);
    }
    if (reader->section_count == ALS_OPTIONS_FILE_MOST_SECTIONS)
        return refuse(reader, "too many sections");
    reader->sections[reader->section_count++] = (struct section){name, reader->line};
    return 0;
}

static int read_section(struct reader *reader, struct als_text line)
{
    if (line.data[line.size - 1] != ']')
        return refuse(reader, "a section's line ends with ']'");
    struct als_text inside = als_text_trim((struct als_text){line.data + 1, line.size - 2});
    struct als_text kind = inside;
    for (kind.size = 0; kind.size < inside.size; kind.size++) {
        if (inside.data[kind.size] == ' ' || inside.data[kind.size] == '\t')
            break;
    }
    if (!als_text_equal(kind, ALS_TEXT("source")))
        return refuse(reader, "unknown kind of section; write [source NAME]");
    struct als_text name =
        als_text_trim((struct als_text){inside.data + kind.size, inside.size - kind.size});
    if (!is_section_name(name))
        return refuse(reader, "a source's name has 1 to 64 of A-Z, a-z, 0-9 and _ . -");
    return add_section(reader, name);
}

static int read_option(struct reader *reader, struct als_text line)
{
    const char *equals = memchr(line.data, '=', line.size);
    if (reader->section_count == 0)
        return refuse(reader, "an option before the first [source NAME]");
    if (equals == NULL)
        return refuse(reader, "no '=' behind the option's name");
    size_t size = (size_t)(equals - line.data);
    struct als_text key = als_text_trim((struct als_text){line.data, size});
    struct als_text value = als_text_trim((struct als_text){equals + 1, line.size - size - 1});
    if (key.size < 1 || key.size > ALS_OPTIONS_FILE_LONGEST_NAME)
        return refuse(reader, "an option's name has 1 to 64 characters");
    memcpy(reader->key, key.data, key.size);
    reader->key[key.size] = '\0';
    reader->key_line = reader->line;
    als_buffer_reset(&reader->value);
    return als_buffer_append_text(&reader->value, value);
}

static int continue_value(struct reader *reader, struct als_text line)
{
    if (reader->key_line == 0)
        return refuse(reader, "an indented line continues an option, but there is none above");
    if (reader->value.size > 0)
        als_buffer_append_char(&reader->value, '\n');
    return als_buffer_append_text(&reader->value, line);
}

static int read_line(struct reader *reader, struct als_text line)
{
    bool indented = line.size > 0 && (line.data[0] == ' ' || line.data[0] == '\t');
    struct als_text trimmed = als_text_trim(line);
    if (trimmed.size == 0 || line.data[0] == '#' || line.data[0] == ';')
        return 0;
    if (indented)
        return continue_value(reader, trimmed);
    int code = finish_option(reader);
    if (code != 0)
        return code;
    return trimmed.data[0] == '[' ? read_section(reader, trimmed) : read_option(reader, trimmed);
}

static int read_lines(struct reader *reader, struct als_text rest)
{
    struct als_text line;
    int code = 0;
    if (als_text_starts_with(rest, ALS_TEXT("\xef\xbb\xbf")))
        rest = (struct als_text){rest.data + 3, rest.size - 3};
    /* Reserved at once, so that no copy stays behind a secret. */
    if (als_buffer_reserve(&reader->value, rest.size) != 0)
        return als_error_set(reader->error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory",
                             reader->path);
    while (code == 0 && als_text_next_field(&rest, '\n', &line)) {
        reader->line++;
        if (line.size > 0 && memchr(line.data, '\0', line.size) != NULL)
            code = refuse(reader, "a NUL byte");
        else
            code = read_line(reader, line);
    }
    return code == 0 ? finish_option(reader) : code;
}

/* Reads the whole file into reader; the texts of its sections live as long as data. */
static int read_file(struct reader *reader, struct als_buffer *data)
{
    als_buffer_init(data, ALS_OPTIONS_FILE_LARGEST);
    als_buffer_init(&reader->value, ALS_OPTIONS_FILE_LARGEST);
    int code = als_file_read(reader->path, data, reader->error);
    if (code == 0)
        code = read_lines(reader, als_buffer_text(data));
    als_buffer_wipe(&reader->value);
    return code;
}

static bool has_section(const struct reader *reader, struct als_text name)
{
    for (int i = 0; i < reader->section_count; i++) {
        if (als_text_equal(reader->sections[i].name, name))
            return true;
    }
    return false;
}

static int read_section_options(struct reader *reader)
{
    struct als_buffer data;
    als_problems_init(&reader->problems);
    int code = read_file(reader, &data);
    int problem = als_problems_finish(&reader->problems, code == 0 ? reader->error : NULL);
    if (code == 0)
        code = problem;
    if (code == 0 && !has_section(reader, reader->wanted))
        code =
            als_error_set(reader->error, AWSLOGSRC_E_OPTION_MISSING,
                          "%s: there is no section [source %s]", reader->path, reader->wanted.data);
    als_buffer_wipe(&data);
    return code;
}

static struct reader *new_reader(const char *path, awslogsrc_error **error)
{
    struct reader *reader = als_new(sizeof *reader);
    if (reader == NULL) {
        als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory", path);
        return NULL;
    }
    reader->path = path;
    reader->error = error;
    return reader;
}

int als_options_file_load(awslogsrc_options *options, const char *path, const char *section,
                          awslogsrc_error **error)
{
    awslogsrc_options *copy = NULL;
    struct reader *reader = new_reader(path, error);
    if (reader == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int code = als_options_copy(options, &copy, error);
    if (code == 0 && is_section_name(als_text_of(section)))
        code = als_options_set(copy, "name", section, error);
    if (code == 0) {
        reader->options = copy;
        reader->wanted = als_text_of(section);
        code = read_section_options(reader);
    }
    if (code == 0) {
        awslogsrc_options before = *options;
        *options = *copy;
        *copy = before;
    }
    als_options_free(copy);
    als_free(reader);
    return code;
}

static int list_sections(const struct reader *reader, char **out)
{
    struct als_buffer list;
    als_buffer_init(&list, ALS_OPTIONS_FILE_LARGEST);
    for (int i = 0; i < reader->section_count; i++) {
        als_buffer_append_text(&list, reader->sections[i].name);
        als_buffer_append_char(&list, '\0');
    }
    als_buffer_append_char(&list, '\0');
    *out = als_buffer_take(&list);
    if (*out == NULL)
        return als_error_set(reader->error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory",
                             reader->path);
    return reader->section_count;
}

int als_options_file_sections(const char *path, char **out, awslogsrc_error **error)
{
    struct als_buffer data;
    struct reader *reader = new_reader(path, error);
    if (reader == NULL)
        return AWSLOGSRC_E_NO_MEMORY;
    int code = read_file(reader, &data);
    if (code == 0)
        code = list_sections(reader, out);
    als_buffer_wipe(&data);
    als_free(reader);
    return code;
}
