/* SPDX-License-Identifier: MIT */
/* Waits for time, keys and signals. Signals come in here alone, so that whatever the screen needs
 * to be put back is put back in the ordinary way. */
#ifndef ANALYSIS_TOP_WAIT_H
#define ANALYSIS_TOP_WAIT_H

#include <stdbool.h>

/* SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGWINCH from now on; SIGPIPE is ignored. */
void top_wait_start(void);

/* Until then by the monotonic clock, or until a key is pressed (`keys`: there may be some), or a
 * signal has come. False: the terminal is gone. */
bool top_wait_until(double until_s, bool keys);

/* The signal that asked this tool to end; 0: none. */
int top_wait_signal(void);

/* Has the terminal's size changed since this was asked last? */
bool top_wait_resized(void);

#endif
