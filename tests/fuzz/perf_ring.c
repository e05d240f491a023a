/* SPDX-License-Identifier: MIT */
/*
 * Records in a perf ring, whatever they and the ring's head say, through to whoever is told of
 * them: collect/ring, record, stack_sample, pending, followed, sampler.
 *
 *     flags | where the ring begins | (forged head or 0 | records) ... one for each reading
 *
 * The events of a processor are this file's: their ring is memory of its own size, so that every
 * byte beyond it is seen.
 */
#include <errno.h>
#include <unistd.h>

#include "collect/processor_events.h"
#include "collect/sampler.h"
#include "collect/stack_sample.h"
#include "fuzz.h"

enum { KERNEL = 1, PROCESSORS = 2, STACKS = 4, RING_PAGES = 4, READINGS_MOST = 16 };
enum { CLOCK = 77, FAULTS = 78, OUR_PROCESS = 4242 };

static struct ring *ring;
static uint64_t told;

bool processor_events_open(struct processor_events *events, const struct perf_choice *choice,
                           struct aggregate *aggregate, pid_t pid, int cpu)
{
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    *events = (struct processor_events){
        .number = cpu, .clock = -1, .faults = -1, .clock_identifier = CLOCK};
    errno = ENODEV;
    if (cpu != 0 || posix_memalign((void **)&events->ring.page, page, (1 + RING_PAGES) * page) != 0)
        return false;
    memset(events->ring.page, 0, (1 + RING_PAGES) * page);
    events->ring.data_bytes = RING_PAGES * page;
    ring = &events->ring;
    return true;
}

void processor_events_close(struct processor_events *events)
{
    free(events->ring.page);
}

void processor_events_switch(const struct processor_events *events, unsigned long request)
{
}

static uint64_t sum_of(const void *bytes, size_t count)
{
    uint64_t sum = 0;
    for (size_t i = 0; i < count; i++)
        sum += ((const uint8_t *)bytes)[i];
    return sum;
}

static void take_sample(void *context, const struct time_sample *sample)
{
    told += sample->weight + sum_of(sample, sizeof *sample);
    if (sample->stack)
        told += sum_of(sample->stack->registers, sizeof sample->stack->registers) +
                sum_of(sample->stack->bytes, sample->stack->byte_count);
}

static void take_fault(void *context, const struct fault_sample *fault)
{
    told += fault->weight + fault->address;
}

static void take_mapping(void *context, const struct mapping_record *mapping)
{
    fuzz_check(strlen(mapping->path) < UINT16_MAX);
    told += mapping->length;
}

static void take_fork(void *context, pid_t parent, pid_t child)
{
    fuzz_check(parent != child);
}

static void take_exec(void *context, pid_t pid)
{
    told += (uint64_t)pid;
}

/* As the kernel does: behind what is there, around the end. */
static void write_records(const uint8_t *records, size_t bytes)
{
    uint8_t *data = (uint8_t *)ring->page + sysconf(_SC_PAGESIZE);
    uint64_t head = ring->page->data_head;
    for (size_t i = 0; i < bytes; i++)
        data[(head + i) & (ring->data_bytes - 1)] = records[i];
    ring->page->data_head = head + bytes;
}

static void read_all(struct sampler *sampler, struct fuzz_input *input)
{
    struct sampler_totals totals;
    uint16_t begin;
    fuzz_take(input, &begin, sizeof begin);
    ring->page->data_head = ring->page->data_tail = begin;
    for (int readings = 0; input->left && readings < READINGS_MOST; readings++) {
        uint64_t forged;
        size_t bytes;
        fuzz_take(input, &forged, sizeof forged);
        const uint8_t *records = fuzz_take_part(input, &bytes);
        write_records(records, bytes < ring->data_bytes ? bytes : ring->data_bytes);
        if (forged)
            ring->page->data_head = forged;
        sampler_read(sampler);
        fuzz_check(ring->page->data_tail == ring->page->data_head);
    }
    sampler_finish(sampler, &totals);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    struct fuzz_input input = {bytes, count};
    unsigned flags = fuzz_take_byte(&input);
    struct perf_choice choice = {
        .kernel = flags & KERNEL, .processors = flags & PROCESSORS, .stacks = flags & STACKS};
    const struct sampler_sink sink = {NULL,         take_sample, take_fault,
                                      take_mapping, take_fork,   take_exec};
    char why[256];
    if (choice.stacks)
        stack_sample_choose(&choice.attr, 8192);
    struct sampler *sampler = sampler_open(OUR_PROCESS, &choice, NULL, &sink, why, sizeof why);
    fuzz_check(sampler);
    sampler_start(sampler);
    read_all(sampler, &input);
    sampler_close(sampler);
    return 0;
}

