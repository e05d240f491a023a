/* SPDX-License-Identifier: MIT */
#include "html_table.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "html_text.h"

void html_table_begin(struct html_table *table, struct html_page *page, const char *caption,
                      const struct html_column *columns, size_t column_count)
{
    *table = (struct html_table){page, columns, column_count, 0};
    fputs("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"", page->stream);
    html_text(page->stream, caption);
    fputs("\">\n<table>\n<caption>", page->stream);
    html_text(page->stream, caption);
    fputs("</caption>\n<thead><tr>", page->stream);
    for (size_t i = 0; i < column_count; i++) {
        fprintf(page->stream, "<th scope=\"col\"%s>", columns[i].number ? " class=\"number\"" : "");
        html_text(page->stream, columns[i].name);
        fputs("</th>", page->stream);
    }
    fputs("</tr></thead>\n<tbody>\n", page->stream);
}

void html_table_end(struct html_table *table)
{
    fputs("</tbody>\n</table>\n</div>\n", table->page->stream);
}

void html_row_begin(struct html_table *table)
{
    table->column = 0;
    fputs("<tr>", table->page->stream);
}

void html_row_end(struct html_table *table)
{
    while (table->column < table->column_count)
        html_cell_empty(table);
    fputs("</tr>\n", table->page->stream);
}

static void begin_cell(struct html_table *table)
{
    bool number = table->column < table->column_count && table->columns[table->column].number;
    fputs(table->column == 0 ? "<th scope=\"row\"" : "<td", table->page->stream);
    fputs(number ? " class=\"number\">" : ">", table->page->stream);
}

static void end_cell(struct html_table *table)
{
    fputs(table->column++ == 0 ? "</th>" : "</td>", table->page->stream);
}

void html_cell_text(struct html_table *table, const char *text)
{
    begin_cell(table);
    html_text(table->page->stream, text);
    end_cell(table);
}

void html_cell_empty(struct html_table *table)
{
    html_cell_text(table, "");
}

void html_cell_name(struct html_table *table, const char *class, const char *name)
{
    FILE *stream = table->page->stream;
    begin_cell(table);
    fprintf(stream, "<span class=\"swatch %s\" aria-hidden=\"true\"></span>", class);
    html_text(stream, name);
    end_cell(table);
}

void html_cell_code(struct html_table *table, const char *text)
{
    FILE *stream = table->page->stream;
    begin_cell(table);
    fputs("<code>", stream);
    html_text(stream, text);
    fputs("</code>", stream);
    end_cell(table);
}

void html_cell_bar(struct html_table *table, const char *class, double part)
{
    begin_cell(table);
    if (part > 0)
        fprintf(table->page->stream,
                "<svg class=\"bar\" aria-hidden=\"true\" height=\"12\"><rect class=\"%s\" "
                "width=\"%.4g%%\" height=\"12\" /></svg>",
                class, 100 * part);
    end_cell(table);
}

void html_row_group(struct html_table *table, const char *text)
{
    FILE *stream = table->page->stream;
    fprintf(stream, "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"%zu\"><code>",
            table->column_count);
    html_text(stream, text);
    fputs("</code></th></tr>\n", stream);
}

/* `value` as JSON has it. */
static void figure(struct html_table *table, double value, const char *shown)
{
    FILE *stream = table->page->stream;
    begin_cell(table);
    if (isfinite(value))
        fprintf(stream, "<data value=\"%.12g\" title=\"%.12g\">%s</data>", value, value, shown);
    else
        fputs("<span title=\"not measured\">–</span>", stream);
    end_cell(table);
}

void html_cell_number(struct html_table *table, double value, int decimals)
{
    char text[64];
    snprintf(text, sizeof text, "%.*f", decimals, value);
    figure(table, value, text);
}

void html_cell_significant(struct html_table *table, double value, int digits)
{
    char text[64];
    if (fabs(value) >= 1e4 && fabs(value) < 1e15)
        html_count_text((uint64_t)llround(fabs(value)), text, sizeof text);
    else
        snprintf(text, sizeof text, "%.*g", digits, value);
    figure(table, value, text);
}

void html_cell_count(struct html_table *table, uint64_t value)
{
    FILE *stream = table->page->stream;
    char text[64];
    begin_cell(table);
    fprintf(stream, "<data value=\"%" PRIu64 "\">%s</data>", value,
            html_count_text(value, text, sizeof text));
    end_cell(table);
}

void html_cell_share(struct html_table *table, double part)
{
    char text[64];
    snprintf(text, sizeof text, part != 0 && fabs(part) < 0.0005 ? "%.3f %%" : "%.1f %%",
             100 * part);
    figure(table, part, text);
}

void html_cell_bytes(struct html_table *table, double bytes)
{
    char text[64];
    figure(table, bytes, html_bytes_text(bytes, text, sizeof text));
}

void html_cell_interval(struct html_table *table, double low, double high, double scale,
                        int decimals)
{
    FILE *stream = table->page->stream;
    begin_cell(table);
    if (isfinite(low) && isfinite(high))
        fprintf(stream,
                "[<data value=\"%.12g\" title=\"%.12g\">%.*f</data>, <data value=\"%.12g\" "
                "title=\"%.12g\">%.*f</data>]",
                low, low, decimals, scale * low, high, high, decimals, scale * high);
    else
        fputs("<span title=\"not measured\">–</span>", stream);
    end_cell(table);
}

/* Groups of three, parted by a thin space that does not break. */
const char *html_count_text(uint64_t value, char *text, size_t size)
{
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    size_t at = 0;
    for (int i = 0; i < length && at + 5 < size; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            memcpy(text + at, "\u202f", 3);
            at += 3;
        }
        text[at++] = digits[i];
    }
    text[at] = '\0';
    return text;
}

const char *html_bytes_text(double bytes, char *text, size_t size)
{
    static const char *const units[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    size_t unit = 0;
    while (fabs(bytes) >= 1024 && unit + 1 < sizeof units / sizeof units[0]) {
        bytes /= 1024;
        unit++;
    }
    bool whole = unit == 0 || bytes == floor(bytes);
    snprintf(text, size, "%.*f %s", whole ? 0 : 1, bytes, units[unit]);
    return text;
}

const char *html_time_text(double ns, char *text, size_t size)
{
    static const char *const units[] = {"ns", "µs", "ms", "s"};
    size_t unit = 0;
    while (fabs(ns) >= 1000 && unit + 1 < sizeof units / sizeof units[0]) {
        ns /= 1000;
        unit++;
    }
    bool whole = ns == floor(ns) || fabs(ns) >= 100;
    snprintf(text, size, "%.*f %s", whole ? 0 : fabs(ns) >= 10 ? 1 : 2, ns, units[unit]);
    return text;
}
