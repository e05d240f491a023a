/* SPDX-License-Identifier: MIT */
/*
 * The counters as text that Prometheus and others scrape. The one place that names a metric: the
 * allocator writes its own with it when a program ends (metrics_file.h), and hakmem-trace those of
 * programs that run. Needs no memory, no locale and no C library but for memory functions.
 */
#ifndef HAK_METRICS_H
#define HAK_METRICS_H

#include <stddef.h>

#include "counter_layout.h"

enum hak_metrics_format {
    HAK_METRICS_OPENMETRICS, /* OpenMetrics 1.0 */
    HAK_METRICS_PROMETHEUS   /* Prometheus's text format 0.0.4, without units and `_created`: what
                                node_exporter reads from *.prom, and promtool checks */
};

/* One process at one moment; nothing in it is believed. */
struct hak_metrics_process {
    const struct hak_counter_header *header;
    const struct hak_counter_page *sum; /* of its pages */
    const char *program;                /* its name, of any bytes */
    uint64_t pid;
    uint64_t resident; /* of the whole process, in bytes; 0, where nobody knows */
};

struct hak_metrics_sink {
    void (*put)(void *context, const char *text, size_t bytes);
    void *context;
};

/* Each family once, with a sample or more of each process. */
void hak_metrics_write(const struct hak_metrics_process *processes, size_t count,
                       enum hak_metrics_format format, const struct hak_metrics_sink *sink);

#endif
