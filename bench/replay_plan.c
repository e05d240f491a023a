/* SPDX-License-Identifier: MIT */
#include "replay_plan.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "trace_file.h"
#include "workload.h"

enum { NOBODY = UINT32_MAX, PLACE_MASK = (1 << REPLAY_PLACE_BITS) - 1 };

struct object {
    uint64_t bytes;
    uint32_t got_at; /* the record that got the block */
    uint32_t thread; /* that got it */
    uint32_t place;
    bool is_live, is_shared;
};

struct thread {
    uint32_t first, last, end; /* records: of all, of its operations, of its end or NOBODY */
    uint32_t free_places;      /* a list of nodes; 0: empty */
    uint32_t next_ended;       /* of the threads that nobody has joined so far */
};

/* A place to be used again. */
struct node {
    uint32_t place, next;
};

struct builder {
    struct replay_plan *plan;
    struct trace_file file;
    struct object *objects;
    struct thread *threads;
    struct node *nodes; /* from 1 */
    uint8_t *crosses;   /* a bit for each record: another thread gives up the block it gets */
    struct replay_entry *entries; /* NULL: they are being counted */
    size_t entries_bytes;
    uint32_t nodes_used, free_nodes;
    uint32_t current;                 /* the thread of the latest operation, if it has not ended */
    uint32_t first_ended, last_ended; /* NOBODY: none */
};

static bool gets(enum trace_kind kind)
{
    return kind != TRACE_FREE && kind != TRACE_THREAD_END;
}

static bool gives_up(enum trace_kind kind)
{
    return kind == TRACE_FREE || kind == TRACE_REALLOC;
}

static const char *fault_of(const struct builder *builder, const struct trace_operation *operation,
                            uint64_t objects, uint64_t threads)
{
    if (operation->kind >= TRACE_KINDS)
        return "of no known kind";
    if (operation->thread > threads || operation->thread >= builder->file.header.threads)
        return "of an unknown thread";
    if (operation->alignment > TRACE_ALIGNMENT_MAX)
        return "of an impossible alignment";
    if (operation->kind == TRACE_THREAD_END)
        return NULL;
    if (gives_up(operation->kind))
        return operation->object >= objects || !builder->objects[operation->object].is_live
                   ? "on an object that is not live"
                   : NULL;
    return operation->object != objects || objects >= builder->file.header.objects
               ? "on an object out of order"
               : NULL;
}

static void note_thread(struct builder *builder, const struct trace_operation *operation,
                        uint32_t i, uint64_t *threads)
{
    struct thread *thread = &builder->threads[operation->thread];
    if (operation->thread == *threads) {
        *thread = (struct thread){.first = i, .last = i, .end = NOBODY};
        ++*threads;
    }
    if (operation->kind == TRACE_THREAD_END)
        thread->end = i;
    else
        thread->last = i;
}

/* Checks every record, and finds out which blocks cross threads. */
static bool check(struct builder *builder, char *why, size_t why_bytes)
{
    const struct trace_header *header = &builder->file.header;
    uint64_t objects = 0, threads = 0, counts[TRACE_KINDS] = {0};
    for (uint32_t i = 0; i < header->records; i++) {
        struct trace_operation operation = trace_unpack(&builder->file.records[i]);
        const char *fault = fault_of(builder, &operation, objects, threads);
        if (fault) {
            snprintf(why, why_bytes, "damaged: record %u is %s", i, fault);
            return false;
        }
        counts[operation.kind]++;
        note_thread(builder, &operation, i, &threads);
        struct object *object = &builder->objects[operation.object];
        if (gives_up(operation.kind) && object->thread != operation.thread)
            builder->crosses[object->got_at / 8] |= (uint8_t)(1 << object->got_at % 8);
        if (operation.kind == TRACE_FREE)
            object->is_live = false;
        if (gets(operation.kind)) {
            objects += operation.kind != TRACE_REALLOC;
            *object = (struct object){.got_at = i, .thread = operation.thread, .is_live = true};
        }
    }
    bool agrees = objects == header->objects && threads == header->threads;
    for (int i = 0; i < TRACE_KINDS; i++)
        agrees = agrees && counts[i] == header->counts[i];
    if (!agrees)
        snprintf(why, why_bytes, "damaged: its header counts other records than it holds");
    return agrees;
}

static void emit(struct builder *builder, uint32_t thread, struct replay_entry entry)
{
    struct replay_stream *stream = &builder->plan->streams[thread];
    if (builder->entries)
        builder->entries[(size_t)stream->start / sizeof entry + stream->all] = entry;
    stream->all++;
}

