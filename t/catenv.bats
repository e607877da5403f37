# catenv: print the environment.
# SPDX-License-Identifier: Apache-2.0

load helper

@test "catenv prints the environment, a variable a line, in its own order" {
  ends 0 env -i B=2 A= 'C=x y' "$PERPETUA_BIN/catenv" ignored
  prints 'B=2
A=
C=x y'
  complains ''
}

@test "catenv of nothing is nothing" {
  ends 0 env -i "$PERPETUA_BIN/catenv"
  prints ''
}

@test "catenv refuses an option that it does not have; -h and -V answer" {
  ends 100 catenv -Z
  misuse catenv 'invalid option: -Z'
  ends 0 catenv -h
  complains 'usage: catenv [-hV]'
  ends 0 catenv -V
  complains 'catenv: version: 2.07'
}

@test "catenv in a chain prints what the links before it made" {
  echo A=1 > file
  ends 0 runenv -i file catenv
  prints A=1
}

@test "catenv fails where it can't print" {
  ends 111 sh -c 'catenv > /dev/full'
  complains 'catenv: fatal: failure writing to standard output: out of disk space (ENOSPC)'
  ends 111 sh -c 'catenv >&-'
}
