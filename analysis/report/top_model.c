/* SPDX-License-Identifier: MIT */
#include "top_model.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const top_order_names[TOP_ORDERS] = {
    [TOP_BY_OPERATIONS] = "ops/s", [TOP_BY_LIVE] = "live", [TOP_BY_SIZE] = "size"};

void top_note(struct top_target *target, const char *format, ...)
{
    va_list arguments;
    if (target->note_count == TOP_NOTES)
        return;
    va_start(arguments, format);
    vsnprintf(target->notes[target->note_count++].text, sizeof target->notes[0].text, format,
              arguments);
    va_end(arguments);
}

bool top_window_add(struct top_window *window, const struct top_reading *reading)
{
    struct top_reading *place;
    if (window->count == TOP_WINDOW) {
        place = window->readings[0];
        memmove(&window->readings[0], &window->readings[1],
                (TOP_WINDOW - 1) * sizeof window->readings[0]);
        window->count--;
    } else {
        place = malloc(sizeof *place);
        if (!place)
            return false;
    }
    *place = *reading;
    window->readings[window->count++] = place;
    return true;
}

void top_window_finish(struct top_window *window)
{
    while (window->count)
        free(window->readings[--window->count]);
}

static uint64_t rise(uint64_t before, uint64_t after)
{
    return after > before ? after - before : 0;
}

static int by_operations(const void *a, const void *b)
{
    const struct top_class *x = a, *y = b;
    if (x->operations != y->operations)
        return (x->operations < y->operations) - (x->operations > y->operations);
    return (x->bytes > y->bytes) - (x->bytes < y->bytes);
}

static int by_live(const void *a, const void *b)
{
    const struct top_class *x = a, *y = b;
    double of_x = isnan(x->live) ? 0 : x->live, of_y = isnan(y->live) ? 0 : y->live;
    return of_x != of_y ? (of_x < of_y) - (of_x > of_y) : by_operations(a, b);
}

/* Large and huge blocks, of no one size, come last. */
static int by_size(const void *a, const void *b)
{
    const struct top_class *x = a, *y = b;
    uint64_t of_x = x->bytes ? x->bytes : UINT64_MAX, of_y = y->bytes ? y->bytes : UINT64_MAX;
    return (of_x > of_y) - (of_x < of_y);
}

void top_sort_classes(struct top_moment *moment, enum top_order order)
{
    static int (*const orders[TOP_ORDERS])(const void *, const void *) = {
        [TOP_BY_OPERATIONS] = by_operations, [TOP_BY_LIVE] = by_live, [TOP_BY_SIZE] = by_size};
    qsort(moment->classes, moment->class_count, sizeof moment->classes[0], orders[order]);
}

static void fill_classes(const struct top_reading *before, const struct top_reading *after,
                         struct top_moment *moment)
{
    for (size_t c = 0; c < after->class_count; c++) {
        const struct top_class_reading *now = &after->classes[c];
        struct top_class_reading none = {0};
        const struct top_class_reading *then =
            c < before->class_count ? &before->classes[c] : &none;
        uint64_t mallocs = rise(then->mallocs, now->mallocs), frees = rise(then->frees, now->frees);
        uint64_t blocks = rise(now->frees, now->mallocs);
        if (mallocs == 0 && frees == 0 && blocks == 0)
            continue;
        struct top_class *class = &moment->classes[moment->class_count++];
        *class = (struct top_class){
            .bytes = now->bytes,
            .mallocs = (double)mallocs / moment->seconds,
            .frees = (double)frees / moment->seconds,
            .operations = (double)(mallocs + frees) / moment->seconds,
            .blocks = blocks,
            .live = now->bytes ? (double)blocks * (double)now->bytes : NAN,
        };
        memcpy(class->name, now->name, sizeof class->name);
    }
    top_sort_classes(moment, TOP_BY_OPERATIONS);
}

static void fill_counted(const struct top_reading *before, const struct top_reading *after,
                         struct top_moment *moment)
{
    moment->operations = NAN;
    moment->counted = after->counted;
    if (!after->counted)
        return;
    moment->live = after->live;
    moment->retained = after->retained;
    moment->mapped = after->mapped;
    moment->metadata = after->metadata;
    moment->operations_all = after->operations;
    if (!before->counted)
        return;
    moment->operations_now = rise(before->operations, after->operations);
    moment->operations = (double)moment->operations_now / moment->seconds;
    fill_classes(before, after, moment);
}

