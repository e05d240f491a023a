/* SPDX-License-Identifier: MIT */
#include "operations.h"

#include "allocator.h"
#include "clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    MANY_MAX = 2048,
    MANY_BYTES = 6 << 20,
    CHILD_SECONDS = 60,
    CHILD_STEP = 16, /* every so manieth block is freed by a forked child */
    CHILD_BLOCKS = 200,
    UNNOTICED_MAX = 256, /* calls in which an allocator need not look at the clock */
};

static FILE *nowhere;

/* Of 256 times; the odds of those that are dear, and as how many calls they count in an input. */
static const struct {
    uint8_t operation, share;
    uint16_t odds, price;
} shares[] = {
    {OPERATION_TOGGLE, 118, 1, 0},        {OPERATION_RESIZE, 40, 1, 0},
    {OPERATION_CHECK, 8, 1, 0},           {OPERATION_ALLOCATE_MANY, 20, 64, 0},
    {OPERATION_RELEASE_MANY, 20, 64, 0},  {OPERATION_PASS_TIME, 8, 8, 20},
    {OPERATION_TRIM, 3, 64, 200},         {OPERATION_ASK_ABOUT_ITSELF, 3, 64, 200},
    {OPERATION_IMPOSSIBLE, 4, 16, 200},   {OPERATION_FORK, 4, 2048, 4000},
    {OPERATION_SWITCH_THREAD, 24, 1, 20}, {OPERATION_END_THREAD, 4, 16, 200},
};

enum operation operation_choose(struct choices *from)
{
    uint64_t left = choose(from, 256);
    size_t i = 0;
    while (left >= shares[i].share)
        left -= shares[i++].share;
    choices_spend_dear(from, shares[i].price);
    return choose_rarely(from, shares[i].odds) ? (enum operation)shares[i].operation
                                               : OPERATION_TOGGLE;
}

static struct shadow_block *choose_slot(struct shadow *s, struct choices *from)
{
    return &s->slots[choose(from, SHADOW_SLOTS)];
}

static void toggle(struct shadow *s, struct choices *from)
{
    struct shadow_block *b = choose_slot(s, from);
    if (b->p)
        shadow_release(s, b, from);
    else
        shadow_allocate(s, b, from, shadow_choose_size(from));
}

/* Blocks of one size, by different forms. */
static void allocate_many(struct shadow *s, struct choices *from)
{
    uint64_t first = choose(from, SHADOW_SLOTS), count = 1 + choose(from, MANY_MAX);
    size_t size = shadow_choose_size(from);
    struct choices forms = choices_of_seed(choose(from, 256), 0);
    if (count > MANY_BYTES / (size + 1) + 1)
        count = MANY_BYTES / (size + 1) + 1;
    for (uint64_t i = 0; i < count; i++) {
        struct shadow_block *b = &s->slots[(first + i) % SHADOW_SLOTS];
        if (!b->p)
            shadow_allocate(s, b, &forms, size);
    }
    choices_spend(from, count);
    choices_spend_dear(from, count * size / SHADOW_BYTES_A_CALL);
}

/* Upwards or downwards, all or every second to fourth. */
static void release_many(struct shadow *s, struct choices *from)
{
    uint64_t first = choose(from, SHADOW_SLOTS), count = 1 + choose(from, MANY_MAX), freed = 0,
             step = 1 + choose(from, 4);
    bool down = choose(from, 2) != 0;
    struct choices forms = choices_of_seed(choose(from, 256), 0);
    for (uint64_t i = 0; i < count; i += step) {
        struct shadow_block *b = &s->slots[(first + (down ? count - 1 - i : i)) % SHADOW_SLOTS];
        if (b->p) {
            shadow_release(s, b, &forms);
            freed++;
        }
    }
    choices_spend(from, freed);
}

/* Around the allocator's own spans of time, and far beyond them; several in a row, with a call in
 * between that lets it notice, for what lies still for long. */
