/* SPDX-License-Identifier: MIT */
#include "interleaved.h"

#include "allocator.h"
#include "operations.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>

enum {
    PLACES = 4,
    LAST_ROUNDS = 3, /* of a thread's destructors in which it still works; glibc makes four */
};

struct place {
    pthread_t thread;
    sem_t turn;
    bool alive;
    bool must_end;
    int rounds; /* of destructors, done */
};

/* Read and written by whoever has the turn. Place 0 is the calling thread. */
static struct {
    struct choices *from;
    struct shadow *shadow;
    struct place place[PLACES];
    struct place *leaving; /* ends, and has passed its turn to place 0 */
    pthread_key_t last_key;
    bool has_key;
} stage;

static void walk(struct place *me);

static void wait_for_turn(struct place *me)
{
    while (sem_wait(&me->turn) != 0)
        continue;
}

/* Called while the thread ends and nobody else has the turn. Works before and after the allocator's
 * own destructor, so also without a heap. */
static void last_work(void *argument)
{
    struct place *me = argument;
    operation_do(stage.shadow, stage.from, OPERATION_TOGGLE);
    operation_do(stage.shadow, stage.from, OPERATION_TOGGLE);
    operation_do(stage.shadow, stage.from, OPERATION_RESIZE);
    if (++me->rounds < LAST_ROUNDS)
        pthread_setspecific(stage.last_key, me);
}

static void *live(void *argument)
{
    struct place *me = argument;
    wait_for_turn(me);
    pthread_setspecific(stage.last_key, me);
    if (!me->must_end)
        walk(me);
    if (!me->must_end) {
        stage.leaving = me;
        sem_post(&stage.place[0].turn);
    }
    return NULL;
}

static void join(struct place *place)
{
    pthread_join(place->thread, NULL);
    place->alive = false;
}

/* Place 0 takes leave of a thread that has gone. */
static void join_leaving(void)
{
    if (stage.leaving)
        join(stage.leaving);
    stage.leaving = NULL;
}

static bool start(struct place *place)
{
    if (place->alive)
        return true;
    place->must_end = false;
    place->rounds = 0;
    place->alive = pthread_create(&place->thread, NULL, live, place) == 0;
    return place->alive; /* false: no room for its stack */
}

static void pass_turn(struct place *me, struct place *to)
{
    if (to == me || !start(to))
        return;
    sem_post(&to->turn);
    wait_for_turn(me);
    if (me == &stage.place[0])
        join_leaving();
}

static void end(struct place *place)
{
    if (!place->alive)
        return;
    place->must_end = true;
    sem_post(&place->turn);
    join(place);
}

/* Works until the choices are at an end, or the thread is. */
static void walk(struct place *me)
{
    while (!me->must_end && choices_left(stage.from)) {
        enum operation what = operation_choose(stage.from);
        if (what == OPERATION_SWITCH_THREAD) {
            choices_spend(stage.from, 1);
            pass_turn(me, &stage.place[choose(stage.from, PLACES)]);
        } else if (what != OPERATION_END_THREAD) {
            operation_do(stage.shadow, stage.from, what);
        } else if (me != &stage.place[0]) {
            return;
        } else {
            end(&stage.place[1 + choose(stage.from, PLACES - 1)]);
        }
    }
}

void interleaved_run(struct choices *from)
{
    if (!stage.has_key && pthread_key_create(&stage.last_key, last_work) != 0)
        abort();
    stage.has_key = true;
    stage.from = from;
    stage.shadow = shadow_create();
    stage.shadow->alone = true;
    stage.place[0].alive = true;
    for (int i = 0; i < PLACES; i++)
        sem_init(&stage.place[i].turn, 0, 0);
    walk(&stage.place[0]);
    for (int i = 1; i < PLACES; i++)
        end(&stage.place[i]);
    shadow_destroy(stage.shadow);
    for (int i = 0; i < PLACES; i++)
        sem_destroy(&stage.place[i].turn);
}