static double weight_of(const struct top_reading *reading, const struct top_source_reading *wanted)
{
    for (size_t i = 0; i < reading->source_count; i++) {
        const struct top_source_reading *source = &reading->sources[i];
        if (source->group == wanted->group && strcmp(source->name, wanted->name) == 0)
            return source->weight;
    }
    return 0;
}

static int by_share(const void *a, const void *b)
{
    const struct top_source *x = a, *y = b;
    bool first_x = x->group == REPORT_APPLICATION, first_y = y->group == REPORT_APPLICATION;
    if (first_x != first_y)
        return first_y - first_x;
    return x->share != y->share ? (x->share < y->share) - (x->share > y->share)
                                : strcmp(x->name, y->name);
}

/* As few readings back as give enough samples. */
static const struct top_reading *window_start(const struct top_window *window)
{
    const struct top_reading *newest = window->readings[window->count - 1];
    size_t i = window->count - 2;
    while (i > 0 && rise(window->readings[i]->samples, newest->samples) < TOP_ENOUGH)
        i--;
    return window->readings[i];
}

/* Where the kernel is not sampled, the shares are of the user's part, and the rest is the kernel's.
 */
static void add_unsampled_kernel(const struct top_reading *before, const struct top_reading *after,
                                 struct top_moment *moment)
{
    double user = after->user_s - before->user_s, system = after->system_s - before->system_s;
    double part = user > 0 && system >= 0 ? user / (user + system) : 1;
    if (after->kernel_sampled || moment->source_count == TOP_SOURCES)
        return;
    for (size_t i = 0; i < moment->source_count; i++)
        moment->sources[i].share *= part;
    moment->malloc_share *= part;
    moment->sources[moment->source_count++] =
        (struct top_source){"kernel", REPORT_KERNEL, 1 - part};
}

static void fill_sources(const struct top_window *window, struct top_moment *moment)
{
    const struct top_reading *after = window->readings[window->count - 1];
    const struct top_reading *before = window_start(window);
    double total = 0, weights[TOP_SOURCES];
    moment->malloc_share = NAN;
    moment->samples = rise(before->samples, after->samples);
    moment->window_s = after->at_s - before->at_s;
    for (size_t i = 0; i < after->source_count; i++) {
        weights[i] = fmax(0, after->sources[i].weight - weight_of(before, &after->sources[i]));
        total += weights[i];
    }
    if (!(total > 0))
        return;
    moment->malloc_share = 0;
    for (size_t i = 0; i < after->source_count; i++) {
        struct top_source *source = &moment->sources[moment->source_count++];
        source->group = after->sources[i].group;
        source->share = weights[i] / total;
        memcpy(source->name, after->sources[i].name, sizeof source->name);
        if (source->group != REPORT_APPLICATION && source->group != REPORT_KERNEL)
            moment->malloc_share += source->share;
    }
    add_unsampled_kernel(before, after, moment);
    if (!after->separated)
        moment->malloc_share = NAN;
    qsort(moment->sources, moment->source_count, sizeof moment->sources[0], by_share);
}

/* Of the interval; of all that was seen, where the watching has come to an end. */
static void fill_latencies(const struct top_event_reading *then,
                           const struct top_event_reading *now, struct top_event *event)
{
    static const struct top_event_reading nothing;
    event->past = !now->watched && now->count > 0;
    then = event->past ? &nothing : then;
    uint64_t count = rise(then->count, now->count), buckets[REPORT_BUCKETS];
    if (!*now->unit || count == 0)
        return;
    for (size_t b = 0; b < REPORT_BUCKETS; b++)
        buckets[b] = rise(then->buckets[b], now->buckets[b]);
    event->mean = (double)rise(then->total, now->total) / (double)count;
    event->p99 = report_quantile(buckets, 0.99);
}

