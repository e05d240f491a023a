/* SPDX-License-Identifier: MIT */
/*
 * How a family of metrics stands in the text: OpenMetrics 1.0, "Text format"
 * (github.com/prometheus/OpenMetrics), and Prometheus's own.
 *
 *      # TYPE hakmem_purged_bytes counter
 *      # UNIT hakmem_purged_bytes bytes
 *      # HELP hakmem_purged_bytes bytes in free spans given back to the kernel
 *      hakmem_purged_bytes_total{pid="42",program="x"} 65536
 *      hakmem_purged_bytes_created{pid="42",program="x"} 1700000000.125
 */
#ifndef HAK_METRICS_WRITER_H
#define HAK_METRICS_WRITER_H

#include "metrics.h"

struct hak_metrics_writer {
    const struct hak_metrics_process *processes;
    size_t count;
    enum hak_metrics_format format;
    const struct hak_metrics_sink *sink;
};

struct hak_metrics_family {
    char name[64]; /* without what its samples' names end with */
    const char *kind, *help;
};

/* `name` as the layout of the counters has it, shorter than 48 bytes; a unit in it is put last. */
struct hak_metrics_family hak_metrics_family(const char *name, const char *kind, const char *help);

/* The lines that begin a family; `end` is what the samples' names end with: "_total". */
void hak_metrics_head(const struct hak_metrics_writer *writer,
                      const struct hak_metrics_family *family, const char *end);

/* A sample up to its value; `label`: NULL, or that of a size class. */
void hak_metrics_sample(const struct hak_metrics_writer *writer,
                        const struct hak_metrics_process *process,
                        const struct hak_metrics_family *family, const char *end,
                        const char *label);

/* A counter's sample, and since when it counts. */
void hak_metrics_counted(const struct hak_metrics_writer *writer,
                         const struct hak_metrics_process *process,
                         const struct hak_metrics_family *family, const char *label,
                         uint64_t value);

/* Parts of a sample: the labels that every one has, without the closing brace; one more. */
void hak_metrics_labels(const struct hak_metrics_writer *writer,
                        const struct hak_metrics_process *process);
void hak_metrics_label(const struct hak_metrics_writer *writer, const char *before,
                       const char *name, const char *value);

void hak_metrics_text(const struct hak_metrics_writer *writer, const char *text);
void hak_metrics_number(const struct hak_metrics_writer *writer, uint64_t number);

#endif
