# perpd: start, watch and restart the services of a base directory.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested here but over a kernel in memory (t/unit): refused processes, no descriptors left, a base directory that
# can't be read, steps of the clock. Not tested: other file systems, a base directory on a network.

load helper
load perp

seconds_between() { # FILE: the distances of the times in it, in ms
  awk 'NR > 1 { printf "%d\n", ($1 - last) * 1000 } { last = $1 }' "$1"
}

# ---- its command line ---------------------------------------------------------------------------------------------

@test "perpd -h prints its usage line, -V the version of the interface" {
  ends 0 perpd -h
  complains 'usage: perpd [-hV] [-a secs] [-g gid] [basedir]'
  ends 0 perpd -V
  complains 'version: perpd 2.07'
}

@test "perpd refuses an option that it does not have, and one without its argument" {
  ends 100 perpd -Z
  [[ "$stderr" == 'error: perpd['*']: usage error: invalid option -Z'$'\n''usage: perpd '* ]]
  ends 100 perpd -a
  [[ "$stderr" == *': usage error: missing argument for option -a'$'\n'* ]]
}

@test "perpd takes no base directory that is not absolute" {
  ends 100 perpd base
  [[ "$stderr" == *': usage error: base directory not defined as absolute path: base'$'\n'* ]]
  [ ! -e base/.control ]
}

@test "perpd takes no number of seconds that is none" {
  ends 100 perpd -a 5s "$base"
  [[ "$stderr" == *': usage error: non-numeric argument found for option -a: 5s'$'\n'* ]]
}

@test "perpd takes no group that does not exist" {
  ends 100 perpd -g no-such-group "$base"
  [[ "$stderr" == *': usage error: no group id found for option -g no-such-group'$'\n'* ]]
  [ ! -e base/.control ]
}

@test "perpd fails where it can't enter the base directory" {
  ends 111 perpd "$scratch/missing"
  [[ "$stderr" == *": fatal: failure chdir() to base directory $scratch/missing: file does not exist (ENOENT)" ]]
}

@test "perpd fails where .control is no directory" {
  : > base/.control
  ends 111 perpd "$base"
  [[ "$stderr" == *': fatal: failure chdir() to .control: not a directory (ENOTDIR)' ]]
}

@test "perpd takes PERP_BASE where no base directory is given" {
  PERP_BASE=$base perpd > out 2> log 3>&- 4>&- &
  perpd=$!
  wait_until logged "starting on $base ..."
}

# ---- its files ----------------------------------------------------------------------------------------------------

@test "perpd makes .control, its lock file and its socket, for itself alone" {
  supervise
  [ "$(stat -c %a base/.control)" = 700 ]
  [ "$(stat -c %a base/.control/perpd.pid)" = 644 ]
  [ "$(cat base/.control/perpd.pid)" = "$perpd" ]
  [ "$(stat -c '%F %a' base/.control/perpd.sock)" = 'socket 700' ]
}

@test "perpd -g gives the socket to a group" {
  need_root "it gives a file to a group"
  supervise -g daemon
  [ "$(stat -c '%a %G' base/.control/perpd.sock)" = '770 daemon' ]
}

@test "perpd -g takes any number of a group, 0 too" {
  need_root "it gives a file to a group"
  supervise -g 0
  [ "$(stat -c '%a %g' base/.control/perpd.sock)" = '770 0' ]
}

@test "perpd makes the directory that a dangling .control points to" {
  ln -s "$scratch/control" base/.control
  supervise
  [ "$(stat -c %a control)" = 700 ]
  [ -S control/perpd.sock ]
}

@test "a second perpd on the same base directory fails, and the first does not notice" {
  service one < /dev/null > /dev/null
  supervise
  ends 111 perpd "$base"
  [[ "$stderr" == 'error: perpd['*']: fatal: failure on lock file perpd.pid: temporary i/o failure (EAGAIN)' ]]
  rescanned
}

@test "perpd replaces the socket of one that was killed" {
  supervise
  kill -KILL "$perpd"
  wait "$perpd" || :
  supervise
  rescanned
}

