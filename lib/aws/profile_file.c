#include "aws/profile_file.h"

#include <string.h>

#include "base/memory.h"

struct parser {
    struct als_profile_file *file;
    enum als_profile_file_kind kind;
    const char *path;
    awslogsrc_error **error;
    int line; /* the number of the line at hand, from 1 */

    bool has_section; /* a section's line was read */
    bool is_ignored;  /* but that section is none of ours */
    struct als_profile_line section;

    char *value; /* of the property above, which the next line may continue; NULL: there is none */
    char *value_end;
};

/* A line, or part of one, in memory that may be written. */
struct span {
    char *start;
    char *end;
};

static int refuse(const struct parser *parser, const char *reason)
{
    return als_error_set(parser->error, AWSLOGSRC_E_FILE_SYNTAX, "%s:%d: %s", parser->path,
                         parser->line, reason);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static bool is_comment(char c)
{
    return c == '#' || c == ';';
}

static struct span trim(struct span span)
{
    while (span.start < span.end && is_blank(*span.start))
        span.start++;
    while (span.start < span.end && is_blank(span.end[-1]))
        span.end--;
    return span;
}

/* Behind a value a comment begins with a blank: "value # comment", but not "value#part". */
static struct span cut_comment(struct span span)
{
    for (char *at = span.start; at < span.end; at++) {
        if (is_comment(*at) && (at == span.start || is_blank(at[-1])))
            span.end = at;
    }
    return trim(span);
}

/* The span becomes a string; what is behind it is a blank, a delimiter or the line's end. */
static char *end_string(struct span span)
{
    *span.end = '\0';
    return span.start;
}

static bool is_name(struct span span)
{
    static const char allowed[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-/.%@:+";
    for (const char *at = span.start; at < span.end; at++) {
        if (memchr(allowed, *at, sizeof allowed - 1) == NULL)
            return false;
    }
    return span.start < span.end;
}

static bool equals(struct span span, const char *word)
{
    return als_text_equal((struct als_text){span.start, (size_t)(span.end - span.start)},
                          als_text_of(word));
}

static int add_line(struct parser *parser, const char *name, const char *value)
{
    struct als_profile_file *file = parser->file;
    if (parser->is_ignored)
        return 0;
    if (file->count == ALS_PROFILE_FILE_MOST_LINES)
        return refuse(parser, "too many sections and properties");
    if (file->count == file->capacity) {
        size_t capacity = file->capacity == 0 ? 64 : 2 * file->capacity;
        void *lines = als_resize_array(file->lines, capacity, sizeof *file->lines);
        if (lines == NULL)
            return als_error_set(parser->error, AWSLOGSRC_E_NO_MEMORY, "%s: out of memory",
                                 parser->path);
        file->lines = lines;
        file->capacity = capacity;
    }
    struct als_profile_line *line = &file->lines[file->count++];
    *line = parser->section;
    line->name = name;
    line->value = value;
    return 0;
}

/* In the config file only these kinds count, and [default] may go without its word. */
static bool find_kind(struct parser *parser, struct span prefix, struct span name)
{
    static const struct {
        const char *word;
        enum als_profile_section section;
    } kinds[] = {{"profile", ALS_PROFILE_SECTION_PROFILE},
                 {"sso-session", ALS_PROFILE_SECTION_SSO_SESSION},
                 {"services", ALS_PROFILE_SECTION_SERVICES}};
    parser->section =
        (struct als_profile_line){.section = ALS_PROFILE_SECTION_PROFILE, .kind = parser->kind};
    if (parser->kind == ALS_PROFILE_FILE_CREDENTIALS)
        return prefix.start == prefix.end;
    if (prefix.start == prefix.end) {
        parser->section.is_bare = true;
        return equals(name, "default");
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!equals(prefix, kinds[i].word))
            continue;
        parser->section.section = kinds[i].section;
        if (i == 0 && equals(name, "default"))
            parser->file->replaces_bare = true;
        return true;
    }
    return false;
}

/* "prod admin": AWS CLI writes a name with a blank so, in single quotes. */
static bool unquote(struct span *name)
{
    bool quoted = name->end - name->start > 2 && (*name->start == '"' || *name->start == '\'') &&
                  name->end[-1] == *name->start;
    if (quoted)
        *name = (struct span){name->start + 1, name->end - 1};
    return quoted;
}

static int read_section(struct parser *parser, struct span line)
{
    char *bracket = memchr(line.start, ']', (size_t)(line.end - line.start));
    if (bracket == NULL)
        return refuse(parser, "a section's line ends with ']'");
    struct span rest = trim((struct span){bracket + 1, line.end});
    if (rest.start < rest.end && !is_comment(*rest.start))
        return refuse(parser, "behind ']' only a comment may follow");
    struct span inside = trim((struct span){line.start + 1, bracket});
    struct span prefix = {inside.start, inside.start};
    while (prefix.end < inside.end && !is_blank(*prefix.end))
        prefix.end++;
    struct span name = trim((struct span){prefix.end, inside.end});
    if (name.start == name.end) {
        name = prefix;
        prefix.end = prefix.start;
    }
    bool quoted = prefix.start < prefix.end && unquote(&name);
    parser->has_section = true;
    parser->value = NULL;
    parser->is_ignored = !find_kind(parser, prefix, name) || (!quoted && !is_name(name));
    parser->section.profile = end_string(name);
    return add_line(parser, NULL, NULL);
}

/* Splits "name = value"; messages differ for nested properties. */
static int split(const struct parser *parser, struct span line, bool nested, struct span *name,
                 struct span *value)
{
    *name = *value = line;
    char *sign = memchr(line.start, '=', (size_t)(line.end - line.start));
    if (sign == NULL)
        return refuse(parser, nested ? "no '=' behind the nested property's name"
                                     : "no '=' behind the property's name");
    *name = trim((struct span){line.start, sign});
    *value = trim((struct span){sign + 1, line.end});
    if (name->start == name->end)
        return refuse(parser,
                      nested ? "a nested property without a name" : "a property without a name");
    return 0;
}

static int read_property(struct parser *parser, struct span line)
{
    struct span name, value;
    if (!parser->has_section)
        return refuse(parser, "a property before the first section");
    int status = split(parser, cut_comment(line), false, &name, &value);
    if (status != 0)
        return status;
    bool ignored = !is_name(name);
    for (char *at = name.start; at < name.end; at++) {
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    }
    parser->value_end = value.end;
    parser->value = end_string(value);
    return ignored ? 0 : add_line(parser, end_string(name), parser->value);
}

/* An indented line goes on the value above, joined by LF. Under an empty value it is a property of
 * its own. Comments are part of it in either case, but for lines that are nothing else. */
static int continue_value(struct parser *parser, struct span line)
{
    struct span name, value;
    if (!parser->has_section)
        return refuse(parser, "a property before the first section");
    if (parser->value == NULL)
        return refuse(parser, "an indented line continues a property, but there is none above");
    bool nested = *parser->value == '\0' || *parser->value == '\n';
    int status = nested ? split(parser, line, true, &name, &value) : 0;
    if (status != 0)
        return status;
    size_t size = (size_t)(line.end - line.start);
    *parser->value_end++ = '\n'; /* where the line before ended, at the latest */
    memmove(parser->value_end, line.start, size);
    parser->value_end += size;
    *parser->value_end = '\0';
    return 0;
}

static int read_line(struct parser *parser, struct span line)
{
    struct span trimmed = trim(line);
    if (trimmed.start == trimmed.end || is_comment(*trimmed.start))
        return 0;
    if (memchr(line.start, '\0', (size_t)(line.end - line.start)) != NULL)
        return refuse(parser, "a NUL byte");
    if (is_blank(*line.start))
        return continue_value(parser, trimmed);
    return *line.start == '[' ? read_section(parser, trimmed) : read_property(parser, trimmed);
}

int als_profile_file_add(struct als_profile_file *file, enum als_profile_file_kind kind,
                         struct als_buffer *text, const char *path, awslogsrc_error **error)
{
    struct parser parser = {.file = file, .kind = kind, .path = path, .error = error};
    size_t size = text->size;
    int status = text->status;
    char *data = als_buffer_take(text);
    if (status != 0)
        return als_error_set(error, status, "%s: out of memory", path);
    if (data == NULL)
        return 0;
    file->texts[kind] = data;
    file->sizes[kind] = size;
    char *end = data + size;
    if (als_text_starts_with((struct als_text){data, size}, ALS_TEXT("\xef\xbb\xbf")))
        data += 3;
    for (char *next = NULL; status == 0 && data < end; data = next) {
        char *stop = memchr(data, '\n', (size_t)(end - data));
        stop = stop == NULL ? end : stop;
        next = stop + 1;
        parser.line++;
        status = read_line(&parser, (struct span){data, stop});
    }
    return status;
}

void als_profile_file_clear(struct als_profile_file *file)
{
    for (size_t i = 0; i < 2; i++) {
        if (file->texts[i] != NULL)
            als_wipe(file->texts[i], file->sizes[i]);
        als_free(file->texts[i]);
    }
    als_free(file->lines);
    *file = (struct als_profile_file){0};
}

static bool is_in(const struct als_profile_file *file, const struct als_profile_line *line,
                  enum als_profile_section section, const char *profile)
{
    return line->section == section && !(line->is_bare && file->replaces_bare) &&
           strcmp(line->profile, profile) == 0;
}

bool als_profile_file_has(const struct als_profile_file *file, enum als_profile_section section,
                          const char *profile)
{
    for (size_t i = 0; i < file->count; i++) {
        if (is_in(file, &file->lines[i], section, profile))
            return true;
    }
    return false;
}

static const struct als_profile_line *find_line(const struct als_profile_file *file,
                                                enum als_profile_section section,
                                                const char *profile, const char *name)
{
    for (size_t i = file->count; i > 0; i--) {
        const struct als_profile_line *line = &file->lines[i - 1];
        if (line->name != NULL && strcmp(line->name, name) == 0 &&
            is_in(file, line, section, profile))
            return line;
    }
    return NULL;
}

const char *als_profile_file_get(const struct als_profile_file *file,
                                 enum als_profile_section section, const char *profile,
                                 const char *name)
{
    const struct als_profile_line *line = find_line(file, section, profile, name);
    return line == NULL ? NULL : line->value;
}

bool als_profile_file_is_from(const struct als_profile_file *file, enum als_profile_file_kind kind,
                              const char *profile, const char *name)
{
    const struct als_profile_line *line =
        find_line(file, ALS_PROFILE_SECTION_PROFILE, profile, name);
    return line != NULL && line->kind == kind;
}

bool als_profile_file_get_nested(const char *value, const char *name, struct als_text *out)
{
    struct als_text rest = als_text_of(value);
    struct als_text line, key;
    bool found = false;
    if (*value != '\n')
        return false;
    while (als_text_next_field(&rest, '\n', &line)) {
        if (!als_text_next_field(&line, '=', &key) || line.data == NULL ||
            !als_text_equal_ignoring_case(als_text_trim(key), als_text_of(name)))
            continue;
        size_t size = 0; /* as in cut_comment() */
        while (size < line.size &&
               !(is_comment(line.data[size]) && (size == 0 || is_blank(line.data[size - 1]))))
            size++;
        *out = als_text_trim((struct als_text){line.data, size});
        found = true;
    }
    return found;
}

static const char *look_up(char *(*getenv)(const char *name), const char *variable)
{
    const char *value = getenv(variable);
    return value == NULL || *value == '\0' ? NULL : value;
}

int als_profile_file_path(enum als_profile_file_kind kind, char *(*getenv)(const char *name),
                          struct als_buffer *out)
{
    bool is_config = kind == ALS_PROFILE_FILE_CONFIG;
    const char *home = look_up(getenv, "HOME");
    const char *path =
        look_up(getenv, is_config ? "AWS_CONFIG_FILE" : "AWS_SHARED_CREDENTIALS_FILE");
    if (path == NULL)
        path = is_config ? "~/.aws/config" : "~/.aws/credentials";
    if (strncmp(path, "~/", 2) != 0)
        return als_buffer_append_string(out, path);
    return home == NULL ? 0 : als_buffer_format(out, "%s%s", home, path + 1);
}
