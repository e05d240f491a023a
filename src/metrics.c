/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include <stdbool.h>
#include <string.h>

#include "counter_meaning.h"

/*
 * OpenMetrics 1.0, "Text format" (github.com/prometheus/OpenMetrics). A family is
 *
 *      # TYPE hakmem_purged_bytes counter
 *      # UNIT hakmem_purged_bytes bytes
 *      # HELP hakmem_purged_bytes bytes in free spans given back to the kernel
 *      hakmem_purged_bytes_total{pid="42",program="x"} 65536
 *      hakmem_purged_bytes_created{pid="42",program="x"} 1700000000.125
 */
struct writer {
    const struct hak_metrics_process *processes;
    size_t count;
    enum hak_metrics_format format;
    const struct hak_metrics_sink *sink;
};

struct family {
    char name[64]; /* without what its samples' names end with */
    const char *kind, *help;
};

typedef uint64_t value_function(const struct hak_metrics_process *process);

static void put(const struct writer *writer, const char *text)
{
    writer->sink->put(writer->sink->context, text, strlen(text));
}

static void put_number(const struct writer *writer, uint64_t number)
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
    if (bytes[0] < 0xc0 || bytes[0] >= 0xf8)
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
static void put_escaped(const struct writer *writer, const char *text)
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
            put(writer, "\\");
        writer->sink->put(writer->sink->context, text, length);
        text += length;
    }
}

static void put_label(const struct writer *writer, const char *before, const char *name,
                      const char *value)
{
    put(writer, before);
    put(writer, name);
    put(writer, "=\"");
    put_escaped(writer, value);
    put(writer, "\"");
}

static void put_labels(const struct writer *writer, const struct hak_metrics_process *process)
{
    put(writer, "{pid=\"");
    put_number(writer, process->pid);
    put_label(writer, "\",", "program", process->program);
}

/* The unit that the name ends with, or NULL. */
static const char *unit_of(const struct family *family)
{
    size_t length = strlen(family->name), end = sizeof "_bytes" - 1;
    return length > end && strcmp(family->name + length - end, "_bytes") == 0 ? "bytes" : NULL;
}

