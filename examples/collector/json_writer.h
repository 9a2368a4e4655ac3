/* JSON values (RFC 8259) onto an output. */
#ifndef JSON_WRITER_H
#define JSON_WRITER_H

#include <stdint.h>

#include "output.h"

/* A string, quoted. data: UTF-8; may hold NULs. */
void json_writer_string(struct output *output, const char *data, size_t size);

void json_writer_integer(struct output *output, int64_t value);

#endif
