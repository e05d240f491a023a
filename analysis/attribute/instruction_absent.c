/* SPDX-License-Identifier: MIT */
/* Stands in where capstone is not installed. */
#include <errno.h>

#include "instruction_flow.h"

struct instruction_reader *instruction_reader_create(void)
{
    errno = ENOSYS;
    return NULL;
}

const char *instruction_reader_remedy(int error)
{
    return "apt install libcapstone-dev, and build again";
}

void instruction_reader_destroy(struct instruction_reader *reader)
{
}

bool instruction_read(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                      struct instruction *instruction)
{
    return false;
}

bool instruction_write(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                       uint64_t address, struct instruction_text *text)
{
    return false;
}

bool instruction_flow_read(struct instruction_reader *reader, const uint8_t *bytes, size_t count,
                           struct instruction_flow *flow)
{
    return false;
}
