/* SPDX-License-Identifier: MIT */
#include <pthread.h>

#include "crew.h"

/* Held while the crew is being started; whoever waits for it then sees `called_off`. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static bool called_off;

struct seat {
    struct crew_member member;
    bool (*work)(struct crew_member *member);
    pthread_t thread;
};

static void *sit(void *argument)
{
    struct seat *seat = argument;
    pthread_mutex_lock(&gate);
    bool go = !called_off;
    pthread_mutex_unlock(&gate);
    if (go)
        seat->member.done = seat->work(&seat->member);
    return NULL;
}

static double run_seats(struct seat *seats, uint64_t count)
{
    uint64_t started = 0;
    pthread_mutex_lock(&gate);
    while (started < count &&
           pthread_create(&seats[started].thread, NULL, sit, &seats[started]) == 0)
        started++;
    called_off = started < count;
    double start = workload_seconds();
    pthread_mutex_unlock(&gate);
    for (uint64_t i = 0; i < started; i++)
        pthread_join(seats[i].thread, NULL);
    return workload_seconds() - start;
}

bool crew_run(uint64_t count, bool (*work)(struct crew_member *member), const uint64_t *numbers,
              void *shared, struct workload_result *result)
{
    struct seat *seats = workload_map(count * sizeof *seats);
    if (!seats)
        return false;
    for (uint64_t i = 0; i < count; i++)
        seats[i] = (struct seat){{.numbers = numbers, .shared = shared, .index = i}, work, 0};

    if (count == 1) {
        double start = workload_seconds();
        seats->member.done = work(&seats->member);
        result->seconds += workload_seconds() - start;
    } else
        result->seconds += run_seats(seats, count);

    bool done = true;
    for (uint64_t i = 0; i < count; i++) {
        result->operations += seats[i].member.operations;
        result->checksum += seats[i].member.checksum;
        done = done && seats[i].member.done;
    }
    workload_unmap(seats, count * sizeof *seats);
    return done;
}

bool crew_new_thread(void *(*work)(void *), void *argument)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, work, argument) == 0 && pthread_join(thread, NULL) == 0;
}
