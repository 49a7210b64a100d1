/*
 * A crowd over HTTP on 127.0.0.1: herd MODE [--option value]...
 *
 *   start    starts attempts; --tickets names the file where their tickets are kept
 *   save     saves drafts of the attempts in --tickets
 *   flow     starts, and hands in when the paper is there; the time between is none
 *   peer     the same of the peer (peers/go)
 *   get      GET --path
 *   idle     one GET --path on each connection, then holds them until standard input ends
 *
 * With --rate R it is an open loop: work falls due R times a second whether or not what
 * came before is answered, and its latency counts from when it was due, so a server that
 * stalls is not spared.  With rate 0 it is a closed loop: each connection begins anew as
 * soon as it is answered.  A connection carries one person at a time; in a closed loop of
 * `get` always the same one.  Prints one line of JSON.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum mode { START, SAVE, FLOW, PEER, GET, IDLE, N_MODES };
enum { IN = 65536, OUT = 4096, MAX_LINES = 1 << 20, GRACE_MS = 5000 };

static const char *const mode_names[N_MODES] = { "start", "save", "flow",
                                                 "peer",  "get",  "idle" };

struct lines { /* of a file, without their ends */
    char **at;
    size_t n;
};

struct latencies {
    uint32_t *us;
    size_t n, room;
};

struct connection {
    int fd;
    bool is_open, is_busy, is_second; /* second: the hand-in of a flow */
    size_t person;
    int64_t due_us;
    size_t n_in, n_out, n_sent;
    char in[IN], out[OUT];
};

static struct {
    enum mode mode;
    int port, seconds;
    size_t n_connections, first, n_people;
    double rate;
    const char *path, *campaign;
    struct lines tokens, answers, tickets;
    FILE *kept;

    int epoll;
    struct connection *connections, **free_ones;
    size_t n_free, n_begun, n_answered, n_errors, n_dialled, most_behind;
    int64_t began_us, ends_us;
    int statuses[6];
    struct latencies latencies[2];
} herd = { .port = 8080, .seconds = 5, .n_connections = 64, .path = "/", .campaign = "bench" };

static void fail(const char *what)
{
    fprintf(stderr, "herd: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void *need(void *p)
{
    if (!p)
        fail("memory");
    return p;
}

static int64_t now_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000000LL + now.tv_nsec / 1000;
}

static void note(struct latencies *latencies, int64_t us)
{
    if (latencies->n == latencies->room) {
        latencies->room = latencies->room ? 2 * latencies->room : 65536;
        latencies->us = need(realloc(latencies->us, latencies->room * sizeof(uint32_t)));
    }
    latencies->us[latencies->n++] = (uint32_t)us;
}

/* ---- what is asked ---- */

static const char *random_answers(void)
{
    return herd.answers.at[(size_t)rand() % herd.answers.n];
}

static void write_request(struct connection *c, const char *method, const char *path,
                          const char *token, const char *body)
{
    int n = snprintf(c->out, OUT,
                     "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n%s%s%s%sContent-Length: %zu\r\n"
                     "\r\n%s",
                     method, path, token ? "Authorization: Bearer " : "", token ? token : "",
                     token ? "\r\n" : "", *body ? "Content-Type: application/json\r\n" : "",
                     strlen(body), body);

    if (n < 0 || n >= OUT) {
        fprintf(stderr, "herd: a request is too long\n");
        exit(1);
    }
    c->n_out = (size_t)n;
    c->n_sent = c->n_in = 0;
}

static const char *token_of(size_t person)
{
    return herd.tokens.n ? herd.tokens.at[person % herd.tokens.n] : NULL;
}

static void ask_start(struct connection *c)
{
    char path[200];

    snprintf(path, sizeof(path), "/v1/campaigns/%s/attempts", herd.campaign);
    write_request(c, "POST", path, token_of(c->person), "");
}

static void ask_with_answers(struct connection *c, const char *method, const char *what,
                             int ordinal, const char *ticket)
{
    char path[200], body[OUT];

    snprintf(path, sizeof(path), "/v1/campaigns/%s/attempts/%d/%s", herd.campaign, ordinal,
             what);
    snprintf(body, sizeof(body), "{\"ticket\":\"%s\",\"answers\":%s}", ticket,
             random_answers());
    write_request(c, method, path, token_of(c->person), body);
}

/* A line of tickets: person ordinal ticket. */
static void ask_save(struct connection *c, size_t line)
{
    char ticket[200];
    int ordinal;

    if (sscanf(herd.tickets.at[line], "%zu %d %199s", &c->person, &ordinal, ticket) != 3)
        fail("a line of tickets");
    ask_with_answers(c, "PUT", "answers", ordinal, ticket);
}

static void ask_peer_start(struct connection *c)
{
    char path[80];

    snprintf(path, sizeof(path), "/start?user=%zu", c->person + 1);
    write_request(c, "POST", path, NULL, "");
}

static void ask_peer_submit(struct connection *c, int ordinal)
{
    char body[OUT];
    int n = snprintf(body, sizeof(body),
                     "{\"user\":%zu,\"ordinal\":%d,\"duration_ms\":%d,\"answers\":{",
                     c->person + 1, ordinal, 1000 + rand() % 599000);

    for (int i = 1; i <= 20; i++)
        n += snprintf(body + n, sizeof(body) - (size_t)n, "%s\"%d\":\"A\"", i > 1 ? "," : "",
                      i);
    snprintf(body + n, sizeof(body) - (size_t)n, "}}");
    write_request(c, "POST", "/submit", NULL, body);
}

static void ask(struct connection *c, size_t number)
{
    size_t spread = number % herd.n_people;

    c->is_second = false;
    c->person = herd.first + spread;
    switch (herd.mode) {
    case START:
    case FLOW: ask_start(c); break;
    case SAVE: ask_save(c, number % herd.tickets.n); break;
    case PEER: ask_peer_start(c); break;
    case GET:
    case IDLE:
        c->person = herd.first + (size_t)(c - herd.connections);
        write_request(c, "GET", herd.path, token_of(c->person), "");
        break;
    case N_MODES: break;
    }
}

/* ---- connections ---- */

static void watch(struct connection *c, uint32_t events, int how)
{
    struct epoll_event event = { .events = events, .data.ptr = c };

    if (epoll_ctl(herd.epoll, how, c->fd, &event))
        fail("epoll_ctl");
}

static void dial(struct connection *c)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)herd.port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };

    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (c->fd < 0)
        fail("socket");
    if (connect(c->fd, (struct sockaddr *)&to, sizeof(to)))
        fail("connect");
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
    fcntl(c->fd, F_SETFL, O_NONBLOCK);
    c->is_open = true;
    herd.n_dialled++;
    watch(c, EPOLLIN, EPOLL_CTL_ADD);
}

