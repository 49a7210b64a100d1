/* flood PORT CAMPAIGN RATE SECONDS CONNECTIONS < tokens
 *
 * People who start and hand in, at a rate that does not wait for the server: an arrival
 * takes an idle connection, which does its person's next step.  RATE 0: every connection is
 * always busy, which finds what the server can bear.  Prints one line of JSON. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <netinet/tcp.h>

enum { ROOM = 32 << 10, MAX_SECONDS = 120, MAX_SAMPLES = 4000000 };

struct line {
    int fd;
    bool is_connected, is_busy, is_open_attempt;
    int64_t asked_us;
    int n, ordinal;
    char ticket[256], *token, *in;
};

static struct line *lines;
static int *idle, n_lines, n_idle, epoll, port;
static const char *campaign;
static int64_t n_accepted, n_shed, n_other, n_broken, n_missed, n_sent, n_without_retry, n_closed;
static int64_t by_second[MAX_SECONDS], *samples, n_samples, begin_us;
static int other_status;

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000) + now.tv_nsec / 1000;
}

static void dial(struct line *line)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int yes = 1;

    line->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    if (line->fd < 0 ||
        (connect(line->fd, (struct sockaddr *)&to, sizeof(to)) && errno != EINPROGRESS)) {
        perror("flood: connect");
        exit(1);
    }
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    struct epoll_event event = { .events = EPOLLOUT, .data.ptr = line };
    epoll_ctl(epoll, EPOLL_CTL_ADD, line->fd, &event);
    line->n = 0;
    line->is_busy = line->is_connected = false;
}

static void ask(struct line *line)
{
    char body[400] = "", text[1800];

    if (line->is_open_attempt)
        snprintf(body, sizeof(body), "{\"ticket\":\"%s\",\"answers\":[]}", line->ticket);
    char path[200];
    if (line->is_open_attempt)
        snprintf(path, sizeof(path), "%d/submission", line->ordinal);
    int n = snprintf(text, sizeof(text),
                     "POST /v1/campaigns/%s/attempts%s%s HTTP/1.1\r\nHost: x\r\n"
                     "Authorization: Bearer %s\r\n%sContent-Length: %zu\r\n\r\n%s",
                     campaign, line->is_open_attempt ? "/" : "",
                     line->is_open_attempt ? path : "", line->token,
                     *body ? "Content-Type: application/json\r\n" : "", strlen(body), body);
    line->is_busy = true;
    line->asked_us = now_us();
    n_sent++;
    if (write(line->fd, text, (size_t)n) != n)
        n_broken++;
}

static void take_ticket(struct line *line, const char *body)
{
    const char *ticket = strstr(body, "\"ticket\":\""), *ordinal = strstr(body, "\"ordinal\":");

    line->is_open_attempt = ticket && ordinal &&
                            sscanf(ticket, "\"ticket\":\"%255[^\"]", line->ticket) == 1 &&
                            sscanf(ordinal, "\"ordinal\":%d", &line->ordinal) == 1;
}

static void count(struct line *line, int status, const char *head)
{
    int64_t now = now_us(), second = (now - begin_us) / 1000000;

    if (status == 200 || status == 201) {
        n_accepted++;
        if (second < MAX_SECONDS)
            by_second[second]++;
        if (n_samples < MAX_SAMPLES)
            samples[n_samples++] = now - line->asked_us;
    } else if (status == 503 || status == 429) {
        n_shed++;
        n_without_retry += !strcasestr(head, "\r\nRetry-After:");
    } else {
        n_other++;
        other_status = status;
    }
}

static void release(struct line *line)
{
    line->is_busy = false;
    idle[n_idle++] = (int)(line - lines);
}

static void on_connected(struct line *line)
{
    struct epoll_event event = { .events = EPOLLIN, .data.ptr = line };
    int why = 0;
    socklen_t size = sizeof(why);

    getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &why, &size);
    if (why) {
        n_broken++;
        close(line->fd);
        dial(line);
        return;
    }
    epoll_ctl(epoll, EPOLL_CTL_MOD, line->fd, &event);
    line->is_connected = true;
    release(line);
}

static void on_reply(struct line *line, char *body)
{
    int status = atoi(line->in + 9);

    body[-1] = '\0';
    count(line, status, line->in);
    if (status == 200 || status == 201) {
        if (line->is_open_attempt)
            line->is_open_attempt = false;
        else
            take_ticket(line, body);
    }
    bool closes = strcasestr(line->in, "\r\nConnection: close");
    line->n = 0;
    if (closes) {
        n_closed++;
        close(line->fd);
        dial(line);
    } else {
        release(line);
    }
}

/* It was idle: it is no longer to be asked. */
static void forget(const struct line *line)
{
    for (int i = 0; i < n_idle && !line->is_busy; i++)
        if (idle[i] == line - lines) {
            idle[i] = idle[--n_idle];
            return;
        }
}

