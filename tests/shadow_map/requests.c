/* SPDX-License-Identifier: MIT */
/* Every way to ask for a block, to resize it and to give it back. */
#include "allocator.h"
#include "contents.h"
#include "shadow.h"
#include "size_class.h"

#include <errno.h>
#include <string.h>

enum {
    UNIT = HAK_SLAB_BYTES,
    POISON = 256, /* bytes of a block that are overwritten before it is freed */
};

static const uint32_t class_bytes[] = {
#define BYTES(size_class, below, bytes) bytes,
    HAK_SIZE_CLASSES(BYTES)
#undef BYTES
};

static size_t at_edge(struct choices *from, size_t edge)
{
    static const int offsets[] = {0, 1, -1, -15, -16, -17, 16, 17};
    int offset = offsets[choose(from, sizeof offsets / sizeof offsets[0])];
    return offset < 0 && edge < (size_t)-offset ? 0 : edge + (size_t)(ptrdiff_t)offset;
}

size_t shadow_choose_size(struct choices *from)
{
    uint64_t kind = choose(from, 256);
    if (kind < 100)
        return choose(from, 1025);
    if (kind < 160)
        return at_edge(from, class_bytes[choose(from, HAK_CLASSES)]);
    if (kind < 228 || !choose_rarely(from, kind < 253 ? 2 : 32))
        return choose(from, 16000);
    if (kind < 242)
        return choose(from, 140000);
    if (kind < 250)
        return at_edge(from, UNIT * (1 + choose(from, choose_rarely(from, 8) ? 64 : 8)));
    if (kind < 254)
        return 1 + choose(from, 3 << 20);
    if (kind < 255)
        return (36 << 20) + choose(from, 65536);
    return at_edge(from, (size_t)1 << (20 + choose(from, 11)));
}

/* Powers of two to 4 KiB, at times to 1 GiB. */
static size_t choose_alignment(struct choices *from)
{
    if (choose(from, 16) == 0 && choose_rarely(from, 8))
        return (size_t)1 << choose(from, 31);
    return (size_t)1 << choose(from, 13);
}

static void *ask_calloc(struct shadow_block *b, struct choices *from)
{
    size_t count = 1 + choose(from, 32), each = b->asked / count;
    b->asked = count * each;
    return choose(from, 2) ? allocator.calloc(count, each) : allocator.calloc(each, count);
}

static void *ask_memalign(struct shadow_block *b, struct choices *from)
{
    size_t less = b->alignment > 32 ? choose(from, b->alignment / 4) : 0;
    return allocator.memalign(b->alignment - less, b->asked); /* rounded up to the power */
}

static void *ask_posix(struct shadow_block *b)
{
    void *p = NULL;
    if (b->alignment < sizeof p)
        b->alignment = sizeof p;
    errno = 12345;
    int error = allocator.posix_memalign(&p, b->alignment, b->asked);
    if (errno != 12345 && allocator.is_hakmem)
        shadow_violation("posix_memalign changed errno", b, (size_t)errno);
    if ((error != 0) != (p == NULL))
        shadow_violation("posix_memalign's error and pointer disagree", b, (size_t)error);
    errno = error;
    return p;
}

/* A throwing form only where memory can't be short: nobody would catch. */
static void *ask_new(struct shadow_block *b, struct choices *from)
{
    static const char nothrow;
    bool aligned = choose(from, 2) != 0, throws = choose(from, 2) != 0;
    b->array = choose(from, 2) != 0;
    if (!allocator.has_operators || b->asked > 1 << 20 || shadow_short_of_space)
        throws = false;
    if (!allocator.has_operators)
        return allocator.malloc(b->asked);
    const struct allocator_operators *of = &allocator.operators[b->array];
    b->family = aligned ? SHADOW_NEW_ALIGNED : SHADOW_NEW;
    if (!aligned)
        return throws ? of->new_plain(b->asked) : of->new_nothrow(b->asked, &nothrow);
    b->alignment = (size_t)1 << choose(from, 13);
    return throws ? of->new_aligned(b->asked, b->alignment)
                  : of->new_aligned_nothrow(b->asked, b->alignment, &nothrow);
}

static void *ask_aligned(struct shadow_block *b, struct choices *from, uint64_t form)
{
    b->alignment = choose_alignment(from);
    b->family = form == 0 ? SHADOW_C_ALIGNED : SHADOW_C_OTHER;
    switch (form) {
    case 0:
        return allocator.aligned_alloc(b->alignment, b->asked);
    case 1:
        return ask_memalign(b, from);
    default:
        return ask_posix(b);
    }
}

static void *ask_page(struct shadow_block *b, bool whole)
{
    b->family = SHADOW_C_OTHER;
    b->alignment = 4096;
    return whole ? allocator.pvalloc(b->asked) : allocator.valloc(b->asked);
}

