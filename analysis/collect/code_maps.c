/* SPDX-License-Identifier: MIT */
#include "code_maps.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* `55d0c0000000-55d0c0001000 r-xp 00001000 08:01 1234    /usr/bin/program` */
static bool read_line(char *line, struct code_mapping *mapping)
{
    uint64_t end;
    int path = 0;
    if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %*4s %" SCNx64 " %*s %*s %n", &mapping->start, &end,
               &mapping->offset, &path) != 3 ||
        path == 0 || mapping->start >= end || end > CODE_ADDRESS_END)
        return false;
    mapping->length = end - mapping->start;
    mapping->path = line + path;
    return true;
}

bool code_maps_next(char *text, size_t bytes, size_t *place, struct code_mapping *mapping)
{
    while (*place < bytes && text[*place]) {
        char *line = text + *place;
        size_t length = strcspn(line, "\n");
        *place += length + (line[length] == '\n'); /* not beyond the zero, wherever that stands */
        line[length] = '\0';
        if (read_line(line, mapping))
            return true;
    }
    return false;
}