static void on_readable(struct line *line)
{
    ssize_t n = read(line->fd, line->in + line->n, (size_t)(ROOM - 1 - line->n));

    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        n_broken += line->is_busy;
        forget(line);
        close(line->fd);
        dial(line);
        return;
    }
    line->n += (int)n;
    line->in[line->n] = '\0';
    char *end = strstr(line->in, "\r\n\r\n"), *length;
    if (!end)
        return;
    length = strcasestr(line->in, "\r\nContent-Length:");
    int size = length && length < end ? atoi(length + 17) : 0;
    if (line->n >= end + 4 - line->in + size)
        on_reply(line, end + 4);
}

static void turn(int wait_ms)
{
    struct epoll_event events[512];
    int n = epoll_wait(epoll, events, 512, wait_ms);

    for (int i = 0; i < n; i++)
        if (((struct line *)events[i].data.ptr)->is_connected)
            on_readable(events[i].data.ptr);
        else
            on_connected(events[i].data.ptr);
}

static int next_idle(void)
{
    static unsigned dice = 1;
    int at = (int)((dice = dice * 1103515245 + 12345) >> 8) % n_idle, found = idle[at];

    idle[at] = idle[--n_idle];
    return found;
}

static int by_value(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

static double at_share(double share)
{
    return n_samples ? (double)samples[(int64_t)(share * (double)(n_samples - 1))] / 1000 : 0;
}

static void report(double seconds)
{
    qsort(samples, (size_t)n_samples, sizeof(*samples), by_value);
    printf("{\"accepted\":%ld,\"per_second\":%.0f,\"shed\":%ld,\"other\":%ld,"
           "\"other_status\":%d,\"broken\":%ld,\"closed\":%ld,\"missed\":%ld,\"sent\":%ld,"
           "\"without_retry_after\":%ld,\"unanswered\":%d,\"p50_ms\":%.1f,\"p99_ms\":%.1f,"
           "\"max_ms\":%.1f,\"by_second\":[",
           n_accepted, (double)n_accepted / seconds, n_shed, n_other, other_status, n_broken,
           n_closed, n_missed, n_sent, n_without_retry, n_lines - n_idle, at_share(0.5), at_share(0.99),
           at_share(1));
    for (int i = 0; i < (int)seconds; i++)
        printf("%s%ld", i ? "," : "", by_second[i]);
    printf("]}\n");
}

int main(int argc, char **argv)
{
    if (argc != 6)
        return 2;
    port = atoi(argv[1]);
    campaign = argv[2];
    double rate = atof(argv[3]), seconds = atof(argv[4]);
    n_lines = atoi(argv[5]);
    epoll = epoll_create1(0);
    lines = calloc((size_t)n_lines, sizeof(*lines));
    idle = calloc((size_t)n_lines, sizeof(*idle));
    samples = calloc(MAX_SAMPLES, sizeof(*samples));
    for (int i = 0; i < n_lines; i++) {
        size_t room = 0;

        lines[i].in = malloc(ROOM);
        ssize_t n = getline(&lines[i].token, &room, stdin);
        if (n <= 1)
            return 2;
        lines[i].token[n - 1] = '\0';
        dial(&lines[i]);
    }
    while (n_idle < n_lines)
        turn(10);
    begin_us = now_us();
    int64_t end_us = begin_us + (int64_t)(seconds * 1e6), n_due = 0, now;
    while ((now = now_us()) < end_us) {
        int64_t due = rate > 0 ? (int64_t)((double)(now - begin_us) * rate / 1e6) : INT64_MAX;
        while (n_due < due && n_idle) {
            ask(&lines[next_idle()]);
            n_due++;
        }
        if (rate > 0 && n_due < due) { /* nobody is left to come */
            n_missed += due - n_due;
            n_due = due;
        }
        turn(1);
    }
    /* those who are still waiting: 5 s more */
    for (end_us += 5000000; n_idle < n_lines && now_us() < end_us;)
        turn(10);
    report(seconds);
    return 0;
}
