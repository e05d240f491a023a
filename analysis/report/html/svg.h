/* SPDX-License-Identifier: MIT */
/*
 * Pictures that fit any width without a script and without shrinking their letters: across, places
 * are per cent of the picture's width; down, they and all strokes, radii and letters are pixels.
 *
 *      svg_begin(&svg, &page, 60, "Time by source", "One bar for each source ...");
 *      svg_mark_begin(&svg, "cache: %.1f %%", 100 * share);
 *      svg_rect(&svg, "c-cache", 0, 20, share * 100, 14);
 *      svg_mark_end(&svg);
 *      svg_end(&svg);
 *
 * Classes say what a thing looks like (page.css, html_colour.h). A *mark* is what has figures of
 * its own: they show when it is pointed at or has the focus, and are its accessible name. One Tab
 * stop leads into a picture, the arrows from mark to mark.
 */
#ifndef ANALYSIS_SVG_H
#define ANALYSIS_SVG_H

#include <stdbool.h>
#include <stdio.h>

#include "html_page.h"

struct svg {
    FILE *stream;
    unsigned marks; /* begun */
};

enum svg_anchor { SVG_START, SVG_MIDDLE, SVG_END };

/* `title` is the picture's accessible name, `description` says what it shows. */
void svg_begin(struct svg *svg, struct html_page *page, double height, const char *title,
               const char *description);
void svg_end(struct svg *svg);

/* The format's result is escaped, of up to 1023 bytes. */
__attribute__((format(printf, 2, 3))) void svg_mark_begin(struct svg *svg, const char *format, ...);
void svg_mark_end(struct svg *svg);

void svg_rect(struct svg *svg, const char *class, double x, double y, double width, double height);
void svg_line(struct svg *svg, const char *class, double x1, double y1, double x2, double y2);
void svg_circle(struct svg *svg, const char *class, double x, double y, double radius);

/* `shift`: pixels to the right. `y` is the base line. The format's result is escaped. */
__attribute__((format(printf, 7, 8))) void svg_text(struct svg *svg, const char *class,
                                                    enum svg_anchor anchor, double x, double shift,
                                                    double y, const char *format, ...);

/* A name at the left, in a row that begins at `top`: cut off where two thirds of the width end, so
 * that a figure has room at the right. */
void svg_name(struct svg *svg, const char *class, double top, const char *name);

/* The anchor for a label at a place: so that it stays within the picture. */
enum svg_anchor svg_anchor_at(double x);

/* Whether `text` has room in so many per cent of the width, on a phone, too. */
bool svg_has_room(const char *text, double width);

/* Curves and areas, between two calls of these: svg_path_begin, svg_path_point of each,
 * svg_path_end. Nothing else has a place there. */
void svg_plane_begin(struct svg *svg, double y, double height);
void svg_plane_end(struct svg *svg);
void svg_path_begin(struct svg *svg, const char *class);
/* `y` from the top of the plane. `gap`: no line leads here. */
void svg_path_point(struct svg *svg, double x, double y, bool gap);
void svg_path_end(struct svg *svg, bool closed);

#endif
