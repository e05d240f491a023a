/* SPDX-License-Identifier: MIT */
#include "profile_times.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attribute/growing.h"
#include "profile.h"

/* A minute or two of samples at the usual frequency. */
enum { HELD_MOST = 1 << 17 };

void profile_times_start(struct profile_times *times)
{
    timeline_start(&times->timeline);
    times->held = NULL;
    times->count = times->capacity = 0;
}

void profile_times_finish(struct profile_times *times)
{
    timeline_finish(&times->timeline);
    free(times->held);
    times->held = NULL;
}

/* Leaves the name as it is where the thread has ended. */
static void read_name(const char *path, char name[TIMELINE_NAME])
{
    char text[TIMELINE_NAME];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t bytes = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (file >= 0)
        close(file);
    if (bytes <= 0)
        return;
    text[bytes - (text[bytes - 1] == '\n')] = '\0';
    strcpy(name, text);
}

/* Threads get their names after they have begun, and programs execute others: they are asked again
 * when twice as much is known of them. */
static void name_thread(struct timeline_thread *thread)
{
    char path[64];
    if (thread->tid == 0 || (thread->samples & (thread->samples - 1)))
        return;
    snprintf(path, sizeof path, "/proc/%d/task/%d/comm", thread->pid, thread->tid);
    read_name(path, thread->name);
    snprintf(path, sizeof path, "/proc/%d/comm", thread->pid);
    read_name(path, thread->process);
}

static enum timeline_part part_of(enum report_group group)
{
    return group == REPORT_APPLICATION ? TIMELINE_APPLICATION
           : group == REPORT_KERNEL    ? TIMELINE_KERNEL
                                       : TIMELINE_MALLOC;
}

static void hold(struct profile_times *times, struct profile *profile,
                 const struct time_sample *sample, struct profile_moment moment)
{
    if (sample->time == 0 || sample->tid == 0)
        return;
    if (times->count == HELD_MOST)
        profile_times_name(times, profile);
    if (!growing_reserve(&times->held, &times->capacity, times->count, sizeof *times->held)) {
        times->timeline.no_memory = true;
        return;
    }
    moment.time = sample->time;
    moment.weight = (double)sample->weight;
    moment.thread = timeline_thread(&times->timeline, sample->pid, sample->tid);
    struct timeline_thread *thread = &times->timeline.threads[moment.thread];
    thread->samples++;
    name_thread(thread);
    times->held[times->count++] = moment;
}

void profile_times_at_place(struct profile_times *times, struct profile *profile,
                            const struct time_sample *sample, const struct profile_place *place)
{
    if (times)
        hold(times, profile, sample,
             (struct profile_moment){
                 .path = place->path, .offset = place->offset, .in_kernel = place->in_kernel});
}

void profile_times_of_source(struct profile_times *times, struct profile *profile,
                             const struct time_sample *sample, const struct profile_source *source)
{
    if (times)
        hold(times, profile, sample,
             (struct profile_moment){.name = source->name, .part = part_of(source->group)});
}

void profile_times_name(struct profile_times *times, struct profile *profile)
{
    struct timeline *timeline = &times->timeline;
    for (size_t i = 0; i < times->count; i++) {
        const struct profile_moment *moment = &times->held[i];
        struct timeline_source source = {moment->name, NULL, moment->part};
        if (moment->path) {
            const struct profile_place place = {
                .path = moment->path, .offset = moment->offset, .in_kernel = moment->in_kernel};
            struct profile_source found = profile_source_at(profile, &place);
            source = (struct timeline_source){found.name, found.other, part_of(found.group)};
        }
        timeline_add(timeline, 1e-9 * (double)moment->time - timeline->began_s, moment->thread,
                     timeline_source(timeline, &source), moment->weight);
    }
    times->count = 0;
}
