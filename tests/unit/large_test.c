/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "arena.h"
#include "counters.h"
#include "heap.h"
#include "huge.h"
#include "large.h"

static int start(void **state)
{
    return hak_heap_attach() ? 0 : -1;
}

static void stamp(char *block, size_t bytes)
{
    for (size_t k = 0; k < bytes; k += 4096)
        block[k] = (char)(k >> 12);
    block[bytes - 1] = 'e';
}

static void check_stamp(const char *block, size_t bytes)
{
    for (size_t k = 0; k + 1 < bytes; k += 4096)
        assert_int_equal(block[k], (char)(k >> 12));
    assert_int_equal(block[bytes - 1], 'e');
}

static void blocks_are_aligned_and_long_enough(void **state)
{
    for (size_t bytes = 32769; bytes < 100 << 20; bytes = bytes * 3 + 1) {
        for (size_t alignment = 1; alignment <= 4 << 20; alignment *= 16) {
            bool zero;
            char *block = hak_large_malloc(bytes, alignment, &zero);
            assert_non_null(block);
            assert_int_equal((uintptr_t)block % (alignment > 16 ? alignment : 16), 0);
            assert_true(hak_large_bytes(block) >= bytes);
            block[0] = block[bytes - 1] = 1;
            hak_large_free(block);
        }
    }
}

static void too_large_is_refused(void **state)
{
    assert_null(hak_large_malloc(PTRDIFF_MAX, 1, NULL));
    assert_null(hak_large_malloc((size_t)PTRDIFF_MAX + 1, 1, NULL));
    assert_null(hak_large_malloc(SIZE_MAX, 1, NULL));
    assert_null(hak_large_malloc(100000, (size_t)1 << 62, NULL));
    assert_null(hak_huge_malloc(SIZE_MAX, 4096));
}

static void zero_means_zero(void **state)
{
    for (int round = 0; round < 10; round++) {
        bool zero = false;
        size_t bytes = 300000 + (size_t)round * 65536;
        char *block = hak_large_malloc(bytes, 1, &zero);
        for (size_t k = 0; zero && k < hak_large_bytes(block); k++)
            assert_int_equal(block[k], 0);
        memset(block, 0xcc, hak_large_bytes(block));
        hak_large_free(block);
        if (round % 3 == 2)
            hak_arena_purge(true);
    }
}

/* Both ways to move: by copying, and by moving pages. */
static void moved_contents_keep(void **state)
{
    static const size_t sizes[] = {70000, 200000, 300000, 5 << 20};
    uint64_t spans = hak_counters->spans_bytes;
    for (int s = 0; s < 4; s++) {
        for (int round = 0; round < 20; round++) {
            char *block = hak_large_malloc(sizes[s], 1, NULL);
            void *wall = hak_large_malloc(65536, 1, NULL); /* so that it can't grow in place */
            stamp(block, sizes[s]);
            char *moved = hak_large_realloc(block, sizes[s] * 3);
            assert_non_null(moved);
            check_stamp(moved, sizes[s]);
            memset(moved, 1, sizes[s] * 3);
            stamp(moved, 65537);
            char *shrunk = hak_large_realloc(moved, 65537);
            assert_ptr_equal(shrunk, moved);
            check_stamp(shrunk, 65537);
            hak_large_free(shrunk);
            hak_large_free(wall);
        }
    }
    assert_int_equal(hak_counters->spans_bytes, spans);
}

static void huge_blocks_are_whole_pages(void **state)
{
    for (size_t bytes = 40959; bytes < 40964; bytes++) {
        void *block = hak_huge_malloc(bytes, 1);
        assert_int_equal(hak_huge_bytes(block), bytes <= 40960 ? 40960 : 45056);
        assert_ptr_equal(hak_huge_realloc(block, 4097), block);
        assert_int_equal(hak_huge_bytes(block), 8192);
        assert_int_equal(hak_huge_free(block), 8192);
        assert_int_equal(hak_huge_bytes(block), 0);
    }
    assert_int_equal(hak_huge_free((void *)4096), 0);
}

