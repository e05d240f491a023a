/* SPDX-License-Identifier: MIT */
/*
 * Loads the programs of probes/slow_path.bpf.c and attaches them to the probes of a library. All is
 * held by file descriptors alone, nothing is pinned: if this process is killed, the kernel
 * detaches.
 *
 * Watching is paid for by the program: each hit of a probe costs it a trap. What one hit costs is
 * measured at the start; hits are counted; when they have cost more than the budget and go on doing
 * so, the kind that costs most is detached.
 */
#include "slow_path.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "slow_path_cost.h"
#include "slow_path_explain.h"
#include "slow_path_holder.h"
#include "slow_path_layout.h"
#include "slow_path_probe.h"
#include "slow_path.skel.h" /* needs the layout */

_Static_assert((int)WATCHED_BUCKETS == SLOW_PATH_BUCKETS, "one histogram");
_Static_assert((int)WATCHED_REFILL == SLOW_PATH_REFILL &&
                   (int)WATCHED_OVERFLOW == SLOW_PATH_OVERFLOW &&
                   (int)WATCHED_REMOTE_COLLECT == SLOW_PATH_REMOTE_COLLECT &&
                   (int)WATCHED_REMOTE_PUBLISH == SLOW_PATH_REMOTE_PUBLISH &&
                   (int)WATCHED_ARENA == SLOW_PATH_ARENA && (int)WATCHED_PURGE == SLOW_PATH_PURGE &&
                   (int)WATCHED_PAGE_FAULT == SLOW_PATH_PAGE_FAULT,
               "the same kinds in the same order");

/* CPU time for which watching may exceed its share when a program starts, as all programs begin
 * with refills: a budget of 1 % lets it spend 1 ms at once. */
static const double head_start_ns = 100e6;

struct watch {
    struct probe begin, end; /* without a link where the kind has one probe, or none is attached */
    double cost_ns;          /* of one hit */
    uint64_t hits_before;    /* at the last tick */
    bool watched, cut_short;
};

struct slow_path {
    struct slow_path_programs *programs;
    struct bpf_link *fork, *exec, *exit, *reserve;
    struct watch watch[SLOW_PATH_KINDS];
    double budget;
    double cpu_before;  /* ns, at the last tick */
    double cpu_unseen;  /* ns, of processes that ran already, before they were watched */
    double attached_at; /* seconds, monotonic */
};

/* The probes of each kind; page faults come from the kernel. */
static const struct {
    const char *begin, *end;
} probes[SLOW_PATH_KINDS] = {
    [SLOW_PATH_REFILL] = {"refill_begin", "refill_end"},
    [SLOW_PATH_OVERFLOW] = {"overflow_begin", "overflow_end"},
    [SLOW_PATH_REMOTE_COLLECT] = {"remote_collect_begin", "remote_collect_end"},
    [SLOW_PATH_REMOTE_PUBLISH] = {NULL, "remote_publish"},
    [SLOW_PATH_ARENA] = {"arena_take_begin", "arena_take_end"},
    [SLOW_PATH_PURGE] = {"purge_begin", "purge_end"},
};

static int print_nothing(enum libbpf_print_level level, const char *format, va_list arguments)
{
    return 0;
}

