/* SPDX-License-Identifier: MIT */
/* Reads the counters that this process's libhakmem writes. Nothing here allocates. */
#ifndef TESTS_COUNTER_FILE_H
#define TESTS_COUNTER_FILE_H

#include <stdbool.h>

#include "counter_layout.h"

/* All pages added up. */
struct counter_totals {
    struct hak_counter_page page;
    struct hak_counter_header header;
};

/* Maps `<pid>.0.counters` in the folder; false if there is none or it is not what it should be. */
bool counter_file_open(const char *folder, int pid);

struct counter_totals counter_file_read(void);

#endif
