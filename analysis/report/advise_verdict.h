/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_ADVISE_VERDICT_H
#define ANALYSIS_ADVISE_VERDICT_H

#include "advise_model.h"

enum { ADVISE_WORDS = 900 };

/* The verdict, and how sure it is, as a sentence or two. */
void advise_verdict_words(const struct advise_report *report, char words[ADVISE_WORDS]);
void advise_sureness_words(const struct advise_report *report, char words[ADVISE_WORDS]);

#endif
