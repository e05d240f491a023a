/* SPDX-License-Identifier: MIT */
/*
 * A hash table of mappings, by address. Its entries are mapped in pages of their own, so that
 * nothing here depends on the arena, which may be full or absent when it is needed.
 */
#include "huge.h"

#include <stdbool.h>

#include "counters.h"
#include "lock.h"
#include "misuse.h"
#include "os.h"

enum { BUCKETS = 256, BUCKET_BITS = 8, TABLE_BYTES = HAK_PAGE_BYTES_MAX, SEAL = 0x5eed1e55 };

_Static_assert(BUCKETS == 1 << BUCKET_BITS, "one bucket for each value of the bits");

struct huge {
    struct huge *next; /* in its bucket, or among the unused */
    void *address;
    size_t bytes;
    uintptr_t seal; /* made of both: `bytes` goes to munmap, so it had better be what we wrote */
};

static struct {
    struct hak_lock lock;
    struct huge *bucket[BUCKETS];
    struct huge *unused;
    size_t count; /* read without the lock: 0 means no pointer can be huge */
} huges;

/* The golden ratio spreads addresses by all their bits, however many of the low ones are zero. */
static struct huge **bucket_of(const void *pointer)
{
    uint64_t mixed = (uintptr_t)pointer * UINT64_C(0x9e3779b97f4a7c15);
    return &huges.bucket[mixed >> (64 - BUCKET_BITS)];
}

static uintptr_t seal_of(const struct huge *entry)
{
    return ((uintptr_t)entry->address ^ entry->bytes) + SEAL;
}

static struct huge **find(const void *pointer)
{
    struct huge **link = bucket_of(pointer);
    while (*link && (*link)->address != pointer)
        link = &(*link)->next;
    hak_must_hold(!*link || (*link)->seal == seal_of(*link), *link, "a huge block's record");
    return link;
}

static size_t round_to_page(size_t bytes)
{
    size_t page = hak_os_page_bytes();
    return (bytes + page - 1) & ~(page - 1);
}

/* Under the lock. */
static struct huge *take_entry(void)
{
    if (!huges.unused) {
        struct huge *entries = hak_os_map(TABLE_BYTES, hak_os_page_bytes());
        if (!entries)
            return NULL;
        for (size_t i = 0; i < TABLE_BYTES / sizeof *entries; i++) {
            entries[i].next = huges.unused;
            huges.unused = &entries[i];
        }
    }
    struct huge *entry = huges.unused;
    huges.unused = entry->next;
    return entry;
}

static void insert(struct huge *entry, void *address, size_t bytes)
{
    struct huge **bucket = bucket_of(address);
    entry->address = address;
    entry->bytes = bytes;
    entry->seal = seal_of(entry);
    entry->next = *bucket;
    *bucket = entry;
    __atomic_store_n(&huges.count, huges.count + 1, __ATOMIC_RELAXED);
    hak_counters->huge_bytes += bytes;
}

static void take_out(struct huge **link)
{
    struct huge *entry = *link;
    *link = entry->next;
    hak_counters->huge_bytes -= entry->bytes;
    __atomic_store_n(&huges.count, huges.count - 1, __ATOMIC_RELAXED);
}

static void retire(struct huge *entry)
{
    entry->bytes = 0; /* nothing lies in it */
    entry->next = huges.unused;
    huges.unused = entry;
}

void *hak_huge_malloc(size_t bytes, size_t alignment)
{
    size_t page = hak_os_page_bytes();
    if (bytes > PTRDIFF_MAX - page)
        return NULL;
    bytes = round_to_page(bytes);
    void *block = hak_os_map(bytes, alignment > page ? alignment : page);
    if (!block)
        return NULL;
    hak_lock(&huges.lock);
    struct huge *entry = take_entry();
    if (entry)
        insert(entry, block, bytes);
    hak_unlock(&huges.lock);
    if (!entry) {
        hak_os_unmap(block, bytes);
        return NULL;
    }
    return block;
}

size_t hak_huge_bytes(const void *pointer)
{
    if (__atomic_load_n(&huges.count, __ATOMIC_RELAXED) == 0)
        return 0;
    hak_lock(&huges.lock);
    struct huge *entry = *find(pointer);
    size_t bytes = entry ? entry->bytes : 0;
    hak_unlock(&huges.lock);
    return bytes;
}

size_t hak_huge_around(const void *pointer, uintptr_t *start)
{
    for (size_t b = 0; b < BUCKETS; b++) {
        for (const struct huge *entry = huges.bucket[b]; entry; entry = entry->next) {
            *start = (uintptr_t)entry->address;
            if ((uintptr_t)pointer - *start < entry->bytes)
                return entry->bytes;
        }
    }
    return 0;
}

size_t hak_huge_free(void *pointer)
{
    if (__atomic_load_n(&huges.count, __ATOMIC_RELAXED) == 0)
        return 0;
    size_t bytes = 0;
    hak_lock(&huges.lock);
    struct huge **link = find(pointer);
    struct huge *entry = *link;
    if (entry) {
        bytes = entry->bytes;
        take_out(link);
        retire(entry);
    }
    hak_unlock(&huges.lock);
    if (bytes != 0)
        hak_os_unmap(pointer, bytes);
    return bytes;
}

void *hak_huge_realloc(void *pointer, size_t bytes)
{
    if (bytes > PTRDIFF_MAX - hak_os_page_bytes())
        return NULL;
    bytes = round_to_page(bytes);
    /* Under the lock: the old address may be mapped by another thread as soon as the block has
     * moved. */
    hak_lock(&huges.lock);
    struct huge **link = find(pointer);
    struct huge *entry = *link;
    void *moved = hak_os_remap(pointer, entry->bytes, bytes);
    if (moved) {
        take_out(link);
        insert(entry, moved, bytes);
    }
    hak_unlock(&huges.lock);
    return moved;
}

void hak_huge_lock_for_fork(void)
{
    hak_lock_for_fork(&huges.lock);
}

void hak_huge_unlock_after_fork(void)
{
    hak_unlock_after_fork(&huges.lock);
}
