/* Fuzz target: als_profile_file_add() on the input as config file, as credentials file, and on its
 * halves as both; then als_profile_chain_resolve() from every profile that is there. What is found
 * lies inside the file. Without libFuzzer (FUZZ_REPLAY) a main() replays the files it is given. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "aws/profile_chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_RESOLVED = 64 };

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    (void)fprintf(stderr, "broken: %s\n", what);
    abort();
}

static bool is_inside(const struct als_profile_file *file, const char *string)
{
    for (size_t i = 0; i < 2; i++) {
        const char *text = file->texts[i];
        if (text != NULL && string >= text && string + strlen(string) <= text + file->sizes[i])
            return true;
    }
    return false;
}

static void check_line(const struct als_profile_file *file, const struct als_profile_line *line)
{
    struct als_text nested;
    check(is_inside(file, line->profile), "the section's name is inside");
    if (line->name == NULL)
        return;
    check(is_inside(file, line->name) && is_inside(file, line->value), "the property is inside");
    const char *value = als_profile_file_get(file, line->section, line->profile, line->name);
    check(value != NULL || (line->is_bare && file->replaces_bare), "the property is found");
    (void)als_profile_file_get_nested(line->value, "endpoint_url", &nested);
}

static void resolve(const struct als_profile_file *file, const char *profile)
{
    struct als_profile_chain chain;
    if (als_profile_chain_resolve(file, profile, &chain, NULL) != 0)
        return;
    check(chain.role_count <= ALS_PROFILE_CHAIN_LONGEST, "the chain has an end");
    check(chain.base_profile != NULL, "the base has a profile");
    for (size_t i = 0; i < chain.role_count; i++)
        check(chain.roles[i].arn != NULL, "every role has an ARN");
    check(chain.base != ALS_PROFILE_BASE_KEYS ||
              (chain.keys.access_key != NULL && chain.keys.secret_key != NULL),
          "keys are complete");
}

static int add(struct als_profile_file *file, enum als_profile_file_kind kind, const uint8_t *data,
               size_t size)
{
    struct als_buffer buffer;
    als_buffer_init(&buffer, size);
    als_buffer_append(&buffer, (const char *)data, size);
    return als_profile_file_add(file, kind, &buffer, "file", NULL);
}

static void run(const uint8_t *config, size_t config_size, const uint8_t *credentials,
                size_t credentials_size)
{
    struct als_profile_file file = {0};
    int resolved = 0;
    if (add(&file, ALS_PROFILE_FILE_CONFIG, config, config_size) == 0 &&
        add(&file, ALS_PROFILE_FILE_CREDENTIALS, credentials, credentials_size) == 0) {
        for (size_t i = 0; i < file.count; i++) {
            check_line(&file, &file.lines[i]);
            if (file.lines[i].name == NULL && resolved++ < MOST_RESOLVED)
                resolve(&file, file.lines[i].profile);
        }
    }
    als_profile_file_clear(&file);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    size_t half = size / 2;
    run(data, size, NULL, 0);
    run(NULL, 0, data, size);
    run(data, half, data + half, size - half);
    return 0;
}

#ifdef FUZZ_REPLAY
int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        static uint8_t data[1 << 20];
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL) {
            perror(argv[i]);
            return 1;
        }
        size_t size = fread(data, 1, sizeof data, file);
        (void)fclose(file);
        (void)LLVMFuzzerTestOneInput(data, size);
    }
    printf("%d files replayed\n", argc - 1);
    return argc > 1 ? 0 : 1;
}
#endif
