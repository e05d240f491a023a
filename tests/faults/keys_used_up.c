/* SPDX-License-Identifier: MIT */
/*
 * A library that started earlier has taken all of PTHREAD_KEYS_MAX: threads allocate nevertheless,
 * and each gets a heap once a key is free. On the allocator's own names, as it starts.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <string.h>

#include "export.h"
#include "heap.h"
#include "support/promise.h"

static pthread_key_t keys[PTHREAD_KEYS_MAX];
static int taken;

/* Before the library's own constructor, which has no priority. */
__attribute__((constructor(101))) static void take_keys(void)
{
    while (taken < PTHREAD_KEYS_MAX && pthread_key_create(&keys[taken], NULL) == 0)
        taken++;
}

static void *use(void *argument)
{
    bool *fine = argument;
    char *blocks[200];
    *fine = true;
    for (int i = 0; i < 200; i++) {
        size_t bytes = 1 + (size_t)i * (i % 20 == 0 ? 500 : 5);
        blocks[i] = hakmem_malloc(bytes);
        *fine = *fine && blocks[i];
        if (blocks[i])
            memset(blocks[i], i, bytes);
    }
    for (int i = 0; i < 200; i++) {
        *fine = *fine && blocks[i] && blocks[i][0] == (char)i;
        hakmem_free(blocks[i]);
    }
    return NULL;
}

static bool in_a_thread(void)
{
    pthread_t thread;
    bool fine = false;
    return pthread_create(&thread, NULL, use, &fine) == 0 && pthread_join(thread, NULL) == 0 &&
           fine;
}

int main(void)
{
    bool fine = false;
    pthread_key_t more;
    promise(pthread_key_create(&more, NULL) == EAGAIN, "%d keys are taken and none is left", taken);
    use(&fine);
    promise(fine, "the first thread allocates and frees");
    promise(in_a_thread(), "another thread does");
    promise(!hak_heap_attach(), "they share one heap");
    pthread_key_delete(keys[0]);
    promise(hak_heap_attach(), "a key was given back: the thread has a heap of its own");
    use(&fine);
    promise(fine && in_a_thread(), "and goes on");
    return promises_end();
}
