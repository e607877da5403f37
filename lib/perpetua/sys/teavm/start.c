/* start.c: where the native edition begins, and what it takes away from TeaVM's own start.
 * SPDX-License-Identifier: Apache-2.0
 *
 * The runtime would block SIGRTMIN, reset what was set for it, make a timer and read the locale: a chain would pass
 * all that on, and none of it is used here. So these calls, which only the runtime's start makes, are turned into
 * nothing; then signal mask and dispositions never change and nothing need be put back before an exec.
 */
#include "sys.h"
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <uchar.h>
#include <wchar.h>

/* The heap's ceiling is address space that is reserved, not memory. A quarter of what RLIMIT_AS leaves, so that a tool
 * starts under a limit of 8 MB; the floor is what stays mapped. */
static int64_t start_heap_ceiling(void)
{
    int64_t ceiling = INT64_C(1) << 26;
    struct rlimit limit;
    if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur / 4 < (rlim_t) ceiling)
        ceiling = limit.rlim_cur / 4;
    return ceiling < START_HEAP_FLOOR ? START_HEAP_FLOOR : ceiling / START_HEAP_FLOOR * START_HEAP_FLOOR;
}

/* The collector notes its queue, its gaps and its moves in an area of its own, without looking where that ends. The
 * runtime gives it a sixteenth of the heap: some thousand small objects with gaps between them write past it. In an area
 * of the heap's own size there is room for the worst heap; only what is used of it costs memory. */
static int32_t start_collector_room(int64_t heap)
{
    return (int32_t) heap;
}

/* One line and status 111 where memory ends: the runtime would go on with what it did not get. */
static void start_out_of_memory(void)
{
    const char *name = sys_argc_ > 0 ? strrchr(sys_argv_[0], '/') : 0;
    name = name ? name + 1 : sys_argc_ > 0 ? sys_argv_[0] : "perpetua";
    /* Without snprintf, which nothing else needs and which weighs more than a tool. In one write, as all lines are. */
    static const char sentence[] = ": fatal: unable to get memory: out of memory (ENOMEM)\n";
    char line[300];
    size_t n = strnlen(name, 200);
    memcpy(line, name, n);
    memcpy(line + n, sentence, sizeof sentence - 1);
    if (write(2, line, n + sizeof sentence - 1) < 0) _exit(111);
    _exit(111);
}

/* The C library asks for a few hundred bytes now and then: a directory, the file of the accounts. Its own allocator
 * maps pages for each and gives them back, which costs more than a link. Here blocks have sizes of powers of two, and what
 * is given back is kept for the next of that size; only large ones go back to the system. */
enum { START_BLOCK_LEAST = 5, START_BLOCK_MOST = 16, START_HEADER = 16 };
static void *start_free[START_BLOCK_MOST + 1];
static char start_arena[16384] __attribute__((aligned(16), section(".bss.y2_arena")));
static char *start_end; /* what is left lies before it: so what is taken first lies beside the variables that follow */
static size_t start_left;

