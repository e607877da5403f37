# daemons: a program that detaches, and who controls it. The rows D01 to D24 are those of its specification, seen on echod.
# SPDX-License-Identifier: Apache-2.0
# editions: native
#
# echod is the example of that name, on a port of the test's own. "Lock" and "article" are the two ways to be the only one:
# by a lock on the file (runlock), and by the file's existence and the number in it (runlock -e).
#
# Not tested: TIME_WAIT of a client that is another host.

load helper

examples=$BATS_TEST_DIRNAME/../examples/echod
echod=${PERPETUA_BIN%/*}/echod

setup() {
  enter_scratch
  [ -x "$echod" ] || { echo 'there is no echod: run make examples'; return 1; }
  pidfile=$scratch/pid
  port=$((20000 + (BASHPID * 7 + BATS_TEST_NUMBER * 131) % 30000))
  while connects; do port=$((port + 1)); done
}

# daemon [OPTION...]: starts echod as the example does; its pid is in $pid
daemon() {
  "$examples/start" "$pidfile" "$echod" -p "$port" "$@" > out 2> err 3>&- 4>&-
  pid=$(cat "$pidfile")
}

# Its working directory is /, so the file tells what is to be ended.
teardown() {
  [ -n "$scratch" ] || return 0
  local each
  for each in "$pidfile" "$scratch"/*/pid; do
    [ -e "$each" ] || continue
    each=$(runctl "$each" status 2> /dev/null) || continue
    kill -KILL "${each##* }" 2> /dev/null || :
  done
  end_all
  leave_scratch
}

