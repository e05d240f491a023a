/* SPDX-License-Identifier: MIT */
#include "top_wait.h"

#include <math.h>
#include <signal.h>
#include <stddef.h>
#include <time.h>
#include <unistd.h>

#include "collect/clock.h"

static volatile sig_atomic_t ending, resized;
static sigset_t mask_while_waiting;

static void on_signal(int number)
{
    if (number == SIGWINCH)
        resized = 1;
    else if (!ending)
        ending = number;
}

void top_wait_start(void)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH};
    struct sigaction action = {.sa_handler = on_signal}, before;
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
        sigaddset(&blocked, signals[i]);
    sigprocmask(SIG_BLOCK, &blocked, &mask_while_waiting);
    for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++) {
        sigdelset(&mask_while_waiting, signals[i]);
        sigaction(signals[i], &action, &before);
        if (before.sa_handler == SIG_IGN && signals[i] == SIGHUP)
            sigaction(SIGHUP, &before, NULL); /* nohup */
    }
    signal(SIGPIPE, SIG_IGN);
}

int top_wait_poll(double until_s, struct pollfd *polled, nfds_t count)
{
    double left = fmax(0, until_s - clock_seconds());
    struct timespec time = {(time_t)left, (long)((left - floor(left)) * 1e9)};
    return ppoll(polled, count, &time, &mask_while_waiting);
}

bool top_wait_until(double until_s, bool keys)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int ready = top_wait_poll(until_s, &input, keys ? 1 : 0);
    return ready <= 0 || !(input.revents & (POLLHUP | POLLERR | POLLNVAL));
}

int top_wait_signal(void)
{
    return ending;
}

bool top_wait_resized(void)
{
    bool answer = resized;
    resized = 0;
    return answer;
}