static void hang_up(struct connection *c)
{
    close(c->fd);
    c->is_open = false;
}

static void lose(struct connection *c)
{
    herd.n_errors++;
    hang_up(c);
    c->is_busy = false;
    herd.free_ones[herd.n_free++] = c;
}

static bool send_out(struct connection *c)
{
    ssize_t n = send(c->fd, c->out + c->n_sent, c->n_out - c->n_sent, MSG_NOSIGNAL);

    if (n < 0 && errno != EAGAIN)
        return false;
    c->n_sent += n > 0 ? (size_t)n : 0;
    if (c->n_sent < c->n_out)
        watch(c, EPOLLIN | EPOLLOUT, EPOLL_CTL_MOD);
    return true;
}

static void begin(struct connection *c, int64_t due_us)
{
    if (!c->is_open)
        dial(c);
    c->is_busy = true;
    c->due_us = due_us;
    ask(c, herd.n_begun++);
    if (!send_out(c))
        lose(c);
}

/* ---- what is answered ---- */

static const char *find(const struct connection *c, const char *name)
{
    const char *at = memmem(c->in, c->n_in, name, strlen(name));

    return at ? at + strlen(name) : NULL;
}

/* The hand-in that follows a start; false when the reply is not what it should be. */
static bool go_on(struct connection *c)
{
    const char *ordinal = find(c, "\"ordinal\":"), *ticket = find(c, "\"ticket\":\"");
    char text[200];

    if (!ordinal)
        return false;
    if (herd.mode == PEER) {
        ask_peer_submit(c, atoi(ordinal));
    } else {
        if (!ticket || sscanf(ticket, "%199[^\"]", text) != 1)
            return false;
        ask_with_answers(c, "POST", "submission", atoi(ordinal), text);
    }
    c->is_second = true;
    c->due_us = now_us();
    return send_out(c);
}

static void keep_ticket(const struct connection *c)
{
    const char *ordinal = find(c, "\"ordinal\":"), *ticket = find(c, "\"ticket\":\"");

    if (herd.kept && ordinal && ticket)
        fprintf(herd.kept, "%zu %d %.*s\n", c->person, atoi(ordinal),
                (int)strcspn(ticket, "\""), ticket);
}

