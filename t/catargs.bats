# catargs: print the arguments.
# SPDX-License-Identifier: Apache-2.0

load helper

# argv0: what the tool finds there; a launcher of the JVM edition is told its path, whatever was typed
argv0() { [ "$PERPETUA_EDITION" = jvm ] && command -v "$1" || echo "$1"; }

@test "catargs prints every word, argv[0] the first, one a line" {
  ends 0 catargs a '' 'b  c'
  prints "$(argv0 catargs)"'
a

b  c'
  complains ''
}

@test "catargs has no options" {
  ends 0 catargs -h -V -Z --
  prints "$(argv0 catargs)"'
-h
-V
-Z
--'
}

@test "catargs shows argv[0] as it was given" {
  need_native "an alias of a tool"
  ends 0 runargv0 catargs 'any text'
  prints 'any text'
}

@test "every byte passes" {
  ends 0 sh -c "catargs \$(printf '\351\377') | tail -n 1 | od -An -tx1"
  prints ' e9 ff 0a'
}

@test "catargs fails where it can't print" {
  ends 111 sh -c 'catargs > /dev/full'
  complains 'catargs: fatal: failure writing to standard output: out of disk space (ENOSPC)'
  ends 111 sh -c 'catargs >&-'
  complains 'catargs: fatal: failure writing to standard output: file descriptor not open (EBADF)'
}