/* How much of its span a block uses, in grains; and what of it is counted. */
static void lengths_are_in_grains(void **state)
{
    struct hak_counter_page before, after;
    hak_counters_sum(&before);
    void *block = hak_large_malloc(100000, 1, NULL);
    assert_int_equal(hak_large_bytes(block), 102400);
    assert_int_equal(hak_arena.records[hak_unit_of(block)].units, 2);
    assert_ptr_equal(hak_large_realloc(block, 131072), block);
    assert_int_equal(hak_large_bytes(block), 131072);
    assert_ptr_equal(hak_large_realloc(block, 65537), block);
    assert_int_equal(hak_large_bytes(block), 69632);
    assert_int_equal(hak_arena.records[hak_unit_of(block)].units, 2);
    hak_counters_sum(&after);
    assert_int_equal(after.count[HAK_COUNT_large_bytes_allocated] -
                         before.count[HAK_COUNT_large_bytes_allocated],
                     131072);
    assert_int_equal(after.count[HAK_COUNT_large_bytes_freed] -
                         before.count[HAK_COUNT_large_bytes_freed],
                     131072 - 69632);
    assert_int_equal(
        after.count[HAK_COUNT_realloc_in_place] - before.count[HAK_COUNT_realloc_in_place], 2);
    assert_int_equal(after.mallocs[HAK_CLASS_LARGE] - before.mallocs[HAK_CLASS_LARGE], 1);
    hak_large_free(block);
    hak_counters_sum(&after);
    assert_int_equal(after.count[HAK_COUNT_large_bytes_freed] -
                         before.count[HAK_COUNT_large_bytes_freed],
                     131072);
    assert_int_equal(after.frees[HAK_CLASS_LARGE] - before.frees[HAK_CLASS_LARGE], 1);
    assert_null(hak_large_realloc(hak_large_malloc(100000, 1, NULL), SIZE_MAX - 5));
}

static void nothing_is_one_byte(void **state)
{
    char *block = hak_large_malloc(0, 1 << 20, NULL);
    assert_int_equal((uintptr_t)block % (1 << 20), 0);
    assert_int_equal(hak_large_bytes(block), 4096);
    hak_large_free(block);
}

/* Records are used again, and mappings go. */
static void huge_blocks_leave_nothing(void **state)
{
    struct hak_counter_page before, after;
    char *block = hak_huge_malloc(8192, 4096);
    assert_null(hak_huge_realloc(block, SIZE_MAX - 5));
    assert_null(hak_huge_realloc(block, PTRDIFF_MAX));
    hak_huge_free(block);
    hak_counters_sum(&before);
    for (int i = 0; i < 5000; i++) {
        block = hak_huge_malloc(8192, 4096);
        block[8191] = 1;
        assert_int_equal(hak_huge_free(block), 8192);
    }
    hak_counters_sum(&after);
    assert_int_equal(after.count[HAK_COUNT_mmap] - before.count[HAK_COUNT_mmap], 5000);
    assert_int_equal(after.count[HAK_COUNT_munmap] - before.count[HAK_COUNT_munmap], 5000);
}

/* Each move may split a mapping for good: there are so many and no more. */
static void moves_are_bounded(void **state)
{
    struct hak_counter_page before, after;
    hak_counters_sum(&before);
    for (int i = 0; i < 4200; i++) {
        void *block = hak_large_malloc(5 << 20, 1, NULL);
        void *wall = hak_large_malloc(65536, 1, NULL);
        hak_large_free(hak_large_realloc(block, 10 << 20));
        hak_large_free(wall);
        if (i % 64 == 63)
            hak_arena_purge(true);
        if (i == 4000) {
            hak_counters_sum(&after);
            assert_true(after.count[HAK_COUNT_mremap] - before.count[HAK_COUNT_mremap] > 3000);
        }
    }
    hak_counters_sum(&after);
    assert_in_range(after.count[HAK_COUNT_mremap], 3000, 4096 + 200);
    assert_int_equal(after.frees[HAK_CLASS_LARGE] - before.frees[HAK_CLASS_LARGE],
                     after.mallocs[HAK_CLASS_LARGE] - before.mallocs[HAK_CLASS_LARGE]);
    assert_int_equal(after.count[HAK_COUNT_large_bytes_freed] -
                         before.count[HAK_COUNT_large_bytes_freed],
                     after.count[HAK_COUNT_large_bytes_allocated] -
                         before.count[HAK_COUNT_large_bytes_allocated]);
}

