/* SPDX-License-Identifier: MIT */
/*
 * Taking a probe away makes the kernel wait until no processor can be in it any more: 50 to 130 ms
 * for each probe were measured. It does so when the last descriptor of the probe is closed. So a
 * short-lived process holds copies of the descriptors while we close ours, and waits in our stead.
 */
#ifndef ANALYSIS_SLOW_PATH_HOLDER_H
#define ANALYSIS_SLOW_PATH_HOLDER_H

/* Starts a holder of `count` probes, or of everything that is open where `wanted` is NULL. It
 * closes them one after the other, so probes that must go quickly get a holder each. -1 where there
 * can be none: closing then only takes longer. */
int holder_start(const int *wanted, int count);

/* To be called once ours are closed: the holder closes its own and ends. */
void holder_release(int holder);

#endif