static uint32_t take_place(struct builder *builder, uint32_t number)
{
    struct thread *thread = &builder->threads[number];
    uint32_t first = thread->free_places;
    if (!first)
        return builder->plan->streams[number].places++;
    struct node *node = &builder->nodes[first];
    thread->free_places = node->next;
    node->next = builder->free_nodes;
    builder->free_nodes = first;
    return node->place;
}

static void give_place(struct builder *builder, const struct object *object)
{
    struct thread *thread = &builder->threads[object->thread];
    uint32_t first = builder->free_nodes;
    if (object->is_shared)
        return; /* whoever waited for it may not have looked yet */
    if (first)
        builder->free_nodes = builder->nodes[first].next;
    else
        first = ++builder->nodes_used;
    builder->nodes[first] = (struct node){object->place, thread->free_places};
    thread->free_places = first;
}

static struct replay_entry entry_of(const struct object *object, enum replay_kind kind)
{
    return (struct replay_entry){.size = replay_size(object->bytes),
                                 .place = object->place & PLACE_MASK,
                                 .is_shared = object->is_shared,
                                 .kind = kind};
}

static void give_up(struct builder *builder, struct object *object)
{
    give_place(builder, object);
    object->is_live = false;
}

static void get(struct builder *builder, struct object *object,
                const struct trace_operation *operation, uint32_t i)
{
    bool crosses = builder->crosses[i / 8] >> i % 8 & 1;
    *object = (struct object){.bytes = operation->bytes,
                              .thread = operation->thread,
                              .place = crosses ? builder->plan->shared++
                                               : take_place(builder, operation->thread),
                              .is_live = true,
                              .is_shared = crosses};
}

static void add_operation(struct builder *builder, const struct trace_operation *operation,
                          uint32_t i)
{
    static const uint8_t kinds[TRACE_KINDS] = {[TRACE_MALLOC] = REPLAY_MALLOC,
                                               [TRACE_CALLOC] = REPLAY_CALLOC,
                                               [TRACE_ALIGNED] = REPLAY_ALIGNED,
                                               [TRACE_REALLOC] = REPLAY_REALLOC,
                                               [TRACE_REALLOC_NULL] = REPLAY_REALLOC_NULL};
    struct object *object = &builder->objects[operation->object];
    struct replay_entry old = entry_of(object, REPLAY_FREE);
    if (gives_up(operation->kind))
        give_up(builder, object);
    if (gets(operation->kind)) {
        get(builder, object, operation, i);
        emit(builder, operation->thread, entry_of(object, kinds[operation->kind]));
    }
    if (gives_up(operation->kind))
        emit(builder, operation->thread, old);
    if (operation->kind == TRACE_ALIGNED)
        emit(builder, operation->thread, (struct replay_entry){.size = 1u << operation->alignment});
}

/* A thread waits only for what stands before it in the trace, so none waits for ever: whoever
 * starts, joins or releases another one is a thread that has not ended there. */
static void start_thread(struct builder *builder, uint32_t number)
{
    while (builder->first_ended != NOBODY) {
        uint32_t ended = builder->first_ended;
        builder->first_ended = builder->threads[ended].next_ended;
        builder->plan->streams[ended].is_joined = true;
        emit(builder, builder->current, (struct replay_entry){.kind = REPLAY_JOIN, .place = ended});
    }
    emit(builder, builder->current, (struct replay_entry){.kind = REPLAY_START, .place = number});
}

static void end_thread(struct builder *builder, uint32_t number)
{
    struct thread *thread = &builder->threads[number];
    thread->next_ended = NOBODY;
    builder->plan->streams[number].ends_early = true;
    if (builder->first_ended == NOBODY)
        builder->first_ended = number;
    else
        builder->threads[builder->last_ended].next_ended = number;
    builder->last_ended = number;
    if (builder->current == number)
        builder->current = 0;
}

static void add_record(struct builder *builder, uint32_t i)
{
    struct trace_operation operation = trace_unpack(&builder->file.records[i]);
    struct thread *thread = &builder->threads[operation.thread];
    if (operation.thread != 0 && i == thread->first)
        start_thread(builder, operation.thread);
    if (operation.kind != TRACE_THREAD_END) {
        add_operation(builder, &operation, i);
        builder->current = operation.thread;
    } else if (operation.thread != 0 && i == thread->end && i > thread->last &&
               builder->current != operation.thread) {
        builder->plan->streams[operation.thread].is_released = true;
        emit(builder, builder->current,
             (struct replay_entry){.kind = REPLAY_RELEASE, .place = operation.thread});
    }
    if (operation.thread != 0 && thread->end != NOBODY &&
        i == (thread->end > thread->last ? thread->end : thread->last))
        end_thread(builder, operation.thread);
}

