#include "credentials/command_line.h"

#include <stdbool.h>
#include <string.h>

#include "base/memory.h"

/* Words are unquoted in place: they only get shorter. */
struct splitter {
    const char *from;
    char *to;
    bool quoted; /* something in the word at hand was */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int refuse(awslogsrc_error **error, const char *reason)
{
    return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, "the command line %s", reason);
}

static int read_quoted(struct splitter *splitter, awslogsrc_error **error)
{
    char quote = *splitter->from++;
    splitter->quoted = true;
    while (*splitter->from != quote) {
        bool escapes = quote == '"' && splitter->from[0] == '\\' &&
                       (splitter->from[1] == '"' || splitter->from[1] == '\\');
        if (escapes)
            splitter->from++;
        if (*splitter->from == '\0')
            return refuse(error, "has a quote that is not closed");
        *splitter->to++ = *splitter->from++;
    }
    splitter->from++;
    return 0;
}

static int read_word(struct splitter *splitter, awslogsrc_error **error)
{
    splitter->quoted = false;
    while (*splitter->from != '\0' && !is_blank(*splitter->from)) {
        if (*splitter->from == '\'' || *splitter->from == '"') {
            int status = read_quoted(splitter, error);
            if (status != 0)
                return status;
            continue;
        }
        if (*splitter->from == '\\') {
            splitter->from++;
            splitter->quoted = true;
        }
        if (*splitter->from == '\0')
            return refuse(error, "ends with a backslash");
        *splitter->to++ = *splitter->from++;
    }
    return 0;
}

/* What would do something else than its author thinks is better refused. */
static bool is_operator(const char *word)
{
    static const char *const operators[] = {"|", "||", "&", "&&", ";", "<", ">", ">>", "2>"};
    for (size_t i = 0; i < sizeof operators / sizeof operators[0]; i++) {
        if (strcmp(word, operators[i]) == 0)
            return true;
    }
    return false;
}

static int split(struct als_command_line *line, awslogsrc_error **error)
{
    struct splitter splitter = {.from = line->text, .to = line->text};
    size_t count = 0;
    for (;;) {
        while (is_blank(*splitter.from))
            splitter.from++;
        if (*splitter.from == '\0')
            break;
        char *word = splitter.to;
        int status = read_word(&splitter, error);
        if (status != 0)
            return status;
        if (*splitter.from != '\0')
            splitter.from++;
        *splitter.to++ = '\0';
        if (!splitter.quoted && is_operator(word))
            return refuse(error, "has what only a shell understands, and none is used; write "
                                 "sh -c '...'");
        line->words[count++] = word;
    }
    return count == 0 || *line->words[0] == '\0' ? refuse(error, "names no program") : 0;
}

int als_command_line_split(const char *line, struct als_command_line *out, awslogsrc_error **error)
{
    size_t size = strlen(line);
    *out = (struct als_command_line){0};
    if (size > ALS_COMMAND_LINE_LONGEST)
        return refuse(error, "is longer than 8192 bytes");
    out->size = size + 1;
    out->text = als_copy_bytes(line, out->size); /* room for the last word's own NUL */
    out->words = als_new_array(size / 2 + 2, sizeof *out->words);
    int status = out->text == NULL || out->words == NULL
                     ? als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory")
                     : split(out, error);
    if (status != 0)
        als_command_line_clear(out);
    return status;
}

void als_command_line_clear(struct als_command_line *line)
{
    if (line->text != NULL)
        als_wipe(line->text, line->size);
    als_free(line->text);
    als_free(line->words);
    *line = (struct als_command_line){0};
}
