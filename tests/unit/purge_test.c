/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "counters.h"
#include "export.h"
#include "heap.h"
#include "os.h"
#include "slab.h"
#include "slab_purge.h"
#include "support/process.h"

enum { MANY = 4096, PASSES = HAK_SLAB_RESTING + 1 };

static struct hak_heap *heap;
static void *blocks[MANY];
static bool in_use[MANY];
static uint32_t page_bytes;

static int start(void **state)
{
    page_bytes = (uint32_t)hak_os_page_bytes();
    if (!hak_heap_attach() || HAK_SLAB_BYTES / page_bytes > 16)
        return -1;
    heap = hak_thread.heap;
    return 0;
}

/* A whole slab of the class, or its first `count` blocks. */
static struct hak_slab *fill(size_t size_class, uint32_t count)
{
    hak_slab_trim(heap);
    uint32_t most = HAK_SLAB_BYTES / hak_class_bytes[size_class], taken = 0;
    count = count < most ? count : most;
    while (taken < count) {
        uint32_t want = count - taken < HAK_MAGAZINE_SLOTS ? count - taken : HAK_MAGAZINE_SLOTS;
        taken += hak_slab_take(heap, size_class, blocks + taken, want);
    }
    struct hak_slab *slab = hak_slab_of(blocks[0]);
    assert_int_equal(slab->carved, taken);
    for (uint32_t i = 0; i < taken; i++) {
        memset(blocks[i], (int)i | 1, hak_class_bytes[size_class]);
        in_use[i] = true;
    }
    return slab;
}

static void pass(uint32_t passes)
{
    for (uint32_t i = 0; i < passes; i++)
        hak_slab_purge(heap);
}

/* Pages that blocks were handed out from and that no block in use touches. */
static uint16_t free_pages(const struct hak_slab *slab)
{
    uint32_t bytes = hak_class_bytes[slab->size_class];
    uint32_t touched = (slab->carved * bytes + page_bytes - 1) / page_bytes, used = 0;
    for (uint32_t i = 0; i < slab->carved; i++) {
        uint32_t offset = (uint32_t)((uintptr_t)blocks[i] % HAK_SLAB_BYTES);
        for (uint32_t p = offset / page_bytes; in_use[i] && p * page_bytes < offset + bytes; p++)
            used |= 1u << p;
    }
    return (uint16_t)(((1u << touched) - 1) & ~used);
}

static void give_back_all(const struct hak_slab *slab)
{
    uint32_t carved = slab->carved;
    for (uint32_t i = 0; i < carved; i++)
        if (in_use[i])
            hak_slab_give(heap, blocks[i]);
}

/* Exactly the free pages go, those that are enough; and nothing in use changes. */
static void free_pages_go_and_no_others(void **state)
{
    uint64_t seed = 11, purged = 0;
    for (int round = 0; round < 400; round++) {
        size_t c = random_next(&seed) % HAK_CLASSES;
        uint32_t bytes = hak_class_bytes[c], most = HAK_SLAB_BYTES / bytes;
        struct hak_slab *slab = fill(c, round % 3 ? most : 1 + random_next(&seed) % most);
        uint32_t unit = hak_slab_unit(slab), carved = slab->carved,
                 keep_of = 2 + random_next(&seed) % 40;
        for (uint32_t i = 1; i < carved; i++) {
            if (random_next(&seed) % keep_of == 0 || (i == carved - 1 && slab->back + 1u == carved))
                continue;
            hak_slab_give(heap, blocks[i]);
            in_use[i] = false;
        }
        uint16_t expected = free_pages(slab);
        bool enough = (uint32_t)__builtin_popcount(expected) * page_bytes >= HAK_SLAB_BYTES / 4;
        pass(PASSES);
        bool listed = slab->listed;
        assert_int_equal(slab->purged_pages, listed && enough ? expected : 0);
        assert_int_equal(hak_arena.words[unit],
                         heap->owner << 8 | c | (slab->purged_pages ? HAK_WORD_PURGED : 0));
        purged += slab->purged_pages != 0;
        for (uint32_t p = 0; p < 16; p++)
            if (slab->purged_pages >> p & 1)
                assert_int_equal(((char *)hak_unit_address(unit))[p * page_bytes + 100], 0);
        for (uint32_t i = 0; i < carved; i++)
            if (in_use[i])
                for (uint32_t k = 0; k < bytes; k += 1 + k / 16)
                    assert_int_equal(((unsigned char *)blocks[i])[k], (unsigned char)(i | 1));
        give_back_all(slab);
        assert_int_equal(slab->purged_pages, 0);
    }
    assert_true(purged > 50);
}

