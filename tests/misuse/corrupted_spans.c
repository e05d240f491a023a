/* SPDX-License-Identifier: MIT */
/* Spans in use and free, large and huge blocks. */
#include "corrupted.h"

#include <stdio.h>
#include <string.h>

#include "export.h"
#include "free_spans.h"
#include "huge.h"

/* Three spans in a row, the middle one free. */
static uint32_t free_span_of(uint32_t units)
{
    uint32_t a = hak_arena_take(3, 1, HAK_WORD_LARGE, NULL),
             b = hak_arena_take(units, 1, HAK_WORD_LARGE, NULL);
    assert_int_equal(hak_arena_take(3, 1, HAK_WORD_LARGE, NULL), b + units);
    assert_int_equal(b, a + 3);
    hak_arena_give(b);
    return b;
}

static uint32_t free_span(void)
{
    return free_span_of(5);
}

static void free_span_too_long(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].units = 1u << 30;
    hak_arena_give(unit - 3);
}

static void free_span_in_use(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].state = HAK_UNIT_USED;
    hak_arena_take(5, 1, HAK_WORD_LARGE, NULL);
}

static void free_span_next_is_none(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].next = UINT32_MAX / 2;
    hak_arena_give(unit - 3);
}

static void free_span_previous_is_another(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].previous = 2;
    hak_arena_give(unit - 3);
}

static void free_span_previous_is_none(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].previous = UINT32_MAX / 2;
    hak_arena_give(unit - 3);
}

static void free_span_of_nothing(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].units = 0;
    hak_arena_give(unit - 3);
}

static void free_span_of_another_length(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].units = 4;
    hak_arena_give(unit - 3);
}

/* Two in one list, for 48 to 55 units. */
static void free_span_next_forgets(void *unused)
{
    hak_arena_take(hak_arena_units, 1, HAK_WORD_LARGE, NULL); /* all that was free is not enough */
    while (hak_free_spans_find(48) != HAK_NO_UNIT)
        hak_arena_take(48, 1, HAK_WORD_LARGE, NULL);
    uint32_t a = hak_arena_take(48, 1, HAK_WORD_LARGE, NULL),
             wall = hak_arena_take(48, 1, HAK_WORD_LARGE, NULL);
    uint32_t b = hak_arena_take(50, 1, HAK_WORD_LARGE, NULL),
             end = hak_arena_take(48, 1, HAK_WORD_LARGE, NULL);
    assert_true(wall == a + 48 && b == a + 96 && end == b + 50);
    hak_arena_give(a);
    hak_arena_give(b);
    assert_int_equal(hak_arena.records[b].next, a);
    hak_arena.records[a].previous = 7;
    hak_arena_give(wall);
}

static void free_span_ends_before_it_begins(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit + 4].units = unit + 100;
    hak_arena_give(unit + 5);
}

static void free_list_leads_astray(void *unused)
{
    uint32_t unit = free_span();
    hak_arena.records[unit].units = 4;
    hak_arena.records[unit].next = UINT32_MAX / 2;
    hak_arena_take(5, 1, HAK_WORD_LARGE, NULL);
}

static void *large(size_t bytes)
{
    return hakmem_malloc(bytes);
}

static void span_too_long(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block)].units = 1u << 20;
    hakmem_free(block);
}

static void span_of_nothing(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block)].units = 0;
    hakmem_realloc(block, 70000);
}

static void span_is_free(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block)].state = HAK_UNIT_FREE;
    hakmem_free(block);
}

static void span_ends_differ(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block) + 3].units = 2;
    hakmem_free(block);
}

static void block_longer_than_its_span(void *unused)
{
    void *block = large(200000);
    hak_arena.records[hak_unit_of(block)].bytes = 1 << 30;
    hakmem_realloc(block, 40);
}

/* The huge blocks' records lie in a mapping of 64 KiB, which the kernel may have joined to others:
 * address and length side by side. */
static uintptr_t *huge_record(void *block)
{
    char line[256];
    FILE *maps = fopen("/proc/self/maps", "r");
    uintptr_t *found = NULL;
    while (!found && fgets(line, sizeof line, maps)) {
        uintptr_t begin, end;
        if (sscanf(line, "%lx-%lx rw-p %*x 00:00 0 %*c", &begin, &end) != 2 || strchr(line, '[') ||
            end - begin > 16 << 20)
            continue;
        const volatile uintptr_t *words = (const volatile uintptr_t *)begin;
        for (size_t i = 0; i + 1 < (end - begin) / sizeof *words && !found; i++)
            if (words[i] == (uintptr_t)block && words[i + 1] == 81920)
                found = (uintptr_t *)begin + i;
    }
    fclose(maps);
    assert_non_null(found);
    return found;
}

static void huge_block_is_longer(void *unused)
{
    void *block = hak_huge_malloc(80000, 4096);
    huge_record(block)[1] += 4096;
    hakmem_free(block);
}

static void huge_block_is_resized(void *unused)
{
    void *block = hak_huge_malloc(80000, 4096);
    huge_record(block)[1] = 1 << 20;
    hakmem_realloc(block, 200000);
}

const struct corrupted_case corrupted_spans[] = {
    CASE(free_span_too_long, "a free span's record"),
    CASE(free_span_in_use, "a free span's record"),
    CASE(free_span_next_is_none, "a free span's record"),
    CASE(free_span_previous_is_another, "a free span's record"),
    CASE(free_span_previous_is_none, "a free span's record"),
    CASE(free_span_of_nothing, "a free span's record"),
    CASE(free_span_of_another_length, "a free span's record"),
    CASE(free_span_next_forgets, "a free span's record"),
    CASE(free_span_ends_before_it_begins, "a free span's record"),
    CASE(free_list_leads_astray, "a free span's record"),
    CASE(span_too_long, "a span's record"),
    CASE(span_of_nothing, "record"),
    CASE(span_is_free, "a span's record"),
    CASE(span_ends_differ, "a span's record"),
    CASE(block_longer_than_its_span, "a large block's record"),
    CASE(huge_block_is_longer, "a huge block's record"),
    CASE(huge_block_is_resized, "a huge block's record"),
    {NULL, NULL, NULL},
};
