// SPDX-License-Identifier: MIT
// C++'s thread_local objects allocate and free in their destructors, which run before a thread's keys
// are destroyed; also those of a library that is closed, before the thread ends or after.
//
//     thread_local LIBRARY [rounds]
#include <atomic>
#include <cstdlib>
#include <cstring>
#include <dlfcn.h>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

extern "C" {
#include "support/process.h"
#include "support/promise.h"
}

namespace {

constexpr unsigned long lines = 100;
constexpr int at_once = 4;
std::atomic<unsigned> destroyed{0}, wrong{0};

struct holder {
    std::vector<char *> blocks;
    ~holder()
    {
        for (char *p : blocks) {
            wrong += p[0] != 'h';
            std::free(p);
        }
        std::vector<std::string> more(50, std::string(300, 'm'));
        wrong += more[49].size() != 300;
        destroyed++;
    }
};

thread_local holder mine;

void hold()
{
    for (int i = 0; i < 200; i++) {
        auto *p = static_cast<char *>(std::malloc(10 + i * 50));
        std::memset(p, 'h', 10 + i * 50);
        mine.blocks.push_back(p);
    }
}

using writer = unsigned long (*)(unsigned long);

void *open_library(const char *path, writer &write)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    write = library ? reinterpret_cast<writer>(dlsym(library, "write_journal")) : nullptr;
    if (write)
        reinterpret_cast<void (*)()>(dlsym(library, "write_for_all"))();
    return library;
}

// Closed by the thread that still has objects of its own in it, or by another after that has ended.
void use_library(const char *path, bool close_in_thread)
{
    writer write;
    void *library = open_library(path, write);
    if (!write) {
        wrong++;
        return;
    }
    std::thread([&] {
        wrong += write(lines) != lines;
        hold();
        if (close_in_thread)
            dlclose(library);
    }).join();
    if (!close_in_thread)
        dlclose(library);
}

} // namespace

int main(int argc, char **argv)
{
    unsigned long rounds = argument_or(argc, argv, 2, 100);
    alarm(300);
    under_hakmem();
    if (argc < 2)
        return 2;
    for (unsigned long i = 0; i < rounds; i++) {
        std::vector<std::thread> threads;
        for (int k = 0; k < at_once; k++)
            threads.emplace_back(hold);
        for (auto &thread : threads)
            thread.join();
    }
    promise(destroyed == rounds * at_once && wrong == 0,
            "%u thread_local objects destroyed, each freeing and allocating", destroyed.load());
    for (unsigned long i = 0; i < rounds; i++)
        use_library(argv[1], i % 2 != 0);
    promise(wrong == 0, "and those of a library opened and closed %lu times", rounds);
    return promises_end();
}