/* Records as perf_event_open(2) lays them out. */

static struct fuzz_output records, output;

static void put_number(uint64_t value, size_t bytes)
{
    fuzz_put(&records, &value, bytes);
}

static size_t begin_record(unsigned type, unsigned misc)
{
    size_t at = records.count;
    struct perf_event_header header = {.type = type, .misc = (uint16_t)misc};
    fuzz_put(&records, &header, sizeof header);
    return at;
}

/* The trailer of every record that is no sample. */
static void end_record(size_t at, uint64_t time)
{
    struct perf_event_header header;
    memcpy(&header, records.bytes + at, sizeof header);
    if (header.type != PERF_RECORD_SAMPLE) {
        put_number(OUR_PROCESS, 4);
        put_number(OUR_PROCESS, 4);
        put_number(time, 8);
        put_number(CLOCK, 8);
    }
    header.size = (uint16_t)(records.count - at);
    memcpy(records.bytes + at, &header, sizeof header);
}

static size_t begin_sample(unsigned mode, uint64_t identifier, uint64_t time)
{
    size_t at = begin_record(PERF_RECORD_SAMPLE, mode);
    put_number(identifier, 8);
    put_number(0x401000, 8); /* instruction */
    put_number(OUR_PROCESS, 4);
    put_number(OUR_PROCESS + 1, 4);
    put_number(time, 8);
    return at;
}

static void put_clock_sample(unsigned mode, uint64_t time)
{
    size_t at = begin_sample(mode, CLOCK, time);
    put_number(1000, 8); /* period */
    put_number(2, 8);    /* registers' ABI */
    for (int i = 0; i < 4; i++)
        put_number(0x402000, 8);
    end_record(at, 0);
}

static void put_stack_sample(unsigned mode, uint64_t asked, uint64_t filled)
{
    size_t at = begin_sample(mode, CLOCK, 50);
    put_number(1000, 8);
    put_number(2, 8);
    for (uint64_t i = 0; i < 18; i++)
        put_number(i, 8);
    put_number(asked, 8);
    for (uint64_t i = 0; i < 4; i++)
        put_number(i, 8);
    put_number(filled, 8);
    end_record(at, 0);
}

static void put_fault(void)
{
    size_t at = begin_sample(PERF_RECORD_MISC_USER, FAULTS, 20);
    put_number(0x7000, 8);
    put_number(1, 8);
    end_record(at, 0);
}

static void put_mapping(const char *path, size_t path_bytes, uint64_t time)
{
    size_t at = begin_record(PERF_RECORD_MMAP2, PERF_RECORD_MISC_USER);
    put_number(OUR_PROCESS, 4);
    put_number(OUR_PROCESS, 4);
    put_number(0x400000, 8);
    put_number(0x10000, 8);
    put_number(0, 8);
    for (int i = 0; i < 3; i++)
        put_number(1, 8); /* device, inode, generation */
    put_number(5, 4);
    put_number(2, 4);
    fuzz_put(&records, path, path_bytes);
    end_record(at, time);
}

static void put_task(unsigned type, uint64_t pid, uint64_t parent, uint64_t time)
{
    size_t at = begin_record(type, 0);
    put_number(pid, 4);
    put_number(parent, 4);
    put_number(pid, 4);
    put_number(parent, 4);
    put_number(time, 8);
    end_record(at, time);
}

