// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * Adds up samples of processor time in the kernel, for watched processes.
 *
 * samples_take runs at each period of a clock (or cycles) event and returns 0, so that no record is
 * written to the event's ring. Entries go to one of two maps; the reader turns the programs to the
 * other one, waits until none can still be at work on the first, and empties that. So nothing is
 * lost or counted twice between reading and deleting.
 */
#include <linux/bpf.h>
#include <linux/bpf_perf_event.h>
#include <linux/ptrace.h>
#include <linux/types.h>
#include <stdbool.h>

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

#include "kernel_types_small.h"
#include "samples_layout.h"
#include "samples_registers.bpf.h"
#include "watched_processes.bpf.h"

const char samples_license[] SEC("license") = "Dual MIT/GPL";

/* A fault is over by then; a sample any later belongs to something else. */
#define FAULT_LASTS_NS 10000000u

volatile __u32 side; /* which map is written to: 0 even, 1 odd */
struct sample_totals totals[SAMPLE_SLOTS];
__u64 unwatched; /* processes a full map could not take */

struct sample_map {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, 4096); /* the loader sets it */
    __type(key, struct sample_key);
    __type(value, struct sample_sum);
};
struct sample_map even SEC(".maps"), odd SEC(".maps");

struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, WATCHED_THREADS);
    __type(key, __u32);
    __type(value, struct watched_thread);
} threads SEC(".maps");

/* A cycles event finds its frequency by large steps: one period may be beyond a square. */
static __always_inline __u64 square(__u64 period)
{
    return period >> 32 ? ~0ull >> 1 : period * period;
}

static __always_inline bool add_to(void *map, const struct sample_key *key, __u64 period)
{
    struct sample_sum *sum = bpf_map_lookup_elem(map, key);
    if (sum) {
        sum->count++;
        sum->weight += period;
        sum->squares += square(period);
        return true;
    }
    struct sample_sum first = {1, period, square(period)};
    return bpf_map_update_elem(map, key, &first, BPF_NOEXIST) == 0;
}

static __always_inline bool is_faulting(const struct watched_thread *thread, __u64 instruction)
{
    return thread && thread->instruction == instruction &&
           bpf_ktime_get_ns() - thread->time < FAULT_LASTS_NS;
}

/* The mode, and the rest of the key by what led into the kernel. */
static __always_inline enum sample_mode in_kernel(struct sample_key *key)
{
    struct task_struct *task = bpf_get_current_task_btf();
    const struct pt_regs___kernel *user = (const void *)bpf_task_pt_regs(task);
    enum sample_mode mode = kernel_mode(user);
    key->address = USER_INSTRUCTION(user);
    if (mode == SAMPLE_SYSTEM_CALL)
        return mode;
    __u32 id = (__u32)bpf_get_current_pid_tgid();
    const struct watched_thread *thread = bpf_map_lookup_elem(&threads, &id);
    if (!is_faulting(thread, key->address))
        return mode;
    key->fault = thread->address & ~(SAMPLE_GRANULE - 1);
    return SAMPLE_FAULT;
}

SEC("perf_event")
int samples_take(struct bpf_perf_event_data *ctx)
{
    const struct watched_process *process = current_process();
    if (!process)
        return 0;
    enum sample_mode mode = SAMPLE_USER;
    __u32 processor = bpf_get_smp_processor_id();
    struct sample_key key = {
        .began = process->began,
        .process = bpf_get_current_pid_tgid() >> 32,
    };
    if (is_in_program(&ctx->regs))
        key.address = REGISTERS_INSTRUCTION(&ctx->regs);
    else
        mode = in_kernel(&key);
    key.processor_and_mode = processor << 8 | mode;

    struct sample_totals *own = &totals[processor & (SAMPLE_SLOTS - 1)];
    __u64 period = ctx->sample_period;
    bool kept = side ? add_to(&odd, &key, period) : add_to(&even, &key, period);
    __sync_fetch_and_add(&own->taken, 1);
    if (!kept)
        __sync_fetch_and_add(&own->lost, 1);
    return 0;
}

/* Where there is no room the faults of a thread are exceptions like others. Written in place, since
 * a map's update costs more than all the rest; the instruction last, by which a sample that falls
 * in between knows that the rest is still of another fault. */
SEC("tp_btf/page_fault_user")
int BPF_PROG(samples_fault, unsigned long address, const struct pt_regs___kernel *registers)
{
    if (!current_process())
        return 0;
    __u32 id = (__u32)bpf_get_current_pid_tgid();
    struct watched_thread *thread = bpf_map_lookup_elem(&threads, &id);
    if (!thread) {
        struct watched_thread none = {};
        bpf_map_update_elem(&threads, &id, &none, BPF_NOEXIST);
        thread = bpf_map_lookup_elem(&threads, &id);
    }
    if (!thread)
        return 0;
    thread->address = address;
    thread->time = bpf_ktime_get_ns();
    barrier();
    thread->instruction = USER_INSTRUCTION(registers);
    return 0;
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(samples_fork, struct task_struct *parent, struct task_struct *child)
{
    if (!watched_fork(parent, child))
        __sync_fetch_and_add(&unwatched, 1);
    return 0;
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(samples_exec, struct task_struct *task, int old_id)
{
    struct watched_process *process = current_process();
    if (!process)
        return 0;
    __u32 old = old_id; /* of the thread that called exec; it has its process's now */
    process->began = bpf_ktime_get_ns();
    bpf_map_delete_elem(&threads, &old);
    return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(samples_exit, struct task_struct *task)
{
    __u32 id = task->pid;
    if (watched_exit(task))
        bpf_map_delete_elem(&threads, &id);
    return 0;
}

SEC("tp_btf/sched_process_free")
int BPF_PROG(samples_free, struct task_struct *task)
{
    watched_free(task);
    return 0;
}
