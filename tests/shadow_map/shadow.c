/* SPDX-License-Identifier: MIT */
#include "shadow.h"

#include "allocator.h"
#include "contents.h"
#include "overlap_map.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    ALIGNMENT = 16,          /* of every block */
    RESIDENT_MAX = 64 << 20, /* a shadow frees when it holds more, bytes */
    BIG = 4096,              /* what it frees first, bytes */
    REFUSED_FROM = 64 << 20, /* requests of so many bytes may be refused at any time */
};

static const size_t room_max = (size_t)8 << 30; /* the same, of address space */

bool shadow_short_of_space;

_Noreturn void shadow_violation(const char *what, const struct shadow_block *b, size_t detail)
{
    dprintf(2, "shadow_map: %s: %zu bytes asked, %zu usable at %p, alignment %zu (%zu, %#zx)\n",
            what, b->asked, b->usable, (void *)b->p, b->alignment, detail, detail);
    abort();
}

static void account(struct shadow *s, const struct shadow_block *b, bool enters)
{
    size_t resident = contents_resident(b->usable);
    s->resident += enters ? resident : -resident;
    s->room += enters ? b->usable : -b->usable;
}

void shadow_check(const struct shadow_block *b)
{
    ptrdiff_t wrong = contents_check(b->p, b->usable, b->usable, b->mark);
    if (wrong != CONTENTS_RIGHT)
        shadow_violation("a byte changed while its block was live", b, (size_t)wrong);
    if (allocator.malloc_usable_size(b->p) != b->usable)
        shadow_violation("another usable size than before", b, allocator.malloc_usable_size(b->p));
}

static bool may_be_refused(const struct shadow_block *b)
{
    return errno == ENOMEM &&
           (shadow_short_of_space || b->asked >= REFUSED_FROM || b->alignment >= REFUSED_FROM);
}

static void check_answer(const struct shadow_block *b, const struct shadow_block *old, bool zero)
{
    const void *at = NULL;
    if ((uintptr_t)b->p % (b->alignment > ALIGNMENT ? b->alignment : ALIGNMENT) != 0)
        shadow_violation("not aligned", b, b->alignment);
    if (b->usable < b->asked)
        shadow_violation("fewer usable bytes than asked for", b, b->usable);
    if (!overlap_claim(b->p, b->usable, &at))
        shadow_violation("overlaps a live block", b, (uintptr_t)at);
    ptrdiff_t wrong = zero ? contents_check_zero(b->p, b->asked) : CONTENTS_RIGHT;
    if (wrong != CONTENTS_RIGHT)
        shadow_violation("a byte of calloc's is not zero", b, (size_t)wrong);
    if (!old)
        return;
    size_t kept = old->usable < b->asked ? old->usable : b->asked;
    wrong = contents_check(b->p, kept, old->usable, old->mark);
    if (wrong != CONTENTS_RIGHT)
        shadow_violation("a byte changed in realloc", b, (size_t)wrong);
}

bool shadow_enter(struct shadow *s, struct shadow_block *b, unsigned char *p,
                  const struct shadow_block *old, bool zero)
{
    b->p = p;
    b->usable = 0;
    if (!p) {
        if (!may_be_refused(b))
            shadow_violation("refused", b, (size_t)errno);
        return false;
    }
    b->usable = allocator.malloc_usable_size(p);
    check_answer(b, old, zero);
    contents_fill(p, b->usable, b->mark);
    account(s, b, true);
    return true;
}

void shadow_leave(struct shadow *s, struct shadow_block *b)
{
    const void *at = NULL;
    shadow_check(b);
    account(s, b, false);
    if (!overlap_disclaim(b->p, b->usable, &at))
        shadow_violation("was not marked as live", b, (uintptr_t)at);
}

void shadow_send(struct shadow *s, struct shadow_block *b, struct shadow_block *parcel)
{
    *parcel = *b;
    account(s, b, false);
    b->p = NULL;
}

void shadow_receive(struct shadow *s, const struct shadow_block *parcel)
{
    account(s, parcel, true);
}

void shadow_keep_within_limits(struct shadow *s)
{
    struct choices plain = choices_of_bytes(NULL, 0, 0);
    if (s->resident <= RESIDENT_MAX && s->room <= room_max)
        return;
    for (int i = 0; i < SHADOW_SLOTS; i++)
        if (s->slots[i].p && s->slots[i].usable >= BIG)
            shadow_release(s, &s->slots[i], &plain);
}

struct shadow *shadow_create(void)
{
    struct shadow *s =
        mmap(NULL, sizeof *s, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (s == MAP_FAILED)
        abort();
    return s;
}

void shadow_empty(struct shadow *s)
{
    struct choices plain = choices_of_bytes(NULL, 0, 0);
    for (int i = 0; i < SHADOW_SLOTS; i++)
        if (s->slots[i].p)
            shadow_release(s, &s->slots[i], &plain);
}

void shadow_destroy(struct shadow *s)
{
    shadow_empty(s);
    munmap(s, sizeof *s);
}