# ---- which services there are ---------------------------------------------------------------------------------------

@test "perpd starts what is sticky when it begins, and nothing else" {
  service one
  service two && chmod -t base/two
  service .three
  echo text > base/file
  supervise
  wait_until traced one 'start one'
  [ ! -e base/two/trace ] && [ ! -e base/.three/trace ]
  logged 'activated new service: one'
  logged 'supervising 1 active service'
}

@test "perpd looks again at SIGHUP" {
  supervise
  service one
  scan
  wait_until traced one 'start one'
}

@test "perpd -a looks again by itself" {
  supervise -a 1
  service one
  wait_until traced one 'start one'
}

@test "a service goes on under its new name when its directory is renamed" {
  service one
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  mv base/one base/two
  scan
  wait_until shows two '[+ +++ ---]'
  [ "$(main_pid two)" = "$pid" ]
  kill -HUP "$pid"
  wait_until traced two 'reset two signal 1 SIGHUP'
  wait_until traced two 'start two'
}

@test "two symbolic links to one directory are one service" {
  service one
  mkdir elsewhere
  mv base/one elsewhere/one
  ln -s ../elsewhere/one base/a
  ln -s ../elsewhere/one base/b
  supervise
  wait_until shows a '[+ +++ ---]'
  shows b '[+ +++ ---]'
  [ "$(grep -c start elsewhere/one/trace)" = 1 ]
  [ "$(main_pid a)" = "$(main_pid b)" ]
}

@test "another directory under an old name is another service" {
  service one
  supervise
  wait_until is_up one
  old=$(main_pid one)
  mv base/one former
  service one
  scan
  wait_until gone "$old"
  wait_until is_up one
  [ "$(cat former/trace)" = $'start one\nreset one signal 15 SIGTERM' ]
}

@test "a directory may have any name" {
  name=$'a b\nc'
  service "$name"
  supervise
  wait_until test -s "$base/$name/trace"
  [ "$(cat "$base/$name/trace")" = "start $name" ]
  logged 'activated new service: a b?c'
}

@test "a name of more than 240 bytes is told, and harms nobody else" {
  name=$(printf '%0241d' 0)
  service "$name"
  service one
  supervise
  wait_until is_up one
  [ ! -e "base/$name/trace" ]
  logged "service definition directory name error: $name: file name too long (ENAMETOOLONG)"
  logged "unable to activate new service $name"
}

@test "runscripts are told the first 31 bytes of the name" {
  name=a-name-that-is-longer-than-thirty-one-bytes
  service "$name"
  supervise
  wait_until test -s "base/$name/trace"
  [ "$(cat "base/$name/trace")" = "start ${name:0:31}" ]
}

@test "a service directory is inactive without the sticky bit, and its service ends with it" {
  service one
  supervise
  wait_until is_up one
  chmod -t base/one
  scan
  wait_until logged 'deactivating service one'
  [ "$(cat base/one/trace)" = $'start one\nreset one signal 15 SIGTERM' ]
}

# ---- what a runscript gets ------------------------------------------------------------------------------------------

# It writes down all that it was given, each call into a file of its own.
inspect='#!/bin/sh
input=$(readlink /proc/$$/fd/0)
output=$(readlink /proc/$$/fd/1)
# What has two digits belongs to the shell itself.
ls /proc/$$/fd > descriptors
{
  echo "arguments: $*"
  echo "count: $#"
  echo "pid: $$"
  env | grep ^PERP_ | sort
  echo "other: $OTHER"
  echo "directory: $(pwd -P)"
  echo "umask: $(umask)"
  ps -o pid=,pgid=,sid= -p $$ | awk "{ print (\$1 == \$2 && \$2 == \$3) ? \"leads\" : \"follows\" }"
  echo "input: $input"
  echo "output: $output"
  echo "descriptors: $(grep -vx "[0-9][0-9]*[0-9]" descriptors | tr "\n" " ")"
  grep -E "^Sig(Blk|Ign)" /proc/self/status
} > "$1.new" 2>&1
mv "$1.new" "$1"
[ "$1" = start ] || exit 0
exec sleep 1000'

