/* SPDX-License-Identifier: MIT */
#include "slab_purge.h"

#include "counters.h"
#include "factors.h"
#include "hakmem_probes.h"
#include "heap.h"
#include "os.h"

enum {
    PAGES_MAX = 16,       /* of a slab: those of 4 KiB */
    PURGES_A_PASS = 1024, /* system calls, a few milliseconds: the next pass goes on there */
    VISITS_A_PASS = 4096, /* and slabs looked at */
    PAGES_MIN_PART =
        4,           /* of a slab's pages at least one in so many is gained, or it is left alone */
    FREES_MAX = 255, /* slow frees until a slab is made whole again */
};

static uint32_t page_shift(void)
{
    return (uint32_t)__builtin_ctzll(hak_os_page_bytes());
}

/* One bit for each page that blocks were handed out from and none is in use in. In the lists stand
 * only slabs that some were handed out from. */
static uint32_t free_pages(struct hak_slab *slab, uint32_t shift)
{
    uint32_t bytes = hak_class_bytes[slab->size_class], used = 0;
    uint32_t touched = ((slab->carved * bytes - 1) >> shift) + 1;
    for (uint32_t i = HAK_FIRST_BLOCK; i < slab->carved;) {
        if (freelist_is_free(slab, i)) {
            i++;
            continue;
        }
        uint32_t first = (i * bytes - HAK_HEADER_ROOM) >> shift;
        uint32_t last = (i * bytes + bytes - 1) >> shift;
        used |= (2u << last) - (1u << first);
        i = (((last + 1) << shift) + bytes - 1) / bytes; /* the first that begins beyond */
        if (i * bytes > (last + 1) << shift)
            i--; /* one reaches over from the last page */
    }
    return ((1u << touched) - 1) & ~used;
}

static void set_unmarked(struct hak_slab *slab, bool unmarked)
{
    uint32_t unit = hak_slab_unit(slab);
    uint32_t plain = hak_arena.words[unit] & ~(uint32_t)HAK_WORD_PURGED;
    slab->unmarked = unmarked;
    metadata_set(unit, unmarked && !HAK_CHECK_IS_CERTAIN ? plain | HAK_WORD_PURGED : plain);
}

/* Gives runs of pages back; returns how many there were. */
static uint32_t purge_runs(struct hak_slab *slab, uint32_t pages, uint32_t shift)
{
    char *base = hak_unit_address(hak_slab_unit(slab));
    uint32_t runs = 0;
    for (uint32_t p = 0; p < PAGES_MAX; p++) {
        uint32_t begin = p;
        while (pages >> p & 1)
            p++;
        if (p == begin)
            continue;
        size_t bytes = (size_t)(p - begin) << shift;
        HAK_PROBE2(purge_begin, (uintptr_t)base + ((size_t)begin << shift), bytes);
        bool done = hak_os_purge(base + ((size_t)begin << shift), bytes);
        HAK_PROBE2(purge_end, (uintptr_t)base + ((size_t)begin << shift), bytes);
        runs++;
        if (!done)
            continue;
        slab->purged_pages |= (uint16_t)((1u << p) - (1u << begin));
        hak_count(HAK_COUNT_purges);
        hak_count_add(HAK_COUNT_purged_bytes, bytes);
    }
    return runs;
}

static uint32_t purge_slab(struct hak_slab *slab, uint32_t shift)
{
    uint32_t pages = free_pages(slab, shift);
    uint32_t more = pages & ~(uint32_t)slab->purged_pages;
    if (more == 0 || (uint32_t)__builtin_popcount(pages) << shift < HAK_SLAB_BYTES / PAGES_MIN_PART)
        return 0;
    set_unmarked(slab, true); /* before the marks go */
    slab->frees = 0;
    return purge_runs(slab, more, shift);
}

/* Where the last pass stopped, if that slab still stands in its list; else the class's first. */
static uint32_t resume(const struct hak_heap *heap)
{
    uint32_t unit = heap->purge_unit, word = heap->owner << 8 | heap->purge_class;
    if (unit < hak_arena_committed() &&
        (__atomic_load_n(&hak_arena.words[unit], __ATOMIC_RELAXED) & ~(uint32_t)HAK_WORD_PURGED) ==
            word &&
        hak_arena.records[unit].slab.listed)
        return unit;
    return heap->bin[heap->purge_class].slabs;
}

void hak_slab_purge(struct hak_heap *heap)
{
    uint32_t shift = page_shift(), purges = 0, visits = 0, unit = resume(heap);
    if (HAK_FREELIST_IN_BLOCKS || HAK_SLAB_BYTES >> shift > PAGES_MAX)
        return;
    for (uint32_t lists = 0; lists <= HAK_CLASSES; lists++) {
        for (; unit != HAK_NO_UNIT; visits++) {
            struct hak_slab *slab = &hak_arena.records[unit].slab;
            if (purges >= PURGES_A_PASS || visits >= VISITS_A_PASS) {
                heap->purge_unit = unit;
                return;
            }
            if (slab->rest == HAK_SLAB_RESTING)
                purges += purge_slab(slab, shift);
            if (slab->rest != HAK_SLAB_PURGED)
                slab->rest++;
            unit = slab->next;
        }
        heap->purge_class = (heap->purge_class + 1) % HAK_CLASSES;
        unit = heap->bin[heap->purge_class].slabs;
    }
}

void hak_slab_touch(struct hak_slab *slab, void **blocks, uint32_t marked, uint32_t count)
{
    uint32_t shift = page_shift(), bytes = hak_class_bytes[slab->size_class];
    for (uint32_t i = 0; i < count; i++) {
        uint32_t offset = (uint32_t)((uintptr_t)blocks[i] & (HAK_SLAB_BYTES - 1));
        uint32_t first = offset >> shift, last = (offset + bytes - 1) >> shift;
        slab->purged_pages &= (uint16_t) ~((2u << last) - (1u << first));
        if (i < marked)
            check_on_free(blocks[i], check_mark(blocks[i]));
    }
}

void hak_slab_count_free(struct hak_slab *slab)
{
    char *base = hak_unit_address(hak_slab_unit(slab));
    uint32_t bytes = hak_class_bytes[slab->size_class];
    if (slab->frees++ < FREES_MAX)
        return;
    for (uint32_t i = HAK_FIRST_BLOCK; i < slab->carved; i++) {
        void *block = base + i * bytes;
        if (freelist_is_free(slab, i))
            check_on_free(block, check_mark(block));
    }
    slab->rest = HAK_SLAB_BUSY;
    hak_slab_unpurge(slab);
}

void hak_slab_unpurge(struct hak_slab *slab)
{
    slab->purged_pages = 0;
    set_unmarked(slab, false);
}