static void put_name(const char *name, size_t bytes, unsigned misc)
{
    size_t at = begin_record(PERF_RECORD_COMM, misc);
    put_number(OUR_PROCESS, 4);
    put_number(OUR_PROCESS, 4);
    fuzz_put(&records, name, bytes);
    end_record(at, 5);
}

static void put_lost(unsigned type)
{
    size_t at = begin_record(type, 0);
    put_number(CLOCK, 8);
    put_number(UINT64_MAX, 8);
    end_record(at, 6);
}

static void begin(unsigned flags, uint16_t where)
{
    uint8_t byte = (uint8_t)flags;
    records.count = output.count = 0;
    fuzz_put(&output, &byte, sizeof byte);
    fuzz_put(&output, &where, sizeof where);
}

static void end_reading(uint64_t forged)
{
    fuzz_put(&output, &forged, sizeof forged);
    fuzz_put_part(&output, records.bytes, records.count);
    records.count = 0;
}

static void put_a_life(void)
{
    static const char path[16] = "/usr/bin/program";
    put_name("evil\033[2J\n\0\0\0\0\0\0", 16, PERF_RECORD_MISC_COMM_EXEC);
    put_mapping("/usr/bin/a\0\0\0\0\0", 16, 10);
    put_mapping(path, sizeof path, 11); /* without an end */
    put_task(PERF_RECORD_FORK, OUR_PROCESS + 9, OUR_PROCESS, 12);
    put_task(PERF_RECORD_FORK, OUR_PROCESS, OUR_PROCESS, 13);
    put_clock_sample(PERF_RECORD_MISC_USER, 14);
    put_clock_sample(PERF_RECORD_MISC_KERNEL, 15);
    put_fault();
    put_lost(PERF_RECORD_LOST);
    put_lost(PERF_RECORD_LOST_SAMPLES);
    put_task(PERF_RECORD_THROTTLE, 0, 0, 16);
    put_task(PERF_RECORD_EXIT, OUR_PROCESS + 9, OUR_PROCESS, 17);
    put_task(PERF_RECORD_EXIT, 1, 1, 18);
    put_task(99, 1, 1, 19);
}

void fuzz_seeds(fuzz_keep *keep)
{
    const size_t ring_bytes = RING_PAGES * 4096;
    begin(KERNEL | PROCESSORS, 0);
    put_a_life();
    end_reading(0);
    put_clock_sample(PERF_RECORD_MISC_USER, 1);
    end_reading(0);
    keep("a_life", output.bytes, output.count);
    begin(0, (uint16_t)(ring_bytes - 40));
    put_a_life();
    end_reading(0);
    keep("around_the_end", output.bytes, output.count);
    begin(STACKS | PROCESSORS, 0);
    put_stack_sample(PERF_RECORD_MISC_USER, 32, 32);
    put_stack_sample(PERF_RECORD_MISC_KERNEL, 32, 16);
    put_stack_sample(PERF_RECORD_MISC_USER, 32, UINT64_MAX);
    put_stack_sample(PERF_RECORD_MISC_USER, UINT64_MAX - 7, 0);
    end_reading(0);
    keep("stacks", output.bytes, output.count);

    static const uint16_t sizes[] = {0, 1, 7, 9, 8, 17, 33, 65535, 65528};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char name[32];
        struct perf_event_header header;
        begin(KERNEL, 8);
        put_clock_sample(PERF_RECORD_MISC_USER, 3);
        size_t at = records.count;
        put_mapping("/a\0\0\0\0\0", 8, 10);
        memcpy(&header, records.bytes + at, sizeof header);
        header.size = sizes[i];
        memcpy(records.bytes + at, &header, sizeof header);
        put_clock_sample(PERF_RECORD_MISC_USER, 4);
        end_reading(sizes[i] > 60000 ? 100000 : 0);
        snprintf(name, sizeof name, "size_%u", sizes[i]);
        keep(name, output.bytes, output.count);
    }
    begin(KERNEL, 3);
    put_a_life();
    end_reading(UINT64_MAX);
    put_a_life();
    end_reading(1);
    keep("forged_head", output.bytes, output.count);
}
