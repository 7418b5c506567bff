/* Fault injection: the n-th system call on files below a folder fails, is cut short, or is followed by a signal.
 *
 * The library is loaded before libc (LD_PRELOAD) and inactive until fault_arm is called. It counts calls on paths below
 * the folder and on descriptors of such files, and records each in a trace.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { ONCE, ALWAYS, SHORT, BEFORE, AFTER, TORN };  /* the last three: a signal before or after the call, or halfway */

static int armed, how, what_error, fired;
static long number, count;
static char folder[4096], traced[1 << 16];
static unsigned char ours[1024];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

/* error is an errno for ONCE and ALWAYS, and a signal for the others. */
void fault_arm(const char *below, long n, int mode, int error) {
    strncpy(folder, below, sizeof folder - 1);
    number = n; how = mode; what_error = error; count = 0; fired = 0; armed = 1; traced[0] = 0;
}
int fault_fired(void) { armed = 0; return fired; }
const char *fault_trace(void) { return traced; }

static int is_below(const char *path) { return armed && path && !strncmp(path, folder, strlen(folder)); }
static int is_ours(int descriptor) { return armed && descriptor >= 0 && descriptor < 1024 && ours[descriptor]; }
static int send(int signal) { kill(getpid(), signal); if (signal == SIGKILL) pause(); return 0; }

/* Return whether this call must fail, with errno set; now says whether it is the call that is disturbed. */
static int fails(const char *name, int *now) {
    if (strlen(traced) + strlen(name) + 2 < sizeof traced) { strcat(traced, name); strcat(traced, " "); }
    *now = ++count == number;
    if (!*now && !(how == ALWAYS && number && count > number)) return 0;
    fired = 1;
    if (how == BEFORE) return send(what_error);
    if (how != ONCE && how != ALWAYS) return 0;
    errno = what_error;
    return 1;
}
static void end(int now) { if (now && (how == AFTER || how == TORN)) send(what_error); }
static size_t part(int now, size_t length) { return now && (how == SHORT || how == TORN) && length > 1 ? length / 2 : length; }

/* A call with a result of type that is checked if it concerns one of our files. */
#define CALL(type, name, parameters, arguments, concerned) \
    type name parameters { \
        int now = 0; \
        if (!(concerned)) return REAL(name) arguments; \
        if (fails(#name, &now)) return -1; \
        type done = REAL(name) arguments; \
        end(now); \
        return done; \
    }
CALL(ssize_t, read, (int fd, void *bytes, size_t length), (fd, bytes, part(now, length)), is_ours(fd))
CALL(ssize_t, write, (int fd, const void *bytes, size_t length), (fd, bytes, part(now, length)), is_ours(fd))
CALL(int, fsync, (int fd), (fd), is_ours(fd))
CALL(int, flock, (int fd, int operation), (fd, operation), is_ours(fd))
CALL(int, fchmod, (int fd, mode_t mode), (fd, mode), is_ours(fd))
CALL(int, rename, (const char *from, const char *to), (from, to), is_below(to))
CALL(int, link, (const char *from, const char *to), (from, to), is_below(to))
CALL(int, unlink, (const char *path), (path), is_below(path))
CALL(int, mkdir, (const char *path, mode_t mode), (path, mode), is_below(path))

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t bits) {
    int now = 0, counts = is_below(path);
    if (counts && fails((flags & O_CREAT) ? "create" : "open", &now)) return -1;
    int descriptor = real(path, flags, bits);
    if (descriptor >= 0 && descriptor < 1024) ours[descriptor] = counts;
    end(now);
    return descriptor;
}
int open(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t bits = va_arg(rest, int); va_end(rest);
    return opened(REAL(open), path, flags, bits);
}
int open64(const char *path, int flags, ...) {
    va_list rest; va_start(rest, flags); mode_t bits = va_arg(rest, int); va_end(rest);
    return opened(REAL(open64), path, flags, bits);
}
DIR *opendir(const char *path) {
    int now = 0;
    if (is_below(path) && fails("list", &now)) return NULL;
    DIR *done = REAL(opendir)(path);
    end(now);
    return done;
}
int close(int descriptor) {
    int now = 0;
    if (!is_ours(descriptor)) return REAL(close)(descriptor);
    int failed = fails("close", &now), error = errno;
    ours[descriptor] = 0;
    int done = REAL(close)(descriptor);  /* Linux closes the descriptor even if close fails */
    end(now);
    if (failed) { errno = error; return -1; }
    return done;
}
