#include "schema.h"

#include "testing.h"

enum { PLACE_SIZE = 256 };

static const cJSON *get(const cJSON *object, const char *name)
{
    return cJSON_GetObjectItemCaseSensitive(object, name);
}

static bool is_whole(const cJSON *value)
{
    return cJSON_IsNumber(value) &&
           cJSON_GetNumberValue(value) == (double)(int64_t)cJSON_GetNumberValue(value);
}

static bool is_of_type(const cJSON *value, const char *type)
{
    return (strcmp(type, "object") == 0 && cJSON_IsObject(value)) ||
           (strcmp(type, "array") == 0 && cJSON_IsArray(value)) ||
           (strcmp(type, "string") == 0 && cJSON_IsString(value)) ||
           (strcmp(type, "integer") == 0 && is_whole(value)) ||
           (strcmp(type, "null") == 0 && cJSON_IsNull(value));
}

static bool is_of_types(const cJSON *value, const cJSON *types)
{
    const cJSON *each = NULL;
    if (types == NULL || cJSON_IsString(types))
        return types == NULL || is_of_type(value, cJSON_GetStringValue(types));
    cJSON_ArrayForEach(each, types)
    {
        if (is_of_type(value, cJSON_GetStringValue(each)))
            return true;
    }
    return false;
}

static bool is_one_of(const cJSON *value, const cJSON *list)
{
    const cJSON *each = NULL;
    cJSON_ArrayForEach(each, list)
    {
        if (cJSON_Compare(each, value, true))
            return true;
    }
    return list == NULL;
}

static bool is_in_range(const cJSON *schema, const cJSON *value)
{
    const cJSON *minimum = get(schema, "minimum"), *maximum = get(schema, "maximum");
    double number = cJSON_GetNumberValue(value);
    return !cJSON_IsNumber(value) ||
           ((minimum == NULL || number >= cJSON_GetNumberValue(minimum)) &&
            (maximum == NULL || number <= cJSON_GetNumberValue(maximum)));
}

static void expect_known_keywords(const cJSON *schema, const char *place)
{
    static const char *const known[] = {"$schema",
                                        "title",
                                        "description",
                                        "type",
                                        "enum",
                                        "minimum",
                                        "maximum",
                                        "required",
                                        "properties",
                                        "items",
                                        "$ref",
                                        "$defs",
                                        "additionalProperties"};
    const cJSON *keyword = NULL;
    cJSON_ArrayForEach(keyword, schema)
    {
        bool found = false;
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            found = found || strcmp(known[i], keyword->string) == 0;
        if (!found)
            fail_msg("%s: the schema has \"%s\", which is not looked at", place, keyword->string);
    }
}

static void expect_members(const cJSON *root, const cJSON *schema, const cJSON *value,
                           const char *place)
{
    const cJSON *properties = get(schema, "properties"),
                *others = get(schema, "additionalProperties");
    const cJSON *each = NULL;
    char inner[PLACE_SIZE];
    cJSON_ArrayForEach(each, get(schema, "required"))
    {
        if (get(value, cJSON_GetStringValue(each)) == NULL)
            fail_msg("%s: %s is missing", place, cJSON_GetStringValue(each));
    }
    cJSON_ArrayForEach(each, value)
    {
        const cJSON *member = get(properties, each->string);
        (void)snprintf(inner, sizeof inner, "%s.%s", place, each->string);
        if (member == NULL && others == NULL)
            fail_msg("%s: the schema does not name it", inner);
        schema_expect(root, member == NULL ? others : member, each, inner);
    }
}

static void expect_elements(const cJSON *root, const cJSON *schema, const cJSON *value,
                            const char *place)
{
    const cJSON *each = NULL;
    char inner[PLACE_SIZE];
    int i = 0;
    cJSON_ArrayForEach(each, value)
    {
        (void)snprintf(inner, sizeof inner, "%s[%d]", place, i++);
        schema_expect(root, get(schema, "items"), each, inner);
    }
}

/* NOLINTNEXTLINE(misc-no-recursion): schemas are as deep as the documents of this test */
void schema_expect(const cJSON *root, const cJSON *schema, const cJSON *value, const char *place)
{
    static const char definitions[] = "#/$defs/";
    const char *reference = cJSON_GetStringValue(get(schema, "$ref"));
    if (schema == NULL)
        fail_msg("%s: there is no schema for it", place);
    expect_known_keywords(schema, place);
    if (reference != NULL) {
        assert_int_equal(strncmp(reference, definitions, sizeof definitions - 1), 0);
        schema_expect(root, get(get(root, "$defs"), reference + sizeof definitions - 1), value,
                      place);
        return;
    }
    if (!is_of_types(value, get(schema, "type")))
        fail_msg("%s: is of another type", place);
    if (!is_one_of(value, get(schema, "enum")))
        fail_msg("%s: is none of the values there are", place);
    if (!is_in_range(schema, value))
        fail_msg("%s: %g is out of range", place, cJSON_GetNumberValue(value));
    if (cJSON_IsObject(value))
        expect_members(root, schema, value, place);
    else if (cJSON_IsArray(value))
        expect_elements(root, schema, value, place);
}
