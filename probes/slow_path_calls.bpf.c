// SPDX-License-Identifier: (MIT OR GPL-2.0)
/* Every call of malloc, free and realloc, on request: each costs the program a trap. */
#include "slow_path_events.h"

const char slow_path_license[] SEC("license") = "Dual MIT/GPL";

/* Blocks handed out, by the size asked for. */
struct {
    __uint(type, BPF_MAP_TYPE_HASH);
    __uint(max_entries, WATCHED_SIZES);
    __type(key, __u64);
    __type(value, __u64);
} sizes SEC(".maps");

static __always_inline void count_size(__u64 size)
{
    static const __u64 none;
    __u64 *count = bpf_map_lookup_elem(&sizes, &size);
    if (!count) {
        bpf_map_update_elem(&sizes, &size, &none, BPF_NOEXIST);
        count = bpf_map_lookup_elem(&sizes, &size);
    }
    if (count)
        add(count, 1);
    else
        add(&lost[WATCHED_LOST_SIZES], 1);
}

SEC("usdt")
int BPF_USDT(slow_path_malloc, __u64 pointer, __u64 size)
{
    if (!current_process())
        return 0;
    struct watched_events *events = events_of(WATCHED_MALLOC);
    add(&events->hits, 1);
    record(events, size);
    count_size(size);
    return 0;
}

SEC("usdt")
int BPF_USDT(slow_path_free)
{
    if (!current_process())
        return 0;
    struct watched_events *events = events_of(WATCHED_FREE);
    add(&events->hits, 1);
    add(&events->count, 1);
    return 0;
}

SEC("usdt")
int BPF_USDT(slow_path_realloc, __u64 old, __u64 new, __u64 size)
{
    if (!current_process())
        return 0;
    struct watched_events *events = events_of(WATCHED_REALLOC);
    add(&events->hits, 1);
    record(events, size);
    return 0;
}
