/* SPDX-License-Identifier: MIT */
/*
 * The body of wipe.c, once for each width of vectors. Before each inclusion, which takes them away
 * again:
 *
 *      WIPE_BYTES      of a vector
 *      WIPE_MIDDLE     aligned vectors of a block in the middle range, but the first and last three
 *      WIPE_TARGET     attribute: which instructions may be used
 *      WIPE_ANY(v)     whether a vector has any bit set
 *      WIPE_NAME(name) what the functions are called
 *
 * A block begins and ends with a vector where it does; those between are aligned, for each access
 * across two cache lines is two. They begin at their place, or at that of the last of them where
 * this comes first: so every length of a range takes the same instructions.
 *
 *      | first     |                        | last      |
 *         | 0         | 1         | ...  | -1        |
 *         ^ aligned
 */

typedef long long WIPE_NAME(vector) __attribute__((vector_size(WIPE_BYTES), aligned(1), may_alias));

#define AT(place)   (*(WIPE_NAME(vector) *)(void *)(place))
#define UP(i)       (begin + (i)*WIPE_BYTES)
#define DOWN(i)     (begin + span - (i)*WIPE_BYTES)
#define CLAMPED(i)  (begin + ((i)*WIPE_BYTES < span ? (i)*WIPE_BYTES : span))
#define MIDDLE_MOST ((6 + WIPE_MIDDLE) * WIPE_BYTES)

/* The first aligned vector behind the block's start, and how far behind it the last one begins that
 * ends in the block; of blocks of two vectors and more. */
#define WIPE_PLACES                                                                                \
    char *begin = block + WIPE_BYTES - (uintptr_t)block % WIPE_BYTES;                              \
    size_t span = (size_t)(block + bytes - begin) / WIPE_BYTES * WIPE_BYTES - WIPE_BYTES

WIPE_TARGET static void WIPE_NAME(wipe)(char *block, size_t bytes)
{
    const WIPE_NAME(vector) zero = {0};
    if (HAK_UNLIKELY(bytes < WIPE_BYTES)) {
        wipe_grains(block, bytes);
        return;
    }
    AT(block) = zero;
    AT(block + bytes - WIPE_BYTES) = zero;
    if (bytes <= 2 * WIPE_BYTES)
        return;
    WIPE_PLACES;
    if (bytes <= 4 * WIPE_BYTES) {
        AT(UP(0)) = zero;
        AT(CLAMPED(1)) = zero;
        AT(DOWN(0)) = zero;
        return;
    }
    AT(UP(0)) = zero;
    AT(UP(1)) = zero;
    AT(UP(2)) = zero;
    AT(DOWN(0)) = zero;
    AT(DOWN(1)) = zero;
    AT(DOWN(2)) = zero;
    if (HAK_LIKELY(bytes <= MIDDLE_MOST)) {
        WIPE_UNROLLED
        for (size_t i = 3; i < 3 + WIPE_MIDDLE; i++)
            AT(CLAMPED(i)) = zero;
        return;
    }
    for (char *place = UP(3); place < DOWN(2); place += WIPE_BYTES)
        AT(place) = zero;
}

WIPE_TARGET static bool WIPE_NAME(is_wiped)(char *block, size_t bytes)
{
    if (HAK_UNLIKELY(bytes < WIPE_BYTES))
        return are_grains_wiped(block, bytes);
    WIPE_NAME(vector) one = AT(block), other = AT(block + bytes - WIPE_BYTES);
    if (bytes > 2 * WIPE_BYTES) {
        WIPE_PLACES;
        one |= AT(UP(0));
        other |= AT(DOWN(0));
        if (bytes <= 4 * WIPE_BYTES) {
            one |= AT(CLAMPED(1));
        } else {
            one |= AT(UP(1));
            other |= AT(DOWN(1));
            one |= AT(UP(2));
            other |= AT(DOWN(2));
            if (HAK_LIKELY(bytes <= MIDDLE_MOST)) {
                WIPE_UNROLLED
                for (size_t i = 3; i < 3 + WIPE_MIDDLE; i++)
                    one |= AT(CLAMPED(i));
            } else {
                for (char *place = UP(3); place < DOWN(2); place += WIPE_BYTES)
                    one |= AT(place);
            }
        }
    }
    one |= other;
    return !WIPE_ANY(one);
}

#undef UP
#undef DOWN
#undef CLAMPED
#undef WIPE_PLACES
#undef AT
#undef MIDDLE_MOST
#undef WIPE_BYTES
#undef WIPE_MIDDLE
#undef WIPE_TARGET
#undef WIPE_ANY
#undef WIPE_NAME
