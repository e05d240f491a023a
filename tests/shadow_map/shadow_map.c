/* SPDX-License-Identifier: MIT */
#include "shadow_map.h"

#include "support/process.h"

#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    SLOTS = 2048,
    EXCHANGE = 512,
    GRANULE = 16,              /* the map's grain: blocks are 16-aligned */
    CELLS = 1 << 20,           /* of the overlap map, a power of two */
    LIVE_BYTES_MAX = 96 << 20, /* a shadow frees when it holds more */
    EDGE = 64                  /* bytes checked at each end of long blocks, and some between */
};

struct block {
    unsigned char *p;
    size_t size;
    unsigned char mark; /* what every byte of it holds */
};

struct shadow {
    unsigned number;
    size_t live_bytes;
    struct block slots[SLOTS];
};

/* Blocks on their way from one thread to another. */
static _Atomic(struct block *) exchange[EXCHANGE];

/*
 * The overlap map: for each 16 bytes of a live block's two ends (and every 4 KiB between) a cell
 * chosen by address says so. Two threads that were given the same bytes both mark the same cell: a
 * cell is claimed by one compare-and-swap from 0 to the granule's address, so a second claim of the
 * same granule is a violation, and a claim that finds another granule there goes uncounted.
 */
static _Atomic(uintptr_t) cells[CELLS];

static _Noreturn void violation(const char *what, const struct block *b, size_t detail)
{
    fprintf(stderr, "shadow_map: %s: %zu bytes at %p (%zu)\n", what, b->size, (void *)b->p, detail);
    abort();
}

static _Atomic(uintptr_t) *cell_of(uintptr_t granule)
{
    return &cells[granule * 0x9e3779b97f4a7c15ull >> 44];
}

static void claim(const struct block *b)
{
    uintptr_t first = (uintptr_t)b->p / GRANULE, last = ((uintptr_t)b->p + b->size - 1) / GRANULE;
    for (uintptr_t g = first; g <= last; g += g + 4 < last && g > first + 4 ? 4096 / GRANULE : 1) {
        uintptr_t empty = 0;
        if (!atomic_compare_exchange_strong(cell_of(g), &empty, g) && empty == g)
            violation("overlaps a live block", b, g * GRANULE);
    }
}

static void disclaim(const struct block *b)
{
    uintptr_t first = (uintptr_t)b->p / GRANULE, last = ((uintptr_t)b->p + b->size - 1) / GRANULE;
    for (uintptr_t g = first; g <= last; g += g + 4 < last && g > first + 4 ? 4096 / GRANULE : 1) {
        uintptr_t mine = g;
        atomic_compare_exchange_strong(cell_of(g), &mine, 0);
    }
}

/* Visits the bytes that are checked: all of a short block, both ends and a stride of a long one. */
static size_t next_byte(size_t k, size_t size)
{
    if (size <= 1024 || k < EDGE || k + EDGE >= size)
        return k + 1;
    size_t next = k + 1021;
    return next + EDGE > size ? size - EDGE : next;
}

static void check_bytes(const struct block *b, size_t size, const char *what)
{
    for (size_t k = 0; k < size; k = next_byte(k, size))
        if (b->p[k] != b->mark)
            violation(what, b, k);
}

static void fill_bytes(struct block *b, unsigned char mark)
{
    b->mark = mark;
    memset(b->p, mark, b->size);
}

static void check_zero(const struct block *b)
{
    if (b->size && (b->p[0] || memcmp(b->p, b->p + 1, b->size - 1) != 0))
        violation("calloc gave a byte that is not zero", b, 0);
}

static size_t choose_size(struct choices *from)
{
    uint64_t r = from->next(from);
    uint64_t kind = r % 256;
    r >>= 8;
    if (kind < 160)
        return r % 1025;
    if (kind < 240)
        return r % 16000;
    if (kind < 254 || r % 8 != 0)
        return r % 140000;
    return (r % 64 == 0 ? 36 << 20 : r % (3 << 20)) + r % 100000;
}

/* Enters a new block: usable, aligned, apart from all others. */
static void enter(struct shadow *s, struct block *b, unsigned char *p, size_t size,
                  size_t alignment)
{
    b->p = p;
    b->size = size;
    if (!p)
        violation("refused", b, size);
    if ((uintptr_t)p % alignment)
        violation("is not aligned", b, alignment);
    size_t usable = malloc_usable_size(p);
    if (usable < size)
        violation("has too few usable bytes", b, usable);
    if (usable - size < 64)
        b->size = usable; /* every usable byte may be written */
    if (b->size == 0)
        b->size = usable ? 1 : 0;
    s->live_bytes += b->size;
    if (b->size)
        claim(b);
}

static void leave(struct shadow *s, struct block *b)
{
    check_bytes(b, b->size, "changed while it was live");
    if (b->size)
        disclaim(b);
    s->live_bytes -= b->size;
    if (s->number)
        memset(b->p, 0xdb, b->size < 256 ? b->size : 256);
}

