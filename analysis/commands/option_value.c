/* SPDX-License-Identifier: MIT */
#include "option_value.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"

int option_number(const char *option, const char *text, uint64_t minimum, uint64_t maximum,
                  uint64_t *number)
{
    char *end;
    errno = 0;
    *number = strtoull(text, &end, 10);
    if (*text >= '0' && *text <= '9' && !*end && !errno && *number >= minimum && *number <= maximum)
        return 0;
    complain("%s %s: not a number from %ju to %ju", option, text, (uintmax_t)minimum,
             (uintmax_t)maximum);
    return EXIT_USAGE;
}

int option_decimal(const char *option, const char *text, double minimum, double maximum,
                   double *number)
{
    char *end;
    *number = strtod(text, &end);
    if (strspn(text, "0123456789.") == strlen(text) && end != text && !*end && *number >= minimum &&
        *number <= maximum)
        return 0;
    complain("%s %s: not a number from %g to %g", option, text, minimum, maximum);
    return EXIT_USAGE;
}

int option_refused(int option, char **argv)
{
    const char *word = optind > 0 ? argv[optind - 1] : "";
    if (option == ':')
        complain("%s: %s needs a value; see hakmem-trace %s --help", argv[0], word, argv[0]);
    else
        complain("%s: unknown option '%s'; see hakmem-trace %s --help", argv[0], word, argv[0]);
    return EXIT_USAGE;
}
