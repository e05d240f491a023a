/* SPDX-License-Identifier: MIT */
#include "top_grid.h"

#include <limits.h>
#include <math.h>
#include <stdarg.h>
#include <string.h>

void top_grid_clear(struct top_grid *grid, int columns, int rows, bool utf8)
{
    grid->columns = columns < TOP_COLUMNS_MAX ? columns : TOP_COLUMNS_MAX;
    grid->rows = rows < TOP_ROWS_MAX ? rows : TOP_ROWS_MAX;
    grid->utf8 = utf8;
    for (int row = 0; row < grid->rows; row++) {
        for (int column = 0; column < grid->columns; column++)
            grid->cells[row][column] = (struct top_cell){L' ', TOP_PLAIN};
    }
}

static int at_most(int value, int most)
{
    return value < most ? value : most;
}

struct top_area top_area_part(const struct top_area *area, int row, int column, int rows,
                              int columns)
{
    return (struct top_area){
        .grid = area->grid,
        .row = area->row + row,
        .column = area->column + column,
        .rows = at_most(rows, area->rows - row),
        .columns = at_most(columns, area->columns - column),
    };
}

static void set(const struct top_area *area, int row, int column, wchar_t character,
                enum top_style style)
{
    if (row < 0 || row >= area->rows || column < 0 || column >= area->columns)
        return;
    row += area->row;
    column += area->column;
    if (row >= 0 && row < area->grid->rows && column >= 0 && column < area->grid->columns)
        area->grid->cells[row][column] = (struct top_cell){character, (unsigned char)style};
}

/* How many characters were made of it. */
static int decode(const struct top_grid *grid, const char *text, wchar_t *characters, int most)
{
    mbstate_t state = {0};
    size_t left = strlen(text);
    int count = 0;
    while (left > 0 && count < most) {
        wchar_t character = L'?';
        size_t length = mbrtowc(&character, text, left, &state);
        if (length == (size_t)-1 || length == (size_t)-2) {
            memset(&state, 0, sizeof state);
            character = L'?';
            length = 1;
        } else if (wcwidth(character) != 1 || (!grid->utf8 && character > 126)) {
            character = L'?';
        }
        characters[count++] = character;
        text += length;
        left -= length;
    }
    return count;
}

static int put(const struct top_area *area, int row, int column, bool to_the_right,
               enum top_style style, const char *text)
{
    wchar_t characters[TOP_COLUMNS_MAX];
    int count = decode(area->grid, text, characters, TOP_COLUMNS_MAX);
    int start = to_the_right ? column - count : column;
    for (int i = 0; i < count; i++)
        set(area, row, start + i, characters[i], style);
    return start + count;
}

int top_put(const struct top_area *area, int row, int column, enum top_style style,
            const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return put(area, row, column, false, style, text);
}

void top_put_right(const struct top_area *area, int row, int column, enum top_style style,
                   const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put(area, row, column, true, style, text);
}

void top_bar(const struct top_area *area, int row, int column, int width, enum top_style style,
             double part)
{
    static const wchar_t eighths[] = L" ▏▎▍▌▋▊▉";
    if (isnan(part))
        return;
    double columns = fmax(0, fmin(1, part)) * width;
    int whole = (int)columns;
    for (int i = 0; i < whole; i++)
        set(area, row, column + i, area->grid->utf8 ? L'█' : L'#', style);
    int eighth = (int)((columns - whole) * 8);
    if (area->grid->utf8 && eighth)
        set(area, row, column + whole, eighths[eighth], style);
    else if (!area->grid->utf8 && eighth >= 4)
        set(area, row, column + whole, L'#', style);
}

void top_spark(const struct top_area *area, int row, int column, int width, const double *values,
               size_t count, size_t stride)
{
    static const wchar_t blocks[] = L" ▁▂▃▄▅▆▇█", levels[] = L" .:-=+*%@";
    double greatest = 0;
    size_t shown = count < (size_t)width ? count : (size_t)width;
    values += (count - shown) * stride;
    column += width - (int)shown;
    for (size_t i = 0; i < shown; i++)
        greatest = fmax(greatest, values[i * stride]); /* fmax leaves NAN out */
    for (size_t i = 0; i < shown; i++) {
        double value = values[i * stride];
        int height = value > 0 ? 1 + (int)(7 * value / greatest) : 0;
        set(area, row, column + (int)i, (area->grid->utf8 ? blocks : levels)[height], TOP_GOOD);
    }
}

static int length_of(const struct top_grid *grid, int row)
{
    int length = grid->columns;
    while (length > 0 && grid->cells[row][length - 1].character == L' ')
        length--;
    return length;
}

void top_grid_print(const struct top_grid *grid, FILE *stream)
{
    for (int row = 0; row < grid->rows; row++) {
        int length = length_of(grid, row);
        mbstate_t state = {0};
        for (int column = 0; column < length; column++) {
            char bytes[MB_LEN_MAX];
            size_t count = wcrtomb(bytes, grid->cells[row][column].character, &state);
            if (count != (size_t)-1)
                fwrite(bytes, 1, count, stream);
        }
        fputc('\n', stream);
    }
}
