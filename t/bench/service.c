// service: what the supervisors of the bench look after, and what tells how fast they are.
// SPDX-License-Identifier: Apache-2.0
//
// Called run or rc.main, it is a service: it adds the line "NUMBER PID NANOSECONDS" to ../../starts, NUMBER being the name of
// its directory, and waits to be ended. Otherwise:
//   service make BASE COUNT NAME  makes the service directories BASE/1 ... with a link to itself in each, called NAME
//   service at COMMAND...         begins ../starts with the line "0 PID NANOSECONDS" and becomes COMMAND
//   service death STARTS NUMBER   kills that service; prints the nanoseconds until its next start
//   service gone COMMAND...       runs COMMAND; prints the nanoseconds until all the processes named on standard input are gone
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static long long now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int fatal(const char *what) {
    perror(what);
    return 111;
}

static void record(const char *file, const char *number) {
    char line[100];
    int fd = open(file, O_WRONLY | O_APPEND | O_CREAT, 0644);
    int length = snprintf(line, sizeof line, "%s %d %lld\n", number, (int) getpid(), now());
    if (fd < 0 || write(fd, line, length) != length) exit(fatal(file));
    close(fd);
}

static int serve(int argc, char **argv) {
    char where[4096];
    if (argc > 1 && !strcmp(argv[1], "reset")) return 0;
    if (!getcwd(where, sizeof where)) return fatal("getcwd");
    record("../../starts", strrchr(where, '/') + 1);
    for (;;) pause();
}

static int make(const char *base, int count, const char *name) {
    char path[4096], self[4096];
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    if (length < 0) return fatal("/proc/self/exe");
    self[length] = 0;
    for (int i = 1; i <= count; i++) {
        int end = snprintf(path, sizeof path, "%s/%d", base, i);
        if (mkdir(path, 0755)) return fatal(path);
        // perp's mark of an active service; others take it for that of a logger.
        if (!strcmp(name, "rc.main") && chmod(path, 01755)) return fatal(path);
        snprintf(path + end, sizeof path - end, "/%s", name);
        if (link(self, path)) return fatal(path);
    }
    return 0;
}

// The last start of that service.
static long long last_start(const char *file, int number, int *pid) {
    FILE *in = fopen(file, "r");
    int each, its_pid;
    long long when, last = 0;
    if (!in) exit(fatal(file));
    while (fscanf(in, "%d %d %lld", &each, &its_pid, &when) == 3) {
        if (each == number && when > last) {
            last = when;
            *pid = its_pid;
        }
    }
    fclose(in);
    return last;
}

static int death(const char *file, int number) {
    int pid = 0, new_pid;
    if (!last_start(file, number, &pid)) return 1;
    long long killed = now(), started = 0;
    if (kill(pid, SIGKILL)) return fatal("kill");
    while ((started = last_start(file, number, &new_pid)) < killed) {
        if (now() > killed + 10000000000LL) return 1;
        usleep(5000);
    }
    printf("%lld\n", started - killed);
    return 0;
}

static int gone(char **command) {
    struct rlimit files;
    static struct pollfd all[20000];
    int pid, count = 0, status;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    while (scanf("%d", &pid) == 1 && count < 20000) {
        int fd = syscall(434 /* pidfd_open */, pid, 0);
        if (fd >= 0) all[count++] = (struct pollfd) {.fd = fd, .events = POLLIN};
    }
    long long start = now();
    pid_t child = vfork();
    if (child == 0) {
        execvp(*command, command);
        _exit(111);
    }
    for (int i = 0; i < count; i++)
        if (poll(&all[i], 1, 20000) != 1) return 1;
    printf("%lld\n", now() - start);
    waitpid(child, &status, 0);
    return 0;
}

int main(int argc, char **argv) {
    const char *name = strrchr(argv[0], '/');
    name = name ? name + 1 : argv[0];
    if (!strcmp(name, "run") || !strcmp(name, "rc.main")) return serve(argc, argv);
    if (argc == 5 && !strcmp(argv[1], "make")) return make(argv[2], atoi(argv[3]), argv[4]);
    if (argc > 2 && !strcmp(argv[1], "at")) {
        unlink("../starts");
        record("../starts", "0");
        execvp(argv[2], argv + 2);
        return fatal(argv[2]);
    }
    if (argc == 4 && !strcmp(argv[1], "death")) return death(argv[2], atoi(argv[3]));
    if (argc > 2 && !strcmp(argv[1], "gone")) return gone(argv + 2);
    return 100;
}
