/* SPDX-License-Identifier: MIT */
#include "churn.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "process.h"

enum { SLOTS = 256, KEPT = 64, STEPS = 500 };

static atomic_bool stop;
static _Atomic(char *) exchange[SLOTS]; /* blocks change threads here, so that frees are remote */
static pthread_t churners[CHURN_THREADS_MAX];
static unsigned long running;

static void *churn(void *argument)
{
    uint64_t seed = (uintptr_t)argument * 7919 + 1;
    while (!atomic_load(&stop)) {
        uint64_t r = random_next(&seed);
        size_t size = r % 64 == 0 ? 100000 + r % 1000000 : r % 16 == 0 ? r % 20000 : r % 1000;
        char *p = malloc(size + 1);
        p[0] = p[size] = 1;
        free(atomic_exchange(&exchange[r / 64 % SLOTS], p));
    }
    return NULL;
}

bool churn_begin(unsigned long threads)
{
    atomic_store(&stop, false);
    if (threads > CHURN_THREADS_MAX)
        threads = CHURN_THREADS_MAX;
    for (running = 0; running < threads; running++)
        if (pthread_create(&churners[running], NULL, churn, (void *)(running + 1)))
            return false;
    return true;
}

void churn_end(void)
{
    atomic_store(&stop, true);
    while (running > 0)
        pthread_join(churners[--running], NULL);
}

bool churn_in_child(uint64_t seed)
{
    void *kept[KEPT] = {0};
    for (int i = 0; i < STEPS; i++) {
        uint64_t r = random_next(&seed);
        size_t size = r % 32 == 0 ? 200000 : r % 3000;
        free(kept[i % KEPT]);
        kept[i % KEPT] = calloc(1, size + 1);
        if (!kept[i % KEPT] || ((char *)kept[i % KEPT])[size])
            return false;
    }
    for (int i = 0; i < KEPT; i++)
        free(kept[i]);
    for (int i = 0; i < SLOTS; i++)
        free(atomic_exchange(&exchange[i], NULL));
    return true;
}
