// SPDX-License-Identifier: MIT
// Every C++ operator new and delete, with handlers, bad_alloc and nothrow; also in destructors that
// run when the thread's heap has gone.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>
#include <pthread.h>
#include <stdexcept>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

extern "C" {
#include "support/child.h"
#include "support/process.h"
#include "support/promise.h"
}

static const std::align_val_t wide{4096};
static void *sink;
static const std::size_t too_much = std::size_t{1} << 62;

static void fill(void *p, std::size_t size)
{
    std::memset(p, 0x5a, size);
}

static void all_pairs()
{
    unsigned aligned = 0, wrong = 0;
    for (std::size_t n = 1; n < 200000; n += n / 3 + 1) {
        void *p[8] = {
            ::operator new(n),
            ::operator new[](n),
            ::operator new(n, std::nothrow),
            ::operator new[](n, std::nothrow),
            ::operator new(n, wide),
            ::operator new[](n, wide),
            ::operator new(n, wide, std::nothrow),
            ::operator new[](n, wide, std::nothrow),
        };
        for (int i = 0; i < 8; i++) {
            wrong += !p[i] || reinterpret_cast<std::uintptr_t>(p[i]) % (i < 4 ? 16 : 4096) != 0;
            aligned += i >= 4;
            fill(p[i], n);
        }
        if (n % 2) {
            ::operator delete(p[0]);
            ::operator delete[](p[1]);
            ::operator delete(p[4], wide);
            ::operator delete[](p[5], wide);
        } else {
            ::operator delete(p[0], n);
            ::operator delete[](p[1], n);
            ::operator delete(p[4], n, wide);
            ::operator delete[](p[5], n, wide);
        }
        ::operator delete(p[2], std::nothrow);
        ::operator delete[](p[3], std::nothrow);
        ::operator delete(p[6], wide, std::nothrow);
        ::operator delete[](p[7], wide, std::nothrow);
    }
    promise(wrong == 0, "8 operators new and 12 operators delete: %u aligned blocks, %u wrong",
            aligned, wrong);
}

static void nulls_and_zero()
{
    ::operator delete(nullptr);
    ::operator delete[](nullptr);
    ::operator delete (nullptr, std::size_t{8});
    ::operator delete(nullptr, wide);
    void *a = ::operator new(opaque_size(0)), *b = ::operator new(opaque_size(0));
    promise(a && b && a != b, "new of 0 bytes gives unique pointers; delete of nullptr is nothing");
    ::operator delete(a);
    ::operator delete(b);
}

template <typename Call> static bool throws_bad_alloc(Call call)
{
    try {
        call();
    } catch (const std::bad_alloc &) {
        return true;
    }
    return false;
}

static void refusals()
{
    promise(throws_bad_alloc([] { sink = ::operator new(opaque_size(too_much)); }),
            "new throws bad_alloc");
    promise(throws_bad_alloc([] { sink = ::operator new[](opaque_size(too_much)); }),
            "new[] throws bad_alloc");
    promise(throws_bad_alloc([] { sink = ::operator new(opaque_size(too_much), wide); }),
            "aligned new throws bad_alloc");
    promise(throws_bad_alloc([] { sink = ::operator new[](opaque_size(too_much), wide); }),
            "aligned new[] throws bad_alloc");
    promise(!::operator new(opaque_size(too_much), std::nothrow) &&
                !::operator new[](opaque_size(too_much), std::nothrow) &&
                !::operator new(opaque_size(too_much), wide, std::nothrow) &&
                !::operator new[](opaque_size(too_much), wide, std::nothrow),
            "nothrow new gives nullptr");
    promise(throws_bad_alloc([] { std::vector<char> v(std::size_t{1} << 46); }),
            "a vector too large throws bad_alloc");
}

static int handler_calls;

static void count_calls()
{
    if (++handler_calls % 5 == 0)
        std::set_new_handler(nullptr);
}

static void give_up()
{
    throw std::bad_alloc();
}

static void nothrow_with_throwing_handler(void *)
{
    std::set_new_handler(give_up);
    if (::operator new(opaque_size(too_much), std::nothrow) ||
        ::operator new(opaque_size(too_much), wide, std::nothrow))
        _exit(1);
}

static void handlers()
{
    std::set_new_handler(count_calls);
    bool thrown = throws_bad_alloc([] { sink = ::operator new(opaque_size(too_much)); });
    promise(thrown && handler_calls == 5, "the new_handler is called until it is gone: %d times",
            handler_calls);
    std::set_new_handler(count_calls);
    void *p = ::operator new(opaque_size(too_much), std::nothrow);
    promise(!p && handler_calls == 10, "and for nothrow new: %d times", handler_calls - 5);
    std::set_new_handler(count_calls);
    thrown = throws_bad_alloc([] { sink = ::operator new(opaque_size(too_much), wide); });
    promise(thrown && handler_calls == 15, "and for aligned new: %d times", handler_calls - 10);
    std::set_new_handler(give_up);
    promise(throws_bad_alloc([] { sink = ::operator new(opaque_size(too_much)); }),
            "a handler's exception comes out of new");
    std::set_new_handler(nullptr);
    struct child_end end = child_run(nothrow_with_throwing_handler, nullptr, 20);
    promise(end.exit_status == 0, "and turns into nullptr in nothrow new: %s",
            child_describe(&end));
}

static pthread_key_t key;
static int late_runs;

// Runs in every round of key destructors: in the last ones the allocator's own has run before.
static void late(void *left)
{
    auto *text = new std::string(100 + reinterpret_cast<std::uintptr_t>(left), 'x');
    auto *numbers = new std::vector<int>(5000, 7);
    late_runs += text->back() == 'x' && numbers->back() == 7;
    delete text;
    delete numbers;
    auto rest = reinterpret_cast<std::uintptr_t>(left);
    if (rest > 1)
        pthread_setspecific(key, reinterpret_cast<void *>(rest - 1));
}

static void late_destructors(void *)
{
    pthread_key_create(&key, late);
    for (int i = 0; i < 50; i++) {
        std::thread thread([] {
            std::map<int, std::string> map;
            for (int k = 0; k < 100; k++)
                map[k] = std::string(static_cast<std::size_t>(k) * 3, 'y');
            pthread_setspecific(key, reinterpret_cast<void *>(std::uintptr_t{4}));
        });
        thread.join();
    }
    promise(late_runs == 200,
            "new and delete in all rounds of a thread's key destructors: %d of 200", late_runs);
}

static thread_local std::vector<std::string> thread_strings;

static void thread_locals()
{
    for (int i = 0; i < 50; i++) {
        std::thread thread([] {
            for (int k = 0; k < 200; k++)
                thread_strings.emplace_back(static_cast<std::size_t>(k), 'z');
        });
        thread.join();
    }
    promise(true, "thread_local objects are destroyed at thread exit");
}

int main()
{
    under_hakmem();
    all_pairs();
    nulls_and_zero();
    refusals();
    handlers();
    thread_locals();
    struct child_end end = child_run(late_destructors, nullptr, 20);
    promise(end.exit_status == 0, "new and delete in all rounds of a thread's key destructors: %s",
            child_describe(&end));
    return promises_end();
}
