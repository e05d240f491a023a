/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <pthread.h>
#include <unistd.h>

#include "heap.h"
#include "lock.h"
#include "thread.h"

static struct hak_lock lock, other;
static pthread_barrier_t held, release;

static void *hold_other(void *unused)
{
    hak_lock(&other);
    pthread_barrier_wait(&held);
    pthread_barrier_wait(&release);
    hak_unlock(&other);
    return unused;
}

static void is_free_after_use(void **state)
{
    for (int i = 0; i < 3; i++) {
        hak_lock(&lock);
        assert_int_equal(lock.state, 1);
        assert_int_equal(hak_thread.inside_locks, 1);
        hak_unlock(&lock);
        assert_int_equal(lock.state, 0);
        assert_int_equal(lock.holder, 0);
        assert_int_equal(hak_thread.inside_locks, 0);
    }
}

/* Handlers that allocate while fork holds the lock. */
static void the_forking_thread_passes_through(void **state)
{
    hak_lock_for_fork(&lock);
    assert_true(hak_lock_is_for_fork(&lock));
    hak_lock(&lock);
    hak_unlock(&lock);
    assert_int_equal(lock.state, 1);
    hak_lock_for_fork(&lock); /* a signal handler's, in between */
    hak_unlock_after_fork(&lock);
    assert_int_equal(lock.state, 0);
    hak_unlock_after_fork(&lock);
    assert_int_equal(lock.state, 0);
    assert_int_equal(hak_thread.inside_locks, 0);
}

/* A signal handler that forks where this thread has the lock. */
static void what_was_interrupted_keeps_its_lock(void **state)
{
    hak_lock(&lock);
    hak_lock_for_fork(&lock);
    assert_false(hak_lock_is_for_fork(&lock));
    hak_unlock_after_fork(&lock);
    assert_int_equal(lock.state, 1);
    hak_unlock(&lock);
    assert_int_equal(lock.state, 0);
}

/* And where another thread has one: it may be waiting for ours. */
static void fork_gives_up_where_it_has_a_lock(void **state)
{
    pthread_t thread;
    pthread_barrier_init(&held, NULL, 2);
    pthread_barrier_init(&release, NULL, 2);
    pthread_create(&thread, NULL, hold_other, NULL);
    pthread_barrier_wait(&held);
    hak_lock(&lock);
    hak_lock_for_fork(&other);
    assert_false(hak_lock_is_for_fork(&other));
    hak_unlock_after_fork(&other);
    assert_true(other.state != 0);
    hak_unlock(&lock);
    pthread_barrier_wait(&release);
    pthread_join(thread, NULL);
    assert_int_equal(other.state, 0);
    /* It is to be had now, whatever this thread has. */
    hak_lock(&lock);
    hak_lock_for_fork(&other);
    assert_true(hak_lock_is_for_fork(&other));
    hak_unlock_after_fork(&other);
    hak_unlock(&lock);
}

/* Between "its heap is this thread's" and "this thread has a heap", a handler forks. */
static void a_heap_about_to_be_attached_is_no_orphan(void **state)
{
    assert_true(hak_heap_attach());
    struct hak_heap *heap = hak_thread.heap;
    hak_thread.heap = NULL;
    hak_heap_lock_all();
    hak_heap_forked();
    hak_heap_unlock_all();
    hak_thread.heap = heap;
    assert_int_equal(heap->state, HAK_HEAP_OWNED);
    assert_ptr_equal(heap->thread, &hak_thread);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_free_after_use),
        cmocka_unit_test(the_forking_thread_passes_through),
        cmocka_unit_test(what_was_interrupted_keeps_its_lock),
        cmocka_unit_test(fork_gives_up_where_it_has_a_lock),
        cmocka_unit_test(a_heap_about_to_be_attached_is_no_orphan),
    };
    alarm(60);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
