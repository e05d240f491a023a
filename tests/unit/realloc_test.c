/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "counters.h"
#include "export.h"
#include "heap.h"

static int start(void **state)
{
    return hak_heap_attach() ? 0 : -1;
}

static uint64_t counted(enum hak_counter counter)
{
    return hak_thread.counters->count[counter];
}

/* Shrunk by less than half, a block stays; to its very end it grows in its place. */
static void small_changes_stay(void **state)
{
    for (size_t c = 2; c < HAK_CLASSES; c++) {
        size_t usable = hak_class_bytes[c];
        char *block = hakmem_malloc(usable);
        memset(block, 'b', usable);
        uint64_t stayed = counted(HAK_COUNT_realloc_in_place),
                 moved = counted(HAK_COUNT_realloc_moved);
        assert_ptr_equal(hakmem_realloc(block, usable), block);
        assert_ptr_equal(hakmem_realloc(block, usable / 2), block);
        assert_int_equal(counted(HAK_COUNT_realloc_in_place), stayed + 2);
        char *smaller = hakmem_realloc(block, usable / 2 - 1);
        assert_ptr_not_equal(smaller, block);
        assert_int_equal(counted(HAK_COUNT_realloc_moved), moved + 1);
        assert_true(smaller[0] == 'b' && smaller[usable / 2 - 2] == 'b');
        char *larger = hakmem_realloc(smaller, usable + 1);
        for (size_t i = 0; i < usable / 2 - 1; i++)
            assert_int_equal(larger[i], 'b');
        hakmem_free(larger);
    }
}

/* Between slabs and spans: at 32 KiB. */
static void large_become_small(void **state)
{
    char *block = hakmem_malloc(100000);
    memset(block, 'l', 100000);
    block = hakmem_realloc(block, 32769);
    assert_int_equal(hak_arena.words[hak_unit_of(block)], HAK_WORD_LARGE);
    block = hakmem_realloc(block, 32768);
    assert_int_equal(hak_arena.words[hak_unit_of(block)] & 0xff, HAK_CLASSES - 1);
    assert_int_equal(hakmem_malloc_usable_size(block), 32768);
    for (int i = 0; i < 32768; i++)
        assert_int_equal(block[i], 'l');
    block = hakmem_realloc(block, 32769);
    assert_int_equal(hak_arena.words[hak_unit_of(block)], HAK_WORD_LARGE);
    for (int i = 0; i < 32768; i++)
        assert_int_equal(block[i], 'l');
    assert_null(hakmem_realloc(block, (size_t)1 << 47));
    assert_int_equal(block[32767], 'l');
    assert_null(hakmem_realloc(block, 0));
    assert_non_null(block = hakmem_realloc(NULL, 10));
    hakmem_free(block);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_changes_stay),
        cmocka_unit_test(large_become_small),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
