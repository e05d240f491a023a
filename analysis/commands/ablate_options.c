/* SPDX-License-Identifier: MIT */
#include "ablate_options.h"

#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "ablate_factors.h"
#include "commands.h"
#include "option_value.h"

enum { BUDGET_MAX = 1000000, PRECISION_MAX = 100 };
#define PRECISION_MIN 0.001

const char ablate_help[] =
    "usage: hakmem-trace ablate [OPTION]... [--] COMMAND [ARGUMENT]...\n"
    "\n"
    "Says what each factor of libhakmem costs COMMAND, and which of them matter only together: "
    "runs\n"
    "it under builds of libhakmem with every combination of the factors' levels, the modern one "
    "and\n"
    "Phase 10's. In every round each combination runs once, in a new random order, with an\n"
    "environment of random size. The two ends, all modern and all far, run twice a round: as "
    "other\n"
    "copies of the same code where there are any. What can't be told from these controls is too\n"
    "small to see. COMMAND reads an empty input; what it prints is shown only when it fails.\n"
    "Build the combinations first: meson compile -C build variants (for check variants_unchecked\n"
    "too)\n"
    "\n"
    "  --factors LIST     2 to 6 names with commas between them; default header,cache,metadata,\n"
    "                     classify,freelist; the sixth is check. NAME=LEVEL takes another level\n"
    "                     than Phase 10's. The factors that are not named stay modern\n"
    "  --design full      all combinations; the default up to 5 factors\n"
    "  --design half      every other combination, of 5 or 6 factors: the same from half the "
    "runs,\n"
    "                     if no three factors matter only together; the default of 6 factors\n"
    "  --design one       one factor at a time, moved from the modern end and from the far end:\n"
    "                     2 combinations a factor and the ends, no interactions\n"
    "  --rounds N         at most so many, 1 to 1000; default 21, with --budget 1000\n"
    "  --budget SECONDS   begin no round but the first that would not be over by then\n"
    "  --precision PERCENT\n"
    "                     end when the interval of every factor is narrower\n"
    "  --metric REGEX     compare the program's own figure instead of wall time: what the first ( "
    ")\n"
    "                     of this extended regular expression finds in the last line of its\n"
    "                     standard output that matches; with '" COMPARE_SUITE_METRIC "',\n"
    "                     as our workloads print it, costs are in ns per operation too\n"
    "  --better WAY       higher (default) or lower figures of --metric are better\n"
    "  --save FILE        keep every run in FILE as it ends; where FILE is of the same "
    "experiment,\n"
    "                     go on where it stopped\n"
    "  --no-ledger        print the effects alone: don't sample and count the two ends\n"
    "  --details          also the interactions that are too small, and every combination\n"
    "  --json FILE        also write every figure and every run to FILE as JSON (- for stdout; "
    "the\n"
    "                     tables then go to stderr)\n"
    "  --html FILE        also write the report as a page, which takes no network, to FILE (- for\n"
    "                     stdout)\n"
    "  --seed N           of the random order, the environment's size and the intervals; default "
    "1\n"
    "  --core N           run COMMAND on this core alone\n"
    "  --help             this text\n"
    "\n"
    "exit codes:\n"
    "  0    done\n"
    "  1    COMMAND failed under a combination; the complete rounds are printed\n"
    "  2    wrong use of hakmem-trace ablate, a combination that is not built, or a FILE of\n"
    "       another experiment\n"
    "  125  hakmem-trace itself failed\n"
    "  126  COMMAND was found but can't be executed\n"
    "  127  COMMAND was not found\n"
    "  128 + N  interrupted by signal N (Ctrl-C: 130); the complete rounds are printed\n"
    "\n"
    "environment: HAKMEM_VARIANTS names the folder of the combinations; NO_COLOR turns colour "
    "off.\n";

enum {
    OPTION_FACTORS = 256,
    OPTION_DESIGN,
    OPTION_ROUNDS,
    OPTION_BUDGET,
    OPTION_PRECISION,
    OPTION_METRIC,
    OPTION_BETTER,
    OPTION_SAVE,
    OPTION_DETAILS,
    OPTION_NO_LEDGER,
    OPTION_JSON,
    OPTION_HTML,
    OPTION_SEED,
    OPTION_CORE,
    OPTION_HELP
};

