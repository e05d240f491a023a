/* SPDX-License-Identifier: MIT */
/* What the levels of this factor have in common that are no magazine: blocks are copied out of one
 * and into one, with the level's own cache_fill, cache_drain and cache_count. */
#ifndef HAK_CACHE_COPIED_H
#define HAK_CACHE_COPIED_H

static inline struct hak_magazine *cache_swap_out(struct hak_thread *thread, struct hak_heap *heap,
                                                  size_t size_class, uint32_t *count)
{
    struct hak_magazine *magazine = hak_magazine_take(heap);
    if (!magazine)
        return NULL;
    *count = cache_count(thread, size_class);
    cache_drain(thread, size_class, magazine->slot, *count);
    return magazine;
}

static inline void **cache_landing(struct hak_thread *thread, size_t size_class, void **spare)
{
    (void)thread, (void)size_class;
    return spare;
}

#endif
