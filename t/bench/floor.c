// floor: the least that a link of a chain can cost. With a program to run it calls execve and nothing else; without one it
// is the program at the end of the chain, and ends at once.
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

int main(int argc, char **argv, char **envp) {
    if (argc < 2) return 0;
    execve(argv[1], argv + 1, envp);
    return 111;
}
