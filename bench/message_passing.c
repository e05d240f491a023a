/* SPDX-License-Identifier: MIT */
/* Pairs of threads that send each other messages: each allocates what it sends and frees what it
 * receives, so blocks go both ways. */
#include <sched.h>
#include <stdlib.h>

#include "crew.h"
#include "ring.h"

enum { PAIRS, MESSAGES, LARGEST, SEED, OPTIONS };

struct message {
    uint64_t size;
    unsigned char bytes[];
};

struct post {
    struct ring *rings; /* one for each thread: what it receives */
    _Atomic bool stop;  /* a thread ran out of memory */
};

static struct message *write_message(uint64_t largest, uint64_t random)
{
    size_t size = 1 + workload_below(random, largest);
    struct message *message = malloc(sizeof *message + size);
    if (message) {
        message->size = size;
        workload_write_ends(message->bytes, size, random);
    }
    return message;
}

static uint64_t receive(struct crew_member *member, struct ring *ring)
{
    uint64_t count = 0;
    for (struct message *message; (message = ring_take(ring)) != NULL; count++) {
        member->checksum =
            member->checksum * 31 + workload_read_ends(message->bytes, message->size);
        free(message);
    }
    return count;
}

static bool work(struct crew_member *member)
{
    struct post *post = member->shared;
    struct ring *own = &post->rings[member->index], *other = &post->rings[member->index ^ 1];
    uint64_t messages = member->numbers[MESSAGES], sent = 0, received = 0;
    uint64_t random = workload_stream(member->numbers[SEED], member->index);
    struct message *message = NULL; /* written, not yet sent */

    while ((sent < messages || received < messages) && !atomic_load(&post->stop)) {
        if (!message && sent < messages) {
            message = write_message(member->numbers[LARGEST], workload_random(&random));
            if (!message)
                atomic_store(&post->stop, true);
        }
        bool sends = message && ring_put(other, message);
        if (sends) {
            message = NULL;
            sent++;
        }
        uint64_t more = receive(member, own);
        received += more;
        if (!sends && more == 0)
            sched_yield();
    }
    free(message);
    member->operations = sent + received;
    return sent == messages && received == messages;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    uint64_t threads = 2 * numbers[PAIRS];
    size_t bytes = threads * sizeof(struct ring);
    struct post post = {.rings = workload_map(bytes)};
    bool done = post.rings && crew_run(threads, work, numbers, &post, result);
    workload_unmap(post.rings, bytes);
    return done;
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "message_passing",
        .summary = "Pairs of threads send each other messages; the receiver frees.",
        .option_count = OPTIONS,
        .options = {[PAIRS] = {"pairs", "of threads", 1, CREW_MAX / 2, 1},
                    [MESSAGES] = {"messages", "that each thread sends", 1, 1ull << 40, 1000000},
                    [LARGEST] = {"largest", "bytes of the largest message", 1, 1ull << 30, 256},
                    [SEED] = {"seed", "of the random numbers", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
