/* SPDX-License-Identifier: MIT */
#include "json_value.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

json_t *value_number(double value)
{
    return isfinite(value) ? json_real(value) : json_null();
}

json_t *value_estimate(const struct estimate *estimate)
{
    if (isnan(estimate->value))
        return json_null();
    json_t *object = json_object();
    json_object_set_new(object, "value", value_number(estimate->value));
    json_object_set_new(object, "ci_low", value_number(estimate->low));
    json_object_set_new(object, "ci_high", value_number(estimate->high));
    return object;
}

json_t *value_count(uint64_t value)
{
    return value <= INT64_MAX ? json_integer((json_int_t)value) : json_real((double)value);
}

json_t *value_text(const char *value)
{
    json_t *string = value ? json_string(value) : json_null();
    char *escaped = NULL;
    size_t bytes;
    if (string)
        return string;
    FILE *stream = open_memstream(&escaped, &bytes);
    if (!stream)
        return NULL;
    for (; *value; value++)
        fprintf(stream, (unsigned char)*value < 0x80 ? "%c" : "\\x%02x", (unsigned char)*value);
    if (fclose(stream) == 0)
        string = json_stringn(escaped, bytes);
    free(escaped);
    return string;
}

json_t *value_texts(char *const *texts)
{
    json_t *list = json_array();
    for (; *texts; texts++)
        json_array_append_new(list, value_text(*texts));
    return list;
}

static int dump(json_t *root, FILE *stream, size_t how)
{
    errno = ENOMEM;
    int result = root ? json_dumpf(root, stream, how | JSON_REAL_PRECISION(12)) : -1;
    json_decref(root);
    if (result == 0 && fputc('\n', stream) == EOF)
        result = -1;
    return result;
}

int value_write(json_t *root, FILE *stream)
{
    return dump(root, stream, JSON_INDENT(2));
}

int value_write_line(json_t *root, FILE *stream)
{
    int result = dump(root, stream, JSON_COMPACT);
    return result == 0 && fflush(stream) != 0 ? -1 : result;
}