static void *take_and_give_huge(void *seed)
{
    void *block[8] = {0};
    size_t bytes[8];
    for (size_t i = 0; i < 4000; i++) {
        size_t k = i % 8;
        if (block[k] && hak_huge_free(block[k]) != bytes[k])
            return block[k];
        bytes[k] = 4096 * (1 + (i + (uintptr_t)seed) % 5);
        block[k] = hak_huge_malloc(bytes[k], 1);
        if (hak_huge_bytes(block[k]) != bytes[k])
            return block[k];
    }
    for (int k = 0; k < 8; k++)
        hak_huge_free(block[k]);
    return NULL;
}

/* By four threads at once: each finds its own, and nothing is left. */
static void huge_blocks_are_everybodys(void **state)
{
    pthread_t thread[4];
    uint64_t before = hak_counters->huge_bytes;
    void *wrong;
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&thread[i], NULL, take_and_give_huge, (void *)i);
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], &wrong);
        assert_null(wrong);
    }
    assert_int_equal(hak_counters->huge_bytes, before);
}

static uint64_t remaps(size_t bytes)
{
    struct hak_counter_page before, after;
    char *block = hak_large_malloc(bytes, 1, NULL);
    void *wall = hak_large_malloc(65536, 1, NULL);
    stamp(block, bytes);
    hak_arena_purge(true); /* what it moves to holds no pages */
    hak_counters_sum(&before);
    char *moved = hak_large_realloc(block, bytes * 40);
    hak_counters_sum(&after);
    assert_ptr_not_equal(moved, block);
    check_stamp(moved, bytes);
    assert_int_equal(after.count[HAK_COUNT_realloc_moved] - before.count[HAK_COUNT_realloc_moved],
                     1);
    hak_large_free(moved);
    hak_large_free(wall);
    return after.count[HAK_COUNT_mremap] - before.count[HAK_COUNT_mremap];
}

/* From 256 KiB on pages are moved, below they are copied. */
static void long_blocks_move_by_pages(void **state)
{
    assert_int_equal(remaps(250 * 1024), 0);
    assert_int_equal(remaps(256 * 1024), 1);
    assert_int_equal(remaps(2 << 20), 1);
}

static void huge_blocks_are_found_by_address(void **state)
{
    enum { MANY = 50 };
    char *block[MANY];
    uint64_t before = hak_counters->huge_bytes;
    for (size_t i = 0; i < MANY; i++) {
        block[i] = hak_huge_malloc(100000 + i * 5000, 4096);
        stamp(block[i], 100000);
    }
    for (size_t i = 0; i < MANY; i++) {
        assert_true(hak_huge_bytes(block[i]) >= 100000 + i * 5000);
        assert_int_equal(hak_huge_bytes(block[i] + 4096), 0);
        char *moved = hak_huge_realloc(block[i], 400000);
        assert_non_null(moved);
        check_stamp(moved, 100000);
        block[i] = moved;
    }
    for (size_t i = 0; i < MANY; i++)
        assert_true(hak_huge_free(block[i]) >= 400000);
    assert_int_equal(hak_counters->huge_bytes, before);
    assert_int_equal(hak_huge_free(block), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_are_aligned_and_long_enough),
        cmocka_unit_test(too_large_is_refused),
        cmocka_unit_test(zero_means_zero),
        cmocka_unit_test(moved_contents_keep),
        cmocka_unit_test(huge_blocks_are_whole_pages),
        cmocka_unit_test(nothing_is_one_byte),
        cmocka_unit_test(huge_blocks_leave_nothing),
        cmocka_unit_test(huge_blocks_are_everybodys),
        cmocka_unit_test(lengths_are_in_grains),
        cmocka_unit_test(long_blocks_move_by_pages),
        cmocka_unit_test(huge_blocks_are_found_by_address),
        cmocka_unit_test(moves_are_bounded),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
