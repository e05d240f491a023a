/* SPDX-License-Identifier: MIT */
#include "count_chain.h"

#include <string.h>

void count_chain_begin(struct count_chain *chain)
{
    memset(chain, 0, sizeof *chain);
}

static uint32_t most_of(const struct count_chain *chain, uint64_t registers)
{
    uint32_t most = 0;
    for (int i = 0; i < FLOW_REGISTERS; i++) {
        if (registers >> i & 1 && chain->registers[i] > most)
            most = chain->registers[i];
    }
    return most;
}

static struct chain_slot *find_slot(struct count_chain *chain, int64_t at)
{
    for (size_t i = 0; i < chain->slot_count; i++) {
        if (chain->slots[i].at == at)
            return &chain->slots[i];
    }
    return NULL;
}

static void write_slot(struct count_chain *chain, int64_t at, uint32_t loads)
{
    struct chain_slot *slot = find_slot(chain, at);
    if (!slot) {
        slot = &chain->slots[chain->next_slot];
        chain->next_slot = (chain->next_slot + 1) % CHAIN_SLOTS;
        chain->slot_count += chain->slot_count < CHAIN_SLOTS;
    }
    *slot = (struct chain_slot){at, loads};
}

/* A value taken back from the stack is no link: its address needs no load. */
static uint32_t load(struct count_chain *chain, const struct instruction_flow *flow, int64_t at)
{
    const struct chain_slot *slot = flow->on_stack ? find_slot(chain, at) : NULL;
    uint32_t loads = slot ? slot->loads : most_of(chain, flow->address) + 1;
    if (loads > chain->longest)
        chain->longest = loads;
    return loads;
}

void count_chain_pass(struct count_chain *chain, const struct instruction_flow *flow)
{
    int64_t at = chain->stack + flow->slot;
    uint32_t loads = most_of(chain, flow->reads);
    uint32_t loaded = flow->loads ? load(chain, flow, at) : 0;
    loads = loaded > loads ? loaded : loads;
    if (flow->stores && flow->on_stack)
        write_slot(chain, at, loads);
    for (int i = 0; i < FLOW_REGISTERS; i++) {
        if (flow->writes >> i & 1)
            chain->registers[i] = loads;
    }
    if (flow->stack_moves)
        chain->stack += flow->stack_by;
    if (flow->stack_lost) {
        chain->stack = 0;
        chain->slot_count = chain->next_slot = 0;
    }
}
