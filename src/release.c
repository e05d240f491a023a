/* SPDX-License-Identifier: MIT */
#include "release.h"

#include "arena.h"
#include "factors.h"
#include "os.h"

void hak_release_states(uint32_t unit, uint32_t units)
{
    if (HAK_CHECK_TABLE_BYTES == 0)
        return;
    size_t page = hak_os_page_bytes();
    uintptr_t table = (uintptr_t)hak_arena.states;
    uintptr_t begin = (table + (size_t)unit * HAK_CHECK_TABLE_BYTES + page - 1) & ~(page - 1);
    uintptr_t end = (table + ((size_t)unit + units) * HAK_CHECK_TABLE_BYTES) & ~(page - 1);
    if (begin < end)
        hak_os_purge((void *)begin, end - begin);
}

bool hak_release(uint32_t unit)
{
    uint32_t units = hak_arena.records[unit].units;
    if (!HAK_GUARD_CLOSED && !HAK_ZERO_ON_FREE && HAK_QUARANTINE_SPANS == 0)
        return false;
    if (hak_arena.words[unit] >> 8 != 0)
        hak_release_states(unit, units);
    if (HAK_GUARD_CLOSED)
        return guard_close(unit, units);
    return hak_os_purge(hak_unit_address(unit), (size_t)units * HAK_SLAB_BYTES);
}
