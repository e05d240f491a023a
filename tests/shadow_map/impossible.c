/* SPDX-License-Identifier: MIT */
#include "allocator.h"
#include "operations.h"

#include <errno.h>
#include <stdint.h>

static void must_be_refused(const void *p, const char *what, size_t size, size_t alignment)
{
    struct shadow_block asked = {.asked = size, .alignment = alignment};
    if (p != NULL)
        shadow_violation(what, &asked, (uintptr_t)p);
    if (errno != ENOMEM && errno != EINVAL)
        shadow_violation(what, &asked, (size_t)errno);
}

/* Near SIZE_MAX and PTRDIFF_MAX, and beyond all address space. */
static size_t choose_size(struct choices *from)
{
    size_t less = choose(from, 70000);
    switch (choose(from, 4)) {
    case 0:
        return SIZE_MAX - less;
    case 1:
        return (size_t)PTRDIFF_MAX + 1 + less;
    case 2:
        return PTRDIFF_MAX - less;
    default:
        return (size_t)1 << (50 + choose(from, 14));
    }
}

static void plain_forms(size_t size)
{
    must_be_refused(allocator.malloc(size), "an impossible malloc was met", size, 0);
    must_be_refused(allocator.calloc(1, size), "an impossible calloc was met", size, 0);
    must_be_refused(allocator.calloc(size / 3 + 2, 6), "calloc overflowed", size, 0);
    must_be_refused(allocator.realloc(NULL, size), "an impossible realloc was met", size, 0);
    must_be_refused(allocator.reallocarray(NULL, size / 2 + 2, 4), "reallocarray overflowed", size,
                    0);
    must_be_refused(allocator.valloc(size), "an impossible valloc was met", size, 4096);
    must_be_refused(allocator.pvalloc(size), "an impossible pvalloc was met", size, 4096);
}

static void operators(size_t size)
{
    static const char nothrow;
    for (int array = 0; allocator.has_operators && array < 2; array++) {
        const struct allocator_operators *of = &allocator.operators[array];
        must_be_refused(of->new_nothrow(size, &nothrow), "an impossible new was met", size, 0);
        must_be_refused(of->new_aligned_nothrow(size, 64, &nothrow), "an impossible new was met",
                        size, 64);
    }
}

/* Any alignment up to 2^63 and, of memalign, also what is rounded up to it (CVE-2026-0861: there
 * glibc's own sums overflow), with a size that is impossible or, from 2^50 on, with any. */
static void aligned_forms(size_t size, struct choices *from)
{
    size_t power = (size_t)1 << choose(from, 64), odd = power / 2 + 1 + choose(from, 256);
    void *p = NULL;
    if (power > (size_t)1 << 50 && choose(from, 2))
        size = choose(from, 1 << 20);
    if (odd < 16 || odd > power)
        odd = power;
    if (!allocator.is_hakmem)
        return;
    must_be_refused(allocator.aligned_alloc(power, size), "an impossible alignment was met", size,
                    power);
    must_be_refused(allocator.memalign(odd, size), "an impossible alignment was met", size, odd);
    int error = allocator.posix_memalign(&p, power, size);
    errno = error;
    must_be_refused(p, "an impossible alignment was met", size, power);
}

/* A block whose resizing is refused stays what it was. */
static void resize(struct shadow_block *b, size_t size)
{
    if (!b->p || b->family >= SHADOW_NEW)
        return;
    must_be_refused(allocator.realloc(b->p, size), "an impossible realloc was met", size, 0);
    must_be_refused(allocator.reallocarray(b->p, size / 2 + 2, 4), "reallocarray overflowed", size,
                    0);
    shadow_check(b);
}

void impossible_requests(struct shadow_block *b, struct choices *from)
{
    size_t size = choose_size(from);
    plain_forms(size);
    operators(size);
    aligned_forms(size, from);
    resize(b, size);
}
