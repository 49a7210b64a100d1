#include "pg/child.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static void adopt(const struct passwd *who, struct user *out)
{
    int room = sizeof(out->groups) / sizeof(out->groups[0]);

    *out = (struct user){ .is_other = true, .uid = who->pw_uid, .gid = who->pw_gid };
    snprintf(out->name, sizeof(out->name), "%s", who->pw_name);
    out->n_groups = room;
    getgrouplist(who->pw_name, who->pw_gid, out->groups, &out->n_groups);
    if (out->n_groups > room)
        out->n_groups = room;
}

bool user_choose(const char *data, struct user *out)
{
    const struct passwd *who = NULL;
    struct stat st;

    *out = (struct user){ .uid = geteuid(), .gid = getegid() };
    if (out->uid)
        return true;
    if (!stat(data, &st) && st.st_uid)
        who = getpwuid(st.st_uid);
    if (!who)
        who = getpwnam("postgres");
    if (!who)
        who = getpwnam("nobody");
    if (who)
        adopt(who, out);
    return who;
}

static bool become(const struct user *user)
{
    return !user->is_other || (!setgroups((size_t)user->n_groups, user->groups) &&
                               !setresgid(user->gid, user->gid, user->gid) &&
                               !setresuid(user->uid, user->uid, user->uid));
}

/* Asked of the kernel in that user's name, for permissions are more than mode bits. */
bool user_can_reach(const struct user *user, const char *folder)
{
    pid_t child = fork();

    if (child == 0)
        _exit(!become(user) || chdir(folder));
    return child_succeeds(child);
}

static void forget_signals(void)
{
    sigset_t none;

    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

/* A session of its own keeps the terminal's Ctrl-C from it.  Our sockets would hold the
 * port beyond our end, so they are closed whatever their flags. */
static void detach(int out)
{
    int in = open("/dev/null", O_RDONLY);

    setsid();
    umask(077);
    forget_signals();
    if (in < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 || dup2(out, 2) < 0)
        _exit(126);
    close_range(3, ~0U, 0);
}

/* The kernel forgets which signal the parent's death should send when the user changes,
 * so that is asked for last; the parent may have died before. */
static _Noreturn void turn_into(const struct user *user, char *const *argv,
                                pid_t parent)
{
    const char *path = getenv("PATH");
    char search[4096];

    if (!become(user)) {
        dprintf(2, "cannot become user %s: %s\n", user->name, strerror(errno));
        _exit(126);
    }
    prctl(PR_SET_PDEATHSIG, SIGINT);
    if (getppid() != parent || chdir("/"))
        _exit(126);
    snprintf(search, sizeof(search), "PATH=%s", path ? path : "/usr/bin:/bin");
    execvpe(argv[0], argv, (char *[]){ search, "LC_ALL=C", NULL });
    dprintf(2, "cannot run %s: %s\n", argv[0], strerror(errno));
    _exit(127);
}

pid_t child_spawn(const struct user *user, char *const *argv, int out)
{
    pid_t parent = getpid();
    pid_t child = fork();

    if (child == 0) {
        detach(out);
        turn_into(user, argv, parent);
    }
    return child;
}

bool child_succeeds(pid_t child)
{
    int status;

    if (child < 0)
        return false;
    while (waitpid(child, &status, 0) < 0)
        if (errno != EINTR)
            return false;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool child_ask(const struct user *user, char *const *argv, char *line, size_t size)
{
    int out = memfd_create("answer", MFD_CLOEXEC);

    if (out < 0)
        return false;
    bool is_good = child_succeeds(child_spawn(user, argv, out));
    ssize_t n = is_good ? pread(out, line, size - 1, 0) : 0;
    close(out);
    if (n <= 0)
        return false;
    line[n] = '\0';
    line[strcspn(line, "\n")] = '\0';
    return true;
}