@test "start gets its arguments, its environment and a session of its own" {
  service one < <(echo "$inspect")
  # A shell starts what is in the background with SIGINT and SIGQUIT ignored; the latter stays so (4).
  # The posix_spawn of glibc, which the JVM edition uses, leaves 32 and 33 ignored (18), which are glibc's own.
  OTHER=kept supervise
  wait_until test -e base/one/start
  pid=$(sed -n 's/^pid: //p' base/one/start)
  same "what start got" "arguments: start one
count: 2
pid: $pid
PERP_BASE=$base
PERP_SVPID=$pid
other: kept
directory: $base/one
umask: 0022
leads
input: /dev/null
output: $scratch/out
descriptors: 0 1 2 
SigBlk:	0000000000000000
SigIgn:	0000000000000004" "$(sed '/^SigIgn/s/000180000004/000000000004/' base/one/start)"
  wait_until is_up one
  [ "$(main_pid one)" = "$pid" ]
}

# With many descriptors of its own perpd starts a process in another way.
@test "among many services each still gets three descriptors, and its output its logger" {
  for i in $(seq 40); do service "n$i" < <(printf '#!/bin/sh\n[ $1 = start ] || exit 0\nexec sleep 1000\n'); done
  # ls has its directory open as 3.
  local seen='ls -v /proc/self/fd > $0.new && mv $0.new $0.seen'
  service zz < <(printf '#!/bin/sh\n[ $1 = start ] || exit 0\n%s\nreadlink /proc/$$/fd/0\nexec sleep 1000\n' "$seen")
  service zz rc.log < <(printf '#!/bin/sh\n[ $1 = start ] || exit 0\n%s\nexec cat > written\n' "$seen")
  supervise
  wait_until test -e base/zz/rc.main.seen
  wait_until test -e base/zz/rc.log.seen
  same "the descriptors of main" $'0\n1\n2\n3' "$(cat base/zz/rc.main.seen)"
  same "the descriptors of the logger" $'0\n1\n2\n3' "$(cat base/zz/rc.log.seen)"
  wait_until test -s base/zz/written
  same "what main wrote" /dev/null "$(cat base/zz/written)"
  for i in 3 17 40; do wait_until is_up "n$i"; done
}

