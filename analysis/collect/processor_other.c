/* SPDX-License-Identifier: MIT */
/* processor.h where none of it is known. */
#include "processor.h"

const bool processor_has_counter = false;
const struct probe_site processor_site_nop1, processor_site_nop5;
const struct known_loop processor_loop;

uint64_t processor_cycles(void)
{
    return 0;
}

bool processor_hypervisor(char name[13])
{
    name[0] = '\0';
    return false;
}
