/* SPDX-License-Identifier: MIT */
/* Blocks linked through themselves, oldest first: no array of pointers adds to resident memory. */
#ifndef BENCH_CHAIN_H
#define BENCH_CHAIN_H

#include <stdlib.h>

#include "workload.h"

struct link {
    struct link *next;
    size_t size; /* of the whole block */
};

struct chain {
    struct link *first, *last;
    uint64_t count, bytes;
};

/* `size` is at least that of a link. */
static inline struct link *chain_add(struct chain *chain, size_t size)
{
    struct link *link = malloc(size);
    if (!link)
        return NULL;
    *link = (struct link){NULL, size};
    if (chain->last)
        chain->last->next = link;
    else
        chain->first = link;
    chain->last = link;
    chain->count++;
    chain->bytes += size;
    return link;
}

/* The oldest is freed; gives its size back. The chain must not be empty. */
static inline size_t chain_drop(struct chain *chain)
{
    struct link *link = chain->first;
    size_t size = link->size;
    chain->first = link->next;
    if (!chain->first)
        chain->last = NULL;
    chain->count--;
    chain->bytes -= size;
    free(link);
    return size;
}

#endif
