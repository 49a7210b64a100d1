/*
 *              aside_write            the thread              on_done
 *   (nothing) --------------> waiting ----------> over --------------> task_end
 *
 * The lock is for the two lists and is_stopping.  The thread is told by a condition,
 * the loop by an eventfd.
 */
#include "api/aside.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>
#include <event2/event.h>

#include "util/list.h"
#include "util/memory.h"

struct aside {
    struct link link; /* among those that wait, or that are over */
    struct task *task;
    struct arena *arena;
    aside_fn write;
    const void *context;
    struct bytes *out;
    struct text text;
    struct error err;
    bool is_written;
};

struct asides {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t has_work;
    struct link waiting, over;
    bool is_stopping;
    int fd;
    struct event *done;
};

/* ---- in the thread ---- */

static struct aside *take(struct asides *asides)
{
    struct aside *aside = NULL;

    pthread_mutex_lock(&asides->lock);
    while (!asides->is_stopping && list_is_empty(&asides->waiting))
        pthread_cond_wait(&asides->has_work, &asides->lock);
    if (!asides->is_stopping) {
        aside = LIST_ITEM(asides->waiting.next, struct aside, link);
        list_remove(&aside->link);
    }
    pthread_mutex_unlock(&asides->lock);
    return aside;
}

static void hand_over(struct asides *asides, struct aside *aside)
{
    pthread_mutex_lock(&asides->lock);
    list_append(&asides->over, &aside->link);
    pthread_mutex_unlock(&asides->lock);
    eventfd_write(asides->fd, 1);
}

static void *work(void *context)
{
    struct asides *asides = context;
    struct aside *aside;

    while ((aside = take(asides))) {
        aside->is_written = aside->write(aside->context, &aside->text, &aside->err);
        hand_over(asides, aside);
    }
    return NULL;
}

/* ---- in the loop ---- */

static void end(struct aside *aside)
{
    struct task *task = aside->task;
    struct error err = aside->err;
    bool is_written = aside->is_written;

    if (is_written)
        *aside->out = (struct bytes){ arena_copy(aside->arena, aside->text.data,
                                                 aside->text.length),
                                      aside->text.length };
    text_done(&aside->text);
    free(aside);
    task_end(task, is_written ? NULL : &err);
}

static void end_all(struct link *all)
{
    while (!list_is_empty(all)) {
        struct aside *aside = LIST_ITEM(all->next, struct aside, link);

        list_remove(&aside->link);
        end(aside);
    }
}

static void on_done(evutil_socket_t fd, short what, void *context)
{
    struct asides *asides = context;
    struct link over;
    eventfd_t n;

    (void)what;
    list_init(&over);
    eventfd_read(fd, &n);
    pthread_mutex_lock(&asides->lock);
    list_move_all(&over, &asides->over);
    pthread_mutex_unlock(&asides->lock);
    end_all(&over);
}

/* Signals are the loop's. */
static void start(struct asides *asides)
{
    sigset_t all, before;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    if (pthread_create(&asides->thread, NULL, work, asides))
        abort();
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct asides *asides_new(struct event_base *base)
{
    struct asides *asides = memory_new(sizeof(*asides));

    pthread_mutex_init(&asides->lock, NULL);
    pthread_cond_init(&asides->has_work, NULL);
    list_init(&asides->waiting);
    list_init(&asides->over);
    asides->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    asides->done = event_new(base, asides->fd, EV_READ | EV_PERSIST, on_done, asides);
    event_add(asides->done, NULL);
    start(asides);
    return asides;
}

void asides_free(struct asides *asides)
{
    if (!asides)
        return;
    pthread_mutex_lock(&asides->lock);
    asides->is_stopping = true;
    pthread_cond_signal(&asides->has_work);
    pthread_mutex_unlock(&asides->lock);
    pthread_join(asides->thread, NULL);
    end_all(&asides->over);
    for (struct link *link = asides->waiting.next; link != &asides->waiting;
         link = link->next)
        error_set(&LIST_ITEM(link, struct aside, link)->err, PROBLEM_STOPPING);
    end_all(&asides->waiting);
    event_free(asides->done);
    close(asides->fd);
    pthread_cond_destroy(&asides->has_work);
    pthread_mutex_destroy(&asides->lock);
    free(asides);
}

void aside_write(struct asides *asides, struct task *task, struct arena *arena,
                 aside_fn write, const void *context, struct bytes *out)
{
    struct aside *aside = memory_new(sizeof(*aside));

    *aside = (struct aside){
        .task = task, .arena = arena, .write = write, .context = context, .out = out
    };
    task_begin(task);
    pthread_mutex_lock(&asides->lock);
    list_append(&asides->waiting, &aside->link);
    pthread_cond_signal(&asides->has_work);
    pthread_mutex_unlock(&asides->lock);
}
