/* SPDX-License-Identifier: MIT */
/*
 * One mapping holds what belongs to this process alone. The kernel empties it in a child of fork,
 * which thereby notices that the file is not its own and starts another one; the file's mappings
 * are not inherited. A child of vfork shares the memory and records as its parent. Nothing here
 * takes a lock, so a fork or a signal at any moment leaves none taken.
 */
#include "recording.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "own_files.h"

enum { IMAGES_MAX = 100 };

/* FRESH is zero: what the kernel leaves in a child. */
enum state { FRESH, STARTING, LIVE, OFF };

struct recording {
    uint32_t state; /* by atomic access alone, as the windows */
    uint32_t life;  /* tells a child's threads from its parent's */
    struct raw_header *header;
    struct raw_record *windows[RAW_WINDOWS]; /* NULL: not mapped yet */
    char path[PATH_MAX];
};

static struct recording *recording;

/* Set at the first call of all and kept by children. */
static struct {
    bool is_done;
    char folder[PATH_MAX - 64];
    uint64_t limit;
    uint32_t life;
    pthread_key_t thread_end;
    bool has_key;
} setup;

static __thread struct {
    bool is_inside;
    uint32_t life, number;
} thread __attribute__((tls_model("initial-exec")));

static void take_variable(const char *value)
{
    char *end;
    setup.limit = strtoull(value, &end, 10);
    if (*end == ':' && end[1] == '/' && strlen(end + 1) < sizeof setup.folder &&
        setup.limit <= RAW_RECORDS_MAX)
        strcpy(setup.folder, end + 1);
}

/* Other destructors free memory too: this one asks to be called again until the last round. */
static void on_thread_end(void *value)
{
    uintptr_t round = (uintptr_t)value;
    if (round < PTHREAD_DESTRUCTOR_ITERATIONS) {
        pthread_setspecific(setup.thread_end, (void *)(round + 1));
    } else if (recording_enter()) {
        recording_add(RAW_THREAD_END, NULL, 0, 1);
        recording_leave();
    }
}

static void set_up(void)
{
    char value[PATH_MAX];
    setup.is_done = true;
    if (own_variable(RAW_VARIABLE, value, sizeof value))
        take_variable(value);
    if (!setup.folder[0])
        return;
    void *memory =
        mmap(NULL, sizeof *recording, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED)
        return;
    if (madvise(memory, sizeof *recording, MADV_WIPEONFORK) != 0) {
        munmap(memory, sizeof *recording);
        return;
    }
    setup.has_key = pthread_key_create(&setup.thread_end, on_thread_end) == 0;
    recording = memory;
}

static void name_program(struct raw_header *header)
{
    ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", header->program,
                             sizeof header->program - 1);
    header->program[length > 0 ? length : 0] = '\0';
    if (!own_read("/proc/self/comm", header->name, sizeof header->name))
        header->name[0] = '\0';
    header->name[strcspn(header->name, "\n")] = '\0';
}

/* False: this process goes unrecorded. */
static bool start(struct recording *r)
{
    int pid = (int)syscall(SYS_getpid);
    for (int image = 0; image < IMAGES_MAX && !r->header; image++) {
        snprintf(r->path, sizeof r->path, "%s/%d.%d.raw", setup.folder, pid, image);
        r->header = own_map(r->path, O_CREAT | O_EXCL, NULL, 0, RAW_HEADER_BYTES);
        if (!r->header && errno != EEXIST)
            return false;
    }
    if (!r->header)
        return false;
    struct raw_header *header = r->header;
    header->version = RAW_VERSION;
    header->record_bytes = sizeof(struct raw_record);
    header->pid = pid;
    header->limit = setup.limit;
    name_program(header);
    memcpy(header->magic, RAW_MAGIC, sizeof header->magic);
    r->life = ++setup.life;
    return true;
}

static __attribute__((noinline)) bool start_if_fresh(void)
{
    int error = errno;
    uint32_t expected = FRESH;
    if (!setup.is_done)
        set_up();
    struct recording *r = recording;
    bool is_mine = r && __atomic_compare_exchange_n(&r->state, &expected, STARTING, false,
                                                    __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
    if (is_mine)
        __atomic_store_n(&r->state, start(r) ? LIVE : OFF, __ATOMIC_RELEASE);
    errno = error;
    return is_mine && __atomic_load_n(&r->state, __ATOMIC_RELAXED) == LIVE;
}

static __attribute__((noinline)) void number_thread(void)
{
    thread.life = recording->life;
    thread.number = __atomic_fetch_add(&recording->header->threads, 1, __ATOMIC_RELAXED);
    if (thread.number > 0 && setup.has_key)
        pthread_setspecific(setup.thread_end, (void *)1);
}

bool recording_enter(void)
{
    if (thread.is_inside)
        return false;
    thread.is_inside = true; /* whatever starting calls is not the program's */
    struct recording *r = recording;
    if ((r && __atomic_load_n(&r->state, __ATOMIC_ACQUIRE) == LIVE) || start_if_fresh()) {
        if (thread.life != recording->life)
            number_thread();
        return true;
    }
    thread.is_inside = false;
    return false;
}

void recording_leave(void)
{
    thread.is_inside = false;
}

static __attribute__((noinline)) void stop(int why)
{
    int32_t none = 0;
    __atomic_compare_exchange_n(&recording->header->stopped, &none, why, false, __ATOMIC_RELAXED,
                                __ATOMIC_RELAXED);
    __atomic_store_n(&recording->state, OFF, __ATOMIC_RELEASE);
}

/* Two threads may map the same window: one of the mappings stays. */
static __attribute__((noinline)) struct raw_record *map_window(uint64_t window)
{
    int error = errno;
    uint64_t bytes = RAW_WINDOW_RECORDS * sizeof(struct raw_record);
    struct raw_record *first = NULL, *mapped = own_map(recording->path, 0, NULL,
                                                       RAW_HEADER_BYTES + window * bytes, bytes);
    if (!mapped)
        stop(errno ? errno : EIO);
    else if (__atomic_compare_exchange_n(&recording->windows[window], &first, mapped, false,
                                         __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
        first = mapped;
    else
        munmap(mapped, bytes);
    errno = error;
    return first;
}

void recording_add(enum raw_kind kind, const void *block, size_t bytes, size_t alignment)
{
    struct recording *r = recording;
    uint64_t place = __atomic_fetch_add(&r->header->next, 1, __ATOMIC_ACQ_REL);
    if (place >= r->header->limit) {
        stop(RAW_STOPPED_AT_LIMIT);
        return;
    }
    uint64_t window = place / RAW_WINDOW_RECORDS;
    struct raw_record *records = __atomic_load_n(&r->windows[window], __ATOMIC_ACQUIRE);
    if (!records && !(records = map_window(window)))
        return;
    struct raw_record *record = &records[place % RAW_WINDOW_RECORDS];
    record->address = (uintptr_t)block;
    record->bytes = bytes;
    record->thread = thread.number;
    record->alignment = (uint8_t)(alignment ? __builtin_ctzl(alignment) : 0);
    __atomic_store_n(&record->kind, (uint8_t)kind, __ATOMIC_RELEASE);
}
