# perp.bash: the verbs that the tests of perpd and its programs share. A file begins with: load helper; load perp
# SPDX-License-Identifier: Apache-2.0
#
# Each test has an empty base directory in $base, and nothing of it runs when it is over.

setup() {
  enter_scratch
  unset PERP_BASE PERPLS_COLORS
  base=$scratch/base
  mkdir base
}

teardown() {
  [ -n "$scratch" ] || return 0
  # perpd first, so that it does not start again what is ended here.
  [ -z "$perpd" ] || kill -KILL "$perpd" 2> /dev/null || :
  end_here
  leave_scratch
}

# supervise [OPTION...]: perpd runs on $base from now on; its pid is in $perpd, what it says in the file log
supervise() {
  perpd -S "$scratch/state" "$@" "$base" > out 2> log 3>&- 4>&- &
  perpd=$!
  wait_until logged 'monitoring 0 client connections'
  rescanned
}

# rescanned: it has done its scan, since it answers only after that. Without perpls, which is tested itself.
rescanned() { wait_until client hex:025900 silent; }

client() { "$BATS_TEST_DIRNAME/fixtures/client" "$base/.control/perpd.sock" "$@"; }

# scan: it looks at the base directory again, and has when this comes back
scan() {
  kill -HUP "$perpd"
  rescanned
}

# logged SENTENCE: perpd has said that
logged() { grep -qF -- "$1" log; }

# log_without_pids: all that perpd has said
log_without_pids() { sed "s/perpd\[$perpd\]/perpd/" log; }

# service NAME [rc.log]: an active service, its script on standard input; without one, $plain
service() {
  mkdir -p "base/$1"
  if [ -p /dev/stdin ] || [ -f /dev/stdin ]; then cat > "base/$1/${2:-rc.main}"; else echo "$plain" > "base/$1/${2:-rc.main}"; fi
  chmod 755 "base/$1/${2:-rc.main}"
  chmod +t "base/$1"
}

# It leaves a line for each call in the file trace of its directory, and waits to be ended.
plain='#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] || exit 0
exec sleep 1000'

# It is ready a moment after it is told to be, by the file "go" in its directory; then on descriptor 7 or by sd_notify.
slow='#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] || exit 0
until [ -e go ]; do sleep 0.02; done
if [ -n "$NOTIFY_SOCKET" ]; then
  perl -MSocket -e "
    socket(S, PF_UNIX, SOCK_DGRAM, 0) or die;
    (my \$name = \$ENV{NOTIFY_SOCKET}) =~ s/^@/\\0/;
    my \$address = pack(q(Sa*), AF_UNIX, \$name);
    send(S, qq(STATUS=here\nREADY=1\n), 0, \$address) or die"
else
  echo ready >&7
fi
exec sleep 1000'

# It hands on what it reads; it lives through TERM until the end of its input.
drain='#!/bin/sh
echo "$*" >> trace.log
[ "$1" = start ] || exit 0
trap "" TERM
exec cat >> lines'

# has FILE TEXT: the file holds exactly that
has() { [ "$(cat "$1")" = "$2" ]; }

# lines FILE COUNT: it holds that many
lines() { [ "$(wc -l < "$1")" = "$2" ]; }

# traced NAME LINE: the service was called so
traced() { grep -qxF -- "$2" "base/$1/trace"; }

# starts NAME COUNT: it was started that often
starts() { [ "$(grep -c '^start' "base/$1/trace")" -ge "$2" ]; }

# shows NAME SIGNS: perpls shows those signs
shows() { [ "$(perpls -b "$base" "$1" | cut -c1-11)" = "$2" ]; }

# main_pid NAME, log_pid NAME: as perpls tells them
main_pid() { perpls -b "$base" "$1" | sed -E 's/.*pids: ([0-9]*).*/\1/'; }
log_pid() { perpls -b "$base" "$1" | sed -E 's/.*pids: [^\/]*\/([0-9]*).*/\1/'; }

# is_up NAME: it runs and has done so for half a second
is_up() { perpls -b "$base" "$1" | grep -q '^\[+ [+][+o][+p]'; }

# restarted NAME PID: it runs, and as another process
restarted() {
  local line
  line=$(perpls -b "$base" "$1")
  [[ "$line" =~ ^'[+ +'[+o][+p] ]] && [[ "$line" != *"pids: $2/"* ]]
}

# old_perpd NAME: perp's own perpd, as far as its packets go, runs for that service alone
old_perpd() {
  need_perl
  mkdir -p base/.control "base/$1"
  chmod +t "base/$1"
  "$BATS_TEST_DIRNAME/fixtures/oldperpd" "$base/.control/perpd.sock" "$base/$1" 3>&- 4>&- &
  perpd=$!
  wait_until client hex:025900 silent
}

# by_json EXPRESSION COMMAND...: of the first service that the command writes as JSON, in python's words
by_json() {
  "${@:2}" | python3 -c 'import json, sys
s = json.loads(sys.stdin.readline())[0]
print(eval(sys.argv[1]))' "$1"
}

need_python() { command -v python3 > /dev/null || skip "needs python3"; }

need_perl() { perl -MSocket -e 1 2> /dev/null || skip "needs perl with its module Socket"; }
