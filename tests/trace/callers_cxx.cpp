/* SPDX-License-Identifier: MIT */
/* Blocks of operators new, from functions whose names callers.py knows: callers_cxx ROUNDS */
#include <cstdlib>

static char *volatile touched;

extern "C" __attribute__((noinline)) void make_box()
{
    char *box = new char[3000];
    touched = box;
    delete[] box;
    touched = nullptr;
}

int main(int argc, char **argv)
{
    for (long i = 0; argc > 1 && i < std::atol(argv[1]); i++)
        make_box();
    touched = nullptr;
    return 0;
}
