/* What every test file starts with: CMocka and the headers it wants first. */
#ifndef TESTING_H
#define TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The bytes of a file, NUL-terminated; the caller frees. Fails the test where it cannot be read.
 * size: optional. */
char *test_read_file(const char *path, size_t *size);

/* The path of a file below ../shared in a static buffer, or NULL with a line "SKIPPED: <test> ..."
 * on stdout where this clone has no ../shared: the caller then calls skip(). */
const char *test_shared_path(const char *name);

/* The path of a fixture of our own below tests/fixtures, in a static buffer. */
const char *test_fixture_path(const char *name);

/* tests/run.sh --long: worlds, rounds and sizes may be ten times what a short run can afford. */
bool test_is_long(void);

#endif
