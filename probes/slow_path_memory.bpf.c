// SPDX-License-Identifier: (MIT OR GPL-2.0)
/*
 * The kernel's work on memory: page faults in the arena, and the system calls that map.
 *
 * Both are timed where the kernel does them, by programs at the entry and the exit of its functions
 * (fentry, fexit). Other processes' calls of just these functions pay for a look at the map;
 * tracepoints of system calls would make every call of every process on the machine slower, so they
 * are second. Where faults can't be timed they are counted at their tracepoints.
 */
#include "slow_path_events.h"

const char slow_path_license[] SEC("license") = "Dual MIT/GPL";

enum { FAULT_COMES_AGAIN = 0x400 }; /* VM_FAULT_RETRY, linux/mm_types.h */

__u64 library_inode; /* of the library's file, set by the watcher */

static __always_inline bool is_in_arena(const struct watched_process *process, __u64 address)
{
    return address >= process->low && address < process->high;
}

SEC("fentry/handle_mm_fault")
int BPF_PROG(slow_path_fault_begin, struct vm_area_struct *area, unsigned long address)
{
    struct watched_process *process = current_process();
    if (!process || !is_in_arena(process, address))
        return 0;
    struct watched_thread *thread = current_thread();
    if (thread)
        thread->began[WATCHED_PAGE_FAULT] = bpf_ktime_get_ns();
    return 0;
}

/* A fault that has to wait comes again: it is one event, whose parts are summed up. */
SEC("fexit/handle_mm_fault")
int BPF_PROG(slow_path_fault_end, struct vm_area_struct *area, unsigned long address,
             unsigned int flags, struct pt_regs *registers, unsigned int result)
{
    __u64 now = bpf_ktime_get_ns();
    if (!current_process())
        return 0;
    struct watched_events *events = events_of(WATCHED_PAGE_FAULT);
    add(&events->hits, 1);
    __u64 began = take_beginning(WATCHED_PAGE_FAULT);
    if (!began)
        return 0;
    if (result & FAULT_COMES_AGAIN)
        add(&events->total, now - began);
    else
        record(events, now - began);
    return 0;
}

static __always_inline int count_fault(__u64 address)
{
    struct watched_process *process = current_process();
    if (!process)
        return 0;
    struct watched_events *events = events_of(WATCHED_PAGE_FAULT);
    add(&events->hits, 1);
    if (is_in_arena(process, address))
        add(&events->count, 1);
    return 0;
}

SEC("tp_btf/page_fault_user")
int BPF_PROG(slow_path_fault_user, unsigned long address)
{
    return count_fault(address);
}

/* The kernel faults a program's memory in, too: read() into a block never touched before. */
SEC("tp_btf/page_fault_kernel")
int BPF_PROG(slow_path_fault_kernel, unsigned long address)
{
    return count_fault(address);
}

struct mapping {
    __u64 inode, low, high;
};

static long look_at(struct task_struct *task, struct vm_area_struct *area, void *context)
{
    struct mapping *mapping = context;
    mapping->low = area->vm_start;
    mapping->high = area->vm_end;
    mapping->inode = area->vm_file ? area->vm_file->f_inode->i_ino : 0;
    return 0;
}

/* The library's code is found when it makes its first system call. The range may be unknown where
 * another thread is changing the mappings at that moment; then the next call finds it. */
static __always_inline bool is_ours(struct watched_process *process, __u64 from)
{
    if (!process->code_high) {
        struct mapping mapping = {};
        bpf_find_vma(bpf_get_current_task_btf(), from, look_at, &mapping, 0);
        if (!mapping.inode || mapping.inode != library_inode)
            return false;
        process->code_low = mapping.low;
        process->code_high = mapping.high;
    }
    return from >= process->code_low && from < process->code_high;
}

static __always_inline int call_begins(__u64 address, __u64 bytes, __u64 from)
{
    struct watched_process *process = current_process();
    struct watched_thread *thread = process ? current_thread() : NULL;
    if (!thread)
        return 0;
    thread->is_ours = is_ours(process, from);
    thread->call_address = address;
    thread->call_bytes = bytes;
    thread->call_began = bpf_ktime_get_ns();
    return 0;
}

static __always_inline int call_ends(__u32 call, __s64 result)
{
    __u64 now = bpf_ktime_get_ns();
    struct watched_process *process = current_process();
    if (!process)
        return 0;
    __u32 kind = WATCHED_SYSTEM_CALL + call * WATCHED_ORIGINS;
    add(&events_of(kind)->hits, 1);
    struct watched_thread *thread = known_thread();
    if (!thread || !thread->call_began)
        return 0;
    __u64 address = call == WATCHED_MMAP ? (__u64)result : thread->call_address;
    __u32 origin = WATCHED_OF_PROGRAM;
    if (thread->is_ours)
        origin = is_in_arena(process, address) ? WATCHED_OF_ARENA : WATCHED_OF_LIBRARY;
    struct watched_events *events = events_of(kind + origin);
    record(events, now - thread->call_began);
    add(&events->bytes, thread->call_bytes);
    thread->call_began = 0;
    return 0;
}

/* What they are attached to has another name on each architecture, and is set when they are loaded.
 */
#define PROGRAMS_OF(name, call)                                                                    \
    SEC("fentry")                                                                                  \
    int BPF_PROG(slow_path_##name##_begin, const struct pt_regs *registers)                        \
    {                                                                                              \
        return call_begins(SYSTEM_CALL_FIRST(registers), SYSTEM_CALL_SECOND(registers),            \
                           SYSTEM_CALL_FROM(registers));                                           \
    }                                                                                              \
    SEC("fexit")                                                                                   \
    int BPF_PROG(slow_path_##name##_end, const struct pt_regs *registers, long result)             \
    {                                                                                              \
        return call_ends(call, result);                                                            \
    }

PROGRAMS_OF(mmap, WATCHED_MMAP)
PROGRAMS_OF(munmap, WATCHED_MUNMAP)
PROGRAMS_OF(madvise, WATCHED_MADVISE)
PROGRAMS_OF(mprotect, WATCHED_MPROTECT)
PROGRAMS_OF(mremap, WATCHED_MREMAP)

/* Of the tracepoints syscalls:sys_enter_* and sys_exit_*; which call it is is the cookie. */
struct call_entered {
    __u64 common;
    long number;
    unsigned long arguments[6];
};

struct call_left {
    __u64 common;
    long number;
    long result;
};

SEC("tp")
int slow_path_call_begin(struct call_entered *entered)
{
    struct pt_regs *registers = (struct pt_regs *)bpf_task_pt_regs(bpf_get_current_task_btf());
    return call_begins(entered->arguments[0], entered->arguments[1], SYSTEM_CALL_FROM(registers));
}

SEC("tp")
int slow_path_call_end(struct call_left *left)
{
    __u32 call = bpf_get_attach_cookie(left);
    return call < WATCHED_CALLS ? call_ends(call, left->result) : 0;
}
