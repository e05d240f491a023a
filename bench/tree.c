/* SPDX-License-Identifier: MIT */
/* A binary search tree of random keys: built, walked in order, torn down. Nodes are of different
 * sizes, as names in a tree are. */
#include <stdlib.h>

#include "crew.h"

enum { THREADS, ROUNDS, NODES, SEED, OPTIONS };

struct node {
    struct node *left, *right;
    uint64_t key;
    size_t size;
    unsigned char name[];
};

static struct node *new_node(uint64_t key)
{
    size_t size = 1 + (key & 63);
    struct node *node = malloc(sizeof *node + size);
    if (node) {
        *node = (struct node){NULL, NULL, key, size};
        workload_write_ends(node->name, size, key);
    }
    return node;
}

static bool insert(struct node **place, uint64_t key)
{
    while (*place)
        place = key < (*place)->key ? &(*place)->left : &(*place)->right;
    *place = new_node(key);
    return *place != NULL;
}

/* Random keys make a tree of some fifty levels. */
static uint64_t walk(const struct node *node, uint64_t sum)
{
    for (; node; node = node->right)
        sum = walk(node->left, sum) * 31 + workload_read_ends(node->name, node->size);
    return sum;
}

static void tear_down(struct node *node)
{
    while (node) {
        struct node *right = node->right;
        tear_down(node->left);
        free(node);
        node = right;
    }
}

static bool work(struct crew_member *member)
{
    uint64_t random = workload_stream(member->numbers[SEED], member->index);
    bool done = true;
    for (uint64_t round = 0; done && round < member->numbers[ROUNDS]; round++) {
        struct node *root = NULL;
        for (uint64_t i = 0; done && i < member->numbers[NODES]; i++)
            done = insert(&root, workload_random(&random));
        member->checksum = walk(root, member->checksum);
        tear_down(root);
    }
    member->operations = 2 * member->numbers[ROUNDS] * member->numbers[NODES];
    return done;
}

static bool run(const uint64_t *numbers, struct workload_result *result)
{
    return crew_run(numbers[THREADS], work, numbers, NULL, result);
}

int main(int argc, char **argv)
{
    static const struct workload workload = {
        .name = "tree",
        .summary = "A binary tree is built, walked and torn down.",
        .option_count = OPTIONS,
        .options = {[THREADS] = {"threads", "threads, each with its tree", 1, CREW_MAX, 1},
                    [ROUNDS] = {"rounds", "trees, one after another", 1, 1u << 30, 100},
                    [NODES] = {"nodes", "of a tree", 1, 1u << 30, 20000},
                    [SEED] = {"seed", "of the keys", 1, UINT64_MAX, 1}},
        .run = run,
    };
    return workload_main(argc, argv, &workload);
}
