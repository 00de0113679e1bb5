/* A disk that fails when it is told to, for a program under test: preloaded into it, it stands before the C library's
 * calls that write and flush. The file named by FAULTS tells which call fails, on which files, with which error:
 *
 *     write ziyun.db-wal 28
 *
 * `write` or `sync`, a part of the path, the number of the error. An empty file: all is well. Of what finds the disk full
 * (28) the first half is written, as a file system does it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

/* The error that the call on this file is to fail with, or 0. */
static int told(const char *call, int file) {
    char line[512], which[16], part[256], link[64], path[4096];
    int error = 0;
    const char *name = getenv("FAULTS");
    int told = name ? open(name, O_RDONLY | O_CLOEXEC) : -1;
    if (told < 0) return 0;
    ssize_t size = read(told, line, sizeof line - 1);
    close(told);
    if (size <= 0) return 0;
    line[size] = 0;
    if (sscanf(line, "%15s %255s %d", which, part, &error) != 3 || strcmp(which, call) != 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    size = readlink(link, path, sizeof path - 1);
    if (size <= 0) return 0;
    path[size] = 0;
    return strstr(path, part) ? error : 0;
}

/* How many bytes of a write go through: all, half, or none and an error. */
static ssize_t through(int file, size_t size) {
    static __thread int torn;
    int error = told("write", file);
    if (!error) return (ssize_t)size;
    torn = !torn;
    if (error == ENOSPC && torn && size > 1) return (ssize_t)(size / 2);
    errno = error;
    return -1;
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, name))

ssize_t write(int file, const void *data, size_t size) {
    ssize_t some = through(file, size);
    return some < 0 ? some : REAL("write", ssize_t (*)(int, const void *, size_t))(file, data, (size_t)some);
}

ssize_t pwrite(int file, const void *data, size_t size, off_t at) {
    ssize_t some = through(file, size);
    return some < 0 ? some : REAL("pwrite", ssize_t (*)(int, const void *, size_t, off_t))(file, data, (size_t)some, at);
}

ssize_t pwrite64(int file, const void *data, size_t size, off64_t at) {
    ssize_t some = through(file, size);
    return some < 0 ? some : REAL("pwrite64", ssize_t (*)(int, const void *, size_t, off64_t))(file, data, (size_t)some, at);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    int error = told("write", file);
    if (!error) return REAL("writev", ssize_t (*)(int, const struct iovec *, int))(file, parts, count);
    errno = error;
    return -1;
}

static int flush(const char *name, int file) {
    int error = told("sync", file);
    if (!error) return REAL(name, int (*)(int))(file);
    errno = error;
    return -1;
}

int fsync(int file) { return flush("fsync", file); }

int fdatasync(int file) { return flush("fdatasync", file); }
