# tinylog: write lines into a directory of log files that stay small.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a disk that fails; the order of fsync and close.

load helper

archives() { ls d | grep '^_' | sed 's/[0-9]/9/g'; }
has() { grep -q "$1" "$2" 2> /dev/null; }
filler() { for ((i = 0; i < $1; i++)); do echo "line number $i padded out to some length"; done; }

# open_log OPTION...: tinylog runs on d and reads what is written to descriptor 9
open_log() {
  mkfifo input
  # For reading and writing, which does not wait for a reader; tinylog itself must not keep its writer.
  exec 9<> input
  start sh -c 'exec tinylog "$@" d < input 9>&-' sh "$@"
  wait_until test -e d/current
}

# end_log: at the end of the input
end_log() {
  exec 9>&-
  finishes 0
}

@test "tinylog needs a directory, and numbers for its numbers" {
  usage='usage: tinylog [-hV] [-k numkeep] [-r] [-s logsize] [-t] [-z] dir'
  ends 100 tinylog
  complains_masked "error: tinylog[N]: usage error: missing log directory argument
$usage"
  ends 100 tinylog -Z d
  complains_masked "error: tinylog[N]: usage error: invalid option -Z
$usage"
  for words in '-k x' '-s x' '-s -1' '-k 4294967296' '-s 99999999999999999999'; do
    ends 100 tinylog $words d
    complains_masked "error: tinylog[N]: usage error: numeric argument required for option ${words%% *}
$usage"
  done
  ends 0 tinylog -h
  complains "$usage"
  ends 0 tinylog -V
  complains 'tinylog: version: 2.07'
  [ ! -e d ]
}

complains_masked() { same "standard error" "$1" "$(mask_pids <<< "$stderr")"; }

@test "lines are added to current, which is marked when it is closed" {
  printf 'one\n\ntwo' | ends 0 tinylog d
  printf 'three\n' | tinylog d 2> /dev/null
  [ "$(cat d/current)" = $'one\ntwo\nthree' ]
  [ "$(stat -c %a d d/current d/tinylog.pid | tr '\n' ' ')" = '700 744 644 ' ]
  [ "$(archives)" = '' ]
}

@test "control characters become question marks, tabs and high bytes stay" {
  printf 'a\tb\001\033\177\r\0 \303\251\377\n' | tinylog d 2> /dev/null
  printf 'a\tb??\177?? \303\251\377\n' | cmp - d/current
}

@test "a line has 1000 bytes at most; with -c the rest continues" {
  line=$(printf '%2500s' | tr ' ' x)
  printf '%s\nnext\n' "$line" | tinylog d 2> /dev/null
  [ "$(awk '{ print length }' d/current | tr '\n' ' ')" = '1000 4 ' ]
  printf '%s\nnext\n%s\n' "$line" "${line::1000}" | tinylog -c e 2> /dev/null
  [ "$(awk '{ print length }' e/current | tr '\n' ' ')" = '1000 1000 500 4 1000 ' ]
  printf '%s\n' "$line" | tinylog -c -t f 2> /dev/null
  [ "$(awk '{ print length }' f/current | tr '\n' ' ')" = '1000 1000 572 ' ]
}

@test "-t puts the moment in UTC in front" {
  before=$(date -u +%Y%m%dT%H%M%S)
  echo hello | TZ=Asia/Tokyo tinylog -t d 2> /dev/null
  grep -qE '^[0-9]{8}T[0-9]{6}\.[0-9]{6}: hello$' d/current
  [[ ! $(cut -c 1-15 d/current) < $before ]]
}

@test "no file reaches its bound, and together they hold every line in order" {
  filler 300 > lines
  tinylog -s 2000 -k 100 d < lines 2> /dev/null
  for file in d/_* d/current; do [ "$(wc -c < "$file")" -lt 2000 ]; done
  cat d/_* d/current | cmp - lines
  # 999 and 1000 bytes fit below 2000, one more does not.
  for length in 998 999; do printf "%${length}s\n" x; done | tinylog -s 10 e 2> /dev/null
  [ "$(wc -c < e/current)" = 1999 ]
  for length in 999 999; do printf "%${length}s\n" x; done | tinylog -s 2000 f 2> /dev/null
  [ "$(wc -c < f/current)" = 1000 ]
}

@test "-s takes k for 1024" {
  filler 200 > lines
  tinylog -s 4k -k 100 d < lines 2> /dev/null
  [ "$(stat -c %s d/_* | sort -n | tail -n 1)" -gt 4000 ]
  [ "$(stat -c %s d/_* | sort -n | tail -n 1)" -lt 4096 ]
}

@test "-k archives stay, the oldest go, and other files are left alone" {
  mkdir d
  for i in 1 2 3 4 5; do : > "d/_2000010${i}T000000.000000.s"; done
  : > d/_other
  filler 60 | tinylog -s 2000 -k 2 d 2> /dev/null
  [ "$(ls d | grep -c '^_2')" = 2 ]
  [ -e d/_20000105T000000.000000.s ]
  [ -e d/_other ]
  filler 200 | tinylog -s 2000 -k 0 d 2> /dev/null
  [ "$(ls d | grep -c '^_2')" = 0 ]
}

@test "an unclean current becomes an archive, a clean one with -r" {
  mkdir d
  echo old > d/current
  echo new | tinylog d 2> /dev/null
  [ "$(archives)" = _99999999T999999.999999.u ]
  [ "$(cat d/_* d/current)" = $'old\nnew' ]
  echo newer | tinylog -r d 2> /dev/null
  [ "$(cat d/current)" = newer ]
  [ "$(archives)" = $'_99999999T999999.999999.u\n_99999999T999999.999999.s' ]
}

