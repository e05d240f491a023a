/* SPDX-License-Identifier: MIT */
#include "misuse_line.h"

#include <string.h>

#include "factors.h"
#include "heap.h"
#include "huge.h"
#include "sample_stack.h"
#include "sample_table.h"

void hak_line_add(struct hak_line *line, const char *text)
{
    while (*text && line->length < sizeof line->text - 1)
        line->text[line->length++] = *text++;
}

static void add_digits(struct hak_line *line, uint64_t number, unsigned base)
{
    char digits[24];
    size_t count = 0;
    do
        digits[count++] = "0123456789abcdef"[number % base];
    while ((number /= base) > 0);
    while (count > 0 && line->length < sizeof line->text - 1)
        line->text[line->length++] = digits[--count];
}

void hak_line_add_number(struct hak_line *line, uint64_t number)
{
    add_digits(line, number, 10);
}

void hak_line_add_address(struct hak_line *line, uintptr_t address)
{
    hak_line_add(line, "0x");
    add_digits(line, address, 16);
}

static void add_bytes(struct hak_line *line, const char *before, uint64_t bytes, const char *after)
{
    hak_line_add(line, before);
    hak_line_add_number(line, bytes);
    hak_line_add(line, bytes == 1 ? " byte" : " bytes");
    hak_line_add(line, after);
}

/* "inside a huge block of 81920 bytes that starts at 0x7f0000000000, 16 bytes into it" */
static void add_block(struct hak_line *line, const char *kind, uint64_t bytes, uintptr_t start,
                      const void *pointer)
{
    uintptr_t into = (uintptr_t)pointer - start;
    if (into > 0)
        hak_line_add(line, into < bytes ? "inside " : "behind ");
    add_bytes(line, kind, bytes, "");
    hak_line_add(line, " that starts at ");
    hak_line_add_address(line, start);
    if (into > 0)
        add_bytes(line, ", ", into, into < bytes ? " into it" : " from there");
}

static void add_owner(struct hak_line *line, uint32_t owner)
{
    const struct hak_heap *heap = hak_heap_of(owner);
    hak_line_add(line, " of heap ");
    hak_line_add_number(line, owner);
    if (!hak_heap_exists(owner)) {
        hak_line_add(line, ", which there is not");
        return;
    }
    uint32_t state = __atomic_load_n(&heap->state, __ATOMIC_RELAXED);
    uint32_t thread = __atomic_load_n(&heap->thread_id, __ATOMIC_RELAXED);
    if (owner == HAK_SHARED_HEAP) {
        hak_line_add(line, ", shared by threads without one");
    } else if (heap->word_flags == HAK_WORD_SAMPLED) {
        hak_line_add(line, ", of sampled blocks");
    } else if (hak_thread.heap == heap) {
        hak_line_add(line, ", this thread's");
    } else if (state == HAK_HEAP_OWNED) {
        hak_line_add(line, ", thread ");
        hak_line_add_number(line, thread);
        hak_line_add(line, "'s");
    } else {
        hak_line_add(line, state == HAK_HEAP_ORPHAN ? ", an orphan: its thread ended"
                                                    : ", lost in a fork");
    }
}

struct hak_span hak_span_of(uint32_t unit)
{
    struct hak_span none = {unit, 0, 0};
    uint32_t units = (uint32_t)__atomic_load_n(&hak_arena_units, __ATOMIC_RELAXED), first = unit;
    if (unit >= units)
        return none;
    while (first > HAK_FIRST_BLOCK && hak_arena.words[first] == 0)
        first--;
    uint32_t word = hak_arena.words[first] & ~(uint32_t)HAK_WORD_FLAGS;
    uint32_t end = word != 0 ? first + hak_arena.records[first].units : first;
    if (unit < end)
        return (struct hak_span){first, end - first, word};
    /* Free neighbours merge: from there to the next in use it is one. */
    if (end >= units || hak_arena.records[end].state != HAK_UNIT_FREE)
        return none;
    return (struct hak_span){end, hak_arena.records[end].units, 0};
}

static uint32_t index_in(const struct hak_span *slab, const void *pointer)
{
    return (uint32_t)((uintptr_t)pointer & (HAK_SLAB_BYTES - 1)) /
           hak_class_bytes[slab->word & 0xff];
}

bool hak_span_has_block(const struct hak_span *slab, const void *pointer)
{
    return index_in(slab, pointer) < hak_arena.records[slab->first].slab.capacity;
}

