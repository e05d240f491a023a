/* SPDX-License-Identifier: MIT */
/* Prints a figure that depends on nothing but what is preloaded: 100 alone. With an argument it
 * fails where the figure is that argument. */
#include <stdio.h>
#include <stdlib.h>

#include "compared.h"

int main(int argc, char **argv)
{
    int figure = compared_figure ? compared_figure() : 100;
    printf("figure 7 of a warm-up\nfigure %d of the work\n", figure);
    if (argc > 1 && atoi(argv[1]) == figure) {
        fputs("this one \033[31mfails\n", stderr);
        return 3;
    }
    return 0;
}
