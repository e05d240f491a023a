/* SPDX-License-Identifier: MIT */
#include "text_paragraph.h"

#include <string.h>

enum { WORD_BYTES = 4096 };

static void print_word(const struct terminal *terminal, const char *words, size_t length)
{
    char word[WORD_BYTES + 1];
    length = length < WORD_BYTES ? length : WORD_BYTES;
    memcpy(word, words, length);
    word[length] = '\0';
    if (terminal->stream)
        terminal_text(terminal, word);
}

int print_paragraph(const struct terminal *terminal, const char *words, int column, int indent)
{
    int lines = 1;
    bool is_first = true;
    for (size_t length; *words; words += length + (words[length] == ' ')) {
        length = strcspn(words, " ");
        if (!is_first && column + 1 + (int)length > terminal->width) {
            if (terminal->stream)
                fprintf(terminal->stream, "\n%*s", indent, "");
            column = indent;
            lines++;
        } else if (!is_first) {
            if (terminal->stream)
                fputc(' ', terminal->stream);
            column++;
        }
        print_word(terminal, words, length);
        column += (int)length;
        is_first = false;
    }
    if (terminal->stream)
        fputc('\n', terminal->stream);
    return lines;
}