static const struct option long_options[] = {
    {"factors", required_argument, NULL, OPTION_FACTORS},
    {"design", required_argument, NULL, OPTION_DESIGN},
    {"rounds", required_argument, NULL, OPTION_ROUNDS},
    {"budget", required_argument, NULL, OPTION_BUDGET},
    {"precision", required_argument, NULL, OPTION_PRECISION},
    {"metric", required_argument, NULL, OPTION_METRIC},
    {"better", required_argument, NULL, OPTION_BETTER},
    {"save", required_argument, NULL, OPTION_SAVE},
    {"details", no_argument, NULL, OPTION_DETAILS},
    {"no-ledger", no_argument, NULL, OPTION_NO_LEDGER},
    {"json", required_argument, NULL, OPTION_JSON},
    {"html", required_argument, NULL, OPTION_HTML},
    {"seed", required_argument, NULL, OPTION_SEED},
    {"core", required_argument, NULL, OPTION_CORE},
    {"help", no_argument, NULL, OPTION_HELP},
    {NULL, 0, NULL, 0},
};

/* What the user has chosen, as text: some of it can be judged only beside the rest. */
struct choices {
    const char *factors, *design;
    bool has_rounds, has_better;
};

static int take_rounds(struct compare_options *shared)
{
    uint64_t number = 0;
    int error = option_number("ablate: --rounds", optarg, 1, COMPARE_ROUNDS_MAX, &number);
    shared->rounds = (unsigned)number;
    return error;
}

static int take(struct ablate_options *options, int option, struct choices *choices)
{
    struct compare_options *shared = &options->shared;
    switch (option) {
    case OPTION_FACTORS:
        choices->factors = optarg;
        return 0;
    case OPTION_DESIGN:
        choices->design = optarg;
        return 0;
    case OPTION_ROUNDS:
        choices->has_rounds = true;
        return take_rounds(shared);
    case OPTION_BUDGET:
        return option_decimal("ablate: --budget", optarg, 1, BUDGET_MAX, &options->budget);
    case OPTION_PRECISION:
        return option_decimal("ablate: --precision", optarg, PRECISION_MIN, PRECISION_MAX,
                              &options->precision);
    case OPTION_METRIC:
        return compare_option_metric("ablate", shared, optarg);
    case OPTION_BETTER:
        choices->has_better = true;
        return compare_option_better("ablate", shared, optarg);
    case OPTION_SAVE:
        options->save = optarg;
        return 0;
    case OPTION_DETAILS:
        shared->details = true;
        return 0;
    case OPTION_NO_LEDGER:
        options->ledger = false;
        return 0;
    case OPTION_JSON:
        shared->json = optarg;
        return 0;
    case OPTION_HTML:
        shared->html = optarg;
        return 0;
    case OPTION_SEED:
        return option_number("ablate: --seed", optarg, 0, UINT64_MAX, &shared->seed);
    case OPTION_CORE:
        return compare_option_core("ablate", shared, optarg);
    default:
        shared->help = true;
        return 0;
    }
}

static int check(struct ablate_options *options, const struct choices *choices)
{
    const struct compare_options *shared = &options->shared;
    const char *wrong = NULL;
    if (!shared->command[0] || !*shared->command[0])
        wrong = "COMMAND is missing";
    else if (option_is_empty(shared->json) || option_is_empty(shared->html) ||
             option_is_empty(options->save))
        wrong = "an option has an empty value";
    else if (choices->has_better && !shared->metric)
        wrong = "--better needs --metric";
    if (wrong) {
        complain("ablate: %s; see hakmem-trace ablate --help", wrong);
        return EXIT_USAGE;
    }
    if (!choices->has_rounds && options->budget > 0)
        options->shared.rounds = COMPARE_ROUNDS_MAX;
    int error = ablate_factors_take(choices->factors, options);
    return error ? error : ablate_design_take(choices->design, options);
}

int ablate_options_parse(int argc, char **argv, struct ablate_options *options)
{
    int option;
    struct choices choices = {0};
    *options = (struct ablate_options){.shared = {.higher_is_better = true,
                                                  .rounds = ABLATE_ROUNDS_DEFAULT,
                                                  .seed = 1,
                                                  .core = -1},
                                       .ledger = true};
    optind = 0;
    while ((option = getopt_long(argc, argv, "+:", long_options, NULL)) != -1) {
        if (option == '?' || option == ':')
            return option_refused(option, argv);
        int error = take(options, option, &choices);
        if (error)
            return error;
        if (options->shared.help)
            return 0;
    }
    options->shared.command = argv + optind;
    return check(options, &choices);
}
