/* SPDX-License-Identifier: MIT */
#include "metrics.h"

#include <stdbool.h>

#include "counter_meaning.h"
#include "metrics_writer.h"

typedef uint64_t value_function(const struct hak_metrics_process *process);

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
static void put_classes(const struct hak_metrics_writer *writer, bool frees)
{
    struct hak_metrics_family family = hak_metrics_family(
        frees ? "frees" : "mallocs", "counter",
        frees ? "blocks taken back, by size class in bytes, by the freeing thread"
              : "blocks handed out, by size class in bytes");
    hak_metrics_head(writer, &family, "_total");
    for (size_t i = 0; i < writer->count; i++) {
        const struct hak_metrics_process *process = &writer->processes[i];
        const struct hak_counter_page *sum = process->sum;
        for (uint32_t c = 0; c < HAK_COUNTER_CLASSES; c++) {
            char digits[12];
            bool is_class = c < process->header->slab_classes || c >= HAK_CLASS_LARGE;
            if (is_class && (sum->mallocs[c] > 0 || sum->frees[c] > 0))
                hak_metrics_counted(writer, process, &family,
                                    class_label(process->header, c, digits),
                                    frees ? sum->frees[c] : sum->mallocs[c]);
        }
    }
}

static void put_counter(const struct hak_metrics_writer *writer, const char *name, const char *help,
                        value_function *value, enum hak_counter counter)
{
    struct hak_metrics_family family = hak_metrics_family(name, "counter", help);
    hak_metrics_head(writer, &family, "_total");
    for (size_t i = 0; i < writer->count; i++) {
        const struct hak_metrics_process *process = &writer->processes[i];
        hak_metrics_counted(writer, process, &family, NULL,
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

static void put_counters(const struct hak_metrics_writer *writer)
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

static void put_gauges(const struct hak_metrics_writer *writer)
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
        struct hak_metrics_family family =
            hak_metrics_family(gauges[g].name, "gauge", gauges[g].help);
        hak_metrics_head(writer, &family, "");
        for (size_t i = 0; i < writer->count; i++) {
            const struct hak_metrics_process *process = &writer->processes[i];
            hak_metrics_sample(writer, process, &family, "", NULL);
            hak_metrics_number(writer, gauges[g].value(process));
            hak_metrics_text(writer, "\n");
        }
    }
}

static void put_build(const struct hak_metrics_writer *writer)
{
    static const char *const factors[HAK_FACTOR_END] = {
        [HAK_FACTOR_HEADER] = "header",     [HAK_FACTOR_CACHE] = "cache",
        [HAK_FACTOR_METADATA] = "metadata", [HAK_FACTOR_CLASSIFY] = "classify",
        [HAK_FACTOR_FREELIST] = "freelist", [HAK_FACTOR_CHECK] = "check",
    };
    struct hak_metrics_family family = hak_metrics_family(
        "build", "info", "libhakmem's version, and the level each factor is built with");
    hak_metrics_head(writer, &family, "_info");
    for (size_t i = 0; i < writer->count; i++) {
        const struct hak_metrics_process *process = &writer->processes[i];
        hak_metrics_text(writer, family.name);
        hak_metrics_text(writer, "_info");
        hak_metrics_labels(writer, process);
        hak_metrics_label(writer, ",", "version", process->header->release);
        for (size_t f = 0; f < HAK_FACTOR_END; f++)
            hak_metrics_label(writer, ",", factors[f], process->header->levels[f]);
        hak_metrics_text(writer, "} 1\n");
    }
}

void hak_metrics_write(const struct hak_metrics_process *processes, size_t count,
                       enum hak_metrics_format format, const struct hak_metrics_sink *sink)
{
    const struct hak_metrics_writer writer = {processes, count, format, sink};
    put_build(&writer);
    put_classes(&writer, false);
    put_classes(&writer, true);
    put_counters(&writer);
    put_gauges(&writer);
    if (format == HAK_METRICS_OPENMETRICS)
        hak_metrics_text(&writer, "# EOF\n");
}
