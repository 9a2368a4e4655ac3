#include "normalize/encoder_setting.h"

#include <stddef.h>

#include "awslogsrc/error.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/memory.h"

struct choice {
    const char *name;
    int value;
};

static const struct choice formats[] = {
    {"json", ALS_ENCODER_JSON},
    {"ecs", ALS_ENCODER_ECS},
    {"ocsf", ALS_ENCODER_OCSF},
    {"leef", ALS_ENCODER_LEEF},
    {"cef", ALS_ENCODER_CEF},
    {"original", ALS_ENCODER_ORIGINAL},
    {NULL, 0},
};
static const struct choice booleans[] = {
    {"false", 0}, {"true", 1}, {"no", 0}, {"yes", 1}, {NULL, 0},
};
static const struct choice headers[] = {
    {"none", ALS_SYSLOG_NO_HEADER},
    {"rfc5424", ALS_SYSLOG_RFC5424},
    {"rfc3164", ALS_SYSLOG_RFC3164},
    {"short", ALS_SYSLOG_SHORT},
    {NULL, 0},
};
static const struct choice framings[] = {
    {"none", ALS_SYSLOG_NO_FRAMING},
    {"lf", ALS_SYSLOG_LF},
    {"octet", ALS_SYSLOG_OCTETS},
    {NULL, 0},
};
static const struct choice policies[] = {
    {"refuse", ALS_ENCODER_REFUSE},
    {"truncate", ALS_ENCODER_TRUNCATE},
    {"drop_to_leef", ALS_ENCODER_DROP_TO_LEEF},
    {NULL, 0},
};

/* A choice, else a number up to most, else a text. */
struct setting {
    const char *name;
    const struct choice *choices;
    int most;
    size_t offset; /* in the encoder: of an int, or a char * */
};

#define SETTING(name) #name, .offset = offsetof(awslogsrc_encoder, name)

static const struct setting settings[] = {
    {SETTING(format), .choices = formats},
    {SETTING(original), .choices = booleans},
    {SETTING(syslog_header), .choices = headers},
    {SETTING(framing), .choices = framings},
    {SETTING(max_message), .most = ALS_ENCODER_SIZE_MAX},
    {SETTING(oversize), .choices = policies},
    {SETTING(facility), .most = ALS_SYSLOG_FACILITY_MAX},
    {SETTING(host)},
    {SETTING(application)},
};

static bool is_same(const char *a, const char *b)
{
    while (*a != '\0' && (*a == '-' ? '_' : *a) == (*b == '-' ? '_' : *b)) {
        a++;
        b++;
    }
    return *a == *b;
}

static int refuse_choice(const struct setting *setting, const char *value, awslogsrc_error **error)
{
    struct als_buffer names;
    als_buffer_init(&names, 256);
    for (const struct choice *choice = setting->choices; choice->name != NULL; choice++)
        als_buffer_format(&names, "%s%s", names.size > 0 ? ", " : "", choice->name);
    int code = als_error_set(error, AWSLOGSRC_E_OPTION_VALUE, "%s: \"%.100s\" is none of %s",
                             setting->name, value, als_buffer_string(&names));
    als_buffer_clear(&names);
    return code;
}

static int set_choice(const struct setting *setting, int *out, const char *value,
                      awslogsrc_error **error)
{
    const struct choice *choice = setting->choices;
    while (choice->name != NULL && !is_same(choice->name, value))
        choice++;
    if (choice->name == NULL)
        return refuse_choice(setting, value, error);
    *out = choice->value;
    return 0;
}

static int set_number(const struct setting *setting, int *out, const char *value,
                      awslogsrc_error **error)
{
    int64_t number = 0;
    if (!als_text_to_int64(als_text_of(value), &number) || number < 0 || number > setting->most)
        return als_error_set(error, AWSLOGSRC_E_OPTION_VALUE,
                             "%s: \"%.100s\" is no number between 0 and %d", setting->name, value,
                             setting->most);
    *out = (int)number;
    return 0;
}

static int set_text(char **out, const char *value, awslogsrc_error **error)
{
    char *copy = als_copy_string(value);
    if (copy == NULL)
        return als_error_set(error, AWSLOGSRC_E_NO_MEMORY, "out of memory");
    als_free(*out);
    *out = copy;
    return 0;
}

int als_encoder_setting_apply(awslogsrc_encoder *encoder, const char *name, const char *value,
                              awslogsrc_error **error)
{
    for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
        const struct setting *setting = &settings[i];
        void *out = (char *)encoder + setting->offset;
        if (!is_same(name, setting->name))
            continue;
        if (setting->choices != NULL)
            return set_choice(setting, out, value, error);
        return setting->most > 0 ? set_number(setting, out, value, error)
                                 : set_text(out, value, error);
    }
    return als_error_set(error, AWSLOGSRC_E_OPTION_UNKNOWN, "\"%.100s\" is no setting of encoders",
                         name);
}
