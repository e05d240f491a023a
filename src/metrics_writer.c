/* SPDX-License-Identifier: MIT */
#include "metrics_writer.h"

#include <stdbool.h>
#include <string.h>

void hak_metrics_text(const struct hak_metrics_writer *writer, const char *text)
{
    writer->sink->put(writer->sink->context, text, strlen(text));
}

void hak_metrics_number(const struct hak_metrics_writer *writer, uint64_t number)
{
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + number % 10);
    while ((number /= 10) > 0);
    writer->sink->put(writer->sink->context, digits + at, sizeof digits - at);
}

/* Bytes of the character of UTF-8 that `text` begins with; 0: it begins with none, or with one that
 * commands a terminal. */
static size_t character(const char *text)
{
    static const uint32_t least[] = {0, 0, 0xa0, 0x800, 0x10000};
    const unsigned char *bytes = (const unsigned char *)text;
    size_t length = bytes[0] < 0x80 ? 1 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : 4;
    if (length == 1)
        return bytes[0] >= 0x20 && bytes[0] != 0x7f;
    if (bytes[0] < 0xc2 || bytes[0] >= 0xf8)
        return 0;
    uint32_t code = bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (bytes[i] & 0x3fu);
    }
    return code >= least[length] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff) ? length
                                                                                         : 0;
}

/* A label's value. What is no text is written as \xNN, whose backslash is escaped as any other. */
static void put_escaped(const struct hak_metrics_writer *writer, const char *text)
{
    static const char hexadecimal[] = "0123456789abcdef";
    while (*text) {
        size_t length = character(text);
        if (length == 0) {
            unsigned char byte = (unsigned char)*text++;
            const char code[] = {'\\', '\\', 'x', hexadecimal[byte >> 4], hexadecimal[byte & 15]};
            writer->sink->put(writer->sink->context, code, sizeof code);
            continue;
        }
        if (*text == '"' || *text == '\\')
            hak_metrics_text(writer, "\\");
        writer->sink->put(writer->sink->context, text, length);
        text += length;
    }
}

void hak_metrics_label(const struct hak_metrics_writer *writer, const char *before,
                       const char *name, const char *value)
{
    hak_metrics_text(writer, before);
    hak_metrics_text(writer, name);
    hak_metrics_text(writer, "=\"");
    put_escaped(writer, value);
    hak_metrics_text(writer, "\"");
}

void hak_metrics_labels(const struct hak_metrics_writer *writer,
                        const struct hak_metrics_process *process)
{
    hak_metrics_text(writer, "{pid=\"");
    hak_metrics_number(writer, process->pid);
    hak_metrics_label(writer, "\",", "program", process->program);
}

/* The unit that the name ends with, or NULL. No name is shorter than the end. */
static const char *unit_of(const struct hak_metrics_family *family)
{
    static const char end[] = "_bytes";
    return strcmp(family->name + strlen(family->name) - (sizeof end - 1), end) == 0 ? "bytes"
                                                                                    : NULL;
}

/* OpenMetrics wants the unit last: large_bytes_freed becomes large_freed_bytes. */
struct hak_metrics_family hak_metrics_family(const char *name, const char *kind, const char *help)
{
    static const char prefix[] = "hakmem_", inner[] = "_bytes_";
    struct hak_metrics_family family = {.kind = kind, .help = help};
    const char *unit = strstr(name, inner);
    size_t head = unit ? (size_t)(unit - name) : strlen(name);
    memcpy(family.name, prefix, sizeof prefix - 1);
    memcpy(family.name + sizeof prefix - 1, name, head);
    char *end = family.name + sizeof prefix - 1 + head;
    if (unit) {
        const char *rest = unit + sizeof inner - 2;
        memcpy(end, rest, strlen(rest));
        memcpy(end + strlen(rest), "_bytes", sizeof "_bytes");
    }
    return family;
}

static void put_line(const struct hak_metrics_writer *writer, const char *what,
                     const struct hak_metrics_family *family, const char *end, const char *text)
{
    hak_metrics_text(writer, what);
    hak_metrics_text(writer, family->name);
    hak_metrics_text(writer, end);
    hak_metrics_text(writer, " ");
    hak_metrics_text(writer, text);
    hak_metrics_text(writer, "\n");
}

/* In Prometheus's format the family is called as its samples are, and knows fewer kinds. */
void hak_metrics_head(const struct hak_metrics_writer *writer,
                      const struct hak_metrics_family *family, const char *end)
{
    bool is_open = writer->format == HAK_METRICS_OPENMETRICS;
    const char *unit = unit_of(family);
    const char *kind = !is_open && strcmp(family->kind, "info") == 0 ? "gauge" : family->kind;
    put_line(writer, "# TYPE ", family, is_open ? "" : end, kind);
    if (is_open && unit)
        put_line(writer, "# UNIT ", family, "", unit);
    put_line(writer, "# HELP ", family, is_open ? "" : end, family->help);
}

/* `label`: NULL, or that of a size class. */
void hak_metrics_sample(const struct hak_metrics_writer *writer,
                        const struct hak_metrics_process *process,
                        const struct hak_metrics_family *family, const char *end, const char *label)
{
    hak_metrics_text(writer, family->name);
    hak_metrics_text(writer, end);
    hak_metrics_labels(writer, process);
    if (label)
        hak_metrics_label(writer, ",", "class", label);
    hak_metrics_text(writer, "} ");
}

static void put_created(const struct hak_metrics_writer *writer,
                        const struct hak_metrics_process *process,
                        const struct hak_metrics_family *family, const char *label)
{
    uint64_t milliseconds = process->header->started_ns / 1000000;
    if (writer->format != HAK_METRICS_OPENMETRICS || milliseconds == 0)
        return;
    hak_metrics_sample(writer, process, family, "_created", label);
    const char fraction[] = {'.', (char)('0' + milliseconds / 100 % 10),
                             (char)('0' + milliseconds / 10 % 10), (char)('0' + milliseconds % 10),
                             '\0'};
    hak_metrics_number(writer, milliseconds / 1000);
    hak_metrics_text(writer, fraction);
    hak_metrics_text(writer, "\n");
}

void hak_metrics_counted(const struct hak_metrics_writer *writer,
                         const struct hak_metrics_process *process,
                         const struct hak_metrics_family *family, const char *label, uint64_t value)
{
    hak_metrics_sample(writer, process, family, "_total", label);
    hak_metrics_number(writer, value);
    hak_metrics_text(writer, "\n");
    put_created(writer, process, family, label);
}
