/* SPDX-License-Identifier: MIT */
/* What the line says of places where only internals lead: huge blocks, magazines, tables, other
 * heaps. */
#include "corrupted.h"

#include <string.h>

#include "depot.h"
#include "export.h"
#include "huge.h"
#include "misuse.h"
#include "slab.h"

static void free_inside_huge(void *unused)
{
    hakmem_free((char *)hak_huge_malloc(80000, 4096) + 4096);
}

static void free_misaligned_in_huge(void *unused)
{
    hakmem_free((char *)hak_huge_malloc(80000, 4096) + 5);
}

static void free_huge_twice(void *unused)
{
    void *block = hak_huge_malloc(80000, 4096);
    hakmem_free(block);
    hakmem_free(block);
}

static void free_magazine(void *unused)
{
    hakmem_free(full_magazine());
}

static void free_table(void *unused)
{
    hakmem_free(&hak_arena.records[5]);
}

/* Committed, and beyond all that was handed out. */
static void free_beyond_all(void *unused)
{
    hakmem_free(hak_unit_address((uint32_t)hak_arena_units - 1));
}

/* The block that would be handed out next, and the last one that was. */
static void free_in_the_next_block(void *unused)
{
    take_blocks();
    const struct hak_slab *slab = hak_slab_of(taken[MANY - 1]);
    hakmem_free((char *)hak_unit_address(hak_slab_unit(slab)) + slab->carved * SIZE + 16);
}

static void free_in_the_last_block(void *unused)
{
    take_blocks();
    const struct hak_slab *slab = hak_slab_of(taken[MANY - 1]);
    hakmem_free((char *)hak_unit_address(hak_slab_unit(slab)) + (slab->carved - 1) * SIZE + 16);
}

static void free_behind_the_range(void *unused)
{
    hakmem_free((char *)hak_arena.base + (hak_arena.reserved << HAK_SLAB_SHIFT));
}

static void free_of_dead_heap(void *unused)
{
    take_blocks();
    hak_thread.heap = NULL;
    hak_thread.state = HAK_THREAD_ENDED;
    hak_thread.key = HAK_NO_KEY;
    own_heap->state = HAK_HEAP_DEAD;
    hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, taken[0]);
}

static void free_of_no_heap(void *unused)
{
    take_blocks();
    hak_arena.words[hak_unit_of(taken[0])] = 999 << 8 | CLASS;
    hak_misuse_stop(HAK_MISUSE_DOUBLE_FREE, taken[0]);
}

void places_only_internals_lead_to(void **state)
{
    judge(free_inside_huge, "inside a huge block", "hakmem: pointer inside a block: pointer 0x",
          "000: no block starts there; inside a huge block of 81920 bytes that starts at 0x");
    judge(free_inside_huge, "inside a huge block",
          "hakmem: ", "000, 4096 bytes into it, a mapping of its own\n");
    judge(free_misaligned_in_huge, "misaligned in a huge block",
          "hakmem: misaligned pointer: pointer 0x",
          "005: no multiple of 16; inside a huge block of 81920 bytes that starts at 0x");
    judge(free_huge_twice, "huge block twice", "hakmem: foreign pointer: pointer 0x",
          "or a huge block freed before)\n");
    judge(free_magazine, "a magazine", "hakmem: invalid pointer (or double free): pointer 0x",
          ": no block is in use there; in the allocator's own memory (magazines)\n");
    judge(free_table, "a table", "hakmem: foreign pointer: pointer 0x",
          ": in the allocator's own tables\n");
    judge(free_beyond_all, "beyond all that was handed out",
          "hakmem: invalid pointer (or double free): pointer 0x",
          ": no block is in use there; in addresses kept for blocks to come\n");
    judge(free_in_the_next_block, "in the next block", "hakmem: pointer inside a block: pointer 0x",
          "inside a block, never handed out, of 64 bytes");
    judge(free_in_the_last_block, "in the last block", "hakmem: pointer inside a block: pointer 0x",
          "inside a block of 64 bytes");
    judge(free_behind_the_range, "behind the arena", "hakmem: foreign pointer: pointer 0x",
          ": not from this allocator");
    judge(free_of_dead_heap, "a heap lost in a fork",
          "hakmem: double free: ", " of heap 2, lost in a fork\n");
    judge(free_of_no_heap, "a heap that is none",
          "hakmem: double free: ", " of heap 999, which there is not\n");
}
