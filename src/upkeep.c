/* SPDX-License-Identifier: MIT */
#include "upkeep.h"

#include "arena.h"
#include "decay.h"
#include "heap.h"
#include "os.h"
#include "remote.h"
#include "sample.h"
#include "tally.h"

enum {
    TURN_MAX =
        256, /* mallocs: a program that calls once a millisecond comes by four times a second */
    QUICK_MS = 4,       /* turns that follow each other faster than that grow; the clock's step */
    LAZY_MS = 16,       /* and slower than that shrink */
    PUBLISH_TICKS = 64, /* slow paths between looks at the outbox, a multiple of HAK_LOOK_TICKS */
    ARM_MS =
        64, /* turns begin anew at one after so long: whatever comes next, it looks at the clock */
    DECAY_MS = 80, /* between looks at what nobody uses */
};

/* Every class's next malloc is a slow one. */
static void arm(struct hak_thread *thread, struct hak_heap *heap, uint32_t now)
{
    for (size_t c = 0; c < HAK_CLASSES; c++)
        hak_tally_grant(thread, heap, c, 1);
    heap->turn = 1;
    heap->armed_at = now;
}

static void look(struct hak_thread *thread, struct hak_heap *heap, uint32_t now)
{
    hak_sample_follow(thread, heap, 1);
    if (now - heap->armed_at >= ARM_MS)
        arm(thread, heap, now);
    if (now - heap->decayed_at >= DECAY_MS) {
        heap->decayed_at = now;
        hak_remote_publish_all(heap);
        hak_decay(thread, heap);
        hak_arena_purge(false);
    }
    heap->looked_at = now;
}

void hak_upkeep_look(struct hak_thread *thread, struct hak_heap *heap)
{
    if (heap->tick % PUBLISH_TICKS == 0)
        hak_remote_publish_old(heap);
    look(thread, heap, hak_os_milliseconds());
}

void hak_upkeep_turn(struct hak_thread *thread, struct hak_heap *heap, size_t size_class)
{
    uint32_t now = hak_os_milliseconds(), passed = now - heap->looked_at;
    hak_heap_enter(heap);
    if (thread->rest[size_class].turn == 0)
        thread->rest[size_class].turn = 1; /* the fast path took it and handed nothing out */
    if (passed <= QUICK_MS && heap->turn < TURN_MAX)
        heap->turn *= 2;
    else if (passed >= LAZY_MS)
        heap->turn = heap->turn >= 4 ? heap->turn / 4 : 1;
    look(thread, heap, now);
    /* One more: the caller takes the one that is never left to the fast path. */
    hak_tally_grant(thread, heap, size_class, heap->turn + 1);
    hak_heap_leave(heap);
}

void hak_upkeep_begin(struct hak_thread *thread, struct hak_heap *heap)
{
    heap->turn = 1;
    for (size_t c = 0; c < HAK_CLASSES; c++) {
        thread->rest[c].turn = 1;
        thread->rest[c].mask = (uint16_t)cache_mask(c);
        thread->rest[c].inverse = hak_class_inverse[c];
        heap->tally[c] = (struct hak_tally){1, hak_tally_count(thread, heap, c), HAK_SAMPLE_NEVER};
    }
    hak_sample_begin(heap);
}