static void add_slab(struct hak_line *line, const struct hak_span *span, const void *pointer,
                     bool is_free)
{
    const struct hak_slab *slab = &hak_arena.records[span->first].slab;
    uint32_t bytes = hak_class_bytes[span->word & 0xff], index = index_in(span, pointer);
    /* A record that was written over can't be asked. */
    is_free |= slab->size_class == (span->word & 0xff) && hak_slab_is_free(pointer);
    uintptr_t start = (uintptr_t)hak_unit_address(span->first);
    bool is_sampled = hak_heap_has_slabs_of(span->word >> 8, HAK_WORD_SAMPLED);
    if (!hak_span_has_block(span, pointer))
        add_bytes(line, "behind the last block of ", bytes, "");
    else
        add_block(line,
                  index >= slab->carved && !is_sampled ? "a block, never handed out, of "
                  : is_free                            ? "a free block of "
                                                       : "a block of ",
                  bytes, start + (uintptr_t)index * bytes, pointer);
    hak_line_add(line, " (size class ");
    hak_line_add_number(line, span->word & 0xff);
    hak_line_add(line, "), in the slab at ");
    hak_line_add_address(line, start);
    add_owner(line, span->word >> 8);
}

static void add_span(struct hak_line *line, const struct hak_span *span, const void *pointer,
                     bool is_free)
{
    uintptr_t start = (uintptr_t)hak_unit_address(span->first);
    uint64_t bytes = (uint64_t)span->units << HAK_SLAB_SHIFT;
    if (span->word >> 8 != 0 && (span->word & 0xff) < HAK_CLASSES) {
        add_slab(line, span, pointer, is_free);
    } else if (span->word == HAK_WORD_LARGE) {
        add_block(line, "a large block of ", hak_arena.records[span->first].bytes, start, pointer);
        add_bytes(line, ", in a span of ", bytes, "");
    } else if (span->word == HAK_WORD_INTERNAL) {
        hak_line_add(line, "in the allocator's own memory (magazines)");
    } else if (span->word == 0 && span->units > 0) {
        add_block(line, "a free span of ", bytes, start, pointer);
    } else {
        hak_line_add(line, "in addresses kept for blocks to come");
    }
}

void hak_line_add_place(struct hak_line *line, const void *pointer, bool is_free)
{
    uintptr_t unit = ((uintptr_t)pointer - hak_arena.base) >> HAK_SLAB_SHIFT, start;
    size_t bytes;
    if (unit < hak_arena.reserved) {
        struct hak_span span = hak_span_of((uint32_t)unit);
        add_span(line, &span, pointer, is_free);
    } else if ((uintptr_t)pointer - (uintptr_t)hak_arena.words <
               hak_arena.base - (uintptr_t)hak_arena.words) {
        hak_line_add(line, "in the allocator's own tables");
    } else if ((bytes = hak_huge_around(pointer, &start)) > 0) {
        add_block(line, "a huge block of ", bytes, start, pointer);
        hak_line_add(line, ", a mapping of its own");
    } else {
        hak_line_add(line, "not from this allocator (stack, static or another allocator's memory, "
                           "or a huge block freed before)");
    }
}

/* What was sampled once and was no slab's block may have been another's address since. */
static const struct hak_sample *birth_of(const void *pointer)
{
    uint64_t word = 0;
    const struct hak_sample *sample = hak_sample_table_around(pointer);
    bool is_sampled_slab =
        metadata_find(pointer, &word) && (word & HAK_WORD_SAMPLED) != 0 && word >> 8 != 0;
    return sample && (sample->is_live || is_sampled_slab) ? sample : NULL;
}

static void add_caller(struct hak_line *line, uintptr_t address)
{
    char name[128];
    uint64_t offset;
    if (!hak_sample_module(address, name, sizeof name, &offset)) {
        hak_line_add_address(line, address);
        return;
    }
    const char *slash = strrchr(name, '/');
    hak_line_add(line, slash ? slash + 1 : name);
    hak_line_add(line, "+");
    hak_line_add_address(line, offset);
}

void hak_line_add_birth(struct hak_line *line, const void *pointer)
{
    const struct hak_sample *sample = birth_of(pointer);
    if (!sample)
        return;
    hak_line_add(line, "; allocated by thread ");
    hak_line_add_number(line, sample->thread);
    add_bytes(line, " for ", sample->size, "");
    for (size_t i = 0; i < sample->frame_count && i < HAK_SAMPLE_FRAMES; i++) {
        hak_line_add(line, i == 0 ? ", called from " : " < ");
        add_caller(line, sample->frames[i]);
    }
}
