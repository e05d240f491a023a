/* SPDX-License-Identifier: MIT */
#include "lens_rules.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char blanks[] = " \t\r";

struct parser {
    struct lens *lens;
    enum lens_step step;         /* of the section; LENS_NO_STEP: before the first */
    struct lens_pattern pattern; /* of the `lines` being read; function NULL: none */
    int declared;
    char *rest; /* of the line */
    const char *problem;
};

static char *next_word(struct parser *parser)
{
    char *word = parser->rest + strspn(parser->rest, blanks);
    size_t length = strcspn(word, blanks);
    if (!length)
        return NULL;
    parser->rest = word[length] ? word + length + 1 : word + length;
    word[length] = '\0';
    return word;
}

static bool fail(struct parser *parser, const char *problem)
{
    parser->problem = problem;
    return false;
}

static struct lens_pattern pattern_of(char *word)
{
    char *colon = strchr(word, ':');
    /* C++: the names of DWARF have no class before them, so a colon is ours. */
    if (!colon)
        return (struct lens_pattern){NULL, word};
    *colon = '\0';
    return (struct lens_pattern){word, colon[1] ? colon + 1 : "*"};
}

static bool find_step(const char *word, enum lens_step *step)
{
    *step = lens_step_named(word);
    return *step != LENS_NO_STEP;
}

static bool add_words(struct parser *parser, const char **words, size_t *count)
{
    char *word;
    while ((word = next_word(parser))) {
        if (*count == LENS_WORDS_MAX)
            return fail(parser, "too many names");
        words[(*count)++] = word;
    }
    return true;
}

static bool add_code(struct parser *parser)
{
    struct lens *lens = parser->lens;
    char *word;
    while ((word = next_word(parser))) {
        if (lens->code_count == LENS_CODE_MAX)
            return fail(parser, "too many patterns of code");
        lens->code[lens->code_count++] = pattern_of(word);
    }
    return true;
}

/* The words left on the line are patterns, `word` is the first. */
static bool add_rules(struct parser *parser, char *word)
{
    struct lens *lens = parser->lens;
    if (word && parser->step == LENS_NO_STEP)
        return fail(parser, "a pattern before the first step");
    for (; word; word = next_word(parser)) {
        if (lens->rule_count == LENS_RULES_MAX)
            return fail(parser, "too many rules");
        lens->rules[lens->rule_count++] = (struct lens_rule){pattern_of(word), parser->step};
    }
    return true;
}

static bool begin_lines(struct parser *parser)
{
    char *word = next_word(parser), *at = word ? strrchr(word, '@') : NULL;
    if (!at || next_word(parser))
        return fail(parser, "expected: lines FILE:FUNCTION@LINE");
    *at = '\0';
    parser->declared = atoi(at + 1);
    parser->pattern = pattern_of(word);
    return parser->declared > 0 || fail(parser, "no line behind the @");
}

/* "3301-3309 classify", or "3301 classify". */
static bool add_lines(struct parser *parser, char *word)
{
    struct lens *lens = parser->lens;
    struct lens_lines lines = {parser->pattern, parser->declared, 0, 0, LENS_UNKNOWN};
    char *end, *step;
    lines.first = lines.last = (int)strtol(word, &end, 10);
    if (*end == '-')
        lines.last = (int)strtol(end + 1, &end, 10);
    if (*end || lines.first <= 0 || lines.last < lines.first)
        return fail(parser, "expected: FIRST-LAST STEP");
    step = next_word(parser);
    if (!step || !find_step(step, &lines.step) || next_word(parser))
        return fail(parser, "expected the name of a step behind the lines");
    if (lens->line_count == LENS_LINES_MAX)
        return fail(parser, "too many lines");
    lens->lines[lens->line_count++] = lines;
    return true;
}

static bool begin_step(struct parser *parser)
{
    char *word = next_word(parser);
    parser->pattern.function = NULL;
    if (!word || !find_step(word, &parser->step))
        return fail(parser, "no such step");
    return add_rules(parser, next_word(parser));
}

static bool read_line(struct parser *parser)
{
    struct lens *lens = parser->lens;
    char *word = next_word(parser);
    if (!word)
        return true;
    if (strcmp(word, "file") == 0)
        return add_words(parser, lens->files, &lens->file_count);
    if (strcmp(word, "symbol") == 0)
        return add_words(parser, lens->symbols, &lens->symbol_count);
    if (strcmp(word, "unit") == 0)
        return add_words(parser, lens->units, &lens->unit_count);
    if (strcmp(word, "code") == 0)
        return add_code(parser);
    if (strcmp(word, "debug-package") == 0)
        return (lens->debug_package = next_word(parser)) || fail(parser, "no name of a package");
    if (strcmp(word, "part-of-file") == 0)
        return lens->is_part = true;
    if (strcmp(word, "keep-sources") == 0)
        return lens->keeps_sources = true;
    if (strcmp(word, "step") == 0)
        return begin_step(parser);
    if (strcmp(word, "lines") == 0)
        return begin_lines(parser);
    if (parser->pattern.function)
        return add_lines(parser, word);
    return add_rules(parser, word);
}

bool lens_parse(struct lens *lens, const char *name, char *text, char *why, size_t why_bytes)
{
    struct parser parser = {.lens = lens, .step = LENS_NO_STEP};
    size_t number = 0;
    memset(lens, 0, sizeof *lens);
    lens->name = name;
    for (char *line = text, *next; line; line = next) {
        next = strchr(line, '\n');
        if (next)
            *next++ = '\0';
        line[strcspn(line, "#")] = '\0';
        parser.rest = line;
        number++;
        if (!read_line(&parser)) {
            snprintf(why, why_bytes, "line %zu: %s", number, parser.problem);
            return false;
        }
    }
    return true;
}
