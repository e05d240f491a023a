/* SPDX-License-Identifier: MIT */
#include "start.h"

#include "allocator.h"
#include "clock.h"
#include "operations.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

static const char *last_words;

static void lift_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
        return;
    shadow_short_of_space = true;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_AS, &limit);
}

void shadow_map_start(void)
{
    allocator_find();
    lift_limit();
    if (!clock_take_over())
        dprintf(2, "note   the vDSO's clock can't be replaced here: time passes by itself\n");
    operations_start();
}

static void say(int signal_number)
{
    ssize_t ignored = write(STDERR_FILENO, last_words, strlen(last_words));
    (void)ignored;
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

void shadow_map_say_if_killed(const char *text)
{
    static const int deadly[] = {SIGABRT, SIGSEGV, SIGBUS, SIGILL, SIGFPE, SIGTERM, SIGALRM};
    last_words = text;
    for (size_t i = 0; i < sizeof deadly / sizeof deadly[0]; i++)
        signal(deadly[i], say);
}
