/* SPDX-License-Identifier: MIT */
#include "html_page.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "html_text.h"

int html_begin(struct html_page *page)
{
    *page = (struct html_page){0};
    page->stream = open_memstream(&page->body, &page->length);
    return page->stream ? 0 : -1;
}

void html_abandon(struct html_page *page)
{
    if (page->stream)
        fclose(page->stream);
    free(page->body);
    *page = (struct html_page){0};
}

void html_section(struct html_page *page, const char *id, const char *title)
{
    if (page->section_count > 0)
        fputs("</section>\n", page->stream);
    fprintf(page->stream, "<section id=\"%s\" aria-labelledby=\"%s-title\">\n", id, id);
    fprintf(page->stream, "<h2 id=\"%s-title\"><a href=\"#%s\">", id, id);
    html_text(page->stream, title);
    fputs("</a></h2>\n", page->stream);
    if (page->section_count < HTML_SECTIONS_MAX) {
        page->sections[page->section_count].id = id;
        page->sections[page->section_count++].title = title;
    }
}

void html_heading(struct html_page *page, const char *title)
{
    fputs("<h3>", page->stream);
    html_text(page->stream, title);
    fputs("</h3>\n", page->stream);
}

static void words(struct html_page *page, const char *class, const char *format, va_list arguments)
{
    char text[2048];
    vsnprintf(text, sizeof text, format, arguments);
    fprintf(page->stream, "<p%s>", class);
    char *from = text;
    for (char *unit; (unit = strstr(from, " %")); from = unit + 1) {
        *unit = '\0';
        html_text(page->stream, from);
        fputs("\u00a0", page->stream); /* a per cent sign stays with its number */
    }
    html_text(page->stream, from);
    fputs("</p>\n", page->stream);
}

void html_paragraph(struct html_page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    words(page, "", format, arguments);
    va_end(arguments);
}

void html_note(struct html_page *page, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    words(page, " class=\"note\"", format, arguments);
    va_end(arguments);
}

void html_figure_begin(struct html_page *page, const char *caption)
{
    fputs("<figure>\n<figcaption>", page->stream);
    html_text(page->stream, caption);
    fputs("</figcaption>\n", page->stream);
}

void html_fold_begin(struct html_page *page, const char *summary)
{
    fputs("<details>\n<summary>", page->stream);
    html_text(page->stream, summary);
    fputs("</summary>\n", page->stream);
}

void html_fold_end(struct html_page *page)
{
    fputs("</details>\n", page->stream);
}

void html_figure_table(struct html_page *page)
{
    html_fold_begin(page, "The table behind it");
}

void html_figure_end(struct html_page *page)
{
    fputs("</details>\n</figure>\n", page->stream);
}

void html_grid_begin(struct html_page *page)
{
    page->grid_cells = 0;
    fputs("<div class=\"grid-of-pictures\">\n", page->stream);
}

void html_grid_cell(struct html_page *page)
{
    fputs(page->grid_cells++ ? "</div>\n<div>\n" : "<div>\n", page->stream);
}

void html_grid_end(struct html_page *page)
{
    fputs(page->grid_cells ? "</div>\n</div>\n" : "</div>\n", page->stream);
}

void html_key_begin(struct html_page *page)
{
    fputs("<ul class=\"key\">\n", page->stream);
}

void html_key_item(struct html_page *page, const char *class, const char *name, const char *value)
{
    fprintf(page->stream, "<li><span class=\"swatch %s\" aria-hidden=\"true\"></span>", class);
    html_text(page->stream, name);
    if (value) {
        fputs(" <b>", page->stream);
        html_text(page->stream, value);
        fputs("</b>", page->stream);
    }
    fputs("</li>\n", page->stream);
}

void html_key_end(struct html_page *page)
{
    fputs("</ul>\n", page->stream);
}

unsigned html_new_id(struct html_page *page)
{
    return page->ids++;
}
