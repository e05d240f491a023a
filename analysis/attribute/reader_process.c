/* SPDX-License-Identifier: MIT */
#include "reader_process.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>

#include "reader.h"

double reader_process_patience = 30;

/* A question may take this long where the disk or the network is slow, and all of them together so
 * long: a hostile file could else dawdle over each. */
#define WALL_SECONDS 120.0
#define ALL_SECONDS  300.0
enum { LOOK_MS = 200, RESTARTS_MOST = 50 };

static double clock_seconds(clockid_t clock)
{
    struct timespec time = {0};
    clock_gettime(clock, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double current_cpu(const struct reader_process *reader)
{
    clockid_t clock;
    if (!reader->helper.pid || clock_getcpuclockid(reader->helper.pid, &clock) != 0)
        return 0;
    return clock_seconds(clock);
}

double reader_process_cpu_seconds(const struct reader_process *reader)
{
    return reader->ended_cpu + current_cpu(reader);
}

/* True when there is something to receive, false when it takes too long. */
static bool wait_for_answer(const struct reader_process *reader, double start)
{
    double cpu_end = current_cpu(reader) + reader_process_patience;
    struct pollfd wait = {.fd = reader->helper.socket, .events = POLLIN};
    while (poll(&wait, 1, LOOK_MS) <= 0) {
        if (current_cpu(reader) > cpu_end || clock_seconds(CLOCK_MONOTONIC) - start > WALL_SECONDS)
            return false;
    }
    return true;
}

/* Bytes of one message; 0 where the reader has ended, -1 where it takes too long. */
static ssize_t receive(struct reader_process *reader, void *to, size_t most)
{
    double start = clock_seconds(CLOCK_MONOTONIC);
    bool came = wait_for_answer(reader, start);
    reader->waited += clock_seconds(CLOCK_MONOTONIC) - start;
    if (!came)
        return -1;
    ssize_t got = recv(reader->helper.socket, to, most, MSG_DONTWAIT);
    return got > 0 ? got : 0;
}

static int end(struct reader_process *reader)
{
    reader->ended_cpu += current_cpu(reader);
    return helper_process_end(&reader->helper);
}

int reader_process_start(struct reader_process *reader)
{
    struct reader_greeting greeting;
    if (helper_process_start(&reader->helper, "hakmem-reader", reader->allocator, reader_serve,
                             NULL) != 0)
        return -1;
    ssize_t got = receive(reader, &greeting, sizeof greeting);
    if (got == (ssize_t)sizeof greeting && !greeting.error) {
        reader->filter_error = greeting.filter_error;
        return 0;
    }
    end(reader);
    errno = got == (ssize_t)sizeof greeting ? greeting.error : EPROTO;
    return -1;
}

void reader_process_end(struct reader_process *reader)
{
    end(reader);
}

static bool has_range(uint32_t question)
{
    return question == READER_CODE || question == READER_UNWIND;
}

static bool is_well_formed(struct reader_process *reader, ssize_t got)
{
    const struct reader_answer *answer = &reader->answer;
    size_t expected = offsetof(struct reader_answer, text);
    if (got < (ssize_t)expected)
        return false;
    int names = reader->request.question == READER_CODE   ? READER_NAMES
                : reader->request.question == READER_FILE ? 0
                                                          : 1;
    for (int i = 0; i < names; i++) {
        if (answer->bytes[i] == READER_NO_NAME)
            continue;
        if (answer->bytes[i] > READER_NAME_MOST)
            return false;
        expected += answer->bytes[i];
    }
    if (answer->error)
        return answer->error > 0;
    return (size_t)got == expected &&
           (reader->request.question != READER_BYTES ||
            (answer->bytes[0] != READER_NO_NAME && answer->bytes[0] <= reader->request.count)) &&
           (!has_range(reader->request.question) ||
            (answer->low <= reader->request.offset && reader->request.offset < answer->high));
}

static void explain_end(int status, char why[READER_WHY])
{
    if (WIFSIGNALED(status))
        snprintf(why, READER_WHY, "the reader was stopped by signal %d (%s)", WTERMSIG(status),
                 strsignal(WTERMSIG(status)));
    else
        snprintf(why, READER_WHY, "the reader ended with code %d", WEXITSTATUS(status));
}

enum outcome { ANSWERED, ENDED, GIVEN_UP };

static bool is_running(struct reader_process *reader, char why[READER_WHY])
{
    if (reader->waited > ALL_SECONDS) {
        snprintf(why, READER_WHY, "all questions to the reader took %.0f s", reader->waited);
        return false;
    }
    if (reader->helper.pid)
        return true;
    if (reader->restarts == RESTARTS_MOST) {
        snprintf(why, READER_WHY, "the reader was stopped %d times", RESTARTS_MOST);
        return false;
    }
    reader->restarts++;
    if (reader_process_start(reader) == 0)
        return true;
    snprintf(why, READER_WHY, "no reader: %s", strerror(errno));
    return false;
}

/* Bytes of the answer; 0 where the reader has ended, -1 where it does not take or give in time. */
static ssize_t exchange(struct reader_process *reader)
{
    const struct reader_request *request = &reader->request;
    size_t bytes = offsetof(struct reader_request, path) + strlen(request->path) + 1;
    if (send(reader->helper.socket, request, bytes, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return errno == EPIPE || errno == ECONNRESET ? 0 : -1;
    return receive(reader, &reader->answer, sizeof reader->answer);
}

static enum outcome ask_once(struct reader_process *reader, char why[READER_WHY])
{
    if (!is_running(reader, why))
        return GIVEN_UP;
    ssize_t got = exchange(reader);
    if (got > 0 && is_well_formed(reader, got))
        return ANSWERED;
    int status = end(reader);
    if (got == 0) {
        explain_end(status, why);
        return ENDED;
    }
    snprintf(why, READER_WHY, got < 0 ? "the reader took too long" : "the reader made no sense");
    return GIVEN_UP;
}

bool reader_process_ask(struct reader_process *reader, char why[READER_WHY])
{
    enum outcome outcome = ask_once(reader, why);
    if (outcome == ENDED)
        outcome = ask_once(reader, why);
    return outcome == ANSWERED;
}

const char *reader_answer_name(const struct reader_answer *answer, int which, size_t *bytes)
{
    const char *text = answer->text;
    for (int i = 0; i < which; i++)
        text += answer->bytes[i] == READER_NO_NAME ? 0 : answer->bytes[i];
    *bytes = answer->bytes[which] == READER_NO_NAME ? 0 : answer->bytes[which];
    return answer->bytes[which] == READER_NO_NAME ? NULL : text;
}
