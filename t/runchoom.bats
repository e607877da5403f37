# runchoom: run a program that the out-of-memory killer spares, or takes first.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: that the kernel kills accordingly; a kernel without oom_adj, but as a folder that looks so.

load helper

setup() {
  enter_scratch
  mkdir -p base/7
  : > base/7/key
}

# choom OPTION...: on a file of this test
choom() { runchoom -b "$PWD/base" -p 7 "$@"; }

@test "runchoom without a program is a usage error" {
  ends 100 runchoom
  misuse runchoom 'missing required program argument'
  ends 100 runchoom -e
  misuse runchoom 'missing required program argument'
}

@test "runchoom refuses an option that it does not have, and one without its argument; -h and -V answer" {
  ends 100 runchoom -Z true
  misuse runchoom 'invalid option: -Z'
  for each in b k p s; do
    ends 100 runchoom "-$each"
    misuse runchoom "missing argument for option -$each"
  done
  ends 0 runchoom -h
  complains 'usage: runchoom [-hV] [-ev] [-b base] [-k key] [-p pid] [-s str] program [args ...]'
  ends 0 runchoom -V
  complains 'runchoom: version: 2.07'
}

@test "the text and a newline replace the content of BASE/PID/KEY, then the program runs" {
  echo 'more than the text' > base/7/key
  ends 0 choom -k key -s 33 cat base/7/key
  prints 33
  complains ''
}

@test "the variables stand in for the options, and -17 for what neither names" {
  ends 0 env CHOOM_BASE="$PWD/base" CHOOM_KEY=key CHOOM_SET=44 runchoom -p 7 cat base/7/key
  prints 44
  ends 0 env CHOOM_KEY=other CHOOM_SET=44 runchoom -b "$PWD/base" -p 7 -k key -s 5 cat base/7/key
  prints 5
  : > base/7/oom_adj
  ends 0 choom cat base/7/oom_adj
  prints -17
}

@test "the process that becomes the program is meant, unless -p names another" {
  ends 0 runchoom -v -k none sh -c 'echo $$'
  complains "runchoom: ignoring failure on open() for path: /proc/$output/none: file does not exist (ENOENT)"
  ends 0 runchoom -v -k none -p 0 sh -c 'echo $$'
  complains "runchoom: ignoring failure on open() for path: /proc/$output/none: file does not exist (ENOENT)"
  ends 0 choom -p 007 -k key -s 1 cat base/7/key
  prints 1
}

@test "a pid that is no number is a usage error, said before what follows is read" {
  for each in x -1 1k 4294967296; do
    ends 100 runchoom -p "$each" true
    misuse runchoom "bad numeric argument for -p: $each"
  done
  ends 100 runchoom -p x -Z
  misuse runchoom 'bad numeric argument for -p: x'
}

@test "a base that does not begin at the root is a usage error" {
  for each in base ''; do
    ends 100 runchoom -b "$each" true
    misuse runchoom "path base is not absolute (must begin with \`/'): $each"
    ends 100 env CHOOM_BASE="$each" runchoom true
    misuse runchoom "path base is not absolute (must begin with \`/'): $each"
  done
}

@test "a failure to open is ignored, said with -v, fatal with -e" {
  ends 0 choom -k none echo run
  prints run
  complains ''
  [ ! -e base/7/none ]
  why="failure on open() for path: $PWD/base/7/none: file does not exist (ENOENT)"
  ends 0 choom -v -k none echo run
  prints run
  complains "runchoom: ignoring $why"
  ends 111 choom -ev -k none echo wrong
  prints ''
  complains "runchoom: fatal: $why"
}

@test "so is a failure to write" {
  ln -s /dev/full base/7/full
  why="failure on write() to path: $PWD/base/7/full: out of disk space (ENOSPC)"
  ends 0 choom -v -k full echo run
  prints run
  complains "runchoom: ignoring $why"
  ends 111 choom -e -k full echo wrong
  complains "runchoom: fatal: $why"
}

@test "a directory, a FIFO that nobody reads and a file without permission can't be opened" {
  mkdir base/7/folder
  ends 111 choom -e -k folder true
  complains "runchoom: fatal: failure on open() for path: $PWD/base/7/folder: is a directory (EISDIR)"
  need_user nobody
  chmod 444 base/7/key
  ends 111 as_user nobody runchoom -b "$PWD/base" -p 7 -e -k key true
  complains "runchoom: fatal: failure on open() for path: $PWD/base/7/key: access denied (EACCES)"
}

@test "runchoom -v says what was done" {
  ends 0 choom -v -k key -s 33 true
  complains "runchoom: successfully configured $PWD/base/7/key"
}

@test "a text of 254 bytes is written, a longer one is a usage error" {
  text=$(printf %0254d 0)
  ends 0 choom -k key -s "$text" cat base/7/key
  prints "$text"
  ends 100 choom -k key -s "${text}0" true
  misuse runchoom "setting too long: ${text}0"
}

@test "a path of 251 bytes is tried, a longer one is a failure, also without -e" {
  key=$(printf %0243d 0)
  ends 0 runchoom -p 7 -k "$key" echo run
  prints run
  ends 111 runchoom -p 7 -k "${key}0" echo wrong
  complains "runchoom: fatal: path too long: /proc/7/${key}0: file name too long (ENAMETOOLONG)"
}

@test "where oom_adj is gone, oom_score_adj gets the value in its own scale" {
  for each in -17:-1000 -16:-941 -1:-58 0:0 1:58 14:823 15:1000 16:16 x:x -18:-18 :; do
    : > base/7/oom_score_adj
    ends 0 choom -v -s "${each%%:*}" cat base/7/oom_score_adj
    prints "${each#*:}"
    complains "runchoom: successfully configured $PWD/base/7/oom_score_adj"
  done
  : > base/7/oom_adj
  ends 0 choom cat base/7/oom_adj
  prints -17
}

@test "the kernel takes what is written" {
  ends 0 runchoom -e -k oom_score_adj -s 500 cat /proc/self/oom_score_adj
  prints 500
}

@test "a link before it that changes the user leaves the process's own file writable" {
  need_user nobody
  ends 0 runuid nobody runchoom -e -k oom_score_adj -s 500 cat /proc/self/oom_score_adj
  prints 500
}

@test "runchoom exits with the status of the program, 111 when it can't be run" {
  ends 7 choom sh -c 'exit 7'
  ends 111 choom missing
  complains 'runchoom: fatal: unable to run missing: file does not exist (ENOENT)'
}
