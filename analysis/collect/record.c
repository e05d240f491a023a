/* SPDX-License-Identifier: MIT */
#include "record.h"

#include <stddef.h>
#include <string.h>

/* Every record that is no sample ends in these, as our events ask for them (sample_id_all). */
struct trailer {
    uint32_t pid, tid;
    uint64_t time;
    uint64_t identifier;
};

/* Every sample of ours starts with these. */
struct sample_start {
    struct perf_event_header header;
    uint64_t identifier;
    uint64_t instruction;
    uint32_t pid, tid;
    uint64_t time;
};

struct clock_sample {
    struct sample_start start;
    uint64_t period;
    uint64_t registers_abi; /* here and below: only where registers are asked for */
    uint64_t registers[USER_REGISTER_COUNT];
};

const size_t record_clock_bytes = offsetof(struct clock_sample, registers_abi);

struct page_fault_sample {
    struct sample_start start;
    uint64_t address;
    uint64_t period;
};

struct mmap2_record {
    struct perf_event_header header;
    uint32_t pid, tid;
    uint64_t start, length, offset;
    uint64_t file[3]; /* device, inode, generation; or a build-id */
    uint32_t protection, flags;
    char path[];
};

struct fork_or_exit {
    struct perf_event_header header;
    uint32_t pid, parent_pid;
    uint32_t tid, parent_tid;
    uint64_t time;
};

struct comm_record {
    struct perf_event_header header;
    uint32_t pid, tid;
};

uint64_t record_time(const struct perf_event_header *header)
{
    if (header->type == PERF_RECORD_SAMPLE)
        return header->size >= sizeof(struct sample_start)
                   ? ((const struct sample_start *)header)->time
                   : 0;
    if (header->size < sizeof *header + sizeof(struct trailer))
        return 0;
    const char *end = (const char *)header + header->size;
    return ((const struct trailer *)(end - sizeof(struct trailer)))->time;
}

uint64_t record_identifier(const struct perf_event_header *header)
{
    return header->size >= sizeof(struct sample_start)
               ? ((const struct sample_start *)header)->identifier
               : 0;
}

static bool is_in_kernel(const struct perf_event_header *header)
{
    unsigned mode = header->misc & PERF_RECORD_MISC_CPUMODE_MASK;
    return mode == PERF_RECORD_MISC_KERNEL || mode == PERF_RECORD_MISC_HYPERVISOR;
}

bool record_time_sample(const struct perf_event_header *header, bool with_registers,
                        struct time_sample *sample)
{
    const struct clock_sample *record = (const void *)header;
    size_t without = offsetof(struct clock_sample, registers_abi);
    if (header->size < without)
        return false;
    *sample = (struct time_sample){
        .time = record->start.time,
        .pid = (pid_t)record->start.pid,
        .tid = (pid_t)record->start.tid,
        .count = 1,
        .weight = record->period,
        .squares = (double)record->period * (double)record->period,
        .in_kernel = is_in_kernel(header),
        .address = record->start.instruction,
    };
    if (!sample->in_kernel)
        return true;
    sample->address = 0;
    if (with_registers && header->size >= sizeof *record && record->registers_abi) {
        sample->address = user_registers_address(record->registers);
        sample->entry = user_registers_entry(record->registers);
    }
    return true;
}

bool record_fault_sample(const struct perf_event_header *header, struct fault_sample *sample)
{
    const struct page_fault_sample *record = (const void *)header;
    if (header->size < sizeof *record)
        return false;
    *sample = (struct fault_sample){
        .time = record->start.time,
        .pid = (pid_t)record->start.pid,
        .tid = (pid_t)record->start.tid,
        .weight = record->period,
        .instruction = record->start.instruction,
        .address = record->address,
    };
    return true;
}

bool record_mapping(const struct perf_event_header *header, struct mapping_record *mapping)
{
    const struct mmap2_record *record = (const void *)header;
    if (header->size < sizeof *record + 1)
        return false;
    size_t room = header->size - offsetof(struct mmap2_record, path);
    if (strnlen(record->path, room) == room)
        return false;
    *mapping = (struct mapping_record){
        .pid = (pid_t)record->pid,
        .start = record->start,
        .length = record->length,
        .offset = record->offset,
        .path = record->path,
    };
    return true;
}

bool record_task(const struct perf_event_header *header, struct task_record *task)
{
    const struct fork_or_exit *record = (const void *)header;
    if (header->size < sizeof *record)
        return false;
    *task = (struct task_record){(pid_t)record->pid, (pid_t)record->parent_pid};
    return true;
}

bool record_exec(const struct perf_event_header *header, pid_t *pid)
{
    const struct comm_record *record = (const void *)header;
    if (header->size < sizeof *record || !(header->misc & PERF_RECORD_MISC_COMM_EXEC))
        return false;
    *pid = (pid_t)record->pid;
    return true;
}

uint64_t record_lost(const struct perf_event_header *header)
{
    const uint64_t *words = (const uint64_t *)(header + 1);
    if (header->type == PERF_RECORD_LOST && header->size >= sizeof *header + 2 * sizeof *words)
        return words[1];
    if (header->type == PERF_RECORD_LOST_SAMPLES && header->size >= sizeof *header + sizeof *words)
        return words[0];
    return 0;
}
