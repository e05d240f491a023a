/* SPDX-License-Identifier: MIT */
/* Adds up the counter files of a folder: "MALLOCS FREES PROCESSES". Fails on a file that is none.
 */
#include "counter_layout.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct sums {
    unsigned long mallocs, frees, files;
};

static int add_file(const char *path, struct sums *sums)
{
    struct hak_counter_header header;
    struct hak_counter_page page;
    FILE *file = fopen(path, "rb");
    bool is_whole = file && fread(&header, sizeof header, 1, file) == 1;
    if (file && (!is_whole || header.magic == 0))
        return fclose(file); /* of a process that was killed as it began */
    if (!file || header.magic != HAK_COUNTER_MAGIC) {
        fprintf(stderr, "counter_sum: %s is no counter file\n", path);
        return 1;
    }
    for (uint32_t i = 0; i < header.page_count; i++) {
        fseek(file, (long)(header.header_bytes + (uint64_t)i * header.page_bytes), SEEK_SET);
        if (fread(&page, sizeof page, 1, file) != 1)
            return 1;
        for (unsigned c = 0; c < HAK_COUNTER_CLASSES; c++) {
            sums->mallocs += page.mallocs[c];
            sums->frees += page.frees[c];
        }
    }
    sums->files++;
    return fclose(file);
}

int main(int argc, char **argv)
{
    struct sums sums = {0, 0, 0};
    char path[4096];
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    if (!folder) {
        fprintf(stderr, "usage: counter_sum FOLDER\n");
        return 2;
    }
    for (struct dirent *entry; (entry = readdir(folder));) {
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (strstr(entry->d_name, ".counters") && add_file(path, &sums))
            return 1;
    }
    closedir(folder);
    printf("%lu %lu %lu\n", sums.mallocs, sums.frees, sums.files);
    return 0;
}
