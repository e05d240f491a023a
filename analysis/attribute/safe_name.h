/* SPDX-License-Identifier: MIT */
#ifndef ANALYSIS_SAFE_NAME_H
#define ANALYSIS_SAFE_NAME_H

#include <elfutils/libdw.h>

/* The name of the entry, or NULL. libdw trusts most names to end before the section they stand in
 * does; a broken file's need not, and then it is no name. */
const char *safe_name(Dwarf_Die *die);

/* The same of the folder that a unit was compiled in. */
const char *safe_folder(Dwarf_Die *unit);

#endif
