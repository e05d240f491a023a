/* SPDX-License-Identifier: MIT */
/* What the monitor is asked, each in one message of a SOCK_SEQPACKET; it answers with an errno, and
 * where something was opened with its descriptor. */
#ifndef ANALYSIS_MONITOR_PROTOCOL_H
#define ANALYSIS_MONITOR_PROTOCOL_H

#include <stdint.h>

enum monitor_wish {
    MONITOR_OPEN_PROCESS,  /* `number`: pid, `name` */
    MONITOR_OPEN_COUNTERS, /* `name` */
    MONITOR_SIGNAL,        /* `number` */
    MONITOR_RENAME,        /* `number`: which output */
    MONITOR_UNLINK,        /* the same */
    MONITOR_RMDIR
};

struct monitor_request {
    uint32_t wish;
    int32_t number;
    char name[64]; /* ended */
};

struct monitor_answer {
    int32_t error; /* errno, or 0 */
};

/* The process: `context` is its struct monitor_task, whose folder is descriptor 1 there. */
void monitor_serve(void *context, int socket);

#endif
