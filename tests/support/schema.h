/* A JSON schema, as far as ours needs one: type, enum, minimum, maximum, required, properties,
 * additionalProperties as a schema, items, and $ref (beside a
 * description) into $defs. Stricter than the specification: a
 * member that the schema does not name is an error, and so is a keyword that is not in this list.
 */
#ifndef SCHEMA_H
#define SCHEMA_H

#include <cjson/cJSON.h>

/* Fails the test, naming the place, where value is not as schema says. root holds $defs. */
void schema_expect(const cJSON *root, const cJSON *schema, const cJSON *value, const char *place);

#endif
