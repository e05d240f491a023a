/* SPDX-License-Identifier: MIT */
#include "trace_writer.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "live_blocks.h"

enum { TICK_RECORDS = 1 << 18 };

/* A thread of the raw trace. */
struct thread {
    uint32_t number;          /* in the order of first records, and 1: 0 has none yet */
    struct live_block moving; /* between the two records of a realloc; address 0: none */
};

struct writer {
    struct raw_trace *raw;
    FILE *stream;
    struct trace_written *written;
    struct live_blocks blocks;
    struct thread *threads;
    uint64_t live_bytes;
    const char *fault; /* why it can't go on; NULL: errno tells */
};

static bool put(struct writer *writer, const struct raw_record *raw, enum trace_kind kind,
                uint64_t bytes, uint32_t object)
{
    struct trace_header *header = &writer->written->header;
    struct thread *thread = &writer->threads[raw->thread];
    if (!thread->number)
        thread->number = (uint32_t)++header->threads;
    bool is_aligned = kind == TRACE_ALIGNED;
    struct trace_operation operation = {bytes, object, thread->number - 1, (uint8_t)kind,
                                        is_aligned ? raw->alignment : 0};
    struct trace_record record = trace_pack(&operation);
    header->records++;
    header->counts[kind]++;
    return fwrite(&record, sizeof record, 1, writer->stream) == 1;
}

static void count_live(struct writer *writer, uint64_t more, uint64_t less)
{
    struct trace_header *header = &writer->written->header;
    writer->live_bytes += more - less;
    if (writer->live_bytes > header->peak_bytes)
        header->peak_bytes = writer->live_bytes;
}

/* Now live at the record's address. What was live there ended without being seen: it was freed by
 * this thread as far as anybody can tell. */
static bool enter(struct writer *writer, const struct raw_record *raw, uint32_t object)
{
    struct live_block before, block = {raw->address, raw->bytes, object};
    if (live_blocks_take(&writer->blocks, raw->address, &before)) {
        writer->written->unseen_ends++;
        count_live(writer, 0, before.bytes);
        if (!put(writer, raw, TRACE_FREE, 0, before.object))
            return false;
    }
    count_live(writer, raw->bytes, 0);
    return live_blocks_add(&writer->blocks, &block);
}

static bool begin(struct writer *writer, const struct raw_record *raw, enum trace_kind kind)
{
    struct trace_header *header = &writer->written->header;
    uint32_t object = (uint32_t)header->objects;
    if (raw->alignment > TRACE_ALIGNMENT_MAX) {
        writer->fault = "an alignment above 1 GiB can't be written in a trace";
        return false;
    }
    if (!enter(writer, raw, object))
        return false;
    header->objects++;
    return put(writer, raw, kind, raw->bytes, object);
}

static bool end(struct writer *writer, const struct raw_record *raw)
{
    struct live_block block;
    if (!live_blocks_take(&writer->blocks, raw->address, &block)) {
        writer->written->unknown++;
        return true;
    }
    count_live(writer, 0, block.bytes);
    return put(writer, raw, TRACE_FREE, 0, block.object);
}

/* Between the records of a realloc the old address may be handed out again. */
static void start_moving(struct writer *writer, const struct raw_record *raw)
{
    struct live_block *moving = &writer->threads[raw->thread].moving;
    if (!live_blocks_take(&writer->blocks, raw->address, moving)) {
        writer->written->unknown++;
        moving->address = 0;
    }
}

static bool end_moving(struct writer *writer, const struct raw_record *raw)
{
    struct live_block *moving = &writer->threads[raw->thread].moving, block = *moving;
    struct raw_record kept = *raw;
    moving->address = 0;
    if (!block.address)
        return !raw->address || begin(writer, raw, TRACE_REALLOC_NULL);
    count_live(writer, 0, block.bytes);
    if (!raw->address && raw->bytes == 0)
        return put(writer, raw, TRACE_FREE, 0, block.object);
    if (!raw->address) { /* it failed: the block is what it was */
        kept.address = block.address;
        kept.bytes = block.bytes;
        return enter(writer, &kept, block.object);
    }
    if (kept.bytes == 0)
        kept.bytes = 1; /* what a realloc to nothing gives is another thing on each allocator */
    return enter(writer, &kept, block.object) &&
           put(writer, raw, TRACE_REALLOC, kept.bytes, block.object);
}

static bool take(struct writer *writer, const struct raw_record *raw)
{
    switch (raw->kind) {
    case RAW_MALLOC:
        return begin(writer, raw, TRACE_MALLOC);
    case RAW_CALLOC:
        return begin(writer, raw, TRACE_CALLOC);
    case RAW_ALIGNED:
        return begin(writer, raw, TRACE_ALIGNED);
    case RAW_FREE:
        return end(writer, raw);
    case RAW_REALLOC_START:
        start_moving(writer, raw);
        return true;
    case RAW_REALLOC_END:
        return end_moving(writer, raw);
    default: /* the first thread's end is the program's */
        return writer->threads[raw->thread].number <= 1 || put(writer, raw, TRACE_THREAD_END, 0, 0);
    }
}

static int write_records(struct writer *writer, void (*tick)(void *), void *context, char *why,
                         size_t why_bytes)
{
    struct raw_record record;
    int got;
    while ((got = raw_trace_next(writer->raw, &record, why, why_bytes)) > 0) {
        errno = 0;
        if (!take(writer, &record)) {
            const char *text = writer->fault ? writer->fault : strerror(errno ? errno : ENOMEM);
            snprintf(why, why_bytes, "%s", text);
            return -1;
        }
        if (tick && writer->raw->place % TICK_RECORDS == 0)
            tick(context);
    }
    return got;
}

static bool write_header(struct writer *writer)
{
    struct trace_header header = writer->written->header;
    trace_swap_header(&header);
    return fseek(writer->stream, 0, SEEK_SET) == 0 &&
           fwrite(&header, sizeof header, 1, writer->stream) == 1 &&
           fseek(writer->stream, 0, SEEK_END) == 0;
}

static const char *last_part(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool trace_write(struct raw_trace *raw, FILE *stream, struct trace_written *written,
                 void (*tick)(void *context), void *context, char *why, size_t why_bytes)
{
    struct writer writer = {.raw = raw, .stream = stream, .written = written};
    struct trace_header *header = &written->header;
    *written = (struct trace_written){
        .header = {.version = TRACE_VERSION, .header_bytes = sizeof *header}};
    memcpy(header->magic, TRACE_MAGIC, sizeof header->magic);
    snprintf(header->program, sizeof header->program, "%.63s", last_part(raw->header.program));
    writer.threads = calloc(raw->header.threads + 1, sizeof *writer.threads);
    bool done = writer.threads && write_header(&writer);
    if (!done)
        snprintf(why, why_bytes, "%s", strerror(errno));
    done = done && write_records(&writer, tick, context, why, why_bytes) == 0;
    if (done && !(done = write_header(&writer)))
        snprintf(why, why_bytes, "%s", strerror(errno));
    written->live_at_end = writer.blocks.count;
    for (uint32_t i = 0; done && i < raw->header.threads; i++)
        written->live_at_end += writer.threads[i].moving.address != 0;
    live_blocks_finish(&writer.blocks);
    free(writer.threads);
    return done;
}
