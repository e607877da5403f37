# runctl: stop, restart or signal the process that holds a lock file. More of it, with a daemon, is in daemon.bats.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: that the lock passes to another process between two looks at it.

load helper

# trapper: a process that holds the file lock and writes the signals it gets; TERM ends it
trapper() {
  start runlock -p lock bash -c 'for s in USR1 HUP USR2; do trap "echo $s >> got" $s; done; : > held
    while :; do sleep 0.01; done'
  wait_until test -e held
}
got() { [ "$(cat got 2> /dev/null | tr '\n' ' ')" = "$1" ]; }

@test "runctl -h prints its usage line, -V the version" {
  ends 0 runctl -h
  complains 'usage: runctl [-hV] [-s sig] [-w secs] lockfile stop | restart | status | signal name'
  ends 0 runctl -V
  complains 'runctl: version: 0.1.0'
}

@test "mistakes on the command line" {
  ends 100 runctl
  misuse runctl 'missing lockfile argument'
  ends 100 runctl lock
  misuse runctl 'missing command'
  ends 100 runctl lock signal
  misuse runctl 'missing name of a signal'
  ends 100 runctl lock stop now
  misuse runctl 'too many arguments'
  ends 100 runctl lock signal FOO
  misuse runctl 'unknown signal: FOO'
  ends 100 runctl -s FOO lock stop
  misuse runctl 'unknown signal: FOO'
  ends 100 runctl lock signal ''
  misuse runctl 'unknown signal: '
  ends 100 runctl -w '' lock stop
  misuse runctl 'bad numeric argument for option -w: '
  ends 100 runctl -w x lock stop
  misuse runctl 'bad numeric argument for option -w: x'
  ends 100 runctl -w 1 lock restart
  misuse runctl 'option -w has no meaning with restart'
  ends 100 runctl -s HUP lock signal TERM
  misuse runctl 'option -s has no meaning with signal'
  ends 1 runctl lock begin
  complains "$(runctl -h 2>&1)"
  ends 100 runctl -Z lock stop
  misuse runctl 'invalid option: -Z'
}

@test "stop sends USR1, restart HUP, signal what it is told; -s another one" {
  trapper
  ends 0 runctl lock stop
  wait_until got 'USR1 '
  ends 0 runctl lock restart
  wait_until got 'USR1 HUP '
  ends 0 runctl lock signal SIGUSR2
  wait_until got 'USR1 HUP USR2 '
  ends 0 runctl -s 12 lock stop
  wait_until got 'USR1 HUP USR2 USR2 '
  ends 0 runctl lock status
  prints "running, pid $pid"
  complains ''
}

@test "-w waits for the end, and no longer than that" {
  trapper
  ends 111 runctl -w 0 lock stop
  complains "runctl: fatal: pid $pid still runs after 0 seconds"
  ends 111 runctl -w 1 lock signal USR2
  complains "runctl: fatal: pid $pid still runs after 1 seconds"
  ends 0 runctl -s TERM -w 60 lock stop
  finishes 143
  ends 1 runctl -w 60 lock stop
  complains "runctl: not running (stale pid file lock, pid $pid)"
}

@test "options may stand behind the command" {
  trapper
  ends 111 runctl lock signal USR2 -w 0
  complains "runctl: fatal: pid $pid still runs after 0 seconds"
  ends 100 runctl lock status -w 1
  misuse runctl 'option -w has no meaning with status'
  ends 100 runctl lock stop -w 1 now
  misuse runctl 'too many arguments'
  ends 0 runctl -s USR2 lock stop -w 60 -s TERM
  finishes 143
}

@test "where nobody holds the lock, nobody is signalled" {
  ends 1 runctl missing stop
  complains 'runctl: not running (lock file missing: file does not exist (ENOENT))'
  : > lock
  ends 1 runctl lock status
  prints ''
  complains 'runctl: not running (nobody holds lock)'
  : > file
  ends 111 runctl file/lock stop
  complains 'runctl: fatal: failure checking lock on file/lock: not a directory (ENOTDIR)'
}

@test "a lock that belongs to an open file is no single process's" {
  perl -e 1 2> /dev/null || skip 'needs perl'
  : > lock
  # F_OFD_SETLK, 37, of a write lock on the whole file
  start perl -e '$all = pack("ss x![q] qq i x![q]", 1, 0, 0, 0, 0); open(F, "+<", "lock"); fcntl(F, 37, $all) or exit 9;
    open(H, ">", "held"); close(H); sleep 1000'
  wait_until test -e held
  for each in status stop; do
    ends 111 runctl lock $each
    complains 'runctl: fatal: the lock on lock is held by no single process'
  done
  ends 1 runlock -c lock
}

@test "a process of another user can't be signalled, and that is said" {
  need_user nobody
  hold lock
  ends 111 as_user nobody runctl lock signal TERM
  complains "runctl: fatal: unable to send SIGTERM to pid $pid: permission denied (EPERM)"
}
