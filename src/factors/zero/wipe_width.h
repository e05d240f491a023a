/* SPDX-License-Identifier: MIT */
/*
 * The body of wipe.c, once for each width of vectors. Before each inclusion, which takes them away
 * again:
 *
 *      WIPE_BYTES      of a vector
 *      WIPE_MIDDLE     vectors between the first and the last four of a block in the middle range
 *      WIPE_TARGET     attribute: which instructions may be used
 *      WIPE_ANY(v)     whether a vector has any bit set
 *      WIPE_NAME(name) what the functions are called
 *
 * Vectors overlap where a block is no multiple of them: each but the first ones begins at its
 * place or at that of the last one, whichever comes first.
 *
 *      | 0 | 1 | 2 | 3 | 4 | ...           |-4 |-3 |-2 |-1 |
 */

typedef long long WIPE_NAME(vector) __attribute__((vector_size(WIPE_BYTES), aligned(1), may_alias));

#define AT(offset)  (*(WIPE_NAME(vector) *)(void *)(block + (offset)))
#define CLAMP(i)    ((i)*WIPE_BYTES < last ? (i)*WIPE_BYTES : last)
#define BACK(i)     (last - (i)*WIPE_BYTES)
#define MIDDLE_MOST ((8 + WIPE_MIDDLE) * WIPE_BYTES)

WIPE_TARGET static void WIPE_NAME(wipe)(char *block, size_t bytes)
{
    const WIPE_NAME(vector) zero = {0};
    if (HAK_UNLIKELY(bytes < WIPE_BYTES)) {
        wipe_grains(block, bytes);
        return;
    }
    size_t last = bytes - WIPE_BYTES;
    AT(0) = zero;
    AT(last) = zero;
    if (bytes <= 4 * WIPE_BYTES) {
        AT(CLAMP(1)) = zero;
        AT(CLAMP(2)) = zero;
        return;
    }
    AT(1 * WIPE_BYTES) = zero;
    AT(2 * WIPE_BYTES) = zero;
    AT(3 * WIPE_BYTES) = zero;
    AT(BACK(1)) = zero;
    AT(BACK(2)) = zero;
    AT(BACK(3)) = zero;
    if (HAK_LIKELY(bytes <= MIDDLE_MOST)) {
        WIPE_UNROLLED
        for (size_t i = 4; i < 4 + WIPE_MIDDLE; i++)
            AT(CLAMP(i)) = zero;
        return;
    }
    for (size_t offset = 4 * WIPE_BYTES; offset < BACK(3); offset += 2 * WIPE_BYTES) {
        AT(offset) = zero;
        AT(offset + WIPE_BYTES) = zero; /* ends before the last one does */
    }
}

WIPE_TARGET static bool WIPE_NAME(is_wiped)(char *block, size_t bytes)
{
    if (HAK_UNLIKELY(bytes < WIPE_BYTES))
        return are_grains_wiped(block, bytes);
    size_t last = bytes - WIPE_BYTES;
    WIPE_NAME(vector) one = AT(0), other = AT(last);
    if (bytes <= 4 * WIPE_BYTES) {
        one |= AT(CLAMP(1));
        other |= AT(CLAMP(2));
    } else {
        one |= AT(1 * WIPE_BYTES);
        other |= AT(2 * WIPE_BYTES);
        one |= AT(3 * WIPE_BYTES);
        other |= AT(BACK(1));
        one |= AT(BACK(2));
        other |= AT(BACK(3));
        if (HAK_LIKELY(bytes <= MIDDLE_MOST)) {
            WIPE_UNROLLED
            for (size_t i = 4; i < 4 + WIPE_MIDDLE; i++)
                one |= AT(CLAMP(i));
        } else {
            for (size_t offset = 4 * WIPE_BYTES; offset < BACK(3); offset += WIPE_BYTES)
                one |= AT(offset);
        }
    }
    one |= other;
    return !WIPE_ANY(one);
}

#undef AT
#undef CLAMP
#undef BACK
#undef MIDDLE_MOST
#undef WIPE_BYTES
#undef WIPE_MIDDLE
#undef WIPE_TARGET
#undef WIPE_ANY
#undef WIPE_NAME
