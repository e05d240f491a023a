/* SPDX-License-Identifier: MIT */
/*
 * The process that reads the target's files: ELF, DWARF and notes, all of which may be hostile. It
 * runs as the invoking user without any capability, may only read files and answer on its socket,
 * and is bounded in memory.
 */
#ifndef ANALYSIS_READER_H
#define ANALYSIS_READER_H

/* Gives up everything, greets, and answers until the socket closes; see reader_protocol.h.
 * `context` is unused. */
void reader_serve(void *context, int socket);

#endif
