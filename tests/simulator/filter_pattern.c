#include "filter_pattern.h"

#include <stdlib.h>
#include <string.h>

static bool parse_phrase(const char **at, struct sim_buffer *term)
{
    for (++*at; **at != '"'; ++*at) {
        if (**at == '\\' && ((*at)[1] == '"' || (*at)[1] == '\\'))
            ++*at;
        if (**at == '\0')
            return false;
        sim_buffer_add(term, *at, 1);
    }
    ++*at;
    return true;
}

static void add_term(struct sim_filter_pattern *pattern, const struct sim_buffer *term)
{
    if (term->length == 0)
        return; /* "" matches everything */
    pattern->terms = sim_reallocate(pattern->terms, (pattern->count + 1) * sizeof *pattern->terms);
    pattern->terms[pattern->count++] = *term;
}

bool sim_filter_pattern_parse(const char *text, struct sim_filter_pattern *out)
{
    *out = (struct sim_filter_pattern){0};
    const char *at = text ? text + strspn(text, " \t") : "";
    if (*at == '\0' || strchr("{[%", *at))
        return true;
    while (*(at += strspn(at, " \t"))) {
        struct sim_buffer term = {0};
        bool other = *at == '-' || *at == '?';
        at += other;
        bool good = true;
        if (*at == '"') {
            good = parse_phrase(&at, &term);
        } else {
            size_t length = strcspn(at, " \t");
            sim_buffer_add(&term, at, length);
            at += length;
        }
        if (good && !other)
            add_term(out, &term);
        if (!good || other || term.length == 0)
            sim_buffer_clear(&term);
        if (!good) {
            sim_filter_pattern_clear(out);
            return false;
        }
    }
    return true;
}

bool sim_filter_pattern_matches(const struct sim_filter_pattern *pattern, const char *message,
                                size_t length)
{
    for (size_t i = 0; i < pattern->count; i++)
        if (!memmem(message, length, pattern->terms[i].data, pattern->terms[i].length))
            return false;
    return true;
}

void sim_filter_pattern_clear(struct sim_filter_pattern *pattern)
{
    for (size_t i = 0; i < pattern->count; i++)
        sim_buffer_clear(&pattern->terms[i]);
    free(pattern->terms);
    *pattern = (struct sim_filter_pattern){0};
}
