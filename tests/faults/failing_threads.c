/* SPDX-License-Identifier: MIT */
/* The C library's calls by which the allocator learns of threads that end and of forks; the linker
 * puts these in their place (--wrap). */
#include <errno.h>
#include <pthread.h>

#include "faults.h"

int __real_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *));
int __real_pthread_setspecific(pthread_key_t key, const void *value);
int __wrap_pthread_setspecific(pthread_key_t key, const void *value);
int __real_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));
int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void));

int __wrap_pthread_key_create(pthread_key_t *key, void (*destructor)(void *))
{
    return faults_fire(FAULT_KEY) ? EAGAIN : __real_pthread_key_create(key, destructor);
}

int __wrap_pthread_setspecific(pthread_key_t key, const void *value)
{
    return faults_fire(FAULT_KEY) ? ENOMEM : __real_pthread_setspecific(key, value);
}

int __wrap_pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void))
{
    return faults_fire(FAULT_ATFORK) ? ENOMEM : __real_pthread_atfork(prepare, parent, child);
}