/* OpenMetrics wants the unit last: large_bytes_freed becomes large_freed_bytes. */
static struct family make_family(const char *name, const char *kind, const char *help)
{
    static const char prefix[] = "hakmem_", inner[] = "_bytes_";
    struct family family = {.kind = kind, .help = help};
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

static void put_line(const struct writer *writer, const char *what, const struct family *family,
                     const char *end, const char *text)
{
    put(writer, what);
    put(writer, family->name);
    put(writer, end);
    put(writer, " ");
    put(writer, text);
    put(writer, "\n");
}

/* In Prometheus's format the family is called as its samples are, and knows fewer kinds. */
static void put_head(const struct writer *writer, const struct family *family, const char *end)
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
static void put_sample(const struct writer *writer, const struct hak_metrics_process *process,
                       const struct family *family, const char *end, const char *label)
{
    put(writer, family->name);
    put(writer, end);
    put_labels(writer, process);
    if (label)
        put_label(writer, ",", "class", label);
    put(writer, "} ");
}

static void put_created(const struct writer *writer, const struct hak_metrics_process *process,
                        const struct family *family, const char *label)
{
    uint64_t milliseconds = process->header->started_ns / 1000000;
    if (writer->format != HAK_METRICS_OPENMETRICS || milliseconds == 0)
        return;
    put_sample(writer, process, family, "_created", label);
    put_number(writer, milliseconds / 1000);
    put(writer, milliseconds % 1000 < 10 ? ".00" : milliseconds % 1000 < 100 ? ".0" : ".");
    put_number(writer, milliseconds % 1000);
    put(writer, "\n");
}

static void put_counted(const struct writer *writer, const struct hak_metrics_process *process,
                        const struct family *family, const char *label, uint64_t value)
{
    put_sample(writer, process, family, "_total", label);
    put_number(writer, value);
    put(writer, "\n");
    put_created(writer, process, family, label);
}

/* "64", "large", "huge". */
static const char *class_label(const struct hak_counter_header *header, uint32_t size_class,
                               char digits[12])
{
    if (size_class >= HAK_CLASS_LARGE)
        return size_class == HAK_CLASS_LARGE ? "large" : "huge";
    uint32_t bytes = header->class_bytes[size_class];
    char *at = digits + 11;
    *at = '\0';
    do
        *--at = (char)('0' + bytes % 10);
    while ((bytes /= 10) > 0);
    return at;
}

/* Those classes that the process has used. */
static void put_classes(const struct writer *writer, bool frees)
{
    struct family family =
        make_family(frees ? "frees" : "mallocs", "counter",
                    frees ? "blocks taken back, by size class in bytes, by the freeing thread"
                          : "blocks handed out, by size class in bytes");
    put_head(writer, &family, "_total");
    for (size_t i = 0; i < writer->count; i++) {
        const struct hak_metrics_process *process = &writer->processes[i];
        const struct hak_counter_page *sum = process->sum;
        for (uint32_t c = 0; c < HAK_COUNTER_CLASSES; c++) {
            char digits[12];
            bool is_class = c < process->header->slab_classes || c >= HAK_CLASS_LARGE;
            if (is_class && (sum->mallocs[c] > 0 || sum->frees[c] > 0))
                put_counted(writer, process, &family, class_label(process->header, c, digits),
                            frees ? sum->frees[c] : sum->mallocs[c]);
        }
    }
}

static void put_counter(const struct writer *writer, const char *name, const char *help,
                        value_function *value, enum hak_counter counter)
{
    struct family family = make_family(name, "counter", help);
    put_head(writer, &family, "_total");
    for (size_t i = 0; i < writer->count; i++) {
        const struct hak_metrics_process *process = &writer->processes[i];
        put_counted(writer, process, &family, NULL,
                    value ? value(process) : process->sum->count[counter]);
    }
}

static uint64_t operations(const struct hak_metrics_process *process)
{
    return hak_counted_operations(process->sum);
}

static uint64_t header_writes(const struct hak_metrics_process *process)
{
    return hak_counted_header_writes(process->header, process->sum);
}

static uint64_t header_reads(const struct hak_metrics_process *process)
{
    return hak_counted_header_reads(process->header, process->sum);
}

static uint64_t lut_hits(const struct hak_metrics_process *process)
{
    return hak_counted_lut_hits(process->header, process->sum);
}

static uint64_t metadata_lookups(const struct hak_metrics_process *process)
{
    return hak_counted_metadata_lookups(process->header, process->sum);
}

static void put_counters(const struct writer *writer)
{
    static const struct {
        const char *name, *help;
        value_function *value;
    } derived[] = {
        {"operations", "calls that had a block to give, take or look at", operations},
        {"header_writes", "headers of blocks written", header_writes},
        {"header_reads", "headers of blocks read", header_reads},
        {"lut_hits", "size classes looked up in a table", lut_hits},
        {"metadata_lookups", "lookups of whose a block is", metadata_lookups},
    };
    static const struct {
        const char *name, *help;
    } counted[HAK_COUNT_END] = {
#define COUNTED(name, text) [HAK_COUNT_##name] = {#name, text},
        HAK_COUNTERS(COUNTED)
#undef COUNTED
    };
    for (size_t i = 0; i < sizeof derived / sizeof derived[0]; i++)
        put_counter(writer, derived[i].name, derived[i].help, derived[i].value, HAK_COUNT_END);
    for (uint32_t i = 0; i < HAK_COUNT_END; i++)
        put_counter(writer, counted[i].name, counted[i].help, NULL, (enum hak_counter)i);
}

static uint64_t mapped(const struct hak_metrics_process *process)
{
    return hak_counted_mapped(process->header);
}

static uint64_t live(const struct hak_metrics_process *process)
{
    return hak_counted_live(process->header, process->sum);
}

static uint64_t retained(const struct hak_metrics_process *process)
{
    return process->header->retained_bytes;
}

static uint64_t metadata(const struct hak_metrics_process *process)
{
    return process->header->metadata_bytes;
}

static uint64_t in_spans(const struct hak_metrics_process *process)
{
    return process->header->spans_bytes;
}

static uint64_t in_huge(const struct hak_metrics_process *process)
{
    return process->header->huge_bytes;
}

static uint64_t resident(const struct hak_metrics_process *process)
{
    return process->resident;
}

static uint64_t shared_pages(const struct hak_metrics_process *process)
{
    return process->header->pages_shared != 0;
}

static void put_gauges(const struct writer *writer)
{
    static const struct {
        const char *name, *help;
        value_function *value;
    } gauges[] = {
        {"mapped_bytes", "memory readable and writable: arena, huge blocks, metadata", mapped},
        {"live_bytes", "memory in blocks handed out and not taken back", live},
        {"retained_bytes", "memory in free spans not yet given back to the kernel", retained},
        {"metadata_bytes", "memory of the allocator's own: heaps, slab records, magazines",
         metadata},
        {"spans_bytes", "memory in slabs and large blocks", in_spans},
        {"huge_bytes", "memory in blocks that are mappings of their own", in_huge},
        {"process_resident_bytes", "resident memory of the whole process", resident},
        {"counters_shared",
         "1: more threads than pages of counters, so that some counts may be lost", shared_pages},
    };
    for (size_t g = 0; g < sizeof gauges / sizeof gauges[0]; g++) {
        struct family family = make_family(gauges[g].name, "gauge", gauges[g].help);
        put_head(writer, &family, "");
        for (size_t i = 0; i < writer->count; i++) {
            const struct hak_metrics_process *process = &writer->processes[i];
            if (gauges[g].value == resident && process->resident == 0)
                continue;
            put_sample(writer, process, &family, "", NULL);
            put_number(writer, gauges[g].value(process));
            put(writer, "\n");
        }
    }
}

static void put_build(const struct writer *writer)
{
    static const char *const factors[HAK_FACTOR_END] = {
        [HAK_FACTOR_HEADER] = "header",     [HAK_FACTOR_CACHE] = "cache",
        [HAK_FACTOR_METADATA] = "metadata", [HAK_FACTOR_CLASSIFY] = "classify",
        [HAK_FACTOR_FREELIST] = "freelist", [HAK_FACTOR_CHECK] = "check",
    };
    struct family family = make_family(
        "build", "info", "libhakmem's version, and the level each factor is built with");
    put_head(writer, &family, "_info");
    for (size_t i = 0; i < writer->count; i++) {
        const struct hak_metrics_process *process = &writer->processes[i];
        put(writer, family.name);
        put(writer, "_info");
        put_labels(writer, process);
        put_label(writer, ",", "version", process->header->release);
        for (size_t f = 0; f < HAK_FACTOR_END; f++)
            put_label(writer, ",", factors[f], process->header->levels[f]);
        put(writer, "} 1\n");
    }
}

void hak_metrics_write(const struct hak_metrics_process *processes, size_t count,
                       enum hak_metrics_format format, const struct hak_metrics_sink *sink)
{
    const struct writer writer = {processes, count, format, sink};
    put_build(&writer);
    put_classes(&writer, false);
    put_classes(&writer, true);
    put_counters(&writer);
    put_gauges(&writer);
    if (format == HAK_METRICS_OPENMETRICS)
        put(&writer, "# EOF\n");
}
