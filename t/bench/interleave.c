// interleave: runs the commands of a file in turn (A B C A B C ...), and says what each cost, beside one of them.
// SPDX-License-Identifier: Apache-2.0
//
// usage: interleave [-n rounds] [-w warm-ups] [-t seconds] [-i input] [-o label] [-b] file
//
// A line of the file is a label, NAME=VALUE for its environment, a command and its arguments, with tabs between.
// With -b the first command is what all others are measured over: its figures are taken off those of the same round.
// -o names the row to compare with: the ratio of two rows is taken in each round, and then its median.
// -t ends the rounds early, but not before the fifth. Standard input is the file named by -i, or nothing.
//
// A line of the output: label, what (wall, cpu, faults, peak), median and quartiles, median and quartiles of the ratio; tabs
// between, times in nanoseconds, peak in KB. "label, failed" is a command that did not end with 0.
#define _GNU_SOURCE
#include <fcntl.h>
#include <spawn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { WALL, CPU, FAULTS, PEAK, KINDS, ROWS = 64, WORDS = 128, ROUNDS = 5000 };
static const char *const kind_names[] = {"wall", "cpu", "faults", "peak"};

extern char **environ;
static struct row {
    char *label, *words[WORDS], **command, **environment;
    int failed;
    double *figures[KINDS];
} rows[ROWS];
static int row_count, rounds_done, base = -1;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1e9 + t.tv_nsec;
}

static double nanos(struct timeval t) { return t.tv_sec * 1e9 + t.tv_usec * 1e3; }

static void fatal(const char *what) {
    perror(what);
    exit(111);
}

static void read_rows(const char *file) {
    FILE *in = fopen(file, "r");
    if (!in) fatal(file);
    char *line = NULL;
    size_t size = 0;
    while (row_count < ROWS && getline(&line, &size, in) > 0) {
        struct row *row = &rows[row_count++];
        char *rest = strdup(line);
        rest[strcspn(rest, "\n")] = 0;
        row->label = strsep(&rest, "\t");
        for (int i = 0; rest && i < WORDS - 1; i++) row->words[i] = strsep(&rest, "\t");
        row->command = row->words;
        while (*row->command && strchr(*row->command, '=')) row->command++;
        if (!*row->command) exit(100);
        int own = 0, set = row->command - row->words;
        while (environ[own]) own++;
        row->environment = calloc(own + set + 1, sizeof(char *));
        memcpy(row->environment, row->words, set * sizeof(char *));
        memcpy(row->environment + set, environ, own * sizeof(char *));
        for (int k = 0; k < KINDS; k++) row->figures[k] = malloc(ROUNDS * sizeof(double));
    }
    free(line);
    fclose(in);
}

static int run(struct row *row, const char *input, double *figures) {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    sigset_t signals;
    struct rusage usage;
    pid_t pid;
    int status;
    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, 0, input, O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    posix_spawnattr_init(&attributes);
    sigemptyset(&signals);
    posix_spawnattr_setsigmask(&attributes, &signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGQUIT);
    posix_spawnattr_setsigdefault(&attributes, &signals);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    double start = now();
    if (posix_spawn(&pid, *row->command, &files, &attributes, row->command, row->environment)) return -1;
    if (wait4(pid, &status, 0, &usage) != pid) return -1;
    figures[WALL] = now() - start;
    figures[CPU] = nanos(usage.ru_utime) + nanos(usage.ru_stime);
    figures[FAULTS] = usage.ru_minflt + usage.ru_majflt;
    figures[PEAK] = usage.ru_maxrss;
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
    return status;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *) a, y = *(const double *) b;
    return (x > y) - (x < y);
}

static void print_quartiles(double *values, int count) {
    if (count == 0) {
        printf("\t-\t-\t-");
        return;
    }
    qsort(values, count, sizeof *values, compare);
    for (const double *at = (const double[]) {.5, .25, .75, -1}; *at > 0; at++) {
        double place = *at * (count - 1);
        int below = (int) place;
        int above = below + 1 < count ? below + 1 : below;
        printf("\t%.6g", values[below] + (place - below) * (values[above] - values[below]));
    }
}

static double over_base(const struct row *row, int kind, int round) {
    double taken = base >= 0 && kind != PEAK ? rows[base].figures[kind][round] : 0;
    return row->figures[kind][round] - taken;
}

static void report(const struct row *row, const struct row *ours) {
    static double values[ROUNDS], ratios[ROUNDS];
    for (int kind = 0; kind < KINDS; kind++) {
        int ratio_count = 0;
        for (int round = 0; round < rounds_done; round++) {
            values[round] = over_base(row, kind, round);
            double beside = ours ? over_base(ours, kind, round) : 0;
            if (beside > 0) ratios[ratio_count++] = values[round] / beside;
        }
        printf("%s\t%s", row->label, kind_names[kind]);
        print_quartiles(values, rounds_done);
        print_quartiles(ratios, ratio_count);
        printf("\n");
    }
}

int main(int argc, char **argv) {
    int rounds = 100, warm_ups = 3, option;
    double seconds = 1e9;
    const char *input = "/dev/null", *reference = "";
    while ((option = getopt(argc, argv, "n:w:t:i:o:b")) != -1) {
        switch (option) {
            case 'n': rounds = atoi(optarg); break;
            case 'w': warm_ups = atoi(optarg); break;
            case 't': seconds = atof(optarg); break;
            case 'i': input = optarg; break;
            case 'o': reference = optarg; break;
            case 'b': base = 0; break;
            default: return 100;
        }
    }
    if (optind + 1 != argc || rounds > ROUNDS) return 100;
    read_rows(argv[optind]);

    double figures[KINDS];
    for (int i = 0; i < warm_ups; i++)
        for (struct row *row = rows; row < rows + row_count; row++)
            if (!row->failed) row->failed = run(row, input, figures) != 0;
    double end = now() + seconds * 1e9;
    while (rounds_done < rounds && (rounds_done < 5 || now() < end)) {
        for (struct row *row = rows; row < rows + row_count; row++) {
            if (row->failed) continue;
            row->failed = run(row, input, figures) != 0;
            for (int kind = 0; kind < KINDS; kind++) row->figures[kind][rounds_done] = figures[kind];
        }
        rounds_done++;
    }

    const struct row *ours = NULL;
    for (struct row *row = rows; row < rows + row_count; row++)
        if (!row->failed && !strcmp(row->label, reference)) ours = row;
    for (struct row *row = rows; row < rows + row_count; row++) {
        if (row->failed) printf("%s\tfailed\n", row->label);
        else if (base < 0 || row != rows) report(row, ours);
    }
    return 0;
}