static void fill_events(const struct top_reading *before, const struct top_reading *after,
                        struct top_moment *moment)
{
    for (size_t e = 0; e < after->event_count && e < before->event_count; e++) {
        const struct top_event_reading *then = &before->events[e], *now = &after->events[e];
        struct top_event *event = &moment->events[moment->event_count++];
        *event = (struct top_event){now->name, now->unit, NAN, NAN, NAN, false};
        if (!isnan(now->counted) && !isnan(then->counted))
            event->per_s = fmax(0, now->counted - then->counted) / moment->seconds;
        else if (now->watched)
            event->per_s = (double)rise(then->count, now->count) / moment->seconds;
        fill_latencies(then, now, event);
    }
}

static int by_cores(const void *a, const void *b)
{
    const struct top_thread *x = a, *y = b;
    return x->cores != y->cores ? (x->cores < y->cores) - (x->cores > y->cores)
                                : (x->tid > y->tid) - (x->tid < y->tid);
}

static const struct top_thread_reading *thread_of(const struct top_reading *reading, pid_t tid)
{
    for (size_t i = 0; i < reading->thread_count; i++) {
        if (reading->thread[i].tid == tid)
            return &reading->thread[i];
    }
    return NULL;
}

static void fill_threads(const struct top_reading *before, const struct top_reading *after,
                         struct top_moment *moment)
{
    struct top_thread threads[TOP_THREADS_READ];
    moment->threads = after->threads;
    for (size_t i = 0; i < after->thread_count; i++) {
        const struct top_thread_reading *now = &after->thread[i];
        const struct top_thread_reading *then = thread_of(before, now->tid);
        threads[i].tid = now->tid;
        double cores = 1e-9 * (double)rise(then ? then->cpu_ns : 0, now->cpu_ns) / moment->seconds;
        threads[i].cores = fmin(1, cores); /* one not read before may be older than the interval */
        memcpy(threads[i].name, now->name, sizeof now->name);
    }
    qsort(threads, after->thread_count, sizeof threads[0], by_cores);
    moment->thread_count =
        after->thread_count < TOP_THREADS ? after->thread_count : (size_t)TOP_THREADS;
    memcpy(moment->thread, threads, moment->thread_count * sizeof threads[0]);
}

static void fill_process(const struct top_reading *before, const struct top_reading *after,
                         struct top_moment *moment)
{
    double cpu = fmax(0, after->cpu_s - before->cpu_s);
    double cost =
        after->sample_cost_s - before->sample_cost_s + after->event_cost_s - before->event_cost_s;
    moment->cores = cpu / moment->seconds;
    moment->own = (after->own_cpu_s - before->own_cpu_s) / moment->seconds;
    moment->cost = cpu > 0 ? fmax(0, cost) / cpu : NAN;
    moment->minor_faults =
        (double)rise(before->minor_faults, after->minor_faults) / moment->seconds;
    moment->major_faults =
        (double)rise(before->major_faults, after->major_faults) / moment->seconds;
    moment->resident = after->resident;
}

bool top_moment(const struct top_window *window, double start_s, struct top_moment *moment)
{
    unsigned number = moment->number;
    if (window->count < 2)
        return false;
    const struct top_reading *before = window->readings[window->count - 2];
    const struct top_reading *after = window->readings[window->count - 1];
    *moment = (struct top_moment){
        .number = number + 1,
        .at_s = after->at_s - start_s,
        .seconds = fmax(after->at_s - before->at_s, 1e-6),
    };
    fill_process(before, after, moment);
    fill_counted(before, after, moment);
    fill_sources(window, moment);
    fill_events(before, after, moment);
    fill_threads(before, after, moment);
    return true;
}

void top_history_add(struct top_history *history, const struct top_moment *moment)
{
    if (history->count == TOP_HISTORY) {
        memmove(&history->moments[0], &history->moments[1],
                (TOP_HISTORY - 1) * sizeof history->moments[0]);
        history->count--;
    }
    double unknown = moment->counted ? 0 : NAN;
    size_t i = history->count++;
    history->moments[i].operations = moment->operations;
    history->moments[i].malloc_share = moment->malloc_share;
    history->moments[i].live = (double)moment->live + unknown;
    history->moments[i].retained = (double)moment->retained + unknown;
    history->moments[i].mapped = (double)moment->mapped + unknown;
    history->moments[i].resident = (double)moment->resident;
    history->moments[i].cores = moment->cores;
}
