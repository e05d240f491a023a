/* SPDX-License-Identifier: MIT */
/* Waits for time, keys, connections and signals, for `top` and `export`. Signals come in here
 * alone, so that whatever the screen needs to be put back is put back in the ordinary way. */
#ifndef ANALYSIS_TOP_WAIT_H
#define ANALYSIS_TOP_WAIT_H

#include <poll.h>
#include <stdbool.h>

/* SIGINT, SIGTERM, SIGHUP, SIGQUIT and SIGWINCH from now on; SIGPIPE is ignored. */
void top_wait_start(void);

/* Until then by the monotonic clock, or until a key is pressed (`keys`: there may be some), or a
 * signal has come. False: the terminal is gone. */
bool top_wait_until(double until_s, bool keys);

/* Until then, or until something is ready, or a signal has come. As ppoll(2). */
int top_wait_poll(double until_s, struct pollfd *polled, nfds_t count);

/* The signal that asked this tool to end; 0: none. */
int top_wait_signal(void);

/* Has the terminal's size changed since this was asked last? */
bool top_wait_resized(void);

#endif
