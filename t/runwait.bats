# runwait: run a program when services, files, ports or locks are as it needs them.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a TCP port that neither accepts nor refuses.

load helper
load perp

usage='usage: runwait [-hVq] [-b basedir] [-i msecs] [-t secs] [-u secs] [-c address] [-e path] [-l lockfile] [-s sv[:state]] program [args ...]'

# waits_for WHAT: it says so
waits_for() { wait_until grep -qxF "runwait: waiting for $1" err; }

# listens ADDRESS: something accepts there from now on: a port of this machine, which is then in $port, or a path
listens() {
  need_perl
  perl -MSocket -e '
    my $path = shift;
    my $tcp = $path eq "tcp";
    socket(S, $tcp ? PF_INET : PF_UNIX, SOCK_STREAM, 0) or die;
    bind(S, $tcp ? pack_sockaddr_in(0, INADDR_LOOPBACK) : pack_sockaddr_un($path)) or die;
    listen(S, 5) or die;
    open(F, ">", "port"); print F $tcp ? (unpack_sockaddr_in(getsockname(S)))[0] : $path; close(F);
    alarm 60;
    while (accept(C, S)) { close(C) }' "$1" 3>&- 4>&- &
  track $!
  server=$!
  wait_until test -s port
  port=$(cat port)
}

@test "runwait -h prints its usage line, -V the version" {
  ends 0 runwait -h
  complains "$usage"
  ends 0 runwait -V
  [[ "$stderr" == 'runwait: version: '* ]]
}

@test "runwait without a program, without anything to wait for, or with a bad argument is a usage error" {
  ends 100 runwait -e x
  complains $'runwait: usage error: missing program argument\n'"$usage"
  ends 100 runwait true
  complains $'runwait: usage error: nothing to wait for\n'"$usage"
  for each in '-s one:ripe' '-s :up' '-c nowhere:80' '-c 0' '-c 65536' '-c 1.2.3:80' '-c [::1::]:80' '-c [12345::]:80' '-t x' '-i x' '-u x'; do
    ends 100 runwait $each -e / true
    [[ "${stderr%%$'\n'*}" == "runwait: usage error: bad "*"argument for option ${each%% *}: ${each#* }" ]]
  done
}

@test "runwait runs the program at once, and says nothing, where all is as it is to be" {
  ends 7 runwait -e / -l free -e . sh -c 'echo "$1"; exit 7' sh 'a b'
  prints 'a b'
  complains ''
  [ ! -e free ]
}

@test "runwait waits for a file, says so once, and is replaced by the program" {
  start runwait -e there -e / sh -c 'echo $$; exec sleep 1000'
  waits_for there
  : > there
  wait_until test -s out
  has out "$pid"
  has err 'runwait: waiting for there'
}

@test "runwait -q says nothing" {
  start runwait -q -i 10 -e there true
  wait_until sleeps "$pid"
  : > there
  finishes 0
  has err ''
}

@test "runwait -t gives up, with what is missing" {
  ends 111 runwait -t 1 -e / -e there -c ./socket true
  complains $'runwait: waiting for there, connection to ./socket\nrunwait: fatal: still waiting for there, connection to ./socket after 1 seconds'
  ends 111 runwait -t 0 -e there true
  complains 'runwait: fatal: still waiting for there after 0 seconds'
}

@test "a signal ends the wait at once" {
  start runwait -e there true
  waits_for there
  kill -TERM "$pid"
  finishes 143
}

@test "runwait waits for a lock to be free" {
  hold lock
  holder=$pid
  start runwait -l lock true
  waits_for 'lock lock'
  kill "$holder"
  finishes 0
}

@test "runwait waits for a Unix socket that accepts" {
  need_perl
  : > socket
  start runwait -c "$scratch/socket" true
  waits_for "connection to $scratch/socket"
  rm socket
  waiting=$pid
  listens socket
  pid=$waiting
  finishes 0
}

