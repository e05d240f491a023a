/* SPDX-License-Identifier: MIT */
/* All is held by file descriptors alone, nothing is pinned: if this process is killed, the kernel
 * detaches. */
#include "aggregate.h"

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/types.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bpf_ready.h"
#include "samples_layout.h"
#include "slow_path_cost.h"
#include "slow_path_explain.h"
#include "samples.skel.h" /* needs the layout */

enum { BATCH = 512 };

struct aggregate {
    struct samples_programs *programs;
    double fault_ns;
    struct sample_key keys[BATCH];
    struct sample_sum sums[BATCH];
};

/* PROC_PID_INIT_INO of the kernel. The programs see the numbers processes have there. */
static bool is_first_pid_namespace(void)
{
    struct stat status;
    return stat("/proc/self/ns/pid", &status) != 0 || status.st_ino == 0xeffffffcu;
}

static struct samples_programs *load_programs(unsigned entries, char why[256])
{
    if (!bpf_ready(why))
        return NULL;
    if (libbpf_find_vmlinux_btf_id("page_fault_user", BPF_TRACE_RAW_TP) < 0) {
        slow_path_explain(why, "this kernel tells eBPF of no page faults "
                               "(tracepoint exceptions:page_fault_user)");
        return NULL;
    }
    struct samples_programs *programs = samples_programs__open();
    if (!programs) {
        slow_path_explain_error(why, errno);
        return NULL;
    }
    bpf_map__set_max_entries(programs->maps.even, entries);
    bpf_map__set_max_entries(programs->maps.odd, entries);
    int error = samples_programs__load(programs);
    if (error) {
        slow_path_explain_error(why, -error);
        samples_programs__destroy(programs);
        return NULL;
    }
    return programs;
}

/* Of this process, which must be watched for it. */
static int measure_fault(struct aggregate *aggregate)
{
    double before = slow_path_ns_of_fault();
    if (!aggregate_watch(aggregate, getpid()))
        return -errno;
    struct bpf_link *link = bpf_program__attach(aggregate->programs->progs.samples_fault);
    int error = link ? 0 : -errno;
    if (link)
        aggregate->fault_ns = slow_path_added_ns(before, slow_path_ns_of_fault());
    bpf_link__destroy(link);
    aggregate_unwatch(aggregate, getpid());
    return error;
}

struct aggregate *aggregate_load(unsigned entries, char why[256])
{
    if (!is_first_pid_namespace()) {
        slow_path_explain(why, "eBPF sees other process numbers than this container: it needs the "
                               "host's (docker run --pid=host)");
        return NULL;
    }
    struct aggregate *aggregate = calloc(1, sizeof *aggregate);
    if (!aggregate) {
        slow_path_explain_error(why, ENOMEM);
        return NULL;
    }
    aggregate->programs = load_programs(entries, why);
    if (!aggregate->programs) {
        aggregate_unload(aggregate);
        return NULL;
    }
    int error = measure_fault(aggregate);
    if (!error)
        error = samples_programs__attach(aggregate->programs);
    if (error) {
        slow_path_explain_error(why, -error);
        aggregate_unload(aggregate);
        return NULL;
    }
    return aggregate;
}

void aggregate_unload(struct aggregate *aggregate)
{
    if (!aggregate)
        return;
    samples_programs__destroy(aggregate->programs);
    free(aggregate);
}

bool aggregate_attach(struct aggregate *aggregate, int event)
{
    int program = bpf_program__fd(aggregate->programs->progs.samples_take);
    return ioctl(event, PERF_EVENT_IOC_SET_BPF, program) == 0;
}

bool aggregate_watch(struct aggregate *aggregate, pid_t pid)
{
    struct watched_process fresh = {0};
    __u32 key = (__u32)pid;
    return bpf_map_update_elem(bpf_map__fd(aggregate->programs->maps.processes), &key, &fresh,
                               BPF_ANY) == 0;
}

void aggregate_unwatch(struct aggregate *aggregate, pid_t pid)
{
    __u32 key = (__u32)pid;
    bpf_map_delete_elem(bpf_map__fd(aggregate->programs->maps.processes), &key);
    bpf_map_delete_elem(bpf_map__fd(aggregate->programs->maps.threads), &key);
}

static struct time_sample sample_of(const struct sample_key *key, const struct sample_sum *sum)
{
    static const enum kernel_entry entries[] = {
        [SAMPLE_USER] = ENTRY_UNKNOWN,    [SAMPLE_SYSTEM_CALL] = ENTRY_SYSTEM_CALL,
        [SAMPLE_FAULT] = ENTRY_EXCEPTION, [SAMPLE_EXCEPTION] = ENTRY_EXCEPTION,
        [SAMPLE_KERNEL] = ENTRY_UNKNOWN,
    };
    unsigned mode = key->processor_and_mode & 255;
    return (struct time_sample){
        .pid = (pid_t)key->process,
        .count = sum->count,
        .weight = sum->weight,
        .squares = (double)sum->squares,
        .in_kernel = mode != SAMPLE_USER,
        .address = key->address,
        .entry = mode < sizeof entries / sizeof entries[0] ? entries[mode] : ENTRY_UNKNOWN,
        .fault = mode == SAMPLE_FAULT ? FAULT_KNOWN : FAULT_NONE,
        .fault_address = key->fault,
    };
}

void aggregate_drain(struct aggregate *aggregate,
                     void (*take)(void *context, const struct time_sample *sample, uint64_t began),
                     void *context)
{
    const struct samples_programs *programs = aggregate->programs;
    int map = bpf_map__fd(programs->bss->side ? programs->maps.even : programs->maps.odd);
    __u32 from = 0, *position = NULL;
    for (int error = 0; error == 0; position = &from) {
        __u32 count = BATCH, next = 0;
        error = bpf_map_lookup_and_delete_batch(map, position, &next, aggregate->keys,
                                                aggregate->sums, &count, NULL);
        if (error != 0 && errno != ENOENT)
            return; /* ENOENT: the last ones */
        for (__u32 i = 0; i < count; i++) {
            struct time_sample sample = sample_of(&aggregate->keys[i], &aggregate->sums[i]);
            take(context, &sample, aggregate->keys[i].began);
        }
        from = next;
    }
}

void aggregate_turn(struct aggregate *aggregate)
{
    aggregate->programs->bss->side ^= 1;
}

static void forget(void *context, const struct time_sample *sample, uint64_t began)
{
}

void aggregate_reset(struct aggregate *aggregate)
{
    for (int map = 0; map < 2; map++) {
        aggregate_drain(aggregate, forget, NULL);
        aggregate_turn(aggregate);
    }
    memset(aggregate->programs->bss->totals, 0, sizeof aggregate->programs->bss->totals);
    aggregate->programs->bss->unwatched = 0;
}

struct aggregate_totals aggregate_totals(const struct aggregate *aggregate)
{
    struct aggregate_totals sum = {.unwatched = aggregate->programs->bss->unwatched};
    for (int slot = 0; slot < SAMPLE_SLOTS; slot++) {
        sum.taken += aggregate->programs->bss->totals[slot].taken;
        sum.lost += aggregate->programs->bss->totals[slot].lost;
    }
    return sum;
}

double aggregate_fault_ns(const struct aggregate *aggregate)
{
    return aggregate->fault_ns;
}