static void allocate(struct shadow *s, struct block *b, struct choices *from)
{
    size_t size = choose_size(from);
    uint64_t r = from->next(from);
    size_t alignment = 16, odd = 1ul << (r >> 8) % 14;
    void *p = NULL;
    bool zero = false;
    switch (r % 16) {
    case 0:
    case 1:
        p = calloc(1, size);
        zero = true;
        break;
    case 2:
        p = calloc(size / 24 + 1, 24);
        size = (size / 24 + 1) * 24;
        zero = true;
        break;
    case 3:
        p = memalign(alignment = odd < 16 ? 16 : odd, size);
        break;
    case 4:
        p = aligned_alloc(alignment = odd < 16 ? 16 : odd, size);
        break;
    case 5:
        alignment = odd < 16 ? 16 : odd * (r >> 20 & 63 ? 1 : 64);
        if (posix_memalign(&p, alignment, size))
            p = NULL;
        break;
    case 6:
        p = reallocarray(NULL, size, 1);
        break;
    case 7:
        p = r >> 20 & 1 ? valloc(size) : pvalloc(size);
        alignment = 4096;
        break;
    default:
        p = malloc(size);
    }
    enter(s, b, p, size, alignment);
    if (zero) {
        struct block asked = {p, size, 0};
        check_zero(&asked);
    }
    fill_bytes(b, (unsigned char)r);
}

static void release(struct shadow *s, struct block *b)
{
    leave(s, b);
    errno = 12345;
    free(b->p);
    if (errno != 12345)
        violation("free changed errno", b, (size_t)errno);
    b->p = NULL;
}

static void resize(struct shadow *s, struct block *b, struct choices *from)
{
    size_t size = choose_size(from);
    struct block old = *b;
    check_bytes(b, b->size, "changed while it was live");
    disclaim(b);
    s->live_bytes -= b->size;
    unsigned char *p = size % 2 ? realloc(b->p, size) : reallocarray(b->p, size / 2, 2);
    if (size == 0) {
        if (p)
            violation("realloc to 0 gave a pointer", &old, 0);
        b->p = NULL;
        return;
    }
    enter(s, b, p, size, 16);
    struct block kept = {p, size < old.size ? size : old.size, old.mark};
    check_bytes(&kept, kept.size, "changed by realloc");
    fill_bytes(b, (unsigned char)(old.mark + 1));
}

/* Sends a block into the exchange and frees the one that was there, whoever allocated it. */
static void hand_over(struct shadow *s, struct block *b, struct choices *from)
{
    struct block *parcel = malloc(sizeof *parcel);
    *parcel = *b;
    s->live_bytes -= b->size;
    b->p = NULL;
    parcel = atomic_exchange(&exchange[from->next(from) % EXCHANGE], parcel);
    if (!parcel)
        return;
    s->live_bytes += parcel->size;
    release(s, parcel);
    free(parcel);
}

static bool refused_requests(struct shadow *s, struct block *b)
{
    return !malloc(opaque_size(SIZE_MAX - 5)) && !calloc(opaque_size(SIZE_MAX / 2), 3) &&
           !(b->p && realloc(b->p, opaque_size((size_t)1 << 62)));
}

void shadow_step(struct shadow *s, struct choices *from)
{
    uint64_t r = from->next(from);
    struct block *b = &s->slots[r % SLOTS];
    r >>= 16;
    if (r % 65536 == 0)
        malloc_trim(0);
    if (r % 1024 == 1 && !refused_requests(s, b))
        violation("an impossible request was met", b, 0);
    if (s->live_bytes > LIVE_BYTES_MAX) {
        for (int i = 0; i < SLOTS; i++)
            if (s->slots[i].p && s->slots[i].size > 4096)
                release(s, &s->slots[i]);
    }
    if (!b->p)
        allocate(s, b, from);
    else if (r % 8 < 5)
        release(s, b);
    else if (r % 8 == 5)
        hand_over(s, b, from);
    else if (r % 8 == 6)
        resize(s, b, from);
    else
        check_bytes(b, b->size, "changed while it was live");
}

struct shadow *shadow_create(unsigned number)
{
    struct shadow *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        abort();
    s->number = number;
    return s;
}

void shadow_destroy(struct shadow *s)
{
    for (int i = 0; i < SLOTS; i++)
        if (s->slots[i].p)
            release(s, &s->slots[i]);
    munmap(s, sizeof *s);
}

void shadow_exchange_drain(void)
{
    struct shadow s = {.number = 0};
    for (int i = 0; i < EXCHANGE; i++) {
        struct block *parcel = atomic_exchange(&exchange[i], NULL);
        if (!parcel)
            continue;
        s.live_bytes += parcel->size;
        release(&s, parcel);
        free(parcel);
    }
}
