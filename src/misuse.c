/* SPDX-License-Identifier: MIT */
#include "misuse.h"

#include <stdlib.h>

#include "counters.h"
#include "factors.h"
#include "hakmem_probes.h"
#include "heap.h"
#include "huge.h"
#include "misuse_line.h"
#include "os.h"

static _Noreturn void stop(enum hak_misuse kind, const void *pointer, const char *detail)
{
    static const char *const names[] = {
        [HAK_MISUSE_DOUBLE_FREE] = "double free",
        [HAK_MISUSE_INTERIOR] = "pointer inside a block",
        [HAK_MISUSE_FOREIGN] = "foreign pointer",
        [HAK_MISUSE_MISALIGNED] = "misaligned pointer",
        [HAK_MISUSE_UNALLOCATED] = "invalid pointer (or double free)",
        [HAK_MISUSE_CORRUPTED] = "corrupted state",
        [HAK_MISUSE_OVERFLOW] = "write beyond the block's end",
        [HAK_MISUSE_WRITTEN] = "write after free",
        [HAK_MISUSE_SIZE] = "wrong size",
    };
    struct hak_line line = {.length = 0};
    hak_line_add(&line, "hakmem: ");
    hak_line_add(&line, names[kind]);
    hak_line_add(&line, ": pointer ");
    hak_line_add_address(&line, (uintptr_t)pointer);
    hak_line_add(&line, ": ");
    hak_line_add(&line, detail);
    if (kind != HAK_MISUSE_FOREIGN)
        hak_line_add(&line, "; ");
    hak_line_add_place(&line, pointer, kind == HAK_MISUSE_DOUBLE_FREE);
    hak_line_add_birth(&line, pointer);
    line.text[line.length++] = '\n';
    HAK_PROBE2(misuse, (uintptr_t)pointer, kind);
    hak_os_write_error(line.text, line.length);
    abort();
}

/* Names the first byte of a free block that is not zero as it should be. */
static _Noreturn void stop_written(const void *pointer)
{
    const unsigned char *block = pointer;
    struct hak_line detail = {.length = 0};
    size_t offset = 0, bytes = hak_class_bytes[hak_slab_of(block)->size_class];
    while (offset + 1 < bytes && block[offset] == 0)
        offset++;
    hak_line_add(&detail, "byte ");
    hak_line_add_number(&detail, offset);
    hak_line_add(&detail, " was written after the block was freed");
    detail.text[detail.length] = '\0';
    stop(HAK_MISUSE_WRITTEN, pointer, detail.text);
}

_Noreturn void hak_misuse_stop(enum hak_misuse kind, const void *pointer)
{
    static const char *const details[] = {
        [HAK_MISUSE_DOUBLE_FREE] = "free already",
        [HAK_MISUSE_INTERIOR] = "no block starts there",
        [HAK_MISUSE_FOREIGN] = "", /* where it lies says all */
        [HAK_MISUSE_MISALIGNED] = "no multiple of 16",
        [HAK_MISUSE_UNALLOCATED] = "no block is in use there",
        [HAK_MISUSE_OVERFLOW] = "what stands behind the block's bytes was written over",
        [HAK_MISUSE_SIZE] = "freed with a size or alignment that it was not allocated with",
    };
    if (kind == HAK_MISUSE_WRITTEN)
        stop_written(pointer);
    stop(kind, pointer, details[kind]);
}

_Noreturn void hak_misuse_stop_corrupted(const void *where, const char *what)
{
    struct hak_line detail = {.length = 0};
    hak_line_add(&detail, what);
    hak_line_add(&detail, " was written over");
    detail.text[detail.length] = '\0';
    stop(HAK_MISUSE_CORRUPTED, where, detail.text);
}

_Noreturn void hak_misuse_stop_wild(const void *pointer)
{
    uintptr_t unit = ((uintptr_t)pointer - hak_arena.base) >> HAK_SLAB_SHIFT, start;
    bool reserved = unit < hak_arena.reserved;
    if (!reserved && hak_huge_around(pointer, &start) == 0)
        hak_misuse_stop(HAK_MISUSE_FOREIGN, pointer);
    if ((uintptr_t)pointer % HAK_GRAIN != 0)
        hak_misuse_stop(HAK_MISUSE_MISALIGNED, pointer);
    if (!reserved)
        hak_misuse_stop(HAK_MISUSE_INTERIOR, pointer);
    struct hak_span span = hak_span_of((uint32_t)unit);
    bool slab = span.word >> 8 != 0;
    hak_must_hold(!slab || ((span.word & 0xff) < HAK_CLASSES &&
                            hak_heap_has_slabs_of(span.word >> 8, hak_arena.words[span.first])),
                  &hak_arena.words[unit], "the word of a slab");
    if (span.word == HAK_WORD_LARGE || (slab && hak_span_has_block(&span, pointer)))
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
        hak_must_hold(hak_magazine_is_sound(full), full, "a magazine's link");
        if (hak_magazine_holds(full, hak_link_count(full->link), pointer))
            return true;
    }
    return false;
}

/* The mark is 64 bits made of the address, and malloc clears it. For a block of this
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
