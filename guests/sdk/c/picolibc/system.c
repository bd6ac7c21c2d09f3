/*
 * What picolibc wants from a system. Link it with a guest that uses Debian's picolibc (see
 * guests/README.md). There is no file but the three standard streams: stdin is empty, and what goes
 * to stdout and stderr is no output of the guest; an emulator of Linux programs shows it on stderr.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

#include "proofloom.h"

#define ECALL_WRITE 64

/* A no-op in the machine. */
static void show_under_linux(const void *bytes, size_t size)
{
    register long a0 __asm__("a0") = STDERR_FILENO;
    register const void *a1 __asm__("a1") = bytes;
    register size_t a2 __asm__("a2") = size;
    register long a7 __asm__("a7") = ECALL_WRITE;
    __asm__ volatile("ecall" : "+r"(a0) : "r"(a1), "r"(a2), "r"(a7) : "memory");
}

static int put(char c, FILE *stream)
{
    (void)stream;
    show_under_linux(&c, 1);
    return (unsigned char)c;
}

static int get(FILE *stream)
{
    (void)stream;
    return EOF;
}

static FILE streams = FDEV_SETUP_STREAM(put, get, NULL, _FDEV_SETUP_RW);
FILE *const stdin = &streams;
FILE *const stdout = &streams;
FILE *const stderr = &streams;

static int fail(int reason)
{
    errno = reason;
    return -1;
}

int open(const char *path, int flags, ...)
{
    (void)path, (void)flags;
    return fail(ENOENT);
}

int close(int file)
{
    (void)file;
    return fail(EBADF);
}

ssize_t read(int file, void *bytes, size_t size)
{
    (void)bytes, (void)size;
    return file == STDIN_FILENO ? 0 : fail(EBADF);
}

ssize_t write(int file, const void *bytes, size_t size)
{
    if (file != STDOUT_FILENO && file != STDERR_FILENO)
        return fail(EBADF);
    show_under_linux(bytes, size);
    return (ssize_t)size;
}

off_t lseek(int file, off_t offset, int whence)
{
    (void)file, (void)offset, (void)whence;
    return fail(ESPIPE);
}

int unlink(const char *path)
{
    (void)path;
    return fail(ENOENT);
}

/* The machine has no clock, and every run must be the same. */
int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    (void)now, (void)zone;
    return fail(ENOSYS);
}

_Noreturn void _exit(int code)
{
    proofloom_exit(code);
}

/* main has returned: what atexit asked for, destructors, then _exit. */
_Noreturn void proofloom_return(int code)
{
    exit(code);
}
