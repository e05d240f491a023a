/* SPDX-License-Identifier: MIT */
/*
 * The shadow map under libFuzzer: the input's bytes are the operations. The allocator's own sources
 * are built into the program with coverage, and serve all of it, libFuzzer included.
 */
#include "shadow_map.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Eight bytes a choice; a short rest is filled with zeroes. */
static uint64_t next_bytes(struct choices *from)
{
    uint64_t value = 0;
    for (int i = 0; i < 8 && from->left > 0; i++, from->left--)
        value = value << 8 | *from->bytes++;
    return value;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct choices from = {next_bytes, 0, bytes, length};
    struct shadow *shadow = shadow_create(1);
    while (from.left > 0)
        shadow_step(shadow, &from);
    shadow_destroy(shadow);
    shadow_exchange_drain();
    return 0;
}