/* Run twice: to count the entries, and to write them. */
static void add_all(struct builder *builder)
{
    builder->nodes_used = builder->free_nodes = builder->current = 0;
    builder->first_ended = builder->last_ended = NOBODY;
    builder->plan->shared = 0;
    for (uint64_t i = 0; i < builder->plan->threads; i++) {
        builder->plan->streams[i].all = builder->plan->streams[i].places = 0;
        builder->threads[i].free_places = 0;
    }
    for (uint64_t i = 0; i < builder->file.header.objects; i++)
        builder->objects[i].is_live = false;
    for (uint32_t i = 0; i < builder->file.header.records; i++)
        add_record(builder, i);
    for (uint64_t i = 0; i < builder->plan->threads; i++)
        builder->plan->streams[i].timed = builder->plan->streams[i].all;
    for (uint64_t i = 0; i < builder->file.header.objects; i++) {
        struct object *object = &builder->objects[i];
        if (object->is_live)
            emit(builder, object->thread, entry_of(object, REPLAY_FREE));
    }
}

/* The entries lie in a file of memory, which is not resident memory of the process, so that the
 * figure for memory is the allocator's. */
static bool map_entries(struct builder *builder)
{
    struct replay_plan *plan = builder->plan;
    size_t bytes = 0;
    for (uint64_t i = 0; i < plan->threads; i++) {
        plan->streams[i].start = (off_t)bytes;
        bytes += plan->streams[i].all * sizeof(struct replay_entry);
    }
    plan->file = memfd_create("replay", MFD_CLOEXEC);
    if (plan->file < 0 || ftruncate(plan->file, (off_t)bytes) != 0)
        return false;
    void *entries = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, plan->file, 0);
    if (entries == MAP_FAILED)
        return false;
    builder->entries = entries;
    builder->entries_bytes = bytes;
    return true;
}

static bool fits(const struct replay_plan *plan)
{
    const uint32_t most = 1u << REPLAY_PLACE_BITS;
    bool all = plan->shared <= most && plan->threads <= most;
    for (uint64_t i = 0; all && i < plan->threads; i++)
        all = plan->streams[i].places <= most;
    return all;
}

static bool build(struct builder *builder, char *why, size_t why_bytes)
{
    const struct trace_header *header = &builder->file.header;
    struct replay_plan *plan = builder->plan;
    size_t objects = (header->objects + 1) * sizeof *builder->objects,
           threads = header->threads * sizeof *builder->threads,
           nodes = (header->records + 1) * sizeof *builder->nodes;
    builder->objects = workload_map(objects);
    builder->threads = workload_map(threads);
    builder->nodes = workload_map(nodes);
    builder->crosses = workload_map(header->records / 8 + 1);
    plan->threads = header->threads;
    plan->operations = header->records - header->counts[TRACE_THREAD_END];
    plan->streams = workload_map(header->threads * sizeof *plan->streams);
    bool done =
        builder->objects && builder->threads && builder->nodes && builder->crosses && plan->streams;
    if (!done)
        snprintf(why, why_bytes, "memory ran out");
    done = done && check(builder, why, why_bytes);
    if (done) {
        add_all(builder);
        done = fits(plan) && map_entries(builder);
        if (done)
            add_all(builder);
        else
            snprintf(why, why_bytes, "%s",
                     fits(plan) ? "memory ran out" : "too many blocks at once");
    }
    workload_unmap(builder->objects, objects);
    workload_unmap(builder->threads, threads);
    workload_unmap(builder->nodes, nodes);
    workload_unmap(builder->crosses, header->records / 8 + 1);
    workload_unmap(builder->entries, builder->entries_bytes);
    return done;
}

bool replay_plan_make(struct replay_plan *plan, const char *path, char *why, size_t why_bytes)
{
    struct builder builder = {.plan = plan};
    *plan = (struct replay_plan){0};
    if (!trace_file_open(&builder.file, path, why, why_bytes))
        return false;
    bool done = build(&builder, why, why_bytes);
    trace_file_close(&builder.file);
    return done;
}