static void pass_time(struct choices *from)
{
    static const uint64_t spans[] = {1,       4,       5,          16,        64,   80,
                                     81,      160,     330,        500,       1000, 10000,
                                     1 << 20, 1 << 28, 1ull << 31, 1ull << 32};
    uint64_t span = spans[choose(from, choose_rarely(from, 16) ? 16 : 10)];
    clock_pass(span);
    for (uint64_t times = choose(from, 8); times > 0; times--) {
        for (int i = 0; i < UNNOTICED_MAX; i++)
            allocator.free(allocator.malloc(1));
        clock_pass(span);
    }
}

static void ask_about_itself(struct shadow *s)
{
    static pthread_mutex_t streams = PTHREAD_MUTEX_INITIALIZER;
    struct shadow_block none = {0};
    if (allocator.malloc_usable_size(NULL) != 0)
        shadow_violation("malloc_usable_size(NULL) is not 0", &none, 0);
    struct mallinfo2 info = allocator.mallinfo2();
    if (s->alone && allocator.is_hakmem && info.uordblks + info.hblkhd < s->room)
        shadow_violation("mallinfo2 knows of fewer bytes than are live", &none, s->room);
    allocator.mallinfo();
    if (allocator.mallopt(M_ARENA_MAX, 8) != 1)
        shadow_violation("mallopt refuses what it knows", &none, 0);
    pthread_mutex_lock(&streams);
    FILE *standard_error = stderr;
    if (allocator.malloc_info(0, nowhere) != 0)
        shadow_violation("malloc_info failed", &none, 0);
    stderr = nowhere;
    allocator.malloc_stats();
    stderr = standard_error;
    pthread_mutex_unlock(&streams);
}

/* The child's blocks are its own copies: it checks them all and frees some, and asks for others. */
static _Noreturn void live_as_child(struct shadow *s, struct choices *from)
{
    alarm(CHILD_SECONDS);
    struct choices plain = choices_of_seed(1 + choose(from, 256), 0);
    for (int i = 0; i < SHADOW_SLOTS; i++) {
        if (!s->slots[i].p)
            continue;
        shadow_check(&s->slots[i]);
        if (i % CHILD_STEP == 0)
            shadow_release(s, &s->slots[i], &plain);
    }
    for (int i = 0; i < CHILD_BLOCKS; i++)
        toggle(s, &plain);
    _exit(0);
}

static void fork_child(struct shadow *s, struct choices *from)
{
    struct shadow_block none = {0};
    int status = 0;
    pid_t child = fork();
    if (child == 0)
        live_as_child(s, from);
    if (child < 0)
        return; /* no memory for a process: not the allocator's */
    while (waitpid(child, &status, 0) < 0)
        continue;
    if (status != 0)
        shadow_violation("a forked child came to grief", &none, (size_t)status);
}

void operations_start(void)
{
    nowhere = fopen("/dev/null", "we");
    if (!nowhere || setvbuf(nowhere, NULL, _IOFBF, 4096) != 0)
        abort();
}

void operation_do(struct shadow *s, struct choices *from, enum operation what)
{
    struct shadow_block *b;
    shadow_keep_within_limits(s);
    choices_spend(from, 1);
    switch (what) {
    case OPERATION_RESIZE:
        b = choose_slot(s, from);
        if (b->p)
            shadow_resize(s, b, from);
        break;
    case OPERATION_CHECK:
        b = choose_slot(s, from);
        if (b->p)
            shadow_check(b);
        break;
    case OPERATION_ALLOCATE_MANY:
        allocate_many(s, from);
        break;
    case OPERATION_RELEASE_MANY:
        release_many(s, from);
        break;
    case OPERATION_PASS_TIME:
        pass_time(from);
        break;
    case OPERATION_TRIM:
        allocator.malloc_trim(0);
        break;
    case OPERATION_ASK_ABOUT_ITSELF:
        ask_about_itself(s);
        break;
    case OPERATION_IMPOSSIBLE:
        impossible_requests(choose_slot(s, from), from);
        break;
    case OPERATION_FORK:
        fork_child(s, from);
        break;
    default:
        toggle(s, from);
    }
}
