/* SPDX-License-Identifier: MIT */
/* What stands around the body of a page. */
#include "html_page.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/utsname.h>
#include <time.h>

#include "html_text.h"
#include "page_texts.h"

char *const *html_made_by;

static void put_style(FILE *to, const char *id, const char *media, const char *text)
{
    fprintf(to, "<style id=\"%s\" media=\"%s\">%s</style>\n", id, media, text);
}

static void put_script(FILE *to, const char *text)
{
    fprintf(to, "<script>%s</script>\n", text);
}

static void put_top(FILE *to, const struct html_head *head)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\" />\n"
          "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
          "style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; script-src",
          to);
    fprintf(to, " 'sha256-%s' 'sha256-%s'\" />\n", html_page_js_sha256, html_flame_js_sha256);
    fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n"
          "<meta name=\"color-scheme\" content=\"light dark\" />\n"
          "<meta name=\"referrer\" content=\"no-referrer\" />\n"
          "<meta name=\"generator\" content=\"hakmem-trace " HAKMEM_VERSION "\" />\n<title>",
          to);
    html_text(to, head->title);
    fputs("</title>\n", to);
    put_style(to, "style", "all", html_page_css);
    put_style(to, "style-dark", "screen and (prefers-color-scheme: dark)", html_page_dark_css);
    fputs("</head>\n<body>\n<a class=\"skip\" href=\"#content\">To the figures</a>\n", to);
}

static void put_key_figures(FILE *to, const struct html_head *head)
{
    if (head->key_count == 0)
        return;
    fputs("<dl class=\"figures\">\n", to);
    for (size_t i = 0; i < head->key_count; i++) {
        fputs("<div><dt>", to);
        html_text(to, head->key[i].name);
        fputs("</dt><dd>", to);
        html_text(to, head->key[i].value);
        fputs("</dd></div>\n", to);
    }
    fputs("</dl>\n", to);
}

static void put_head(FILE *to, const struct html_head *head)
{
    fputs("<header>\n<p class=\"kind\">hakmem-trace ", to);
    html_text(to, head->kind);
    fputs("</p>\n<h1>", to);
    html_text(to, head->verdict);
    fputs("</h1>\n", to);
    if (head->subject) {
        fputs("<p class=\"subject\">", to);
        html_text(to, head->subject);
        fputs("</p>\n", to);
    }
    put_key_figures(to, head);
    fputs("</header>\n", to);
}

static void put_contents(FILE *to, const struct html_page *page)
{
    fputs("<nav aria-label=\"Contents\">\n<ol>\n", to);
    for (size_t i = 0; i < page->section_count; i++) {
        fprintf(to, "<li><a href=\"#%s\">", page->sections[i].id);
        html_text(to, page->sections[i].title);
        fputs("</a></li>\n", to);
    }
    fputs("</ol>\n</nav>\n", to);
}

static void put_foot(FILE *to)
{
    char date[64] = "";
    struct utsname machine;
    struct tm local;
    time_t now = time(NULL);
    if (localtime_r(&now, &local))
        strftime(date, sizeof date, "%Y-%m-%d %H:%M:%S %z", &local);
    fputs("<footer>\n<p>Made by</p>\n<pre class=\"command\"><code>", to);
    if (html_made_by)
        html_command(to, html_made_by);
    fprintf(to, "</code></pre>\n<p>hakmem-trace " HAKMEM_VERSION ", <time>%s</time>", date);
    if (uname(&machine) == 0)
        html_format(to, ", %s %s on %s", machine.sysname, machine.release, machine.machine);
    fputs("</p>\n</footer>\n", to);
}

int html_end(struct html_page *page, const struct html_head *head, FILE *to)
{
    if (page->section_count > 0)
        fputs("</section>\n", page->stream);
    int error = ferror(page->stream) ? ENOMEM : 0;
    if (fclose(page->stream) != 0)
        error = errno;
    page->stream = NULL;
    if (!error) {
        put_top(to, head);
        put_head(to, head);
        put_contents(to, page);
        fputs("<main id=\"content\">\n", to);
        fwrite(page->body, 1, page->length, to);
        fputs("</main>\n", to);
        put_foot(to);
        put_script(to, html_page_js);
        if (page->has_flame)
            put_script(to, html_flame_js);
        fputs("</body>\n</html>\n", to);
        errno = 0;
        error = ferror(to) || fflush(to) != 0 ? (errno ? errno : EIO) : 0;
    }
    html_abandon(page);
    errno = error;
    return error ? -1 : 0;
}
