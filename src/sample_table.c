/* SPDX-License-Identifier: MIT */
#include "sample_table.h"

#include "counters.h"
#include "os.h"

enum { BUCKET_BITS = 14, BUCKETS = 1 << BUCKET_BITS };

struct table {
    uint32_t buckets[BUCKETS]; /* of live ones: index + 1; 0: empty */
    struct hak_sample samples[HAK_SAMPLES_MAX];
};

enum { TABLE_BYTES = (sizeof(struct table) + HAK_PAGE_BYTES_MAX - 1) & -HAK_PAGE_BYTES_MAX };

static struct {
    struct table *at;               /* NULL: not mapped yet */
    uint32_t used;                  /* places that were ever taken */
    uint32_t live;                  /* also read without the lock */
    uint32_t dead;                  /* in the list: the one longest dead comes first */
    uint32_t first_dead, last_dead; /* index + 1; 0: none */
} table;

/* As huge.c spreads addresses. */
static uint32_t *bucket_of(const void *block)
{
    uint64_t mixed = (uintptr_t)block * UINT64_C(0x9e3779b97f4a7c15);
    return &table.at->buckets[mixed >> (64 - BUCKET_BITS)];
}

static uint32_t index_of(const struct hak_sample *sample)
{
    return (uint32_t)(sample - table.at->samples) + 1;
}

static bool start(void)
{
    if (table.at)
        return true;
    table.at = hak_os_map(TABLE_BYTES, hak_os_page_bytes());
    if (table.at)
        hak_os_advise_metadata(table.at, TABLE_BYTES);
    return table.at != NULL;
}

static struct hak_sample *take_dead(void)
{
    struct hak_sample *sample = &table.at->samples[table.first_dead - 1];
    table.first_dead = sample->next;
    if (--table.dead == 0)
        table.last_dead = 0;
    return sample;
}

struct hak_sample *hak_sample_table_add(const void *block)
{
    struct hak_sample *sample;
    if (!start())
        return NULL;
    if (table.dead >= HAK_SAMPLES_REMEMBERED || (table.used == HAK_SAMPLES_MAX && table.dead > 0))
        sample = take_dead();
    else if (table.used < HAK_SAMPLES_MAX)
        sample = &table.at->samples[table.used++];
    else
        return NULL;
    uint32_t *bucket = bucket_of(block);
    *sample = (struct hak_sample){.block = block, .is_live = true, .next = *bucket};
    *bucket = index_of(sample);
    __atomic_store_n(&table.live, table.live + 1, __ATOMIC_RELAXED);
    return sample;
}

struct hak_sample *hak_sample_table_find(const void *block)
{
    if (!table.at)
        return NULL;
    for (uint32_t at = *bucket_of(block); at != 0; at = table.at->samples[at - 1].next) {
        if (table.at->samples[at - 1].block == block)
            return &table.at->samples[at - 1];
    }
    return NULL;
}

void hak_sample_table_remove(struct hak_sample *sample)
{
    uint32_t *link = bucket_of(sample->block), index = index_of(sample);
    while (*link != index)
        link = &table.at->samples[*link - 1].next;
    *link = sample->next;
    sample->is_live = false;
    sample->record = NULL;
    sample->next = 0;
    if (table.last_dead != 0)
        table.at->samples[table.last_dead - 1].next = index;
    else
        table.first_dead = index;
    table.last_dead = index;
    table.dead++;
    __atomic_store_n(&table.live, table.live - 1, __ATOMIC_RELAXED);
}

uint32_t hak_sample_table_count(void)
{
    return __atomic_load_n(&table.live, __ATOMIC_RELAXED);
}

void hak_sample_table_forget_records(void)
{
    for (uint32_t i = 0; i < table.used; i++)
        table.at->samples[i].record = NULL;
}

const struct hak_sample *hak_sample_table_around(const void *pointer)
{
    const struct hak_sample *found = NULL;
    for (uint32_t i = 0; i < table.used; i++) {
        const struct hak_sample *sample = &table.at->samples[i];
        if ((uintptr_t)pointer - (uintptr_t)sample->block >= sample->length)
            continue;
        if (!found || sample->born >= found->born)
            found = sample;
    }
    return found;
}
