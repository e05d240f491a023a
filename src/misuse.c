/* SPDX-License-Identifier: MIT */
#include "misuse.h"

#include <stdlib.h>
#include <string.h>

#include "counters.h"
#include "factors.h"
#include "hakmem_probes.h"
#include "heap.h"
#include "os.h"

/* One line, put together without allocating. */
struct line {
    char text[256];
    size_t length;
};

static void add(struct line *line, const char *text)
{
    while (*text && line->length < sizeof line->text - 1)
        line->text[line->length++] = *text++;
}

static void add_number(struct line *line, uint64_t number, unsigned base)
{
    char digits[24];
    size_t count = 0;
    do
        digits[count++] = "0123456789abcdef"[number % base];
    while ((number /= base) > 0);
    while (count > 0 && line->length < sizeof line->text - 1)
        line->text[line->length++] = digits[--count];
}

static void add_pointer(struct line *line, uint64_t address)
{
    add(line, "0x");
    add_number(line, address, 16);
}

static uint64_t word_at(const void *pointer)
{
    uintptr_t unit = ((uintptr_t)pointer - hak_arena.base) >> HAK_SLAB_SHIFT;
    return unit < hak_arena_units ? hak_arena.words[unit] & ~(uint32_t)HAK_WORD_PURGED : 0;
}

static void add_slab_block(struct line *line, const void *pointer, uint64_t word)
{
    size_t c = word & 0xff;
    uint32_t offset = (uint32_t)((uintptr_t)pointer & (HAK_SLAB_BYTES - 1));
    add(line, "a block of ");
    add_number(line, hak_class_bytes[c], 10);
    add(line, " bytes (size class ");
    add_number(line, c, 10);
    add(line, ") that starts at ");
    add_pointer(line, (uintptr_t)pointer - offset % hak_class_bytes[c]);
    add(line, ", of heap ");
    add_number(line, word >> 8, 10);
    add(line, hak_thread.heap && hak_thread.heap->owner == word >> 8 ? ", this thread's" : "");
}

/* The first byte that is not zero as it should be. */
static void add_written(struct line *line, const void *pointer, size_t size_class)
{
    const unsigned char *block = pointer;
    size_t offset = 0;
    while (offset + 1 < hak_class_bytes[size_class] && block[offset] == 0)
        offset++;
    add(line, "byte ");
    add_number(line, offset, 10);
    add(line, " was written after the block was freed");
}

static void add_detail(struct line *line, enum hak_misuse kind, const void *pointer)
{
    uint64_t word = word_at(pointer);
    switch (kind) {
    case HAK_MISUSE_FOREIGN:
        add(line, "not from this allocator (stack, static or another allocator's memory)");
        return;
    case HAK_MISUSE_MISALIGNED:
        add(line, "not a multiple of 16, so no block starts there");
        break;
    case HAK_MISUSE_INTERIOR:
        add(line, "inside a block, not at its start");
        break;
    case HAK_MISUSE_DOUBLE_FREE:
        add(line, "the block is free already");
        break;
    case HAK_MISUSE_OVERFLOW:
        add(line, "what stands behind the block's bytes was written over");
        break;
    case HAK_MISUSE_WRITTEN:
        add_written(line, pointer, word & 0xff);
        break;
    case HAK_MISUSE_SIZE:
        add(line, "freed with a size or alignment that it was not allocated with");
        break;
    case HAK_MISUSE_UNALLOCATED:
        add(line, "no block is in use there: freed before, or never allocated");
        return;
    }
    if (word >> 8 != 0) {
        add(line, ": ");
        add_slab_block(line, pointer, word);
    }
}

_Noreturn void hak_misuse_stop(enum hak_misuse kind, const void *pointer)
{
    static const char *const names[] = {
        [HAK_MISUSE_DOUBLE_FREE] = "double free",
        [HAK_MISUSE_INTERIOR] = "pointer inside a block",
        [HAK_MISUSE_FOREIGN] = "foreign pointer",
        [HAK_MISUSE_MISALIGNED] = "misaligned pointer",
        [HAK_MISUSE_UNALLOCATED] = "invalid pointer (or double free)",
        [HAK_MISUSE_OVERFLOW] = "write beyond the block's end",
        [HAK_MISUSE_WRITTEN] = "write after free",
        [HAK_MISUSE_SIZE] = "wrong size",
    };
    struct line line = {.length = 0};
    add(&line, "hakmem: ");
    add(&line, names[kind]);
    add(&line, ": pointer ");
    add_pointer(&line, (uintptr_t)pointer);
    add(&line, ": ");
    add_detail(&line, kind, pointer);
    line.text[line.length++] = '\n';
    HAK_PROBE2(misuse, (uintptr_t)pointer, kind);
    hak_os_write_error(line.text, line.length);
    abort();
}

/* Whether a large block in use covers this unit. Walks the spans down from here; only to explain.
 */
static bool inside_large(uint32_t unit)
{
    for (uint32_t first = unit + 1; first-- > 0;) {
        const struct hak_unit *record = &hak_arena.records[first];
        if (hak_arena.words[first] != 0)
            return hak_arena.words[first] == HAK_WORD_LARGE && record->units > unit - first;
    }
    return false;
}

_Noreturn void hak_misuse_stop_wild(const void *pointer)
{
    uint64_t word = word_at(pointer);
    uintptr_t unit = ((uintptr_t)pointer - hak_arena.base) >> HAK_SLAB_SHIFT;
    if (unit >= hak_arena.reserved)
        hak_misuse_stop(HAK_MISUSE_FOREIGN, pointer);
    if ((uintptr_t)pointer % HAK_GRAIN != 0)
        hak_misuse_stop(HAK_MISUSE_MISALIGNED, pointer);
    if (word >> 8 != 0 || word == HAK_WORD_LARGE ||
        (unit < hak_arena_units && inside_large((uint32_t)unit)))
        hak_misuse_stop(HAK_MISUSE_INTERIOR, pointer);
    hak_misuse_stop(HAK_MISUSE_UNALLOCATED, pointer);
}

static bool in_caches(const struct hak_thread *thread, const void *pointer, size_t size_class)
{
    if (cache_holds(thread, size_class, pointer) ||
        quarantine_holds(thread->heap, size_class, pointer))
        return true;
    const struct hak_magazine *full = thread->heap->bin[size_class].depot;
    for (; full; full = hak_link_next(full->link)) {
        if (hak_magazine_holds(full, hak_link_count(full->link), pointer))
            return true;
    }
    return false;
}

/* The mark is 64 bits of a secret mixed with the address, and malloc clears it. For a block of this
 * thread's own, what we say can be proved by finding it. Elsewhere (on its way from another thread,
 * or another heap's) nobody can look without a race, and the mark alone accuses. */
void hak_misuse_check_block(const void *pointer, uint64_t word)
{
    const struct hak_thread *thread = &hak_thread;
    bool own = thread->heap && thread->heap->owner == word >> 8;
    hak_count(HAK_COUNT_suspicions);
    if (HAK_CHECK_IS_CERTAIN || hak_slab_is_free(pointer) || !own || !hak_heap_is_alone() ||
        in_caches(thread, pointer, word & 0xff))
        hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, pointer);
}