static void finish(struct connection *c, int status)
{
    int64_t now = now_us();
    bool is_flow = herd.mode == FLOW || herd.mode == PEER;

    note(&herd.latencies[c->is_second], now - c->due_us);
    herd.statuses[status / 100 % 6]++;
    if (status >= 400 && herd.n_errors++ < 3)
        fprintf(stderr, "herd: %.*s\n", (int)(c->n_in < 600 ? c->n_in : 600), c->in);
    if (herd.mode == START)
        keep_ticket(c);
    if (is_flow && !c->is_second && status < 300) {
        if (!go_on(c))
            lose(c);
        return;
    }
    herd.n_answered += status < 400;
    c->is_busy = false;
    if (herd.mode != IDLE && herd.rate <= 0 && now < herd.ends_us)
        begin(c, now);
    else
        herd.free_ones[herd.n_free++] = c;
}

/* Reads a reply as servers write them here: with a length, in no chunks. */
static void read_in(struct connection *c)
{
    ssize_t n = recv(c->fd, c->in + c->n_in, IN - 1 - c->n_in, 0);

    if (n < 0 && errno == EAGAIN)
        return;
    if (n <= 0) {
        if (c->is_busy)
            lose(c);
        else
            hang_up(c); /* kept alive long enough */
        return;
    }
    c->n_in += (size_t)n;
    c->in[c->n_in] = '\0';
    const char *body = find(c, "\r\n\r\n"), *length;
    if (!body)
        return;
    length = strcasestr(c->in, "\r\nContent-Length:");
    size_t size = length && length < body ? strtoul(length + 17, NULL, 10) : 0;
    if (c->n_in < (size_t)(body - c->in) + size)
        return;
    finish(c, atoi(c->in + 9));
}

static void handle(struct connection *c, uint32_t events)
{
    if (events & EPOLLOUT && c->n_sent < c->n_out) {
        if (!send_out(c)) {
            lose(c);
            return;
        }
        if (c->n_sent == c->n_out)
            watch(c, EPOLLIN, EPOLL_CTL_MOD);
    }
    if (events & (EPOLLIN | EPOLLERR | EPOLLHUP))
        read_in(c);
}

/* ---- the loop ---- */

static void begin_due(int64_t now)
{
    size_t due = (size_t)((double)(now - herd.began_us) * herd.rate / 1e6);
    size_t all = (size_t)(herd.rate * herd.seconds);

    if (due > all)
        due = all;
    while (herd.n_begun < due && herd.n_free)
        begin(herd.free_ones[--herd.n_free],
              herd.began_us + (int64_t)((double)herd.n_begun * 1e6 / herd.rate));
    if (due - herd.n_begun > herd.most_behind)
        herd.most_behind = due - herd.n_begun;
}

static bool is_over(int64_t now)
{
    bool is_all = herd.rate <= 0 ? now >= herd.ends_us
                                 : herd.n_begun >= (size_t)(herd.rate * herd.seconds);

    return (is_all && herd.n_free == herd.n_connections) ||
           now >= herd.ends_us + GRACE_MS * 1000;
}

static void turn(int wait_ms)
{
    struct epoll_event events[256];
    int n = epoll_wait(herd.epoll, events, 256, wait_ms);

    for (int i = 0; i < n; i++)
        handle(events[i].data.ptr, events[i].events);
}

static void run(void)
{
    int64_t now;

    for (size_t i = 0; i < herd.n_connections; i++) {
        dial(&herd.connections[i]);
        herd.free_ones[herd.n_free++] = &herd.connections[i];
    }
    herd.began_us = now_us();
    herd.ends_us = herd.began_us + herd.seconds * 1000000LL;
    if (herd.rate <= 0)
        while (herd.n_free)
            begin(herd.free_ones[--herd.n_free], now_us());
    while (!is_over(now = now_us())) {
        if (herd.rate > 0)
            begin_due(now);
        turn(1);
    }
}

/* At most some hundred wait for their answer at once. */
static void run_idle(void)
{
    char byte;

    herd.began_us = now_us();
    for (size_t i = 0; i < herd.n_connections; i++) {
        begin(&herd.connections[i], now_us());
        while (herd.n_begun - herd.n_answered - herd.n_errors > 100)
            turn(1000);
    }
    while (herd.n_begun > herd.n_answered + herd.n_errors)
        turn(1000);
    printf("{\"held\":%zu,\"errors\":%zu}\n", herd.n_answered, herd.n_errors);
    fflush(stdout);
    while (read(STDIN_FILENO, &byte, 1) > 0)
        ;
}

