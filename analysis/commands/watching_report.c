/* SPDX-License-Identifier: MIT */
#include "watching_report.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "watching_slow_path.h"
#include "watching_sources.h"

static void fill_totals(struct report *report, const struct watching_facts *facts)
{
    const struct watching_totals *totals = &facts->totals;
    report->command = facts->command;
    report->allocator = facts->allocator->name;
    report->library = facts->allocator->preload ? facts->allocator->library : NULL;
    report->wall_s = totals->wall_s;
    report->user_s = totals->user_s;
    report->system_s = totals->system_s;
    report->cpu_s = report->user_s + report->system_s;
    report->max_rss_kb = totals->max_rss_kb;
    report->operations = report->operations_per_cpu_s = report->bytes = NAN;
}

static void fill_counters(struct report *report, const struct counters *counters)
{
    static const struct {
        const char *name, *text;
    } texts[] = {
#define TEXT(name, text) {#name, text},
        HAK_COUNTERS(TEXT)
#undef TEXT
    };
    uint64_t slab_mallocs = counters_slab_mallocs(counters);
    uint64_t pushes = counters_slab_frees(counters);
    uint64_t remote = counters->sum.count[HAK_COUNT_remote_frees];
    report_add_counter(report, "header_writes", "bytes written before blocks",
                       counters->header_writes);
    report_add_counter(report, "lut_hits", "sizes looked up in the class table",
                       counters->lut_hits);
    report_add_counter(report, "metadata_lookups", "addresses looked up in the metadata",
                       counters->metadata_lookups);
    report_add_counter(report, "header_reads", "headers read on free", counters->header_reads);
    report_add_counter(report, "mallocs", "blocks handed out", counters_mallocs(counters));
    report_add_counter(report, "frees", "blocks taken back", counters_frees(counters));
    report_add_counter(report, "cache_pops", "of the former, out of a thread cache", slab_mallocs);
    report_add_counter(report, "cache_pushes", "of the latter, into a thread cache",
                       pushes > remote ? pushes - remote : 0);
    for (size_t c = 0; c < HAK_COUNT_END; c++)
        report_add_counter(report, texts[c].name, texts[c].text, counters->sum.count[c]);
}

static void add_class(struct report *report, const struct watching_facts *facts, size_t class,
                      const char *name, uint64_t bytes)
{
    const struct counters *counters = facts->counters;
    struct report_class *row = &report->classes[report->class_count];
    uint64_t all = counters_mallocs(counters);
    *row = (struct report_class){
        .bytes = bytes,
        .mallocs = counters->sum.mallocs[class],
        .frees = counters->sum.frees[class],
        .resident = facts->memory->resident.slab[class],
        .live = facts->memory->live[class],
    };
    if (!row->mallocs && !row->frees)
        return;
    row->share = all ? (double)row->mallocs / (double)all : 0;
    snprintf(row->name, sizeof row->name, "%s", name);
    report->class_count++;
}

static void fill_classes(struct report *report, const struct watching_facts *facts)
{
    const struct counters *counters = facts->counters;
    char name[24];
    for (size_t c = 0; c < counters->header.slab_classes; c++) {
        uint64_t bytes = counters->header.class_bytes[c];
        snprintf(name, sizeof name, "%llu", (unsigned long long)bytes);
        add_class(report, facts, c, name, bytes);
    }
    add_class(report, facts, HAK_CLASS_LARGE, "large", 0);
    add_class(report, facts, HAK_CLASS_HUGE, "huge", 0);
}

static void fill_levels(struct report *report, const struct counters *counters)
{
    for (size_t f = 0; f < HAK_FACTOR_END; f++) {
        report->levels[f].factor = watching_factor_names[f];
        report->levels[f].level = counters->header.levels[f];
    }
    report->level_count = HAK_FACTOR_END;
}