/* Not while blocks come and go: four passes without, and the fifth purges; and once only. */
static void only_what_rests(void **state)
{
    struct hak_slab *slab = fill(20, 1000);
    heap->purge_class = 21; /* where a pass begins, and ends: that class is seen twice */
    heap->purge_unit = HAK_NO_UNIT;
    for (uint32_t i = 1; i < slab->carved; i++) {
        hak_slab_give(heap, blocks[i]);
        in_use[i] = false;
    }
    for (int k = 0; k < 3; k++) {
        pass(HAK_SLAB_RESTING);
        assert_int_equal(slab->purged_pages, 0);
        void *one;
        hak_slab_take(heap, 20, &one, 1);
        hak_slab_give(heap, one);
    }
    struct hak_counter_page before, after;
    hak_counters_sum(&before);
    pass(HAK_SLAB_RESTING);
    assert_int_equal(slab->purged_pages, 0);
    pass(1);
    assert_int_equal(slab->purged_pages, free_pages(slab));
    pass(20);
    hak_counters_sum(&after);
    uint32_t runs =
        slab->purged_pages & ~((uint32_t)slab->purged_pages << 1); /* where each begins */
    assert_int_equal(after.count[HAK_COUNT_purges] - before.count[HAK_COUNT_purges],
                     __builtin_popcount(runs));
    assert_int_equal(after.count[HAK_COUNT_purged_bytes] - before.count[HAK_COUNT_purged_bytes],
                     __builtin_popcount(slab->purged_pages) * page_bytes);
    give_back_all(slab);
}

/* A slab that was given up for good and taken again as another's has no memory of its pages. */
static void a_new_slab_is_whole(void **state)
{
    struct hak_slab *slab = fill(30, 1000);
    for (uint32_t i = 1; i < slab->carved; i++)
        hak_slab_give(heap, blocks[i]);
    pass(PASSES);
    assert_true(slab->unmarked && slab->purged_pages);
    hak_slab_give(heap, blocks[0]);
    assert_false(slab->unmarked);
    assert_int_equal(hak_arena.words[hak_slab_unit(slab)], heap->owner << 8 | 30);
}

/* Blocks that leave it are marked again; when all have left, the slab's word is a plain one. */
static void taken_blocks_are_marked(void **state)
{
    struct hak_slab *slab = fill(16, 1000);
    uint32_t carved = slab->carved, back = carved - 1;
    for (uint32_t i = 1; i < carved; i++)
        hak_slab_give(heap, blocks[i]);
    pass(PASSES);
    assert_true(slab->purged_pages != 0);
    uint32_t taken = hak_slab_take(heap, 16, blocks + 1, 20);
    assert_int_equal(taken, 20);
    for (uint32_t i = 1; i <= 20; i++) {
        uintptr_t first = (uintptr_t)blocks[i] % HAK_SLAB_BYTES / page_bytes;
        assert_int_equal(((uint64_t *)blocks[i])[1], (uintptr_t)blocks[i] + 0x5bd1e995);
        assert_int_equal(slab->purged_pages >> first & 1, 0);
    }
    while (taken < back)
        taken +=
            hak_slab_take(heap, 16, blocks + 1 + taken, back - taken < 100 ? back - taken : 100);
    assert_int_equal(slab->purged_pages, 0);
    assert_false(slab->unmarked);
    assert_int_equal(hak_arena.words[hak_slab_unit(slab)], heap->owner << 8 | 16);
    give_back_all(slab);
}