/* ---- the report ---- */

static int compare(const void *a, const void *b)
{
    const uint32_t *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

static void report_latencies(const char *name, struct latencies *l)
{
    if (!l->n)
        return;
    qsort(l->us, l->n, sizeof(*l->us), compare);
    printf(",\"%s\":{\"n\":%zu,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f}", name, l->n,
           l->us[l->n / 2] / 1e3, l->us[l->n * 99 / 100] / 1e3, l->us[l->n - 1] / 1e3);
}

static void report(void)
{
    double seconds = (double)(now_us() - herd.began_us) / 1e6;
    size_t unanswered = herd.n_connections - herd.n_free;

    printf("{\"asked\":%zu,\"done\":%zu,\"errors\":%zu,\"unanswered\":%zu,\"seconds\":%.3f,"
           "\"rate\":%.1f,\"connections\":%zu,\"dialled\":%zu,\"most_behind\":%zu",
           herd.n_begun, herd.n_answered, herd.n_errors, unanswered, seconds,
           (double)herd.n_answered / seconds, herd.n_connections, herd.n_dialled,
           herd.most_behind);
    for (int i = 2; i < 6; i++)
        printf(",\"%dxx\":%d", i, herd.statuses[i]);
    report_latencies("first", &herd.latencies[0]);
    report_latencies("second", &herd.latencies[1]);
    printf("}\n");
}

/* ---- what we are told ---- */

static struct lines read_lines(const char *file)
{
    struct lines lines = { .at = need(malloc(MAX_LINES * sizeof(char *))) };
    FILE *stream = fopen(file, "re");
    char *line = NULL;
    size_t room = 0;
    ssize_t n;

    if (!stream)
        fail(file);
    while (lines.n < MAX_LINES && (n = getline(&line, &room, stream)) > 0) {
        line[n - (line[n - 1] == '\n')] = '\0';
        lines.at[lines.n++] = need(strdup(line));
    }
    free(line);
    fclose(stream);
    return lines;
}

static void set(const char *name, const char *value)
{
    if (!strcmp(name, "--port"))
        herd.port = atoi(value);
    else if (!strcmp(name, "--seconds"))
        herd.seconds = atoi(value);
    else if (!strcmp(name, "--connections"))
        herd.n_connections = strtoul(value, NULL, 10);
    else if (!strcmp(name, "--first"))
        herd.first = strtoul(value, NULL, 10);
    else if (!strcmp(name, "--people"))
        herd.n_people = strtoul(value, NULL, 10);
    else if (!strcmp(name, "--rate"))
        herd.rate = atof(value);
    else if (!strcmp(name, "--path"))
        herd.path = value;
    else if (!strcmp(name, "--campaign"))
        herd.campaign = value;
    else if (!strcmp(name, "--tokens"))
        herd.tokens = read_lines(value);
    else if (!strcmp(name, "--answers"))
        herd.answers = read_lines(value);
    else if (!strcmp(name, "--tickets") && herd.mode == START)
        herd.kept = fopen(value, "we");
    else if (!strcmp(name, "--tickets"))
        herd.tickets = read_lines(value);
    else {
        fprintf(stderr, "herd: it does not know %s\n", name);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    while (argc > 1 && herd.mode < N_MODES && strcmp(argv[1], mode_names[herd.mode]))
        herd.mode++;
    if (argc < 2 || herd.mode == N_MODES || argc % 2) {
        fprintf(stderr, "herd start|save|flow|peer|get|idle [--option value]...\n");
        return 2;
    }
    for (int i = 2; i < argc; i += 2)
        set(argv[i], argv[i + 1]);
    if (!herd.n_people)
        herd.n_people = herd.tokens.n ? herd.tokens.n : 100000;
    if (((herd.mode == SAVE || herd.mode == FLOW) && !herd.answers.n) ||
        (herd.mode == SAVE && !herd.tickets.n)) {
        fprintf(stderr, "herd: --answers or --tickets is missing\n");
        return 2;
    }
    srand((unsigned)now_us());
    herd.epoll = epoll_create1(EPOLL_CLOEXEC);
    herd.connections = need(calloc(herd.n_connections, sizeof(*herd.connections)));
    herd.free_ones = need(calloc(herd.n_connections, sizeof(*herd.free_ones)));
    if (herd.mode == IDLE) {
        run_idle();
        return 0;
    }
    run();
    report();
    if (herd.kept)
        fclose(herd.kept);
    return 0;
}
