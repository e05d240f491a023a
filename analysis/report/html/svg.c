/* SPDX-License-Identifier: MIT */
#include "svg.h"

#include <stdarg.h>
#include <string.h>

#include "html_text.h"

/* Narrowest page: 400 pixels less its margins. Letters of 12 pixels are 6.6 wide in the mean. */
#define NARROWEST 348.0
#define LETTER    6.6

void svg_begin(struct svg *svg, struct html_page *page, double height, const char *title,
               const char *description)
{
    unsigned id = html_new_id(page);
    *svg = (struct svg){.stream = page->stream};
    fprintf(svg->stream,
            "<svg width=\"100%%\" height=\"%.4g\" role=\"group\" aria-labelledby=\"svg%u-title\" "
            "aria-describedby=\"svg%u-desc\">\n<title id=\"svg%u-title\">",
            height, id, id, id);
    html_text(svg->stream, title);
    fprintf(svg->stream, "</title>\n<desc id=\"svg%u-desc\">", id);
    html_text(svg->stream, description);
    fputs("</desc>\n", svg->stream);
}

void svg_end(struct svg *svg)
{
    fputs("</svg>\n", svg->stream);
}

void svg_mark_begin(struct svg *svg, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(svg->stream, "<g class=\"mark\" role=\"img\" tabindex=\"%d\" aria-label=\"",
            svg->marks++ ? -1 : 0);
    html_text(svg->stream, text);
    fputs("\"><title>", svg->stream);
    html_text(svg->stream, text);
    fputs("</title>", svg->stream);
}

void svg_mark_end(struct svg *svg)
{
    fputs("</g>\n", svg->stream);
}

void svg_rect(struct svg *svg, const char *class, double x, double y, double width, double height)
{
    fprintf(svg->stream,
            "<rect class=\"%s\" x=\"%.5g%%\" y=\"%.5g\" width=\"%.5g%%\" height=\"%.5g\" />", class,
            x, y, width > 0 ? width : 0, height > 0 ? height : 0);
}

void svg_line(struct svg *svg, const char *class, double x1, double y1, double x2, double y2)
{
    fprintf(svg->stream,
            "<line class=\"%s\" x1=\"%.5g%%\" y1=\"%.5g\" x2=\"%.5g%%\" y2=\"%.5g\" />", class, x1,
            y1, x2, y2);
}

void svg_circle(struct svg *svg, const char *class, double x, double y, double radius)
{
    fprintf(svg->stream, "<circle class=\"%s\" cx=\"%.5g%%\" cy=\"%.5g\" r=\"%.4g\" />", class, x,
            y, radius);
}

void svg_text(struct svg *svg, const char *class, enum svg_anchor anchor, double x, double shift,
              double y, const char *format, ...)
{
    static const char *const anchors[] = {"start", "middle", "end"};
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    fprintf(svg->stream, "<text class=\"%s\" x=\"%.5g%%\" y=\"%.5g\" text-anchor=\"%s\"", class, x,
            y, anchors[anchor]);
    if (shift != 0)
        fprintf(svg->stream, " dx=\"%.4g\"", shift);
    fputc('>', svg->stream);
    html_text(svg->stream, text);
    fputs("</text>", svg->stream);
}

/* A picture of its own is cut at its edge, at any width. */
void svg_name(struct svg *svg, const char *class, double top, const char *name)
{
    fprintf(svg->stream,
            "<svg class=\"name\" aria-hidden=\"true\" x=\"0\" y=\"%.5g\" width=\"66%%\" "
            "height=\"18\"><text class=\"%s\" x=\"0\" y=\"13\">",
            top, class);
    html_text(svg->stream, name);
    fputs("</text></svg>", svg->stream);
}

enum svg_anchor svg_anchor_at(double x)
{
    return x < 10 ? SVG_START : x > 90 ? SVG_END : SVG_MIDDLE;
}

bool svg_has_room(const char *text, double width)
{
    return LETTER * (double)strlen(text) + 8 <= NARROWEST * width / 100;
}

/* A picture of its own whose width is stretched; strokes keep theirs (page.css). */
void svg_plane_begin(struct svg *svg, double y, double height)
{
    fprintf(svg->stream,
            "<svg class=\"plane\" aria-hidden=\"true\" x=\"0\" y=\"%.5g\" width=\"100%%\" "
            "height=\"%.5g\" viewBox=\"0 0 100 %.5g\" preserveAspectRatio=\"none\">\n",
            y, height, height);
}

void svg_plane_end(struct svg *svg)
{
    fputs("</svg>\n", svg->stream);
}

void svg_path_begin(struct svg *svg, const char *class)
{
    fprintf(svg->stream, "<path class=\"%s\" d=\"", class);
}

void svg_path_point(struct svg *svg, double x, double y, bool gap)
{
    fprintf(svg->stream, "%c%.5g %.5g", gap ? 'M' : 'L', x, y);
}

void svg_path_end(struct svg *svg, bool closed)
{
    fputs(closed ? "Z\" />\n" : "\" />\n", svg->stream);
}