static double seconds_now(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static struct slow_path_programs *load_programs(char why[256])
{
    if (!getenv("HAKMEM_TRACE_DEBUG"))
        libbpf_set_print(print_nothing);
    if (access("/sys/kernel/btf/vmlinux", R_OK) != 0) {
        slow_path_explain(why, "eBPF needs the kernel's type information: /sys/kernel/btf/vmlinux "
                               "(CONFIG_DEBUG_INFO_BTF)");
        return NULL;
    }
    struct slow_path_programs *programs = slow_path_programs__open();
    if (!programs) {
        slow_path_explain_error(why, errno);
        return NULL;
    }
    /* Not every processor's kernel has these two. */
    if (libbpf_find_vmlinux_btf_id("page_fault_user", BPF_TRACE_RAW_TP) < 0)
        bpf_program__set_autoload(programs->progs.slow_path_fault_user, false);
    if (libbpf_find_vmlinux_btf_id("page_fault_kernel", BPF_TRACE_RAW_TP) < 0)
        bpf_program__set_autoload(programs->progs.slow_path_fault_kernel, false);
    int error = slow_path_programs__load(programs);
    if (error) {
        slow_path_explain_error(why, -error);
        slow_path_programs__destroy(programs);
        return NULL;
    }
    return programs;
}

static int watch_process(struct slow_path *slow_path, pid_t pid)
{
    struct watched_process fresh = {0};
    __u32 key = (__u32)pid;
    return bpf_map_update_elem(bpf_map__fd(slow_path->programs->maps.processes), &key, &fresh,
                               BPF_ANY);
}

static void unwatch_process(struct slow_path *slow_path, pid_t pid)
{
    __u32 key = (__u32)pid;
    bpf_map_delete_elem(bpf_map__fd(slow_path->programs->maps.processes), &key);
    bpf_map_delete_elem(bpf_map__fd(slow_path->programs->maps.threads), &key);
}

static int measure_watched(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    bool has_faults = bpf_program__autoload(programs->progs.slow_path_fault_user);
    double hit = slow_path_cost_of_hit(programs->progs.slow_path_begin,
                                       programs->progs.slow_path_end, WATCHED_CALIBRATION);
    if (hit < 0)
        return -errno;
    double fault = has_faults ? slow_path_cost_of_fault(programs->progs.slow_path_fault_user) : 0;
    if (fault < 0)
        return -errno;
    for (int kind = 0; kind < SLOW_PATH_KINDS; kind++)
        slow_path->watch[kind].cost_ns = kind == SLOW_PATH_PAGE_FAULT ? fault : hit;
    return 0;
}

/* Learns the costs on this process. Where they cannot be learnt, watching would be unbounded. */
static int measure_costs(struct slow_path *slow_path)
{
    if (watch_process(slow_path, getpid()) != 0)
        return -errno;
    int error = measure_watched(slow_path);
    unwatch_process(slow_path, getpid());
    memset(slow_path->programs->bss, 0, sizeof *slow_path->programs->bss);
    return error;
}

static int attach_processes(struct slow_path *slow_path)
{
    struct slow_path_programs *programs = slow_path->programs;
    slow_path->fork = bpf_program__attach(programs->progs.slow_path_fork);
    slow_path->exec = bpf_program__attach(programs->progs.slow_path_exec);
    slow_path->exit = bpf_program__attach(programs->progs.slow_path_exit);
    return slow_path->fork && slow_path->exec && slow_path->exit ? 0 : -errno;
}

static void detach_kind(struct watch *watch)
{
    probe_detach(&watch->begin);
    probe_detach(&watch->end);
}

/* A kind whose probes the library lacks is left unwatched; other failures are errors. */
static int attach_kind(struct slow_path *slow_path, int kind, const char *library)
{
    struct slow_path_programs *programs = slow_path->programs;
    struct watch *watch = &slow_path->watch[kind];
    bool is_pair = probes[kind].begin;
    const struct bpf_program *end =
        is_pair ? programs->progs.slow_path_end : programs->progs.slow_path_publish;

    errno = 0;
    watch->end = probe_attach(end, library, probes[kind].end, kind);
    if (watch->end.link && is_pair)
        watch->begin =
            probe_attach(programs->progs.slow_path_begin, library, probes[kind].begin, kind);
    watch->watched = watch->end.link && (watch->begin.link || !is_pair);
    if (watch->watched)
        return 0;
    int error = errno;
    detach_kind(watch);
    return error == ENOENT ? 0 : -error;
}

static int attach_faults(struct slow_path *slow_path, const char *library)
{
    struct slow_path_programs *programs = slow_path->programs;
    struct watch *watch = &slow_path->watch[SLOW_PATH_PAGE_FAULT];
    if (!bpf_program__autoload(programs->progs.slow_path_fault_user))
        return 0;
    slow_path->reserve =
        probe_attach(programs->progs.slow_path_reserve, library, "arena_reserve", 0).link;
    if (!slow_path->reserve)
        return errno == ENOENT ? 0 : -errno;
    watch->begin = probe_attach_tracepoint(programs->progs.slow_path_fault_user);
    if (!watch->begin.link)
        return -errno;
    if (bpf_program__autoload(programs->progs.slow_path_fault_kernel))
        watch->end = probe_attach_tracepoint(programs->progs.slow_path_fault_kernel);
    watch->watched = true;
    return 0;
}

static int attach_all(struct slow_path *slow_path, const char *library, pid_t root)
{
    int error = attach_processes(slow_path);
    for (int kind = 0; kind < SLOW_PATH_PAGE_FAULT && !error; kind++)
        error = attach_kind(slow_path, kind, library);
    if (!error)
        error = attach_faults(slow_path, library);
    if (!error && watch_process(slow_path, root) != 0)
        error = -errno;
    return error;
}

static bool watches_any(const struct slow_path *slow_path)
{
    for (int kind = 0; kind < SLOW_PATH_KINDS; kind++) {
        if (slow_path->watch[kind].watched)
            return true;
    }
    return false;
}

static void destroy(struct slow_path *slow_path)
{
    int holder = holder_start(NULL, 0);
    for (int kind = 0; kind < SLOW_PATH_KINDS; kind++) {
        bpf_link__destroy(slow_path->watch[kind].begin.link);
        bpf_link__destroy(slow_path->watch[kind].end.link);
    }
    bpf_link__destroy(slow_path->reserve);
    bpf_link__destroy(slow_path->fork);
    bpf_link__destroy(slow_path->exec);
    bpf_link__destroy(slow_path->exit);
    slow_path_programs__destroy(slow_path->programs);
    holder_release(holder);
    free(slow_path);
}

struct slow_path *slow_path_attach(const char *library, pid_t root, double budget, char why[256])
{
    if (access(library, R_OK) != 0) {
        slow_path_explain(why, "%s: %s", library, strerror(errno));
        return NULL;
    }
    struct slow_path *slow_path = calloc(1, sizeof *slow_path);
    if (!slow_path) {
        slow_path_explain_error(why, ENOMEM);
        return NULL;
    }
    slow_path->budget = budget;
    slow_path->programs = load_programs(why);
    if (!slow_path->programs) {
        destroy(slow_path);
        return NULL;
    }
    int error = measure_costs(slow_path);
    if (!error)
        error = attach_all(slow_path, library, root);
    if (error)
        slow_path_explain_attach_error(why, -error);
    else if (!watches_any(slow_path))
        slow_path_explain(
            why, "%s has no USDT probes of hakmem: build it with systemtap-sdt-dev installed",
            library);
    if (error || !watches_any(slow_path)) {
        destroy(slow_path);
        return NULL;
    }
    slow_path->attached_at = seconds_now();
    return slow_path;
}

static double cpu_ns_of(pid_t pid)
{
    clockid_t clock;
    struct timespec time;
    if (clock_getcpuclockid(pid, &clock) != 0 || clock_gettime(clock, &time) != 0)
        return 0;
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

void slow_path_watch(struct slow_path *slow_path, pid_t pid)
{
    slow_path->cpu_unseen += cpu_ns_of(pid);
    if (watch_process(slow_path, pid) != 0)
        slow_path->programs->bss->lost++;
}

void slow_path_arena(struct slow_path *slow_path, pid_t pid, uint64_t low, uint64_t high)
{
    struct watched_process process;
    __u32 key = (__u32)pid;
    int map = bpf_map__fd(slow_path->programs->maps.processes);
    if (bpf_map_lookup_elem(map, &key, &process) != 0)
        return;
    process.low = low;
    process.high = high;
    bpf_map_update_elem(map, &key, &process, BPF_EXIST);
}

/* CPU time of the watched processes since they are watched, those that have ended included. */
static double cpu_ns(const struct slow_path *slow_path)
{
    int map = bpf_map__fd(slow_path->programs->maps.processes);
    double total = (double)slow_path->programs->bss->ended_cpu_ns;
    __u32 key, *previous = NULL;
    /* Bounded: when an entry goes while we stand on it, the walk begins anew. */
    for (int steps = 0;
         steps < 2 * WATCHED_PROCESSES && bpf_map_get_next_key(map, previous, &key) == 0; steps++) {
        total += cpu_ns_of((pid_t)key);
        previous = &key;
    }
    return total > slow_path->cpu_unseen ? total - slow_path->cpu_unseen : 0;
}

static uint64_t hits_of(const struct slow_path *slow_path, int kind)
{
    uint64_t hits = 0;
    for (int slot = 0; slot < WATCHED_SLOTS; slot++)
        hits += slow_path->programs->bss->watched[slot][kind].hits;
    return hits;
}

static bool is_attached(const struct watch *watch)
{
    return watch->begin.link || watch->end.link;
}

/* Detaches what costs most, until what the attached kinds cost is at most `allowed` ns. */
static void detach_costliest(struct slow_path *slow_path, const double *costs, double allowed)
{
    for (;;) {
        double sum = 0;
        int most = -1;
        for (int kind = 0; kind < SLOW_PATH_KINDS; kind++) {
            if (!is_attached(&slow_path->watch[kind]))
                continue;
            sum += costs[kind];
            if (most < 0 || costs[kind] > costs[most])
                most = kind;
        }
        if (most < 0 || sum <= allowed)
            return;
        detach_kind(&slow_path->watch[most]);
        slow_path->watch[most].cut_short = true;
    }
}

/* Over the budget, what costs too much at this moment goes. Twice over it, whatever has cost most
 * goes: a program that works in bursts is quiet at most ticks. */
void slow_path_tick(struct slow_path *slow_path)
{
    double cpu = cpu_ns(slow_path), recent[SLOW_PATH_KINDS], total[SLOW_PATH_KINDS], sum = 0;
    double allowed = slow_path->budget * (cpu + head_start_ns);
    for (int kind = 0; kind < SLOW_PATH_KINDS; kind++) {
        struct watch *watch = &slow_path->watch[kind];
        uint64_t hits = hits_of(slow_path, kind);
        recent[kind] = (double)(hits - watch->hits_before) * watch->cost_ns;
        total[kind] = (double)hits * watch->cost_ns;
        sum += total[kind];
        watch->hits_before = hits;
    }
    if (sum > allowed)
        detach_costliest(slow_path, recent, slow_path->budget * (cpu - slow_path->cpu_before));
    if (sum > 2 * allowed)
        detach_costliest(slow_path, total, allowed);
    slow_path->cpu_before = cpu;
}

static void read_kind(const struct slow_path *slow_path, int kind, struct slow_path_events *events)
{
    for (int slot = 0; slot < WATCHED_SLOTS; slot++) {
        const struct watched_events *watched = &slow_path->programs->bss->watched[slot][kind];
        events->count += watched->count;
        events->total += watched->total;
        for (int bucket = 0; bucket < SLOW_PATH_BUCKETS; bucket++)
            events->histogram[bucket] += watched->histogram[bucket];
    }
    events->watched = slow_path->watch[kind].watched;
    events->cut_short = slow_path->watch[kind].cut_short;
}

void slow_path_read(const struct slow_path *slow_path, struct slow_path_report *report)
{
    memset(report, 0, sizeof *report);
    report->seconds_watched = seconds_now() - slow_path->attached_at;
    double cpu = cpu_ns(slow_path), cost = 0;
    for (int kind = 0; kind < SLOW_PATH_KINDS; kind++)
        cost += (double)hits_of(slow_path, kind) * slow_path->watch[kind].cost_ns;
    report->cost_fraction = cpu > cost ? cost / (cpu - cost) : 0;
    report->lost = slow_path->programs->bss->lost;
    for (int kind = 0; kind < SLOW_PATH_KINDS; kind++)
        read_kind(slow_path, kind, &report->kind[kind]);
}

void slow_path_finish(struct slow_path *slow_path, struct slow_path_report *report)
{
    slow_path_read(slow_path, report);
    destroy(slow_path);
}
