/* Fault injection: the n-th system call on files below a folder fails in a given mode.
 *
 * The library is loaded before libc (LD_PRELOAD) and inactive until fault_arm is called. It counts only calls that
 * write: opening a file to write or a folder, write, fsync, close of such a descriptor, mkdir, rename, unlink. It
 * records each call in a trace.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { KILL, TORN, NO_SPACE, NO_SPACE_ON, BROKEN, BROKEN_ON, SHORT, INTERRUPT, TERMINATE };

static int armed, mode, fired;
static long number, count;
static char folder[4096], traced[1 << 16];
static unsigned char ours[1024];

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

void fault_arm(const char *below, long n, int how) {
    strncpy(folder, below, sizeof folder - 1);
    number = n; mode = how; count = 0; fired = 0; armed = 1; traced[0] = 0;
}
int fault_fired(void) { armed = 0; return fired; }
const char *fault_trace(void) { return traced; }

static int is_below(const char *path) { return armed && path && !strncmp(path, folder, strlen(folder)); }
static int is_ours(int descriptor) { return armed && descriptor >= 0 && descriptor < 1024 && ours[descriptor]; }

/* Return whether this call must fail, with errno set. *after: the signal to send after the call. */
static int fails(const char *what, int *after) {
    *after = 0;
    if (strlen(traced) + strlen(what) + 2 < sizeof traced) { strcat(traced, what); strcat(traced, " "); }
    count++;
    int lasting = mode == NO_SPACE_ON || mode == BROKEN_ON;
    if (count != number && !(lasting && number && count > number)) return 0;
    fired = 1;
    switch (mode) {
    case KILL: kill(getpid(), SIGKILL); pause(); break;
    case TORN: *after = SIGKILL; return 0;
    case INTERRUPT: *after = SIGINT; return 0;
    case TERMINATE: *after = SIGTERM; return 0;
    case SHORT: return 0;
    case NO_SPACE: case NO_SPACE_ON:
        if (!strcmp(what, "unlink") || !strcmp(what, "close")) return 0;
        errno = ENOSPC; return 1;
    default: errno = EIO; return 1;
    }
    return 0;
}
static void end(int after) { if (after) { kill(getpid(), after); if (after == SIGKILL) pause(); } }

static int opened(int (*real)(const char *, int, ...), const char *path, int flags, mode_t bits) {
    int after = 0;
    int counts = is_below(path) && ((flags & (O_WRONLY | O_RDWR | O_CREAT)) || !strcmp(path, folder));
    struct stat status;
    if (!counts && is_below(path) && !stat(path, &status) && S_ISDIR(status.st_mode)) counts = 1;
    if (counts && fails((flags & O_CREAT) ? "create" : "open", &after)) return -1;
    int descriptor = real(path, flags, bits);
    if (descriptor >= 0 && descriptor < 1024) ours[descriptor] = counts;
    end(after);
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
ssize_t write(int descriptor, const void *bytes, size_t length) {
    int after = 0;
    if (!is_ours(descriptor)) return REAL(write)(descriptor, bytes, length);
    if (fails("write", &after)) return -1;
    int half = fired && count == number && (mode == SHORT || mode == TORN) && length > 1;
    ssize_t done = REAL(write)(descriptor, bytes, half ? length / 2 : length);
    end(after);
    return done;
}
int fsync(int descriptor) {
    int after = 0;
    if (is_ours(descriptor) && fails("fsync", &after)) return -1;
    int done = REAL(fsync)(descriptor);
    end(after);
    return done;
}
int close(int descriptor) {
    int after = 0;
    if (!is_ours(descriptor)) return REAL(close)(descriptor);
    int failed = fails("close", &after), error = errno;
    ours[descriptor] = 0;
    int done = REAL(close)(descriptor);  /* Linux closes the descriptor even if close fails */
    end(after);
    if (failed) { errno = error; return -1; }
    return done;
}
int rename(const char *from, const char *to) {
    int after = 0;
    if (is_below(to) && fails("rename", &after)) return -1;
    int done = REAL(rename)(from, to);
    end(after);
    return done;
}
int unlink(const char *path) {
    int after = 0;
    if (is_below(path) && fails("unlink", &after)) return -1;
    int done = REAL(unlink)(path);
    end(after);
    return done;
}
int mkdir(const char *path, mode_t bits) {
    int after = 0;
    if (is_below(path) && fails("mkdir", &after)) return -1;
    int done = REAL(mkdir)(path, bits);
    end(after);
    return done;
}
