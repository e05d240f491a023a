/* SPDX-License-Identifier: MIT */
/* A C++ program: its operators, its containers, and an exception where there is no memory. */
#include <cstdint>
#include <cstdio>
#include <map>
#include <new>
#include <string>
#include <thread>
#include <vector>

struct alignas(128) wide {
    char text[300];
};

static int churn()
{
    std::map<int, std::string> names;
    for (int i = 0; i < 20000; i++)
        names[i * 7919 % 10007] = std::string(static_cast<std::size_t>(i % 100), 'x');
    return static_cast<int>(names.size());
}

/* Compilers may leave out what they see both ends of. */
static char *hidden(char *pointer)
{
    __asm__ volatile("" : "+r"(pointer));
    return pointer;
}

int main()
{
    int seen = 0;
    std::thread other([&] { seen = churn(); });
    int own = churn();
    other.join();
    auto *one = new wide;
    auto *many = new wide[10];
    bool aligned = reinterpret_cast<std::uintptr_t>(one) % 128 == 0;
    delete one;
    delete[] many;
    bool thrown = false;
    volatile std::size_t absurd = SIZE_MAX / 4;
    try {
        delete[] hidden(new char[absurd]);
    } catch (const std::bad_alloc &) {
        thrown = true;
    }
    bool refused = !hidden(new (std::nothrow) char[absurd]);
    if (own != seen || own == 0 || !aligned || !thrown || !refused)
        return 1;
    std::puts("worked");
    return 0;
}
