/* SPDX-License-Identifier: MIT */
/* The clearing and finding clear of every length that a block may have, by each width of vectors
 * that this processor has: no byte left out, none beyond. */
#include "factors/zero/wipe.c"

#include "support/promise.h"

#include <stdlib.h>

enum { MOST = 32768, MARGIN = 128 };

typedef void wiping(char *, size_t);
typedef bool finding(char *, size_t);

static char *room;

static bool wipes(wiping *function, size_t bytes)
{
    memset(room, 'x', bytes + 2 * MARGIN);
    function(room + MARGIN, bytes);
    for (size_t i = 0; i < bytes + 2 * MARGIN; i++)
        if ((room[i] == 0) != (i >= MARGIN && i < MARGIN + bytes))
            return false;
    return true;
}

/* One byte that is not clear is found wherever it stands, and beside the block it does not matter.
 */
static bool finds(finding *function, size_t bytes)
{
    memset(room, 'x', MARGIN);
    memset(room + MARGIN, 0, bytes);
    memset(room + MARGIN + bytes, 'x', MARGIN);
    bool right = function(room + MARGIN, bytes);
    for (size_t i = 0; right && i<bytes; i += bytes> 3000 ? 7 : 1) {
        room[MARGIN + i] = 1;
        right = !function(room + MARGIN, bytes);
        room[MARGIN + i] = 0;
    }
    room[MARGIN + bytes - 1] = (char)0x80;
    return right && !function(room + MARGIN, bytes);
}

static void try_width(int width, wiping *wipe, finding *find)
{
    size_t wrong = 0;
    for (size_t bytes = 16; bytes <= MOST; bytes += bytes < 2500 ? 16 : 2032)
        wrong += !wipes(wipe, bytes) || !finds(find, bytes);
    promise(wrong == 0, "vectors of %d bytes: %zu lengths wrong", width, wrong);
}

int main(void)
{
    room = malloc(MOST + 2 * MARGIN);
    hak_wipe_start();
    try_width(16, wipe_16, is_wiped_16);
#if defined(__x86_64__)
    if (__builtin_cpu_supports("avx2"))
        try_width(32, wipe_32, is_wiped_32);
    if (vector_bytes == 64)
        try_width(64, wipe_64, is_wiped_64);
#endif
    char block[48] = "x";
    hak_wipe(block, sizeof block);
    promise(hak_is_wiped(block, sizeof block), "the processor's own");
    free(room);
    return promises_end();
}
