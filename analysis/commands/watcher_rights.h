/* SPDX-License-Identifier: MIT */
/*
 * A command that watches others opens and attaches, and then gives up every right it had: whatever
 * it reads afterwards, counters and samples, comes from the watched program.
 */
#ifndef ANALYSIS_WATCHER_RIGHTS_H
#define ANALYSIS_WATCHER_RIGHTS_H

#include <stdbool.h>
#include <sys/types.h>

#include "report/output.h"

enum { WATCHER_OUTPUTS = 8 };

/* What is left to be done with rights afterwards. */
struct watcher_rights {
    pid_t watched; /* our command, which has not been let go, or a process that runs; 0: it has
                      ended */
    bool is_ours;  /* it is our command */
    int folder;    /* that the command leaves its files in; -1: none */
    const char *folder_path;
    int other_folder; /* likewise, where `folder` is one, too; 0: none */
    const struct output *outputs[WATCHER_OUTPUTS]; /* opened; NULL: none */
    bool reads_maps;                               /* of eBPF programs */
};

enum { WATCHER_NOTE = 256 };

/* Before anything is attached: what is forked here keeps nothing of it open. False with errno. */
bool watcher_rights_prepare(const struct watcher_rights *rights);

/* When all is attached. `note` says what could not be given up, or is empty. False with errno where
 * that is too much to go on. */
bool watcher_rights_drop(const struct watcher_rights *rights, char note[WATCHER_NOTE]);

/* Both, for a command that has ended. Nothing happens where it has been done already. False after a
 * complaint in the name of `verb`. */
bool watcher_rights_drop_at_end(const struct watcher_rights *rights, const char *verb);

void watcher_rights_end(void);

#endif
