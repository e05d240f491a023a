/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pthread.h>
#include <string.h>

#include "depot.h"
#include "heap.h"
#include "magazine.h"

enum { MANY = 300 };

static int start(void **state)
{
    return hak_heap_attach() ? 0 : -1;
}

static void link_word_keeps_its_parts(void **state)
{
    struct hak_magazine *next = (struct hak_magazine *)(0x7ffffffff000 - HAK_MAGAZINE_BYTES);
    for (uint32_t count = 0; count <= HAK_MAGAZINE_SLOTS; count++) {
        for (size_t c = 0; c < HAK_CLASSES; c++) {
            uint64_t link = hak_link(next, c, count);
            assert_ptr_equal(hak_link_next(link), next);
            assert_int_equal(hak_link_class(link), c);
            assert_int_equal(hak_link_count(link), count);
        }
    }
    assert_null(hak_link_next(hak_link(NULL, 5, 7)));
}

static void tops_know_their_magazine(void **state)
{
    struct hak_heap heap = {0};
    struct hak_magazine *magazine = hak_magazine_take(&heap);
    for (uint32_t count = 0; count <= HAK_MAGAZINE_SLOTS; count++) {
        uintptr_t top = hak_magazine_top(magazine, count);
        assert_ptr_equal(hak_top_magazine(top), magazine);
        assert_int_equal(hak_top_count(top), count);
    }
    hak_magazine_give(&heap, magazine);
}

static void magazines_are_apart(void **state)
{
    struct hak_heap heap = {0};
    struct hak_magazine *taken[MANY];
    for (int i = 0; i < MANY; i++) {
        taken[i] = hak_magazine_take(&heap);
        assert_non_null(taken[i]);
        assert_int_equal((uintptr_t)taken[i] % HAK_MAGAZINE_BYTES, 0);
        memset(taken[i], i, sizeof *taken[i]);
    }
    for (int i = 0; i < MANY; i++) {
        unsigned char expected[sizeof *taken[i]];
        memset(expected, i, sizeof expected);
        assert_memory_equal(taken[i], expected, sizeof expected);
    }
    for (int i = 0; i < MANY; i++)
        hak_magazine_give(&heap, taken[i]);
}

/* What one heap has too many of serves another. */
static void empties_flow_between_heaps(void **state)
{
    struct hak_heap giver = {0}, taker = {0};
    struct hak_magazine *given[MANY];
    for (int i = 0; i < MANY; i++)
        given[i] = hak_magazine_take(&giver);
    for (int i = 0; i < MANY; i++)
        hak_magazine_give(&giver, given[i]);
    assert_true(giver.empty_count < MANY / 2);
    int from_giver = 0;
    for (int k = 0; k < MANY / 2; k++) {
        struct hak_magazine *magazine = hak_magazine_take(&taker);
        for (int i = 0; i < MANY; i++)
            from_giver += magazine == given[i];
    }
    assert_true(from_giver > 0);
}

/* A heap that needs what it gave away a moment ago stops giving so much. */
static void a_heap_learns_what_it_needs(void **state)
{
    struct hak_heap heap = {0};
    struct hak_magazine *taken[MANY];
    uint32_t kept[2];
    for (int round = 0; round < 12; round++) {
        for (int i = 0; i < MANY; i++)
            taken[i] = hak_magazine_take(&heap);
        for (int i = 0; i < MANY; i++)
            hak_magazine_give(&heap, taken[i]);
        kept[round > 0] = heap.empty_count;
    }
    assert_true(kept[0] < HAK_EMPTY_LIMIT);
    assert_true(kept[1] >= MANY - HAK_EMPTY_LIMIT);
}

static void *take_and_give(void *mine)
{
    struct hak_heap *heap = mine;
    struct hak_magazine *taken[60];
    for (int round = 0; round < 3000; round++) {
        for (int i = 0; i < 60; i++) {
            taken[i] = hak_magazine_take(heap);
            taken[i]->slot[HAK_MAGAZINE_SLOTS - 1] = heap;
        }
        for (int i = 0; i < 60; i++)
            if (taken[i]->slot[HAK_MAGAZINE_SLOTS - 1] != heap)
                return taken[i];
        for (int i = 0; i < 60; i++)
            hak_magazine_give(heap, taken[i]);
        heap->empty_more = 0; /* so that all goes by the pool */
    }
    return NULL;
}

/* Threads that share and stock at once: no magazine is anybody's twice. */
static void the_pool_is_everybodys(void **state)
{
    static struct hak_heap heaps[4];
    pthread_t thread[4];
    void *twice;
    for (int i = 0; i < 4; i++)
        pthread_create(&thread[i], NULL, take_and_give, &heaps[i]);
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], &twice);
        assert_null(twice);
    }
}

static void depot_is_bounded_and_last_in_first_out(void **state)
{
    struct hak_heap heap = {0};
    static struct hak_magazine *magazine[6000];
    uint32_t pushed = 0, count, c = 20, blocks = HAK_MAGAZINE_SLOTS < 10 ? HAK_MAGAZINE_SLOTS : 10;
    for (;; pushed++) {
        magazine[pushed] = hak_magazine_take(&heap);
        if (!hak_depot_push(&heap, c, magazine[pushed], blocks))
            break;
    }
    assert_int_equal(pushed, hak_depot_bound(c) / (blocks * hak_class_bytes[c]));
    assert_null(hak_depot_pop(&heap, c + 1, &count));
    while (pushed-- > 0) {
        assert_ptr_equal(hak_depot_pop(&heap, c, &count), magazine[pushed]);
        assert_int_equal(count, blocks);
    }
    assert_null(hak_depot_pop(&heap, c, &count));
    assert_int_equal(heap.bin[c].depot_bytes, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(link_word_keeps_its_parts),
        cmocka_unit_test(tops_know_their_magazine),
        cmocka_unit_test(magazines_are_apart),
        cmocka_unit_test(empties_flow_between_heaps),
        cmocka_unit_test(a_heap_learns_what_it_needs),
        cmocka_unit_test(the_pool_is_everybodys),
        cmocka_unit_test(depot_is_bounded_and_last_in_first_out),
    };
    return cmocka_run_group_tests(tests, start, NULL);
}