static void fill_resident(struct report *report, const struct watching_facts *facts)
{
    const struct memory_watch *memory = facts->memory;
    struct report_resident *to = &report->resident;
    if (!memory->seen) {
        if (memory->error)
            report_note(report, "resident memory by kind is not known: %s",
                        strerror(memory->error));
        return;
    }
    uint64_t live_in_slabs = 0;
    for (size_t c = 0; c < HAK_COUNTER_CLASSES; c++)
        live_in_slabs += memory->live[c];
    *to = (struct report_resident){
        .seen = true,
        .pid = memory->pid,
        .at_s = memory->at - facts->started,
        .looks = memory->looks,
        .total = memory->resident.total,
        .kind_count = RESIDENT_KINDS,
    };
    for (size_t k = 0; k < RESIDENT_KINDS; k++)
        to->kinds[k] = (struct report_kind){
            .name = resident_names[k],
            .resident = memory->resident.kind[k],
            .live = k == RESIDENT_SLABS   ? (double)live_in_slabs
                    : k == RESIDENT_LARGE ? (double)memory->live_large
                                          : NAN,
        };
}

static void fill_series(struct report *report, const struct watching_facts *facts)
{
    const struct memory_series *series = facts->series;
    _Static_assert((int)REPORT_MOMENTS_MAX >= (int)MEMORY_MOMENTS_MAX, "there is room for all");
    for (size_t i = 0; i < series->count; i++) {
        const struct memory_moment *moment = &series->moments[i];
        report->moments[report->moment_count++] = (struct report_moment){
            .at_s = moment->at - facts->started,
            .resident = (double)moment->resident,
            .live = moment->counted ? (double)moment->live : NAN,
            .retained = moment->counted ? (double)moment->retained : NAN,
        };
    }
}

static void fill_counted(struct report *report, const struct watching_facts *facts)
{
    const struct counters *counters = facts->counters;
    if (counters->rejected)
        report_note(report, "%llu counter files are damaged or of another library: not counted",
                    (unsigned long long)counters->rejected);
    if (counters->files == 0)
        return;
    report->counted = true;
    report->operations = (double)counters_operations(counters);
    if (report->cpu_s > 0)
        report->operations_per_cpu_s = report->operations / report->cpu_s;
    report->bytes = (double)counters_bytes(counters);
    report->processes = counters->files;
    report->memory = (struct report_memory){counters->memory.mapped, counters->memory.live,
                                            counters->memory.retained, counters->memory.metadata};
    fill_counters(report, counters);
    fill_classes(report, facts);
    fill_resident(report, facts);
    fill_levels(report, counters);
    if (counters->pages_shared)
        report_note(report, "more threads than counter pages at a time: some counts may be lost");
}

static void fill_overhead(struct report *report, const struct watching_facts *facts)
{
    struct report_overhead *to = &report->overhead;
    if (!(report->cpu_s > 0))
        return;
    report->overhead_measured = true;
    to->budget = facts->budget;
    to->tool = facts->tool_cpu_s / report->cpu_s;
    to->looks = (facts->memory->look_s + facts->series->look_s) / report->cpu_s;
    if (facts->slow_path)
        to->slow_path = facts->slow_path->cost_fraction;
    if (facts->overhead) {
        to->sample_ns = facts->overhead->sample_ns;
        to->fault_ns = facts->overhead->fault_ns;
        to->follow_ns = facts->overhead->follow_ns;
        to->switch_ns = facts->overhead->switch_ns;
        to->switches = facts->totals.switches;
        double ns = to->sample_ns * (double)facts->sampled.samples +
                    to->fault_ns * (double)facts->sampled.faults +
                    to->follow_ns * (double)facts->totals.faults +
                    to->switch_ns * (double)to->switches;
        to->sampling = ns / (1e9 * report->cpu_s);
    }
    to->total = to->sampling + to->slow_path + to->tool;
}

bool watching_was_loaded(const struct watching_facts *facts)
{
    return facts->counters->files != 0 || facts->profile->library_mapped;
}

void watching_report_fill(struct report *report, const struct watching_facts *facts)
{
    fill_totals(report, facts);
    fill_counted(report, facts);
    fill_series(report, facts);
    watching_sources_fill(report, facts);
    if (facts->allocator->is_glibc && facts->profile)
        report->brought = facts->profile->brought;
    watching_slow_path_fill(report, facts);
    fill_overhead(report, facts);
    watching_notes_fill(report, facts);
}
