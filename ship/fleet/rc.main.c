/* rc.main.c: a service for an image that has no shell: its rc.main is a program, and not a script.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   musl-gcc -static -o etc/perp/web/rc.main rc.main.c && chmod 1755 etc/perp/web
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "serve") == 0) {
        puts("serving");
        fflush(stdout);
        for (;;) pause();
    }
    if (argc < 3 || strcmp(argv[1], "start") != 0) return 0;
    execl("/bin/runlimit", "runlimit", "-o", "100", "runlock", "/run/web.lock", "./rc.main", "serve", (char *) 0);
    perror("/bin/runlimit");
    return 111;
}
