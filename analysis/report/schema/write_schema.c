/* SPDX-License-Identifier: MIT */
/* Writes the schema of hakmem-trace's JSON, and the page about it.
 * usage: write_schema SCHEMA_FILE PAGE_FILE */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "schema_json.h"

static int write_to(const char *path, int (*print)(FILE *))
{
    FILE *stream = fopen(path, "we");
    int error = !stream || print(stream) != 0;
    if (stream && fclose(stream) != 0)
        error = 1;
    if (error)
        fprintf(stderr, "write_schema: %s: %s\n", path, strerror(errno));
    return error;
}

int main(int argc, char **argv)
{
    if (argc != 3) {
        fputs("usage: write_schema SCHEMA_FILE PAGE_FILE\n", stderr);
        return 2;
    }
    return write_to(argv[1], schema_print_json) || write_to(argv[2], schema_print_page);
}