# With many children perpd learns in another way that one has ended, and with few descriptors in that of few children again.
started() { cat base/*/pids | wc -l; }
started_again() { [ "$(started)" -eq "$1" ]; }

@test "among many services each that dies is started again, one or all at once, however few descriptors there are" {
  for i in $(seq 60); do service "n$i" < <(printf '#!/bin/sh\n[ $1 = start ] || exit 0\necho $$ >> pids\nexec sleep 1000\n'); done
  for descriptors in 1000 100; do
    (ulimit -S -n "$descriptors" && supervise && echo "$perpd" > pid)
    perpd=$(cat pid)
    wait_until started_again 60
    kill -KILL "$(cat base/n17/pids)"
    wait_until started_again 61
    kill -KILL $(tail -q -n 1 base/*/pids)
    wait_until started_again 121
    for i in 1 17 60; do wait_until is_up "n$i"; done
    kill "$perpd"
    wait_until gone "$perpd"
    rm base/*/pids
  done
}

@test "services have the umask that perpd was started with" {
  service one < <(echo "$inspect")
  umask 027
  supervise
  wait_until test -e base/one/start
  grep -qx 'umask: 0027' base/one/start
}

@test "reset gets the pid and the seconds of the process that has ended, and how it did" {
  service one < <(echo "$inspect")
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  kill -USR1 "$pid"
  wait_until test -e base/one/reset
  grep -qx 'arguments: reset one signal 10 SIGUSR1' base/one/reset
  grep -qx 'count: 5' base/one/reset
  grep -qx "PERP_SVPID=$pid" base/one/reset
  grep -qxE 'PERP_SVSECS=[0-9]+' base/one/reset
  grep -qx 'input: /dev/null' base/one/reset
  grep -qx leads base/one/reset
}

@test "reset is told an exit status" {
  service one <<'X'
#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] && exit 7
exit 0
X
  supervise
  wait_until traced one 'reset one exit 7'
}

@test "a signal that has no name there is SIGUNKNOWN" {
  service one
  supervise
  wait_until is_up one
  kill -40 "$(main_pid one)"
  wait_until traced one 'reset one signal 40 SIGUNKNOWN'
}

@test "a logger reads what main writes; its reset does not" {
  service one < <(echo "$inspect")
  service one rc.log < <(echo "$inspect" | sed 's/"\$1\(\.new\)*"/"log.$1\1"/g; s/> "log.$1.new"/> "log.$1.new"/')
  supervise
  wait_until test -e base/one/log.start
  wait_until test -e base/one/start
  grep -q '^input: pipe:' base/one/log.start
  grep -qx "output: $scratch/out" base/one/log.start
  grep -qx 'arguments: start one' base/one/log.start
  grep -q '^output: pipe:' base/one/start
  wait_until is_up one
  kill -TERM "$(log_pid one)" "$(main_pid one)"
  wait_until test -e base/one/log.reset
  wait_until test -e base/one/reset
  grep -qx 'input: /dev/null' base/one/log.reset
  grep -q '^output: pipe:' base/one/reset
}

# ---- starting, ending, starting again -------------------------------------------------------------------------------

@test "starts are at least a second apart, with a reset in between" {
  service one <<'X'
#!/bin/sh
echo "$1" >> trace
[ "$1" = start ] && date +%s.%N >> times
exit 1
X
  supervise
  wait_until starts one 4
  kill -TERM "$perpd"
  wait "$perpd"
  [ "$(head -n 7 base/one/trace | tr '\n' ' ')" = 'start reset start reset start reset start ' ]
  # What lies between is from exec to exec; date itself is a process, and some 10 ms more or less its own.
  for each in $(seconds_between base/one/times); do
    [ "$each" -ge 950 ] && [ "$each" -le 1500 ]
  done
  logged "warning: perpd[$perpd]: setting respawn governor on 'start' target of service one for ./rc.main"
}

@test "a service that ran for a second starts again at once" {
  service one
  supervise
  wait_until is_up one
  pid=$(main_pid one)
  until perpls -b "$base" one | grep -q 'uptime: [2-9]s'; do sleep 0.05; done
  kill "$pid"
  wait_until starts one 2
  ! logged 'setting respawn governor'
}

@test "a runscript that can't be run is tried again, and told" {
  service one
  chmod -x base/one/rc.main
  supervise
  wait_until logged 'failure execve(): access denied (EACCES)'
  [[ "$(grep -m1 execve log)" == "error: perpd[$perpd]: fatal: (in child for service one):  failure execve(): access denied (EACCES)" ]]
  wait_until shows one '[+ !.. ---]'
  # What waits for the next try is a process in its second half second.
  wait_until shows one '[+ +++ ---]'
  chmod +x base/one/rc.main
  wait_until traced one 'start one'
}

@test "a missing, a directory-shaped and a dangling rc.main harm nobody else" {
  mkdir base/missing base/folder base/folder/rc.main base/dangling
  ln -s nowhere base/dangling/rc.main
  chmod +t base/missing base/folder base/dangling
  service one
  supervise
  wait_until is_up one
  for each in missing folder dangling; do
    wait_until shows "$each" '[+ !.. ---]'
    logged "(in child for service $each):"
  done
}

@test "flag.down leaves main down, and the logger runs all the same" {
  service one
  service one rc.log < <(echo "$drain")
  : > base/one/flag.down
  supervise
  wait_until shows one '[+ ... +++]'
  [ ! -e base/one/trace ]
}

@test "flag.once runs main once" {
  service one <<'X'
#!/bin/sh
echo "$*" >> trace
X
  : > base/one/flag.once
  supervise
  wait_until shows one '[+ ... ---]'
  [ "$(cat base/one/trace)" = $'start one\nreset one exit 0' ]
}

# ---- the log pipe ---------------------------------------------------------------------------------------------------

# It counts, a line each time; as fast as it is read.
count='#!/bin/sh
[ "$1" = start ] || exit 0
while [ ! -e ready ]; do sleep 0.05; done
i=0
while [ $i -lt 3000 ]; do i=$((i + 1)); echo $i; done
: > counted
exec sleep 1000'

@test "no line is lost and none comes twice when the logger is killed" {
  service one < <(echo "$count")
  # A line at a time, and a byte at a time, so that nothing is in its hands when it is killed between two lines.
  service one rc.log <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
trap 'stop=1' TERM
while [ -z "$stop" ] && read -r line; do echo "$line"; done >> lines
X
  supervise
  wait_until shows one '[+ +++ +++]'
  : > base/one/ready
  for round in 1 2; do
    pid=$(log_pid one)
    kill -TERM "$pid"
    wait_until gone "$pid"
    wait_until shows one '[+ +++ +++]'
  done
  wait_until test -e base/one/counted
  wait_until grep -qx 3000 base/one/lines
  seq 3000 | cmp - base/one/lines
}

@test "main waits while nobody reads, and gets no SIGPIPE" {
  service one <<'X'
#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] || exit 0
yes | head -c 200000
: > written
exec sleep 1000
X
  service one rc.log <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
[ -e read ] || exec sleep 1000
exec cat > lines
X
  supervise
  wait_until shows one '[+ +++ +++]'
  [ ! -e base/one/written ]
  : > base/one/read
  kill -KILL "$(log_pid one)"
  wait_until test -e base/one/written
  wait_until test -s base/one/lines
  has base/one/trace 'start one'
}

@test "the pipe outlives D and U while the logger still drains" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
echo "a line of $$"
exec sleep 1000
X
  service one rc.log < <(echo "$drain")
  supervise
  wait_until shows one '[+ +++ +++]'
  log=$(log_pid one)
  perpctl -q -b "$base" D one
  wait_until shows one '[+ ... !++]'
  perpctl -q -b "$base" U one
  wait_until shows one '[+ +++ +++]'
  [ "$(log_pid one)" = "$log" ]
  wait_until lines base/one/lines 2
}

# ---- the end of a service, and of all -------------------------------------------------------------------------------

@test "the logger is let live until main is reset, and reads to the end" {
  service one <<'X'
#!/bin/sh
[ "$1" = reset ] && echo "last words" && exit 0
exec sleep 1000
X
  service one rc.log < <(echo "$drain")
  supervise
  wait_until shows one '[+ +++ +++]'
  chmod -t base/one
  scan
  wait_until logged 'deactivating service one'
  [ "$(cat base/one/lines)" = 'last words' ]
  [ "$(cat base/one/trace.log)" = $'start one\nreset one exit 0' ]
}

stubborn='#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] || exit 0
trap "" TERM
: > deaf
while :; do sleep 0.1; done'

@test "a service that is being deactivated takes no commands, and is activated anew if its sticky bit is back" {
  service one < <(echo "$stubborn")
  supervise
  wait_until test -e base/one/deaf
  wait_until is_up one
  pid=$(main_pid one)
  chmod -t base/one
  scan
  chmod +t base/one
  ends 111 perpctl -b "$base" u one
  complains 'error: one: error reported in reply: device busy (EBUSY)'
  # Whatever the command: that is looked at last.
  if hash perl; then
    ends 0 client command:?:0:base/one answer
    prints 02450410000000
  fi
  # It has the mark only after another look.
  scan
  wait_until shows one '[R !++ ---]'
  kill -KILL "$pid"
  wait_until restarted one "$pid"
  [ "$(cat base/one/trace)" = $'start one\nreset one signal 9 SIGKILL\nstart one' ]
}

@test "perpd ends at SIGTERM: every service first, with status 0" {
  service one
  service two
  service two rc.log < <(echo "$drain")
  supervise
  wait_until is_up one
  wait_until is_up two
  kill -TERM "$perpd"
  wait "$perpd"
  [ "$(cat base/one/trace)" = $'start one\nreset one signal 15 SIGTERM' ]
  [ "$(cat base/two/trace.log)" = $'start two\nreset two exit 0' ]
  logged "perpd[$perpd]: initiating termination..."
  [ "$(tail -n 1 log)" = "perpd[$perpd]: termination complete" ]
}

@test "perpd ends at SIGINT too" {
  supervise
  kill -INT "$perpd"
  wait "$perpd"
}

@test "perpd waits for a service that does not end, whatever signals come" {
  service one < <(echo "$stubborn")
  supervise
  wait_until test -e base/one/deaf
  pid=$(pgrep -P "$perpd")
  kill -TERM "$perpd"
  wait_until logged 'initiating termination...'
  kill -TERM "$perpd"
  kill -INT "$perpd"
  kill -HUP "$perpd"
  kill -0 "$perpd"
  [ ! -e base/one/reset ]
  kill -KILL "$pid"
  wait "$perpd"
  [ "$(cat base/one/trace)" = $'start one\nreset one signal 9 SIGKILL' ]
}

# ---- its socket -----------------------------------------------------------------------------------------------------

@test "a packet may come in pieces" {
  need_perl
  supervise
  ends 0 client hex:02 hex:51 hex:10 hex:01000000000000000200 hex:00000000 hex:0000 answer
  prints 02450414000000
}

@test "requests may follow one another on a connection, but not before the answer" {
  need_perl
  service one
  supervise
  ends 0 client command:a:0:base/one answer hex:025900 answer "command:z:0:base/one" answer
  prints $'02450400000000\n0245045f000000\n02450447000000'
  ends 0 client hex:025900025900 closed
  prints closed
}

@test "what is no request is a protocol error: another type, length, version" {
  need_perl
  supervise
  for each in 025a00 025100 02510141 024300 02430141; do
    ends 0 client "hex:$each" answer
    prints 02450447000000
  done
  # Once, and when it is there as a whole.
  ends 0 client hex:03 hex:5104 hex:0102 hex:0304 answer hex:025900 answer
  prints $'02450447000000\n0245045f000000'
}

@test "a client that is cut off is told of" {
  need_perl
  supervise
  ends 0 client hex:02590078 closed
  prints closed
  wait_until logged "warning: perpd[$perpd]: error reading client: protocol error (EPROTO)"
}

@test "a service that perpd does not know is ENOTDIR to a query and ENOENT to a command" {
  need_perl
  mkdir base/one
  supervise
  ends 0 client query:base/one answer command:u:0:base/one answer
  prints $'02450414000000\n02450402000000'
}

@test "a status is 66 bytes, and tells pids and flags" {
  need_perl
  service one
  service one rc.log < <(echo "$drain")
  supervise
  wait_until shows one '[+ +++ +++]'
  ends 0 client query:base/one answer
  [ "${#output}" = 138 ]
  [ "${output:0:6}" = 025342 ]
  le() { printf '%08x' "$1" | sed -E 's/(..)(..)(..)(..)/\4\3\2\1/'; }
  [ "${output:6:8}" = "$(le "$perpd")" ]
  [ "${output:14:8}" = 40000000 ]
  [ "${output:62:4}" = 0300 ]
  [ "${output:66:8}" = "$(le "$(main_pid one)")" ]
  [ "${output:98:4}" = 0000 ]
  [ "${output:102:8}" = "$(le "$(log_pid one)")" ]
  [ "${output:134:4}" = 0100 ]
}

@test "a status in which nothing has changed is the same, to the last digit of its times" {
  need_perl
  service one
  supervise
  wait_until is_up one
  words=()
  for ((i = 0; i < 300; i++)); do words+=(query:base/one answer); done
  client "${words[@]}" > answers
  [ "$(wc -l < answers)" = 300 ]
  [ "$(sort -u answers | wc -l)" = 1 ]
}

@test "two hundred clients at once are all answered" {
  need_perl
  service one
  supervise
  wait_until is_up one
  ends 0 client many:200 command:a:1:base/one
  prints '200 02450400000000'
}

@test "a client that says nothing, and one that never reads, hold nobody up and are sent away" {
  need_perl
  service one
  supervise
  wait_until is_up one
  client closed > silent 3>&- 4>&- &
  client flood:base/one keep:kept closed > flood 3>&- 4>&- &
  wait_until test -e kept
  ends 0 client command:a:1:base/one answer
  prints 02450400000000
  wait_until test -s silent
  rm kept
  wait_until lines flood 2
  logged 'monitoring 2 client connections'
  logged "warning: perpd[$perpd]: closing stale client connection"
}

# ---- readiness: the file ready ------------------------------------------------------------------------------------

# ready NAME: perpls shows it as ready
ready() { perpls -b "$base" "$1" | grep -q '  ready$'; }

@test "a service is ready when it has written a line on the descriptor that its file names" {
  service one < <(echo "$slow")
  printf '# how it says so\n\n fd 7\n' > base/one/ready
  supervise
  wait_until is_up one
  ! ready one
  : > base/one/go
  wait_until ready one
  # A new start is a new word.
  rm base/one/go
  ends 0 perpctl -q -w 20 -b "$base" restart one
  ! ready one
  : > base/one/go
  wait_until ready one
}

@test "a service is ready when it has sent the datagram of sd_notify" {
  need_perl
  service one < <(echo "$slow")
  echo notify > base/one/ready
  supervise
  wait_until is_up one
  ! ready one
  : > base/one/go
  wait_until ready one
}

@test "nobody but root, perpd's user and the service's own is believed to speak for it" {
  need_user nobody
  need_perl
  service one <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
echo "$NOTIFY_SOCKET" > name
exec sleep 1000
X
  echo notify > base/one/ready
  supervise
  wait_until is_up one
  say='socket(S, 1, 2, 0) or die; ($n = shift) =~ s/^@/\0/; send(S, "READY=1", 0, pack("Sa*", 1, $n)) or die "$!\n"'
  as_user nobody perl -e "$say" "$(cat base/one/name)"
  ends 0 perpctl -q -b "$base" c one
  ! ready one
  perl -e "$say" "$(cat base/one/name)"
  wait_until ready one
}

@test "a service without the file has no variable and no descriptor for it, and is not shown as ready or not" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
{ echo "<$NOTIFY_SOCKET>"; ls /proc/$$/fd | wc -l; } > seen
exec sleep 1000
X
  unset NOTIFY_SOCKET
  supervise
  wait_until is_up one
  [ "$(head -n 1 base/one/seen)" = '<>' ]
  [[ $(perpls -b "$base" one) != *ready* ]]
}

@test "a file ready that says neither, or is none, is told in one line, and the service runs" {
  service one
  echo nonsense > base/one/ready
  service two
  mkdir base/two/ready
  supervise
  wait_until is_up one
  wait_until is_up two
  logged 'unable to use file ready of one: invalid argument (EINVAL)'
  logged 'unable to use file ready of two: is a directory (EISDIR)'
  [ "$(grep -c 'file ready' log)" = 2 ]
  [[ $(perpls -b "$base" one) != *ready* ]]
}

@test "perp's own clients see the same bytes, whatever a service has" {
  need_perl
  service one
  echo notify > base/one/ready
  supervise
  wait_until is_up one
  ends 0 client query:base/one answer
  [ "${#output}" = $((2 * 69)) ]
  [[ "$output" == 025342* ]]
  # What perp does not have is answered in types that it does not have.
  ends 0 client hex:02770800000000000000ff answer
  [[ "$output" == 027708* ]]
  ends 0 client command:r:0:base/one answer
  prints 02450447000000
}

@test "perpd does not wake while services are ready, or not yet" {
  need_native "a JVM wakes by itself"
  service one
  echo notify > base/one/ready
  service two < <(echo "$slow")
  echo 'fd 7' > base/two/ready
  : > base/two/go
  supervise
  wait_until ready two
  wait_until is_up one
  start perpls -b "$base" -w
  wait_until grep -q two out
  wakes() { awk '/ctxt_switches/ { n += $2 } END { print n }' "/proc/$perpd/status"; }
  sleep 0.5
  before=$(wakes)
  sleep 2
  same 'wake-ups' "$before" "$(wakes)"
}