@test "a previous that a crash left is recovered" {
  mkdir d
  echo left > d/previous
  echo new | tinylog d 2> /dev/null
  [ ! -e d/previous ]
  [ "$(cat d/_*.u d/current)" = $'left\nnew' ]
  # One that has its archive's name already is not kept twice.
  ln d/_*.u d/previous
  tinylog d 2> /dev/null < /dev/null
  [ ! -e d/previous ]
  [ "$(archives)" = _99999999T999999.999999.u ]
}

@test "HUP: the next line begins a new file" {
  open_log
  echo one >&9
  wait_until has one d/current
  kill -HUP "$pid"
  wait_until sleeps "$pid"
  echo two >&9
  wait_until has two d/current
  end_log
  [ "$(cat d/_*)" = one ]
  [ "$(cat d/current)" = two ]
}

@test "TERM: what was read is written, the last text too, and current is marked" {
  open_log
  [ "$(stat -c %a d/current)" = 644 ]
  printf 'one\npart' >&9
  wait_until has one d/current
  kill -TERM "$pid"
  finishes 0
  exec 9>&-
  [ "$(cat d/current)" = $'one\npart' ]
  [ "$(stat -c %a d/current)" = 744 ]
}

@test "one directory has one tinylog" {
  open_log
  ends 111 tinylog d
  complains_masked 'tinylog[N]: starting for logging in d ...
error: tinylog[N]: fatal: failure acquiring lock file tinylog.pid in log directory d: temporary i/o failure (EAGAIN)'
  end_log
}

@test "a directory that can't be used is status 111" {
  : > file
  ends 111 tinylog file
  complains_masked 'tinylog[N]: starting for logging in file ...
error: tinylog[N]: fatal: failure chdir() to log directory file: not a directory (ENOTDIR)'
  ends 111 tinylog no/directory
  mkdir -p d/current
  ends 111 tinylog d
  complains_masked 'tinylog[N]: starting for logging in d ...
error: tinylog[N]: fatal: failure open() on current in log directory: is a directory (EISDIR)'
}

@test "an input that can't be read is status 111, and current stays unmarked" {
  ends 111 tinylog d < /
  [ "$(stat -c %a d/current)" = 644 ]
  ends 111 sh -c 'exec tinylog e <&-'
  ends 111 sh -c 'exec tinylog f <&- >&- 2>&-'
  [ ! -s f/current ]
}

@test "closed output and error do no harm" {
  echo one | sh -c 'exec tinylog d >&- 2>&-'
  [ "$(cat d/current)" = one ]
}

@test "-z compresses through TINYLOG_ZIP, and keeps what could not be compressed" {
  printf '#!/bin/sh\nexec tr a-z A-Z\n' > up
  chmod 755 up
  filler 60 | TINYLOG_ZIP=$PWD/up tinylog -z -s 2000 d 2> /dev/null
  [ "$(archives)" = _99999999T999999.999999.s.Z ]
  [ "$(head -n 1 d/_*)" = 'LINE NUMBER 0 PADDED OUT TO SOME LENGTH' ]
  [ "$(stat -c %a d/_*)" = 644 ]
  filler 60 | TINYLOG_ZIP=/bin/false ends 0 tinylog -z -s 2000 e
  [ "$(ls e | sed 's/[0-9]/9/g' | tr '\n' ' ')" = '_99999999T999999.999999.s current tinylog.pid ' ]
  filler 60 | TINYLOG_ZIP=$PWD/missing tinylog -z -s 2000 f 2> err
  has 'fatal: fail execve() for gzip process: file does not exist (ENOENT)' err
  has 'warning: tinylog\[[0-9]*\]: gzip process exited non-zero error code: 111' err
}

@test "a full disk: tinylog says so, waits, and loses no line" {
  need_root 'it mounts a file system'
  unshare -m true 2> /dev/null || skip 'needs a mount namespace'
  mkdir d
  filler 2000 > lines
  start unshare -m sh -c 'mount -t tmpfs -o size=256k none d && head -c 200k /dev/zero > d/fill && : > full
    { cat lines; while [ ! -e freed ]; do sleep 0.02; done; } | tinylog -s 1M d 2> said &
    while ! grep -q ENOSPC said; do sleep 0.02; done; rm d/fill; : > freed; wait; cat d/current > kept'
  finishes 0
  cmp kept lines
  has '^warning: tinylog\[[0-9]*\]: pausing on write() error: out of disk space (ENOSPC)$' said
}

@test "a limit on the size of files does not end it" {
  filler 100 > lines
  start sh -c 'ulimit -f 1; exec tinylog -s 100k e < lines 2> /dev/null'
  wait_until test -s e/current
  wait_until sleeps "$pid"
  kill -0 "$pid"
}

@test "a rotation that fails is tried again; TERM ends that" {
  mkdir -p d/previous
  : > d/previous/inside
  open_log
  echo one >&9
  wait_until has one d/current
  kill -HUP "$pid"
  echo two >&9
  wait_until has 'warning: .*pausing: failure rename() on current: is a directory (EISDIR)' err
  rm -r d/previous
  wait_until has two d/current
  end_log
  [ "$(cat d/_*)" = one ]
  rm -r d input
  mkdir -p d/previous
  : > d/previous/inside
  open_log
  echo one >&9
  wait_until has one d/current
  kill -HUP "$pid"
  echo two >&9
  wait_until has pausing err
  kill -TERM "$pid"
  finishes 111
  exec 9>&-
  has 'fatal: exiting on SIGTERM during retry error: failure rename() on current: is a directory (EISDIR)' err
}
