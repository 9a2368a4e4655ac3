#include "testing.h"

#include "options_fixture.h"

#include "base/memory.h"
#include "options/option_table.h"

int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof *fixture);
    *state = fixture;
    return fixture == NULL || als_options_new(&fixture->options, NULL) != 0;
}

int tear_down(void **state)
{
    struct fixture *fixture = *state;
    awslogsrc_options_free(fixture->options);
    awslogsrc_error_free(fixture->error);
    als_settings_clear(&fixture->settings);
    free(fixture);
    return 0;
}

int set(struct fixture *fixture, const char *name, const char *value)
{
    awslogsrc_error_free(fixture->error);
    fixture->error = NULL;
    return awslogsrc_options_set(fixture->options, name, value, &fixture->error);
}

const char *get(const struct fixture *fixture, const char *name)
{
    const char *value = NULL;
    assert_int_equal(awslogsrc_options_get(fixture->options, name, &value, NULL), 0);
    return value;
}

const char *message(const struct fixture *fixture)
{
    return awslogsrc_error_message(fixture->error);
}

void force(struct fixture *fixture, const char *name, const char *value)
{
    char **slot = &fixture->options->values[als_option_table_find(name)];
    als_free_secret(*slot);
    *slot = value == NULL ? NULL : als_copy_string(value);
}

void set_required(struct fixture *fixture)
{
    assert_int_equal(set(fixture, "log_group", "g"), 0);
    assert_int_equal(set(fixture, "regions", "us-east-1"), 0);
}

static const char *const *variables;

static char *fake_getenv(const char *name)
{
    static char value[256];
    size_t size = strlen(name);
    for (size_t i = 0; variables != NULL && variables[i] != NULL; i++) {
        if (strncmp(variables[i], name, size) == 0 && variables[i][size] == '=') {
            (void)snprintf(value, sizeof value, "%s", variables[i] + size + 1);
            return value;
        }
    }
    return NULL;
}

int resolve_in(struct fixture *fixture, const char *const *environment)
{
    awslogsrc_error_free(fixture->error);
    fixture->error = NULL;
    als_settings_clear(&fixture->settings);
    variables = environment;
    return als_options_resolve(fixture->options, fake_getenv, &fixture->settings, &fixture->error);
}

int resolve(struct fixture *fixture)
{
    return resolve_in(fixture, NULL);
}

bool takes(const char *name, const char *value)
{
    struct als_settings settings = {0};
    struct als_buffer why;
    als_buffer_init(&why, 1024);
    int code = als_option_table_read(als_option_table_row(als_option_table_find(name)),
                                     als_text_of(value), &settings, &why);
    als_buffer_clear(&why);
    als_settings_clear(&settings);
    return code == 0;
}

bool takes_repeated(const char *name, const char *head, size_t size)
{
    char *text = calloc(1, size + 1);
    assert_non_null(text);
    size_t used = (size_t)snprintf(text, size + 1, "%s", head);
    memset(text + used, 'a', size - used);
    bool taken = takes(name, text);
    free(text);
    return taken;
}
