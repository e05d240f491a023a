/* SPDX-License-Identifier: MIT */
/*
 * The recorder's file, which the program could write, too, and what is made of it:
 * collect/raw_trace, trace_writer, live_blocks, line_sharing.
 *
 *     header, of whose last text only the beginning | records        in their places
 */
#include <unistd.h>

#include "collect/line_sharing.h"
#include "collect/raw_trace.h"
#include "collect/trace_writer.h"
#include "fuzz.h"
#include "world.h"

enum { PROGRAM_BYTES = 32, HEADER_BYTES = offsetof(struct raw_header, program) + PROGRAM_BYTES };

static struct raw_trace raw;

static int file_of(struct fuzz_input input)
{
    uint8_t beginning[HEADER_BYTES];
    struct raw_header header;
    fuzz_take(&input, beginning, sizeof beginning);
    memset(&header, 'x', sizeof header);
    memcpy(&header, beginning, sizeof beginning);
    int file = world_file((const uint8_t *)&header, sizeof header, 0);
    fuzz_check(pwrite(file, input.at, input.left, RAW_HEADER_BYTES) == (ssize_t)input.left);
    return file;
}

/* Every record of the trace is on an object and a thread that are told of before. */
static void check_trace(const char *text, size_t bytes, const struct trace_written *written)
{
    const struct trace_header *header = &written->header;
    uint64_t objects = 0, threads = 0;
    fuzz_check(bytes == sizeof *header + header->records * sizeof(struct trace_record));
    for (uint64_t i = 0; i < header->records; i++) {
        struct trace_record record;
        memcpy(&record, text + sizeof *header + i * sizeof record, sizeof record);
        struct trace_operation operation = trace_unpack(&record);
        bool is_new = operation.kind <= TRACE_ALIGNED || operation.kind == TRACE_REALLOC_NULL;
        fuzz_check(operation.kind < TRACE_KINDS && operation.alignment <= TRACE_ALIGNMENT_MAX);
        fuzz_check(operation.thread <= threads);
        threads += operation.thread == threads;
        fuzz_check(is_new ? operation.object == objects
                          : operation.kind == TRACE_THREAD_END || operation.object < objects);
        objects += is_new;
    }
    fuzz_check(objects == header->objects && threads == header->threads);
}

static void write_trace(int file)
{
    static char text[1 << 20];
    char why[256] = "";
    struct trace_written written;
    if (!raw_trace_open(&raw, file, why, sizeof why)) {
        fuzz_check(*why && !strchr(why, '\n'));
        return;
    }
    int made = world_file(NULL, 0, 0);
    FILE *stream = fdopen(dup(made), "w");
    fuzz_check(stream);
    bool done = trace_write(&raw, stream, &written, NULL, NULL, why, sizeof why);
    fuzz_check(fclose(stream) == 0 && (done || (*why && !strchr(why, '\n'))));
    ssize_t bytes = pread(made, text, sizeof text, 0);
    if (done)
        check_trace(text, (size_t)bytes, &written);
    close(made);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count)
{
    const struct fuzz_input input = {bytes, count};
    char why[256];
    struct line_sharing sharing;
    int file = file_of(input);
    write_trace(file);
    if (raw_trace_open(&raw, file, why, sizeof why) &&
        line_sharing_count(&raw, &sharing, why, sizeof why))
        fuzz_check(sharing.shared <= sharing.blocks);
    raw_trace_close(&raw);
    return 0;
}

static struct fuzz_output output;

static void begin(uint64_t next, uint32_t threads)
{
    struct raw_header header = {.version = RAW_VERSION,
                                .record_bytes = sizeof(struct raw_record),
                                .limit = 1000,
                                .next = next,
                                .threads = threads,
                                .name = "a",
                                .program = "/bin/a"};
    memcpy(header.magic, RAW_MAGIC, sizeof header.magic);
    output.count = 0;
    fuzz_put(&output, &header, HEADER_BYTES);
}

static void put(enum raw_kind kind, uint64_t address, uint64_t bytes, uint32_t thread)
{
    const struct raw_record record = {
        .address = address, .bytes = bytes, .thread = thread, .kind = (uint8_t)kind};
    fuzz_put(&output, &record, sizeof record);
}

/* So many blocks that the tables grow. */
static void keep_many(fuzz_keep *keep)
{
    enum { BLOCKS = 2300 };
    begin(BLOCKS, 2);
    struct raw_header header;
    memcpy(&header, output.bytes, HEADER_BYTES);
    header.limit = BLOCKS;
    memcpy(output.bytes, &header, HEADER_BYTES);
    for (uint64_t i = 0; i < BLOCKS; i++)
        put(RAW_MALLOC, 0x100000 + i * 40, 40, i & 1);
    keep("many", output.bytes, output.count);
}

void fuzz_seeds(fuzz_keep *keep)
{
    begin(16, 3);
    put(RAW_MALLOC, 0x1000, 24, 0);
    put(RAW_CALLOC, 0x1020, 24, 1);
    put(RAW_ALIGNED, 0x2000, 100, 0);
    put(RAW_REALLOC_START, 0x1000, 0, 0);
    put(RAW_MALLOC, 0x1000, 8, 1);
    put(RAW_REALLOC_END, 0x3000, 0, 0);
    put(RAW_REALLOC_START, 0x1020, 0, 1);
    put(RAW_REALLOC_END, 0, 50, 1); /* it failed */
    put(RAW_REALLOC_START, 0x1020, 0, 1);
    put(RAW_REALLOC_END, 0, 0, 1); /* it freed */
    put(RAW_REALLOC_END, 0x4000, 7, 2);
    put(RAW_FREE, 0x2000, 0, 2);
    put(RAW_FREE, 0x9999, 0, 2);    /* unknown */
    put(RAW_MALLOC, 0x1000, 60, 2); /* the end of the one there was not seen */
    put(RAW_THREAD_END, 0, 0, 1);
    put(RAW_NONE, 0, 0, 0);
    keep("whole", output.bytes, output.count);
    keep("cut", output.bytes, output.count - 30);

    begin(2, 1);
    put(RAW_MALLOC, 10, (uint64_t)1 << 47, 0);
    put(RAW_MALLOC, UINT64_MAX, (uint64_t)1 << 47, 0);
    keep("edges", output.bytes, output.count);
    begin(1, 1);
    put(RAW_KINDS, 1, 1, 0);
    keep("no_kind", output.bytes, output.count);
    begin(1, 1);
    put(RAW_MALLOC, 1, 1, 1);
    keep("no_thread", output.bytes, output.count);
    begin(1, 1);
    put(RAW_MALLOC, 0, 1, 0);
    keep("no_block", output.bytes, output.count);
    begin(1, 1);
    output.bytes[output.count + 20] = 0;
    put(RAW_ALIGNED, 16, 1, 0);
    output.bytes[output.count - 4] = 40; /* its alignment */
    keep("alignment", output.bytes, output.count);
    begin(UINT64_MAX, UINT32_MAX);
    keep("header_at_most", output.bytes, output.count);
    keep_many(keep);
}
