/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "size_class.h"

static void classes_grow_by_grains(void **state)
{
    for (int c = 0; c < HAK_CLASSES; c++) {
        assert_int_equal(hak_class_bytes[c] % HAK_GRAIN, 0);
        if (c > 0)
            assert_true(hak_class_bytes[c] > hak_class_bytes[c - 1]);
    }
    assert_int_equal(hak_class_bytes[HAK_CLASSES - 1], HAK_SLAB_MAX);
}

static void every_size_has_the_least_class(void **state)
{
    for (size_t n = 0; n <= HAK_SLAB_MAX; n++) {
        size_t c = hak_class_lut[(n + HAK_GRAIN - 1) / HAK_GRAIN];
        assert_true(c < HAK_CLASSES && hak_class_bytes[c] >= n);
        if (c > 0)
            assert_true(hak_class_bytes[c - 1] < n);
    }
}

/* The multiplication stands for division and remainder: for every offset in a slab. */
static void inverses_divide_exactly(void **state)
{
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        for (uint32_t offset = 0; offset < HAK_SLAB_BYTES; offset++) {
            assert_int_equal(hak_block_index(c, offset), offset / hak_class_bytes[c]);
            assert_int_equal(hak_is_block_start(c, offset), offset % hak_class_bytes[c] == 0);
        }
    }
}

static void aligned_classes_are_aligned(void **state)
{
    for (size_t alignment = 1; alignment <= HAK_SLAB_MAX; alignment *= 2) {
        for (size_t n = 0; n <= HAK_SLAB_MAX; n += n < 2000 ? 1 : 97) {
            size_t c = hak_class_aligned(n, alignment);
            if (c == HAK_CLASSES) {
                assert_true(n + alignment > HAK_SLAB_MAX);
                continue;
            }
            assert_true(hak_class_bytes[c] >= n);
            assert_int_equal(hak_class_bytes[c] % alignment, 0);
        }
    }
}

static void magazines_hold_something_of_each(void **state)
{
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        uint32_t slots = hak_class_slots(c, 63);
        assert_in_range(slots, 3, 63);
        assert_int_equal(slots & (slots + 1), 0);
        assert_true(slots * hak_class_bytes[c] <= 2 * HAK_SLAB_BYTES);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(classes_grow_by_grains),
        cmocka_unit_test(every_size_has_the_least_class),
        cmocka_unit_test(inverses_divide_exactly),
        cmocka_unit_test(aligned_classes_are_aligned),
        cmocka_unit_test(magazines_hold_something_of_each),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
