/* SPDX-License-Identifier: MIT */
/* Figures as text, in a place of the caller's. */
#ifndef ANALYSIS_TEXT_VALUE_H
#define ANALYSIS_TEXT_VALUE_H

#include <stddef.h>

/* "1.5 MiB" */
const char *bytes_text(double bytes, char *text, size_t size);

/* By the printf format, "-" for NAN. */
const char *number_text(double value, const char *format, char *text, size_t size);

#endif