/* So many slow frees, and all free blocks are marked and the word is plain again. */
static void frequent_frees_make_it_whole(void **state)
{
    hakmem_free(hakmem_malloc(48)); /* room in the thread's cache */
    hak_heap_trim();
    struct hak_slab *slab = fill(2, 4000);
    uint32_t carved = slab->carved;
    for (uint32_t i = 300; i < carved; i++) {
        hak_slab_give(heap, blocks[i]);
        in_use[i] = false;
    }
    pass(PASSES);
    assert_true(slab->unmarked);
    for (uint32_t i = 1; i < 300; i++) {
        hakmem_free(blocks[i]);
        in_use[i] = false;
        assert_int_equal(slab->unmarked, i < 256);
    }
    assert_int_equal(slab->purged_pages, 0);
    for (uint32_t i = 300; i < carved; i++)
        assert_int_equal(((uint64_t *)blocks[i])[1], (uintptr_t)blocks[i] + 0x5bd1e995);
    hak_heap_trim();
    hak_slab_give(heap, blocks[0]);
}

/* Locked memory can't be given back, and is not taken for given back. */
static void locked_pages_stay(void **state)
{
    struct hak_slab *slab = fill(44, 1000);
    char *base = hak_unit_address(hak_slab_unit(slab));
    if (mlock(base, HAK_SLAB_BYTES) != 0)
        skip();
    for (uint32_t i = 1; i < slab->carved; i++) {
        hak_slab_give(heap, blocks[i]);
        in_use[i] = false;
    }
    struct hak_counter_page before, after;
    hak_counters_sum(&before);
    pass(2 * PASSES);
    hak_counters_sum(&after);
    assert_int_equal(slab->purged_pages, 0);
    assert_int_equal(after.count[HAK_COUNT_purges], before.count[HAK_COUNT_purges]);
    assert_int_equal(((char *)blocks[1])[1000], 1 | 1);
    munlock(base, HAK_SLAB_BYTES);
    give_back_all(slab);
}

/* Many slabs are too many for one pass: the next one goes on where it stopped, and none is
 * forgotten. */
static void passes_go_on_where_they_stopped(void **state)
{
    enum { SLABS = 1500, EACH = 20 };
    static void *many[SLABS * EACH], *kept[SLABS];
    uint32_t purged = 0;
    hak_slab_trim(heap);
    for (uint32_t taken = 0; taken < SLABS * EACH;)
        taken += hak_slab_take(heap, 45, many + taken, EACH);
    for (int s = 0; s < SLABS; s++) {
        kept[s] = many[s * EACH + EACH / 2];
        for (int i = 0; i < EACH; i++)
            if (i != EACH / 2)
                hak_slab_give(heap, many[s * EACH + i]);
    }
    struct hak_counter_page before, after;
    for (int passes = 0; passes < 30; passes++) {
        hak_counters_sum(&before);
        hak_slab_purge(heap);
        hak_counters_sum(&after); /* two runs of pages a slab */
        assert_in_range(after.count[HAK_COUNT_purges] - before.count[HAK_COUNT_purges], 0,
                        1024 + 1);
    }
    for (int s = 0; s < SLABS; s++)
        purged += hak_slab_of(kept[s])->purged_pages != 0;
    assert_int_equal(purged, SLABS);
    for (int s = 0; s < SLABS; s++)
        hak_slab_give(heap, kept[s]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_pages_go_and_no_others),
        cmocka_unit_test(only_what_rests),
        cmocka_unit_test(a_new_slab_is_whole),
        cmocka_unit_test(taken_blocks_are_marked),
        cmocka_unit_test(frequent_frees_make_it_whole),
        cmocka_unit_test(locked_pages_stay),
        cmocka_unit_test(passes_go_on_where_they_stopped),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