connects() { (exec 9<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; }

# ask TEXT: a request; prints the answer
ask() {
  exec 9<> "/dev/tcp/127.0.0.1/$port"
  printf '%s\r\n' "$1" >&9
  timeout 20 cat <&9
  exec 9>&-
}

# A slow client: begin TEXT, then finish TEXT, which prints the answer. Between them echod has accepted it.
begin() {
  exec 8<> "/dev/tcp/127.0.0.1/$port"
  printf '%s' "$1" >&8
  wait_until has_client
}
finish() {
  printf '%s\r\n' "$1" >&8
  timeout 20 cat <&8
  exec 8>&-
}
has_client() { [ "$(ls -l "/proc/$pid/fd" | grep -c socket:)" -ge 2 ]; }

field() { ps -o "$1=" -p "$pid" | tr -d ' '; }

# has_ended PID: whoever takes in orphans may collect it later
has_ended() { gone "$1" || [ "$(state "$1")" = Z ]; }
# leaves: waits until it has ended
leaves() { wait_until has_ended "$pid"; }

# stranger: a process that has nothing to do with it; its pid is in $stranger
stranger() {
  sleep 1000 3>&- 4>&- &
  stranger=$!
  track "$stranger"
}

@test "D01 the starter comes back when the daemon serves, and is not its parent" {
  before=$(date +%s%N)
  daemon
  [ $(($(date +%s%N) - before)) -lt 5000000000 ]
  [ "$(ask hello)" = $'hello\r' ]
  # Whoever takes in orphans here.
  (sleep 1000 3>&- 4>&- & echo $! > orphan)
  track "$(cat orphan)"
  [ "$(field ppid)" = "$(ps -o ppid= -p "$(cat orphan)" | tr -d ' ')" ]
}

@test "D02 it leads a session of its own, without a terminal" {
  daemon
  [ "$(field sid)" = "$pid" ]
  [ "$(field pgid)" = "$pid" ]
  [ "$(field tpgid)" = -1 ]
  [ "$(field tty)" = '?' ]
  rundetach -w 10 runtool -c "$scratch" sh -c '(: < /dev/tty) 2> why; : > done' > out 2> err 3>&- 4>&-
  wait_until test -e done
  grep -qi 'no such device or address' why
}

@test "D02 rundetach -2: it does not lead its session, so that no terminal can become its own" {
  rundetach -2 -w 10 sh -c 'ps -o pid=,pgid=,sid=,tpgid= -p $$ > fields; : > done' > out 2> err 3>&- 4>&-
  wait_until test -e done
  read -r pid pgid sid tpgid < fields
  [ "$pid" != "$sid" ]
  [ "$pgid" = "$sid" ]
  [ "$tpgid" = -1 ]
}

@test "D03 its directory is /" {
  daemon
  [ "$(readlink "/proc/$pid/cwd")" = / ]
}

@test "D04 no descriptor that was open reaches it" {
  exec 10< /dev/null 251< /dev/null
  bash -c 'exec 3< /dev/zero 4< /dev/zero 10< /dev/zero 251< /dev/zero; exec "$@"' bash \
    "$examples/start" "$pidfile" "$echod" -p "$port" > out 2> err
  exec 10<&- 251<&-
  pid=$(cat "$pidfile")
  for fd in 0 1 2; do [ "$(readlink "/proc/$pid/fd/$fd")" = /dev/null ]; done
  [ "$(readlink "/proc/$pid/fd/3")" = "$pidfile" ]
  # And what it has opened itself: for signals, and to listen.
  [ "$(ls "/proc/$pid/fd" | tr '\n' ' ')" = '0 1 2 3 4 5 ' ]
}

@test "D05 the pid file holds its pid and a newline, for all to read" {
  daemon
  [ "$(stat -c %a "$pidfile")" = 644 ]
  printf '%s\n' "$(pgrep -x echod -P "$(field ppid)" | grep -x "$pid")" | cmp - "$pidfile"
}

@test "D06 a second start names the pid and fails, and the first daemon is left alone" {
  daemon
  ends 1 "$examples/start" "$pidfile" "$echod" -p "$port"
  prints ''
  complains "runlock: already running, pid $pid"
  [ "$(ask hello)" = $'hello\r' ]
  [ "$(cat "$pidfile")" = "$pid" ]
}

@test "D07 of fifty starts at once one succeeds" {
  for i in {1..50}; do
    { rc=0; "$examples/start" "$pidfile" "$echod" -p "$port" > /dev/null 2>> err 3>&- 4>&- || rc=$?; echo $rc >> statuses; } &
  done
  wait
  [ "$(grep -cx 0 statuses)" = 1 ]
  [ "$(grep -cx 1 statuses)" = 49 ]
  [ "$(grep -cx "runlock: already running, pid $(cat "$pidfile")" err)" = 49 ]
  [ "$(ask hello)" = $'hello\r' ]
}

@test "D08 after a kill it can be started again; the article's way asks the user to remove the file" {
  daemon
  kill -KILL "$pid"
  leaves
  [ "$(cat "$pidfile")" = "$pid" ]
  ends 111 runlock -e "$pidfile" echo wrong
  complains "runlock: fatal: lock file $pidfile: process $pid is defunct, delete the file and try again"
  first=$pid
  daemon
  [ "$pid" != "$first" ]
  [ "$(ask hello)" = $'hello\r' ]
}

@test "D09 a pid file that names a stranger: the lock's way starts, the article's refuses" {
  stranger
  echo "$stranger" > "$pidfile"
  ends 111 runlock -e "$pidfile" echo wrong
  complains "runlock: fatal: lock file $pidfile: already running, owned by active process $stranger"
  ends 1 runlock -em "$pidfile" echo wrong
  complains "runlock: already running, pid $stranger"
  daemon
  [ "$pid" != "$stranger" ]
  kill -0 "$stranger"
}

@test "D10 a pid file that is empty, garbage, a directory or unreadable" {
  for each in '' garbage 12x -5 99999999999 $'\n7'; do
    printf %s "$each" > "$pidfile"
    ends 111 runlock -e "$pidfile" echo wrong
    complains "runlock: fatal: lock file $pidfile exists and holds no process number, delete the file and try again"
    ends 1 runctl "$pidfile" stop
    complains "runctl: not running (nobody holds $pidfile)"
    daemon
    ends 0 runctl -w 10 "$pidfile" stop
  done
  mkdir "$pidfile"
  ends 111 runlock -e "$pidfile" echo wrong
  complains "runlock: fatal: lock file $pidfile exists and can't be read: is a directory (EISDIR)"
  ends 111 "$examples/start" "$pidfile" "$echod" -p "$port"
  complains "runlock: fatal: unable to acquire lock on $pidfile: is a directory (EISDIR)"
  rmdir "$pidfile"
  need_user nobody
  : > "$pidfile"
  chmod 600 "$pidfile"
  ends 111 as_user nobody runlock -e "$pidfile" echo wrong
  complains "runlock: fatal: lock file $pidfile exists and can't be read: access denied (EACCES)"
  ends 111 as_user nobody runlock -m "$pidfile" echo wrong
  complains "runlock: fatal: unable to acquire lock on $pidfile: access denied (EACCES)"
  ends 111 as_user nobody runctl "$pidfile" status
  complains "runctl: fatal: failure checking lock on $pidfile: access denied (EACCES)"
}

@test "D11 the caller learns that the start failed, and why" {
  ends 111 "$examples/start" "$pidfile" "$scratch/missing"
  complains "runsig: fatal: unable to run $scratch/missing: file does not exist (ENOENT)"
  ends 111 rundetach -w 10 runtool -c missing sleep 1000
  complains 'runtool: fatal: failure on chdir to missing: file does not exist (ENOENT)'
  hold lock
  ends 111 rundetach -w 10 runlock lock sleep 1000
  complains 'runlock: fatal: unable to acquire lock on lock: temporary i/o failure (EAGAIN)'
  ends 111 rundetach -2 -w 10 runlock lock sleep 1000
  complains 'runlock: fatal: unable to acquire lock on lock: temporary i/o failure (EAGAIN)'
  ends 111 rundetach -w 10 ./missing
  complains 'rundetach: fatal: unable to run ./missing: file does not exist (ENOENT)'
  ends 111 "$examples/start" "$pidfile" "$echod" -p "$port" -c "$scratch/missing"
  complains 'echod: fatal: unable to serve: file does not exist (ENOENT)'
}

@test "D12 runlock before rundetach is refused, with the right order, and nothing is done" {
  ends 100 runlock -p "$pidfile" rundetach sleep 1000
  prints ''
  complains "runlock: fatal: rundetach would lose the lock, which no child inherits; the right order is: rundetach runlock $pidfile program"
  ends 100 runlock -u "$pidfile" "$PERPETUA_BIN/rundetach" sleep 1000
  [ ! -e "$pidfile" ]
}

@test "D13 TERM ends it at once, in the midst of a request, and the pid file is gone" {
  daemon
  begin slow
  kill -TERM "$pid"
  leaves
  [ ! -e "$pidfile" ]
  [ "$(finish ' request')" = '' ]
}

@test "D14 USR1 lets it answer the request in hand, and end with the pid file gone" {
  daemon
  begin 'slow '
  kill -USR1 "$pid"
  # It has taken the signal when none is pending any more.
  wait_until grep -q '^ShdPnd:.*0000000000000000' "/proc/$pid/status"
  kill -0 "$pid"
  [ "$(finish request)" = $'slow request\r' ]
  leaves
  [ ! -e "$pidfile" ]
}

@test "D14 its status is 0 then" {
  start runlock -p "$pidfile" "$echod" -p "$port" -x "$pidfile"
  wait_until connects
  kill -USR1 "$pid"
  finishes 0
  [ ! -e "$pidfile" ]
}

@test "D15 USR1 ends it at once while nobody asks anything" {
  daemon
  before=$(date +%s%N)
  kill -USR1 "$pid"
  leaves
  [ $(($(date +%s%N) - before)) -lt 1000000000 ]
}

@test "D16 HUP: the request in hand is answered, then the new configuration holds, in the same process" {
  echo 'old: ' > config
  daemon -c "$scratch/config"
  [ "$(ask 1)" = $'old: 1\r' ]
  echo 'new: ' > config
  begin 2
  ends 0 runctl "$pidfile" restart
  [ "$(finish '')" = $'old: 2\r' ]
  [ "$(ask 3)" = $'new: 3\r' ]
  [ "$(cat "$pidfile")" = "$pid" ]
  kill -0 "$pid"
  echo 'newer: ' > config
  ends 0 runctl "$pidfile" restart
  for i in {1..20}; do [ "$(ask 4)" = $'newer: 4\r' ]; done
}

@test "D17 the signals that mean nothing to it leave it running" {
  daemon
  for each in USR2 PIPE ALRM TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF IO CHLD; do
    kill -"$each" "$pid"
    [ "$(ask "$each")" = "$each"$'\r' ]
  done
  [ "$(cat "$pidfile")" = "$pid" ]
}

# listened SCRIPT: runs the script where /dev/log is a socket; what came through it is in the file heard
listened() {
  need_root 'it mounts a /dev of its own'
  need_command python3
  unshare -m true 2> /dev/null || skip 'needs a mount namespace'
  ends 0 unshare -m sh -c 'mkdir -p dev && mount -t tmpfs none dev && mknod -m 666 dev/null c 1 3 && mount --bind dev /dev &&
    exec "$@"' sh "$BATS_TEST_DIRNAME/fixtures/syslog" heard "$1" 3>&- 4>&-
}

@test "D18 a signal that ends it is named in the log, the pid file is gone, and the status shows it" {
  for each in QUIT:3 SEGV:11 PWR:30; do
    listened "runlock -p pid '$echod' -p $port -x pid & echo \$! > was
      until [ -s heard ]; do sleep 0.01; done; kill -${each%:*} \$!; wait \$!; echo \$? > status"
    cat heard
    grep -qxF "<133>DATE echod[$(cat was)]: caught signal SIG${each%:*} - exiting" heard
    [ ! -e pid ]
    [ "$(cat status)" = $((128 + ${each#*:})) ]
  done
}

@test "D19 runctl stops, restarts, and says where there is nothing to do it to" {
  ends 1 runctl "$pidfile" stop
  complains "runctl: not running (lock file $pidfile: file does not exist (ENOENT))"
  daemon
  ends 0 runctl "$pidfile" status
  prints "running, pid $pid"
  ends 0 runctl "$pidfile" restart
  [ "$(ask hello)" = $'hello\r' ]
  ends 0 runctl -w 10 "$pidfile" stop
  leaves
  ends 1 runctl "$pidfile" restart
  ends 1 runctl "$pidfile" status
  ends 1 runctl "$pidfile" reload
  prints ''
  complains "$(runctl -h 2>&1)"
}

@test "D20 runctl never signals a process that only has the number in the file" {
  stranger
  echo "$stranger" > "$pidfile"
  for each in stop restart 'signal KILL' 'signal TERM'; do
    ends 1 runctl "$pidfile" $each
    complains "runctl: not running (stale pid file $pidfile, pid $stranger)"
  done
  ends 1 runctl "$pidfile" status
  kill -0 "$stranger"
  # Not even when somebody else holds the lock.
  hold "$pidfile"
  echo "$stranger" > "$pidfile"
  ends 0 runctl "$pidfile" signal TERM
  finishes 143
  kill -0 "$stranger"
}

@test "D21 it can be started again at once, though a client is still there" {
  for round in 1 2; do
    daemon
    exec 7<> "/dev/tcp/127.0.0.1/$port"
    wait_until has_client
    ends 0 runctl -s TERM -w 10 "$pidfile" stop
  done
  daemon
  exec 7>&-
  [ "$(ask hello)" = $'hello\r' ]
}

@test "D22 lines for the system log have a name, a pid and a facility, and what is less important is dropped" {
  listened 'printf "error: e\nplain\ndebug: d\n" | sissylog -p -l LOG_INFO name LOG_LOCAL3'
  [ "$(grep -c '^<15[0-9]>DATE name\[[0-9]*\]: ' heard)" = 4 ]
  grep -q '^<155>DATE name\[[0-9]*\]: error: e$' heard
  grep -q '^<158>DATE name\[[0-9]*\]: plain$' heard
  [ "$(grep -c debug heard)" = 0 ]
}

@test "D23 a relative pid file lies in the directory where runlock was run, whatever comes behind" {
  mkdir folder other
  cd folder
  ends 0 runlock -p name runtool -c ../other sh -c 'pwd -P > where; cat ../folder/name; echo $$'
  cd ..
  [ "${lines[0]}" = "${lines[1]}" ]
  [ "$(cat other/where)" = "$scratch/other" ]
  [ ! -e other/name ]
}

@test "D24 a start that fails because the port is taken leaves no pid file, and the caller is told" {
  daemon
  ends 111 "$examples/start" "$scratch/second" "$echod" -p "$port"
  complains 'echod: fatal: unable to serve: address already used (EADDRINUSE)'
  [ ! -e second ]
  [ "$(ask hello)" = $'hello\r' ]
}

@test "the same program under perpd: no detaching, no lock, no pid file, and it comes back" {
  mkdir -p base/echod
  cp "$examples/rc.main" base/echod
  chmod 1755 base/echod
  start env ECHOD="$echod" PORT="$port" perpd "$scratch/base"
  perpd=$pid
  wait_until connects
  [ "$(ask hello)" = $'hello\r' ]
  first=$(pgrep -x echod -P "$perpd")
  ends 0 perpctl -b "$scratch/base" k echod
  wait_until gone "$first"
  wait_until connects
  [ "$(ask hello)" = $'hello\r' ]
  [ "$(pgrep -x echod -P "$perpd")" != "$first" ]
  # USR1: it ends with 0, which reset is told.
  ends 0 perpctl -b "$scratch/base" o echod
  ends 0 perpctl -b "$scratch/base" 1 echod
  wait_until grep -q 'echod ended: exit 0' out
  kill -TERM "$perpd"
  finishes 0
}

@test "the JVM edition of echod is the same daemon" {
  [ -x "${PERPETUA_BIN%/*}/jvm/echod" ] || skip 'needs the JVM edition: make examples'
  echod=${PERPETUA_BIN%/*}/jvm/echod
  echo 'old: ' > config
  daemon -c "$scratch/config"
  [ "$(ask hello)" = $'old: hello\r' ]
  echo 'new: ' > config
  ends 0 runctl "$pidfile" restart
  ends 1 "$examples/start" "$pidfile" "$echod" -p "$port"
  complains "runlock: already running, pid $pid"
  wait_until answers_new
  ends 0 runctl -w 60 "$pidfile" stop
  [ ! -e "$pidfile" ]
}
answers_new() { [ "$(ask hello)" = $'new: hello\r' ]; }
