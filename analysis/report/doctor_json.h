/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_DOCTOR_JSON_H
#define ANALYSIS_DOCTOR_JSON_H

#include <stdio.h>

#include "doctor_model.h"

/* Writes the report as JSON, as analysis/README.md documents it. 0, or -1 with errno. */
int doctor_print_json(const struct doctor_report *report, FILE *stream);

#endif