void *malloc(size_t size)
{
    if (size > PTRDIFF_MAX - START_HEADER) goto none;
    unsigned power = START_BLOCK_LEAST;
    size += START_HEADER;
    while (power <= START_BLOCK_MOST && (size_t) 1 << power < size) power++;
    char *block;
    if (power > START_BLOCK_MOST) {
        block = mmap(0, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (block == MAP_FAILED) goto none;
        *(size_t *) block = size;
    } else if ((block = start_free[power])) {
        start_free[power] = *(void **) (block + START_HEADER);
    } else {
        if (!start_end) {
            start_left = sizeof start_arena;
            start_end = start_arena + start_left;
        }
        if (start_left < (size_t) 1 << power) {
            size_t more = (size_t) 2 << START_BLOCK_MOST;
            char *area = mmap(0, more, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
            if (area == MAP_FAILED) goto none;
            start_left = more;
            start_end = area + more;
        }
        block = start_end -= (size_t) 1 << power;
        start_left -= (size_t) 1 << power;
        *(size_t *) block = power;
    }
    return block + START_HEADER;
none:
    errno = ENOMEM;
    return 0;
}

void free(void *given)
{
    if (!given) return;
    char *block = (char *) given - START_HEADER;
    size_t power = *(size_t *) block;
    if (power > START_BLOCK_MOST) {
        munmap(block, power);
        return;
    }
    *(void **) given = start_free[power];
    start_free[power] = block;
}

void *calloc(size_t count, size_t size)
{
    if (size && count > PTRDIFF_MAX / size) {
        errno = ENOMEM;
        return 0;
    }
    void *got = malloc(count * size);
    return got ? memset(got, 0, count * size) : 0;
}

void *realloc(void *given, size_t size)
{
    void *got = malloc(size);
    if (!got || !given) return got;
    size_t power = *(size_t *) ((char *) given - START_HEADER);
    size_t had = (power > START_BLOCK_MOST ? power : (size_t) 1 << power) - START_HEADER;
    memcpy(got, given, had < size ? had : size);
    free(given);
    return got;
}

/* The runtime reserves four areas and then makes the beginning of each accessible. The heap is given the program break
 * instead, which grows and shrinks with one call and counts only what it has; the two small tables are given static
 * memory. Of the reserve only the area of the collector is left, and that is made when something is collected first. */
enum { START_HEAP, START_COLLECTOR, START_REGIONS, START_CARDS, START_AREAS };
static struct { char *at; size_t size; } start_areas[START_AREAS];
enum { START_TABLE = (1 << 16) + 4096 };
static char start_cards[START_TABLE] __attribute__((aligned(16), section(".bss.x_cards")));
static char start_regions[START_TABLE] __attribute__((aligned(16), section(".bss.z_regions")));

static void *start_reserve(size_t size)
{
    static int area;
    char *at;
    if (area == START_HEAP) {
        at = (char *) (((uintptr_t) sbrk(0) + 4095) & ~(uintptr_t) 4095);
    } else if (area == START_COLLECTOR) {
        at = 0;
    } else {
        if (size > START_TABLE) start_out_of_memory();
        at = area == START_CARDS ? start_cards : start_regions;
    }
    start_areas[area].at = at;
    start_areas[area++].size = size;
    return at;
}

static int start_access(char *at, size_t size, int protection)
{
    char *heap = start_areas[START_HEAP].at;
    if (at >= heap && at < heap + start_areas[START_HEAP].size) {
        char *end = protection == PROT_NONE ? at : at + size;
        if ((uintptr_t) syscall(SYS_brk, end) < (uintptr_t) end) start_out_of_memory();
    } else if (start_areas[START_COLLECTOR].at && at >= start_areas[START_COLLECTOR].at
            && at < start_areas[START_COLLECTOR].at + start_areas[START_COLLECTOR].size && mprotect(at, size, protection) < 0) {
        start_out_of_memory();
    }
    return 0;
}

/* What the runtime would say before it ends is a stack trace, which tells a user nothing. */
#define TEAVM_CUSTOM_LOG 1

#define mmap(at, size, protection, flags, fd, offset) start_reserve(size)
#define mprotect(at, size, protection) start_access(at, size, protection)
#define abort start_out_of_memory
#define setlocale(category, locale) ((void) 0)
#define srand(seed) ((void) 0)
#define sigaction(sig, action, before) ((void) action)
#define sigprocmask(how, set, before) ((void) set)
#define timer_create(clock, event, timer) ((void) event)
#define main start_runtime
#include GENERATED
#undef main
#undef mmap
#undef mprotect

/* What the collector asks for when it begins. */
void *start_first_gap[1];

void start_collector(void)
{
    size_t size = start_areas[START_COLLECTOR].size;
    if (teavm_gc_gcStorageAddress) return;
    char *at = mmap(0, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (at == MAP_FAILED || mprotect(at, teavm_pageCount(teavm_gc_gcStorageSize), PROT_READ | PROT_WRITE) < 0) start_out_of_memory();
    teavm_gc_gcStorageAddress = start_areas[START_COLLECTOR].at = at;
}

static int sys_put(char *to, int at, void *string)
{
    TeaVM_Array *characters = ((TeaVM_String *) string)->characters;
    const char16_t *from = TEAVM_ARRAY_DATA(characters, char16_t);
    for (int i = 0; i < characters->size; i++) to[at + i] = (char) from[i];
    return characters->size;
}

void teavm_printString(char16_t *text) { (void) text; }
void teavm_printWString(wchar_t *text) { (void) text; }
void teavm_printInt(int32_t number) { (void) number; }
void teavm_logCodePoint(int32_t c) { (void) c; }

/* Gives back what is reserved above a new ceiling. */
static void start_trim_heap(int64_t ceiling)
{
    int64_t most = teavm_gc_maxAvailableBytes;
    ceiling = ceiling / START_HEAP_FLOOR * START_HEAP_FLOOR;
    if (ceiling < teavm_gc_availableBytes) ceiling = teavm_gc_availableBytes;
    if (ceiling >= most) return;
    int64_t from = teavm_pageCount(teavm_gc_calculateWorkSize(ceiling));
    int64_t to = teavm_pageCount(teavm_gc_calculateWorkSize(most));
    if (from < to && teavm_gc_gcStorageAddress) munmap((char *) teavm_gc_gcStorageAddress + from, to - from);
    if (from < to) start_areas[START_COLLECTOR].size = from;
    teavm_gc_maxAvailableBytes = ceiling;
}

int main(int argc, char **argv)
{
    sys_argc_ = argc;
    sys_argv_ = argv;
    return start_runtime(0, argv);
}
