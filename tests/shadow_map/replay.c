/* SPDX-License-Identifier: MIT */
/*
 * Inputs of the fuzzers, each in a process of its own.
 *
 *     shadow_map_replay FILE|FOLDER...
 */
#include "input.h"
#include "start.h"
#include "support/child.h"
#include "support/promise.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { SECONDS = 60 };

static unsigned broken, done;

static void run_file(void *argument)
{
    static unsigned char bytes[INPUT_BYTES_MAX];
    FILE *file = fopen(argument, "rbe");
    if (!file) {
        perror(argument);
        exit(1);
    }
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    input_run(bytes, length);
}

static void replay_file(const char *path)
{
    struct child_end end = child_run(run_file, (void *)(uintptr_t)path, SECONDS);
    bool kept = end.exit_status == 0;
    done++;
    if (!kept && ++broken)
        promise(false, "%s: %s", path, child_describe(&end));
}

static void replay(const char *path)
{
    struct stat about;
    struct dirent **entries;
    char inside[4096];
    if (stat(path, &about) != 0 || !S_ISDIR(about.st_mode)) {
        replay_file(path);
        return;
    }
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(inside, sizeof inside, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            replay(inside);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: %s FILE|FOLDER...\n", argv[0]);
        return 2;
    }
    shadow_map_start();
    for (int i = 1; i < argc; i++)
        replay(argv[i]);
    promise(broken == 0 && done > 0, "%u of %u inputs without a violation", done - broken, done);
    return promises_end();
}
