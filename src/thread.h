/* SPDX-License-Identifier: MIT */
/*
 * What a thread keeps in its own storage: everything malloc and free need on their fast paths, in
 * one initial-exec TLS block. Until the thread has a heap, its key matches no slab's owner and its
 * stack pointers, 0, count as empty: a new thread falls into the slow paths by construction.
 */
#ifndef HAK_THREAD_H
#define HAK_THREAD_H

#include <stdint.h>

#include "compiler.h"
#include "counter_layout.h"
#include "size_class.h"

struct hak_heap;

#define HAK_NO_KEY UINT64_MAX

enum hak_thread_state {
    HAK_THREAD_NEW,      /* no heap yet */
    HAK_THREAD_ATTACHED, /* has a heap */
    HAK_THREAD_ENDED, /* its heap is left behind; what it still asks for comes from the shared heap
                       */
};

struct hak_thread {
    uintptr_t stack[HAK_CLASSES]; /* top of each class's magazine; 0: no magazine yet */
    uint64_t key;                 /* owner << 8 of its heap; HAK_NO_KEY: none */
    uint32_t turn[HAK_CLASSES];   /* mallocs of the class up to its next turn in the slow path */
    struct hak_counter_page *counters; /* its heap's; NULL: none */
    struct hak_heap *heap;
    enum hak_thread_state state;
};

extern HAK_HIDDEN __thread struct hak_thread hak_thread __attribute__((tls_model("initial-exec")));

#endif
