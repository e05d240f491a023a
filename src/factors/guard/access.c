/* SPDX-License-Identifier: MIT */
#include "factors/guard/access.h"

#include "arena.h"
#include "os.h"

enum {
    GUARDS_MAX = 8192,     /* spans with one: three mappings each at the most, of 65,530 */
    UNITS_MIN = 16 * 1024, /* of an arena that has room for guards behind slabs */
};

static uint32_t guards;    /* any thread, atomically */
static bool open_for_good; /* some spans without a guard were given back; atomically */

bool hak_guard_are_left(void)
{
    return __atomic_load_n(&guards, __ATOMIC_RELAXED) < GUARDS_MAX &&
           hak_arena.reserved >= UNITS_MIN;
}

static size_t whole_pages(size_t bytes)
{
    size_t page = hak_os_page_bytes();
    return (bytes + page - 1) & ~(page - 1);
}

/* What lies behind may be open from an earlier span that had no guard. */
static void close_tail(char *span, size_t open, size_t bytes)
{
    if (open < bytes && __atomic_load_n(&open_for_good, __ATOMIC_RELAXED))
        (void)hak_os_uncommit(span + open, bytes - open);
}

bool hak_guard_open(uint32_t unit, size_t bytes)
{
    struct hak_unit *record = &hak_arena.records[unit];
    size_t whole = (size_t)record->units << HAK_SLAB_SHIFT, open = whole_pages(bytes);
    char *span = hak_unit_address(unit);
    record->guarded = open < whole && __atomic_load_n(&guards, __ATOMIC_RELAXED) < GUARDS_MAX;
    if (!hak_os_commit(span, record->guarded ? open : whole)) {
        record->guarded = false;
        return false;
    }
    if (record->guarded) {
        __atomic_fetch_add(&guards, 1, __ATOMIC_RELAXED);
        close_tail(span, open, whole);
    }
    return true;
}

bool hak_guard_resize(uint32_t unit, size_t from, size_t to)
{
    char *span = hak_unit_address(unit);
    from = whole_pages(from);
    to = whole_pages(to);
    if (from == to)
        return true;
    if (from < to)
        return hak_os_commit(span + from, to - from);
    return (hak_arena.records[unit].guarded && hak_os_uncommit(span + to, from - to)) ||
           hak_os_purge(span + to, from - to);
}

bool hak_guard_close(uint32_t unit, uint32_t units)
{
    struct hak_unit *record = &hak_arena.records[unit];
    char *span = hak_unit_address(unit);
    size_t bytes = (size_t)units << HAK_SLAB_SHIFT;
    bool guarded = record->guarded;
    record->guarded = false;
    if (guarded) {
        __atomic_fetch_sub(&guards, 1, __ATOMIC_RELAXED);
        if (hak_os_uncommit(span, bytes))
            return true;
    }
    __atomic_store_n(&open_for_good, true, __ATOMIC_RELAXED);
    return hak_os_purge(span, bytes);
}
