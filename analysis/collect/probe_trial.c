/* SPDX-License-Identifier: MIT */
#include "probe_trial.h"

#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "uprobe.h"

/* Of the child's processor time: others may run meanwhile. */
/* Calls the function many times; nanoseconds a call. */
static double call_often(const struct probe_site *site, struct probe_trial *trial)
{
    uint64_t start = clock_ns(CLOCK_THREAD_CPUTIME_ID);
    for (uint64_t i = 0; i < PROBE_TRIAL_CALLS; i++) {
        unsigned words = site->call(0x5eed0000 + i);
        trial->calls++;
        trial->damaged += words != 0;
        if (words > trial->words)
            trial->words = words;
    }
    return (double)(clock_ns(CLOCK_THREAD_CPUTIME_ID) - start) / PROBE_TRIAL_CALLS;
}

static enum probe_patch patch_of(const struct probe_site *site, const unsigned char *before)
{
    const volatile unsigned char *now = site->place;
    bool changed = false;
    for (unsigned i = 0; i < site->bytes; i++)
        changed |= now[i] != before[i];
    if (!changed)
        return PROBE_UNPATCHED;
    return now[0] == 0xcc ? PROBE_BREAKPOINT : now[0] == 0xe8 ? PROBE_CALL : PROBE_PATCHED;
}

static void be_harmless(void)
{
    sigset_t none;
    sigemptyset(&none);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    alarm(PROBE_TRIAL_SECONDS);
}

/* An alarm ends the child, a crash does; neither leaves a core behind. It is watched only when it
 * has said that it knows itself unwatched. */
static _Noreturn void be_watched(const struct probe_site *site, struct probe_trial *trial,
                                 int parent)
{
    unsigned char before[8] = {0};
    struct probe_trial plain = {0};
    char byte = 0;
    be_harmless();
    for (unsigned i = 0; i < site->bytes && i < sizeof before; i++)
        before[i] = ((const unsigned char *)site->place)[i];
    double without = call_often(site, &plain);
    alarm(0); /* how long the kernel takes to attach is not our time */
    if (write(parent, &byte, 1) != 1 || read(parent, &byte, 1) != 1)
        _exit(1);
    alarm(PROBE_TRIAL_SECONDS);
    trial->ns_per_hit = call_often(site, trial) - without;
    trial->patch = patch_of(site, before);
    _exit(0);
}

static void watch(const struct probe_site *site, struct probe_trial *trial, pid_t pid, int child)
{
    char byte;
    int status = 0, event = -1;
    if (read(child, &byte, 1) == 1) {
        event = uprobe_open(site->place, pid);
        trial->error = event < 0 ? errno : 0;
        if (event < 0)
            kill(pid, SIGKILL);
        else
            send(child, &byte, 1, MSG_NOSIGNAL);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    if (!trial->error && WIFSIGNALED(status))
        trial->signal = WTERMSIG(status);
    if (event >= 0 && read(event, &trial->hits, sizeof trial->hits) != sizeof trial->hits)
        trial->hits = 0;
    uprobe_close(event);
}

static int try_in_child(const struct probe_site *site, struct probe_trial *shared)
{
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return -1;
    pid_t parent = getpid(), child = fork();
    if (child == 0) {
        close(ends[0]);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(1);
        be_watched(site, shared, ends[1]);
    }
    int error = errno;
    close(ends[1]); /* a child that dies early is the end of what is read */
    if (child > 0)
        watch(site, shared, child, ends[0]);
    close(ends[0]);
    errno = error;
    return child > 0 ? 0 : -1;
}

void probe_trial_run(const struct probe_site *site, struct probe_trial *trial)
{
    *trial = (struct probe_trial){.error = ENOSYS};
    if (!site->call)
        return;
    struct probe_trial *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || try_in_child(site, shared) != 0)
        trial->error = errno;
    else
        *trial = *shared;
    if (shared != MAP_FAILED)
        munmap(shared, sizeof *shared);
}
