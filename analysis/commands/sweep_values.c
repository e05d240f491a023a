/* SPDX-License-Identifier: MIT */
#include "sweep_values.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Sums and products of values must fit 128 bits, and plots are of doubles. */
#define VALUE_MAX 1000000000000000u

typedef __int128 wide;

/* From one value to the next: + step, * factor_up / factor_down. */
struct progression {
    bool is_geometric;
    int64_t step;
    uint64_t factor_up, factor_down;
};

struct parser {
    struct sweep_values *values;
    char *why;
    size_t why_bytes;
};

__attribute__((format(printf, 2, 3))) static bool refuse(struct parser *parser, const char *format,
                                                         ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(parser->why, parser->why_bytes, format, arguments);
    va_end(arguments);
    return false;
}

static bool add(struct parser *parser, uint64_t value)
{
    struct sweep_values *values = parser->values;
    for (size_t i = 0; i < values->count; i++) {
        if (values->list[i] == value)
            return refuse(parser, "the value %ju comes twice", (uintmax_t)value);
    }
    if (values->count == SWEEP_VALUES_MAX)
        return refuse(parser, "more than %d values", SWEEP_VALUES_MAX);
    values->list[values->count++] = value;
    return true;
}

/* False when the progression has no such value. */
static bool advance(const struct progression *by, uint64_t *value)
{
    wide next = by->is_geometric ? (wide)*value * by->factor_up : (wide)*value + by->step;
    if (by->is_geometric && next % by->factor_down != 0)
        return false;
    if (by->is_geometric)
        next /= by->factor_down;
    if (next < 0 || next > VALUE_MAX || next == (wide)*value)
        return false;
    *value = (uint64_t)next;
    return true;
}

/* It leads through the values before the ellipsis to the one after it. */
static bool fits(const struct progression *by, const uint64_t *before, size_t count, uint64_t end)
{
    uint64_t value = before[0];
    for (size_t i = 1; i < count; i++) {
        if (!advance(by, &value) || value != before[i])
            return false;
    }
    if (!by->is_geometric) {
        int64_t distance = (int64_t)end - (int64_t)value;
        return distance % by->step == 0 && distance / by->step > 0;
    }
    /* It ends soon: at the greatest value, or where a division leaves a remainder. */
    while (advance(by, &value)) {
        if (value == end)
            return true;
    }
    return false;
}

static bool continue_to(struct parser *parser, uint64_t end)
{
    const struct sweep_values *values = parser->values;
    if (values->count < 2)
        return refuse(parser, "an ellipsis needs two values before it");
    size_t count = values->count < 3 ? 2 : 3;
    const uint64_t *before = values->list + values->count - count;
    const struct progression ways[] = {
        {.is_geometric = before[0] > 0, .factor_up = before[1], .factor_down = before[0]},
        {.step = (int64_t)before[1] - (int64_t)before[0]},
    };
    for (size_t i = 0; i < 2; i++) {
        uint64_t value = before[count - 1];
        if (!fits(&ways[i], before, count, end))
            continue;
        while (value != end) {
            if (!advance(&ways[i], &value) || !add(parser, value))
                return false;
        }
        return true;
    }
    return refuse(parser, "no equal factors or steps lead from %ju and %ju on to %ju",
                  (uintmax_t)before[count - 2], (uintmax_t)before[count - 1], (uintmax_t)end);
}

static bool take_number(struct parser *parser, const char *text, size_t length, uint64_t *number)
{
    *number = 0;
    for (size_t i = 0; i < length && *number <= VALUE_MAX; i++) {
        if (!isdigit((unsigned char)text[i])) {
            *number = UINT64_MAX;
            break;
        }
        *number = *number * 10 + (uint64_t)(text[i] - '0');
    }
    if (length > 0 && *number <= VALUE_MAX)
        return true;
    return refuse(parser, "'%.*s' is not a whole number up to %ju",
                  (int)(length < 40 ? length : 40), text, (uintmax_t)VALUE_MAX);
}

static bool is_ellipsis(const char *text, size_t length)
{
    return length == 3 && (memcmp(text, "...", 3) == 0 || memcmp(text, "\u2026", 3) == 0);
}

static bool take_values(struct parser *parser, const char *text)
{
    bool continues = false;
    for (;;) {
        size_t length = strcspn(text, ",");
        uint64_t number;
        if (is_ellipsis(text, length)) {
            if (continues || !text[length])
                return refuse(parser, "a value must follow an ellipsis");
            continues = true;
        } else {
            if (!take_number(parser, text, length, &number) ||
                !(continues ? continue_to(parser, number) : add(parser, number)))
                return false;
            continues = false;
        }
        if (!text[length])
            return true;
        text += length + 1;
    }
}

bool sweep_values_parse(const char *text, struct sweep_values *values, char *why, size_t why_bytes)
{
    struct parser parser = {values, why, why_bytes};
    size_t length = 0;
    *values = (struct sweep_values){0};
    while (isalnum((unsigned char)text[length]) || text[length] == '_' || text[length] == '-')
        length++;
    if (length == 0 || text[length] != '=')
        return refuse(&parser, "not NAME=VALUE,VALUE,... with a name of letters, digits, _ and -");
    if (length >= sizeof values->name)
        return refuse(&parser, "a name of more than %zu characters", sizeof values->name - 1);
    memcpy(values->name, text, length);
    return take_values(&parser, text + length + 1);
}

/* The first {NAME} in the text, or NULL. */
static const char *find(const struct sweep_values *values, const char *text)
{
    size_t length = strlen(values->name);
    for (; (text = strchr(text, '{')) != NULL; text++) {
        if (strncmp(text + 1, values->name, length) == 0 && text[1 + length] == '}')
            return text;
    }
    return NULL;
}

bool sweep_values_used(const struct sweep_values *values, char *const *command)
{
    for (; *command; command++) {
        if (find(values, *command))
            return true;
    }
    return false;
}

static char *replaced(const struct sweep_values *values, const char *text, uint64_t value)
{
    char *result = NULL;
    size_t bytes;
    FILE *stream = open_memstream(&result, &bytes);
    if (!stream)
        return NULL;
    for (const char *at; (at = find(values, text)) != NULL;) {
        fprintf(stream, "%.*s%ju", (int)(at - text), text, (uintmax_t)value);
        text = at + strlen(values->name) + 2;
    }
    fputs(text, stream);
    if (fclose(stream) == 0)
        return result;
    free(result);
    return NULL;
}

char **sweep_command(const struct sweep_values *values, char *const *command, uint64_t value)
{
    size_t count = 0;
    while (command[count])
        count++;
    char **result = calloc(count + 1, sizeof *result);
    for (size_t i = 0; result && i < count; i++) {
        result[i] = replaced(values, command[i], value);
        if (!result[i]) {
            sweep_command_free(result);
            return NULL;
        }
    }
    return result;
}

void sweep_command_free(char **command)
{
    for (size_t i = 0; command && command[i]; i++)
        free(command[i]);
    free(command);
}
