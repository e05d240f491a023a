/* SPDX-License-Identifier: MIT */
/*
 * Inputs of the fuzzers: one, or all of a folder, each in a process of its own that begins anew.
 *
 *     shadow_map_replay FILE|FOLDER
 */
#include "input.h"
#include "start.h"
#include "support/child.h"
#include "support/promise.h"

#include <dirent.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECONDS = 60 };

static unsigned broken, done;

static int run_file(const char *path)
{
    static unsigned char bytes[INPUT_BYTES_MAX];
    FILE *file = fopen(path, "rbe");
    if (!file) {
        perror(path);
        return 1;
    }
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    input_run(bytes, length);
    return 0;
}

static void start_for(char *program, char *path)
{
    char *const arguments[] = {program, path, NULL};
    struct child_end end = child_start(arguments, environ, SECONDS);
    done++;
    if (end.exit_status != 0) {
        broken++;
        promise(false, "%s: %s", path, child_describe(&end));
    }
}

static void run_folder(char *program, const char *path)
{
    struct dirent **entries;
    char inside[4096];
    int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        snprintf(inside, sizeof inside, "%s/%s", path, entries[i]->d_name);
        if (entries[i]->d_name[0] != '.')
            start_for(program, inside);
    }
}

int main(int argc, char **argv)
{
    struct stat about;
    char program[] = "/proc/self/exe";
    if (argc != 2 || stat(argv[1], &about) != 0) {
        fprintf(stderr, "usage: %s FILE|FOLDER\n", argv[0]);
        return 2;
    }
    if (!S_ISDIR(about.st_mode)) {
        shadow_map_start();
        return run_file(argv[1]);
    }
    run_folder(program, argv[1]);
    promise(broken == 0 && done > 0, "%u of %u inputs without a violation", done - broken, done);
    return promises_end();
}
