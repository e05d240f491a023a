/* SPDX-License-Identifier: MIT */
#include "top_counted.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void add_class(struct top_reading *reading, const char *name, uint64_t bytes,
                      const struct hak_counter_page *sum, size_t c)
{
    struct top_class_reading *class = &reading->classes[reading->class_count++];
    *class = (struct top_class_reading){
        .bytes = bytes, .mallocs = sum->mallocs[c], .frees = sum->frees[c]};
    snprintf(class->name, sizeof class->name, "%s", name);
}

void top_counted_fill(const struct counters_image *image, struct top_reading *reading)
{
    struct counters counters = {0};
    reading->counted = counters_add_image(&counters, image, NULL);
    if (!reading->counted)
        return;
    reading->operations = counters_operations(&counters);
    reading->live = counters.memory.live;
    reading->retained = counters.memory.retained;
    reading->mapped = counters.memory.mapped;
    reading->metadata = counters.memory.metadata;
    for (size_t c = 0; c < image->header.slab_classes; c++) {
        char name[16];
        snprintf(name, sizeof name, "%u", image->header.class_bytes[c]);
        add_class(reading, name, image->header.class_bytes[c], &image->sum, c);
    }
    add_class(reading, "large", 0, &image->sum, HAK_CLASS_LARGE);
    add_class(reading, "huge", 0, &image->sum, HAK_CLASS_HUGE);
}

/* In the order of the screen. What every call does, and what a look can't tell apart, is not here.
 */
static const enum slow_path_kind shown[] = {
    SLOW_PATH_REFILL, SLOW_PATH_OVERFLOW, SLOW_PATH_REMOTE_COLLECT, SLOW_PATH_REMOTE_PUBLISH,
    SLOW_PATH_ARENA,  SLOW_PATH_PURGE,    SLOW_PATH_LOCK_WAIT,      SLOW_PATH_PAGE_FAULT,
};
enum { SHOWN = sizeof shown / sizeof shown[0] };

/* The counter beside a probe goes up whenever the probe fires; page faults and waits have
 * none. */
static double counter_of(const struct counters_image *image, enum slow_path_kind kind)
{
    static const int counters[SLOW_PATH_KINDS] = {
        [SLOW_PATH_REFILL] = HAK_COUNT_refills,
        [SLOW_PATH_OVERFLOW] = HAK_COUNT_overflows,
        [SLOW_PATH_REMOTE_COLLECT] = HAK_COUNT_remote_collects,
        [SLOW_PATH_REMOTE_PUBLISH] = HAK_COUNT_remote_publishes,
        [SLOW_PATH_ARENA] = HAK_COUNT_span_takes,
        [SLOW_PATH_PURGE] = HAK_COUNT_purges,
        [SLOW_PATH_LOCK_WAIT] = -1,
        [SLOW_PATH_PAGE_FAULT] = -1,
    };
    return image && counters[kind] >= 0 ? (double)image->sum.count[counters[kind]] : NAN;
}

static const char *unit_of(enum slow_path_kind kind)
{
    if (kind == SLOW_PATH_PAGE_FAULT)
        return "";
    return kind == SLOW_PATH_REMOTE_PUBLISH ? "blocks" : "ns";
}

void top_counted_events(const struct counters_image *image, const struct slow_path_report *watched,
                        struct top_reading *reading)
{
    _Static_assert((int)SHOWN <= (int)TOP_EVENTS, "a place for each");
    _Static_assert((int)SLOW_PATH_BUCKETS == (int)REPORT_BUCKETS, "the same buckets");
    for (size_t i = 0; i < SHOWN; i++) {
        enum slow_path_kind kind = shown[i];
        struct top_event_reading *event = &reading->events[reading->event_count++];
        *event = (struct top_event_reading){
            .name = slow_path_names[kind],
            .unit = unit_of(kind),
            .counted = counter_of(image, kind),
        };
        if (!watched)
            continue;
        const struct slow_path_events *seen = &watched->kind[kind];
        event->watched = seen->watched && !seen->cut_short;
        event->count = seen->count;
        event->total = seen->total;
        memcpy(event->buckets, seen->histogram, sizeof event->buckets);
    }
}
