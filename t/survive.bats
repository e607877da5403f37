# perpd's own death: what it leaves behind, and what the next perpd makes of it.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested here: a kill between two given acts of perpd (the simulation does that), a pid that comes back (a unit test), another
# boot, a kernel without pidfd_open.

load helper
load perp

# killed: perpd is no more, and had no time to do anything about it
killed() {
  kill -KILL "$perpd"
  wait "$perpd" || :
}

# main_pids: the pids of the main processes, by perpls
main_pids() { perpls -b "$base" | sed -E 's/.*\]  ([^ ]*) .*pids: ([0-9]*).*/\1 \2/'; }

# took_back COUNT
took_back() { [ "$(grep -c 'took back running service' log)" = "$1" ]; }

@test "services that live are taken back with pid, uptime and flags, and none is started again" {
  for name in one two three; do service "$name"; done
  supervise
  wait_until is_up one
  wait_until is_up two
  wait_until is_up three
  perpctl -q -b "$base" o two
  main_pids > before
  killed
  supervise
  took_back 3
  main_pids > after
  diff before after
  perpls -b "$base" two | grep -q '^\[+ [+][+o][o+]'
  for name in one two three; do [ "$(cat "base/$name/trace")" = "start $name" ]; done
}

@test "what died in between is reset as unknown, and started" {
  service one
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  killed
  kill -KILL "$pid"
  supervise
  wait_until starts one 2
  [ "$(cat base/one/trace)" = 'start one
reset one unknown
start one' ]
}

@test "a process that was taken back is commanded, dies, and is started again" {
  service one
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  killed
  supervise
  perpctl -q -b "$base" t one
  wait_until restarted one "$pid"
  # A newer kernel tells how it ended.
  grep -Eqx 'reset one (unknown|signal 15 SIGTERM)' base/one/trace
  perpctl -q -b "$base" d one
  wait_until shows one '[+ ... ---]'
}

@test "a service that says that it is ready while no perpd lives is not killed by that, and the next perpd hears it" {
  service one <<< '#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] || exit 0
until [ -e go ]; do sleep 0.02; done
echo ready >&7
echo $? > said
exec sleep 1000'
  echo 'fd 7' > base/one/ready
  supervise
  wait_until grep -q start base/one/trace
  killed
  touch base/one/go
  wait_until test -s base/one/said
  same "what came of it" 0 "$(cat base/one/said)"
  supervise
  wait_until perpok -r -b "$base" one
  same "what was called" 'start one' "$(cat base/one/trace)"
}

@test "the log pipe is taken back: a logger and a service that die afterwards are replaced, and no line is lost" {
  service one << 'X'
#!/bin/sh
[ "$1" = start ] || exit 0
echo $$ > writer
n=$(cat next 2> /dev/null || echo 1)
while :; do
  echo $((n + 1)) > next
  echo "line $n"
  n=$((n + 1))
  sleep 0.02
done
X
  service one rc.log << 'X'
#!/bin/sh
[ "$1" = start ] || exit 0
echo $$ > logger
while read -r line; do echo "$line" >> lines; done
X
  supervise
  wait_until grep -q 'line 5$' base/one/lines
  killed
  supervise
  took_back 1
  seen=$(wc -l < base/one/lines)
  more() { [ "$(wc -l < base/one/lines)" -gt $((seen + $1)) ]; }
  wait_until more 5
  kill -KILL "$(cat base/one/logger)"
  wait_until more 40
  # Between two lines, so that none is half written.
  kill -TERM "$(cat base/one/writer)"
  seen=$(wc -l < base/one/lines)
  wait_until more 10
  perpctl -q -b "$base" d one
  wait_until gone "$(cat base/one/writer)"
  last=$(sed 's/line //' base/one/lines | tail -n 1)
  # The logger that was killed took what it had read with it: its one line, if any.
  [ "$(sort -u base/one/lines | wc -l)" -ge $((last - 1)) ]
}

@test "SIGUSR2 executes perpd again: the same pid, the same services, and children that tell how they end" {
  service one
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  kill -USR2 "$perpd"
  wait_until logged 'took back running service: one'
  rescanned
  [ "$(main_pid one)" = "$pid" ]
  [ "$(sed 's/ .*//' /proc/"$perpd"/stat)" = "$perpd" ]
  kill -KILL "$pid"
  wait_until traced one 'reset one signal 9 SIGKILL'
  wait_until restarted one "$pid"
  # The lock was held throughout, and is.
  ends 111 perpd -S "$scratch/state" "$base"
}

@test "clients that wait while perpd executes itself again are answered" {
  for i in 1 2 3 4 5 6 7 8; do service "s$i"; done
  supervise
  wait_until is_up s8
  failed=0
  for i in 1 2 3 4 5 6 7 8 9 10; do
    kill -USR2 "$perpd"
    # A client that has just been connected is dropped with the old program; the next try finds the new one listening.
    perpls -b "$base" > /dev/null 2>&1 || perpls -b "$base" > /dev/null || failed=1
  done
  [ "$failed" = 0 ]
  [ "$(perpls -b "$base" | grep -c '^\[+ +')" = 8 ]
}

@test "nothing is left in the state directory after a clean end" {
  service one
  supervise
  wait_until is_up one
  [ "$(find state -type f ! -name .new | wc -l)" = 2 ]
  kill -TERM "$perpd"
  wait "$perpd"
  [ "$(find state -mindepth 1 | wc -l)" = 0 ]
}

@test "a state directory that can't be made or written is said in one line, and perpd goes on" {
  need_root "it mounts a small file system"
  unshare -m true 2> /dev/null || skip 'needs a mount namespace'
  service one
  mkdir small
  unshare -m sh -c 'mount -t tmpfs -o size=4k,nr_inodes=3 none small && exec perpd -S "$PWD/small" "$0"' "$base" > out 2> log 3>&- 4>&- &
  perpd=$!
  wait_until logged 'unable to keep state in'
  wait_until is_up one
  [ "$(grep -c 'unable to keep state' log)" = 1 ]
}

@test "a state directory that anybody may write to is not used" {
  service one
  mkdir -m 777 state
  supervise
  logged 'unable to keep state in'
  wait_until is_up one
}

@test "a relative state directory is a mistake" {
  ends 100 perpd -S state "$base"
  complains "error: perpd[$(sed -E 's/.*perpd\[([0-9]+)\].*/\1/;q' <<< "$stderr")]: usage error: state directory not defined as absolute path: state
$(perpd -h 2>&1)"
}

@test "state that makes no sense is said, and the service begins anew" {
  service one
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  killed
  kill -KILL "$pid"
  for file in state/*/*-*; do echo nonsense > "$file"; done
  supervise
  logged 'unable to understand state'
  wait_until starts one 2
  ! traced one 'reset one unknown'
}

@test "the file stop bounds a down: one signal after another" {
  service one << 'X'
#!/bin/sh
[ "$1" = start ] || { echo "$*" >> trace; exit 0; }
trap 'echo TERM >> trace' TERM
trap 'echo INT >> trace' INT
echo $$ > up
while :; do sleep 0.05; done
X
  echo 'TERM 1 INT 0 KILL' > base/one/stop
  supervise
  wait_until test -s base/one/up
  perpctl -q -b "$base" d one
  wait_until gone "$(cat base/one/up)"
  wait_until grep -qx 'reset one signal 9 SIGKILL' base/one/trace
  grep -qx TERM base/one/trace
}

@test "a stop file that is none is said, and TERM is sent" {
  service one
  echo 'TERM soon KILL' > base/one/stop
  supervise
  logged 'unable to understand file stop of one'
  wait_until is_up one
  perpctl -q -b "$base" d one
  wait_until shows one '[+ ... ---]'
}

@test "-k bounds the end of perpd, whatever ignores it" {
  service one << 'X'
#!/bin/sh
trap '' TERM
: > "up.$1"
exec sleep 1000
X
  supervise -k 1
  wait_until test -e base/one/up.start
  kill -TERM "$perpd"
  wait_until logged 'killing 1 process that did not end'
  result=0
  wait "$perpd" || result=$?
  [ "$result" = 0 ]
  test -e base/one/up.reset
}