static void *ask(struct shadow_block *b, struct choices *from, bool *zero)
{
    uint64_t form = choose(from, 32);
    *zero = form < 5;
    if (form < 5)
        return ask_calloc(b, from);
    if (form < 8)
        return ask_aligned(b, from, form - 5);
    if (form < 12)
        return ask_new(b, from);
    switch (form) {
    case 12:
        return ask_page(b, false);
    case 13:
        return ask_page(b, true);
    case 14:
        return allocator.realloc(NULL, b->asked);
    case 15:
        return allocator.reallocarray(NULL, b->asked, 1);
    default:
        return allocator.malloc(b->asked);
    }
}

void shadow_allocate(struct shadow *s, struct shadow_block *b, struct choices *from, size_t size)
{
    bool zero = false;
    *b = (struct shadow_block){.asked = size, .mark = (unsigned char)(1 + choose(from, 255))};
    choices_spend_dear(from, contents_resident(size) / SHADOW_BYTES_A_CALL);
    errno = 0;
    unsigned char *p = ask(b, from, &zero);
    shadow_enter(s, b, p, NULL, zero);
}

static void give_back_new(struct shadow_block *b, uint64_t form)
{
    static const char nothrow;
    const struct allocator_operators *of = &allocator.operators[b->array];
    bool aligned = b->family == SHADOW_NEW_ALIGNED;
    switch (form % 3) {
    case 0:
        aligned ? of->delete_aligned(b->p, b->alignment) : of->delete_plain(b->p);
        break;
    case 1:
        aligned ? of->delete_aligned_sized(b->p, b->asked, b->alignment)
                : of->delete_sized(b->p, b->asked);
        break;
    default:
        aligned ? of->delete_aligned_nothrow(b->p, b->alignment, &nothrow)
                : of->delete_nothrow(b->p, &nothrow);
    }
}

static void give_back_c(struct shadow_block *b, uint64_t form)
{
    if (form == 1 && b->family == SHADOW_C && allocator.free_sized)
        allocator.free_sized(b->p, b->asked);
    else if (form == 1 && b->family == SHADOW_C_ALIGNED && allocator.free_aligned_sized)
        allocator.free_aligned_sized(b->p, b->alignment, b->asked);
    else if (form == 2 && allocator.cfree)
        allocator.cfree(b->p);
    else if (form == 3 && allocator.realloc(b->p, 0) != NULL)
        shadow_violation("realloc to 0 gave a pointer", b, 0);
    else if (form != 3)
        allocator.free(b->p);
}

void shadow_release(struct shadow *s, struct shadow_block *b, struct choices *from)
{
    uint64_t form = choose(from, 16);
    shadow_leave(s, b);
    memset(b->p, 0xdb, b->usable < POISON ? b->usable : POISON);
    errno = 12345;
    if (b->family >= SHADOW_NEW)
        give_back_new(b, form);
    else
        give_back_c(b, form);
    if (errno != 12345)
        shadow_violation("free changed errno", b, (size_t)errno);
    b->p = NULL;
}

static void *ask_resize(const struct shadow_block *b, struct choices *from)
{
    if (choose(from, 4) == 0 && b->asked % 2 == 0)
        return allocator.reallocarray(b->p, b->asked / 2, 2);
    return allocator.realloc(b->p, b->asked);
}

/* Sizes of realloc: anything, or near what it was. */
static size_t choose_new_size(const struct shadow_block *b, struct choices *from)
{
    switch (choose(from, 4)) {
    case 0:
        return at_edge(from, b->usable) + 1;
    case 1:
        return b->usable + b->usable / 2 + 1;
    case 2:
        return b->usable / 2 + 1;
    default:
        return shadow_choose_size(from);
    }
}

void shadow_resize(struct shadow *s, struct shadow_block *b, struct choices *from)
{
    struct shadow_block old = *b;
    if (b->family >= SHADOW_NEW) {
        shadow_check(b);
        return;
    }
    size_t size = choose_new_size(b, from);
    choices_spend_dear(from, contents_resident(size) / SHADOW_BYTES_A_CALL);
    shadow_leave(s, b);
    *b = (struct shadow_block){.p = old.p, .asked = size, .mark = (unsigned char)(old.mark + 1)};
    errno = 0;
    unsigned char *p = ask_resize(b, from);
    if (size == 0) {
        if (p)
            shadow_violation("realloc to 0 gave a pointer", &old, 0);
        b->p = NULL;
    } else if (!shadow_enter(s, b, p, &old, false)) {
        shadow_check(&old); /* a failed realloc keeps it */
        *b = old;
        shadow_enter(s, b, old.p, &old, false);
    }
}