@test "runwait gives up in time where a socket's queue is full" {
  need_perl
  # It listens and never accepts; a connection of its own fills the queue.
  perl -MSocket -e '
    socket(S, PF_UNIX, SOCK_STREAM, 0) or die;
    bind(S, pack_sockaddr_un("full")) or die;
    listen(S, 0) or die;
    socket(C, PF_UNIX, SOCK_STREAM, 0) or die;
    connect(C, pack_sockaddr_un("full")) or die;
    open(F, ">", "is_full");
    sleep 60' 3>&- 4>&- &
  track $!
  wait_until test -e is_full
  ends 111 runwait -t 1 -c ./full true
  complains $'runwait: waiting for connection to ./full\nrunwait: fatal: still waiting for connection to ./full after 1 seconds'
}

@test "runwait waits for a TCP port that accepts" {
  listens tcp
  for each in "$port" "127.0.0.1:$port" "localhost:$port"; do
    ends 0 runwait -t 20 -c "$each" true
    complains ''
  done
  kill "$server"
  wait_until gone "$server"
  ends 111 runwait -t 0 -c "$port" true
  complains "runwait: fatal: still waiting for connection to $port after 0 seconds"
}

@test "runwait leaves the program no descriptor of its own" {
  service one
  supervise
  wait_until is_up one
  ends 0 runwait -b "$base" -s one:up -l lock -e / ls /proc/self/fd
  same 'descriptors' "$(ls /proc/self/fd)" "$output"
}

@test "runwait waits until a service has said that it is ready" {
  service one < <(echo "$slow")
  echo 'fd 7' > base/one/ready
  supervise
  wait_until is_up one
  start runwait -b "$base" -s one true
  waits_for 'one (ready)'
  : > base/one/go
  finishes 0
  # While it is told to be down it is not what anybody waits for.
  ends 0 perpctl -q -w 20 -b "$base" d one
  ends 111 runwait -t 0 -b "$base" -s one true
}

@test "a service that does not say so is ready when it is up for the seconds of -u" {
  service one
  supervise
  wait_until is_up one
  ends 111 runwait -t 0 -b "$base" -u 1000 -s one true
  ends 0 runwait -t 20 -b "$base" -s one true
  [[ $(perpls -b "$base" one) == *'uptime: '[1-9]* ]]
}

@test "runwait waits until a service is done, which is to have ended well for good" {
  service one <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
until [ -e go ]; do sleep 0.02; done
exit $(cat go)
X
  : > base/one/flag.once
  supervise
  start runwait -b "$base" -s one:done true
  waits_for 'one (done)'
  echo 3 > base/one/go
  wait_until shows one '[+ ... ---]'
  ends 111 runwait -t 0 -b "$base" -s one:done true
  echo 0 > base/one/go
  ends 0 perpctl -q -b "$base" o one
  finishes 0
}

@test "runwait waits for a service that is not there yet, and for perpd" {
  start runwait -b "$base" -s one:up true
  waits_for 'one (up)'
  supervise
  service one
  scan
  finishes 0
}

@test "a service that waits is up and not ready, takes its base directory from perpd, and d interrupts it at once" {
  service one
  : > base/one/flag.down
  service two <<'X'
#!/bin/sh
echo "$*" >> trace
[ "$1" = start ] || exit 0
exec 2> told
exec runwait -s one:up sh -c 'echo >&5; exec sleep 1000 5>&-'
X
  echo 'fd 5' > base/two/ready
  supervise
  wait_until is_up two
  has base/two/told 'runwait: waiting for one (up)'
  [[ $(perpls -b "$base" two) == *'not ready' ]]
  ends 0 perpctl -q -w 1 -b "$base" d two
  traced two 'reset two signal 15 SIGTERM'
  ends 0 perpctl -q -b "$base" u one two
  ends 0 runwait -b "$base" -s two true
}

@test "runwait asks perp's own perpd too, and says what is different" {
  old_perpd one
  start runwait -b "$base" -s one:done true
  wait_until grep -q own err
  has err $'runwait: waiting for one (done)\nrunwait: this perpd is perp\'s own: ready is told by uptime, done by being down'
  ends 0 perpctl -q -b "$base" d one
  finishes 0
  ends 0 perpctl -q -b "$base" u one
  ends 0 runwait -b "$base" -s one true
}
