# runlock: run a program while holding a lock on a file.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a file system that has no locks (ENOLCK); a lock that is held by another host over NFS; that -b waits
# without end.

load helper

@test "runlock without a program is a usage error" {
  ends 100 runlock
  misuse runlock 'missing required argument(s)'
  ends 100 runlock -bpx lock
  misuse runlock 'missing required argument(s)'
  [ ! -e lock ]
}

@test "runlock -c without a lockfile is a usage error" {
  ends 100 runlock -c
  misuse runlock 'missing lockfile argument'
}

@test "runlock refuses an option that it does not have" {
  ends 100 runlock -Z lock true
  misuse runlock 'invalid option: -Z'
  ends 100 runlock '-?' lock true
  misuse runlock ''
}

@test "runlock -h prints its usage line and exits 0" {
  ends 0 runlock -h
  prints ''
  complains 'usage: runlock [-hV] [-c [-q] lockfile | [-bpx] lockfile program [args ...]]'
}

@test "runlock -V prints the version of the interface and exits 0" {
  ends 0 runlock -V
  prints ''
  complains 'runlock: version: 2.07'
}

@test "runlock runs the program and exits with its status" {
  ends 7 runlock lock sh -c 'echo run; exit 7'
  prints run
  complains ''
}

@test "runlock creates the file for all to read, empty, and leaves it behind" {
  ends 0 runlock lock true
  [ "$(stat -c '%a %s' lock)" = '644 0' ]
}

@test "runlock leaves the content of the file alone" {
  echo keep > lock
  ends 0 runlock lock cat lock
  prints keep
}

@test "runlock fails at once when the lock is held" {
  hold lock
  ends 111 runlock lock echo wrong
  prints ''
  complains 'runlock: fatal: unable to acquire lock on lock: temporary i/o failure (EAGAIN)'
}

@test "runlock -x exits 0 in silence when the lock is held" {
  hold lock
  ends 0 runlock -x lock echo wrong
  prints ''
  complains ''
}

@test "runlock -x exits 0 in silence when the file can't be opened" {
  ends 0 runlock -x missing/lock echo wrong
  prints ''
  complains ''
}

@test "runlock -b waits until the lock is free" {
  hold lock
  holder=$pid
  start runlock -b lock echo mine
  wait_until sleeps "$pid"
  [ ! -s out ]
  kill "$holder"
  wait "$pid"
  [ "$(cat out)" = mine ]
}

@test "runlock -b does not wait for a lock that is free" {
  ends 0 runlock -b lock echo mine
  prints mine
}

@test "runlock -p replaces the content of the file by the pid of the program" {
  echo 'more than a pid, and more lines' > lock
  ends 0 runlock -p lock sh -c 'echo $$; cat lock'
  [ "${lines[0]}" = "${lines[1]}" ]
  [ "${#lines[@]}" = 2 ]
}

@test "runlock -p writes nothing while another process holds the lock" {
  hold lock
  ends 111 runlock -p lock true
  [ ! -s lock ]
}

@test "the lock is held as long as the program runs, and no longer" {
  hold lock
  ends 1 runlock -cq lock
  kill "$pid"
  wait_until runlock -cq lock
}

@test "the program gets the locked descriptor, open for appending" {
  ends 0 runlock lock sh -c 'echo to the file >&3' 3>&-
  [ "$(cat lock)" = 'to the file' ]
}

@test "the lock ends when the program closes the descriptor" {
  ends 0 sh -c 'exec 3>&- 4>&-; runlock lock sh -c "exec 3>&-; runlock -c lock"'
  complains 'runlock: no lock held on lock'
}

@test "a lock file does not take the place of a standard stream that is closed" {
  ends 0 sh -c 'exec 3>&- 4>&-; runlock lock sh -c "echo to the file >&3" <&- 2>&-'
  [ "$(cat lock)" = 'to the file' ]
}

@test "runlock -c exits 1 and names the holder when the lock is held" {
  hold lock
  ends 1 runlock -c lock
  prints ''
  complains "runlock: lock held on lock by pid $pid"
}

@test "runlock -c exits 0 when the lock is free" {
  : > lock
  ends 0 runlock -c lock
  prints ''
  complains 'runlock: no lock held on lock'
}

@test "runlock -c exits 0 when there is no such file, and makes none" {
  ends 0 runlock -c missing/lock
  complains 'runlock: no lock held on missing/lock'
  ends 0 runlock -c lock
  [ ! -e lock ]
}

@test "runlock -c runs no program" {
  ends 0 runlock -c lock echo wrong
  prints ''
}

@test "runlock -q with -c says nothing" {
  hold lock
  ends 1 runlock -c -q lock
  complains ''
  ends 0 runlock -qc other
  complains ''
  ends 111 runlock -qc lock/below
  complains ''
}

@test "runlock -q without -c changes nothing" {
  ends 0 runlock -q lock echo run
  prints run
}

@test "runlock -c sees a lock on a part of the file that somebody else has taken with fcntl" {
  need_command python3
  start python3 -c '
import fcntl, time
file = open("lock", "w")
fcntl.lockf(file, fcntl.LOCK_EX, 1, 100)
open("held", "w").close()
time.sleep(1000)'
  wait_until test -e held
  ends 1 runlock -c lock
  complains "runlock: lock held on lock by pid $pid"
  ends 111 runlock lock true
}

@test "runlock does not see a lock taken with flock" {
  need_command flock
  start flock lock sh -c ': > held; exec sleep 1000'
  wait_until test -e held
  track "$(pgrep -P "$pid")"
  ends 0 runlock lock echo run
  prints run
}

@test "runlock -c fails when the file can't be looked at" {
  : > file
  ends 111 runlock -c file/lock
  complains 'runlock: fatal: failure checking lock on file/lock: not a directory (ENOTDIR)'
}

@test "runlock fails when the file can't be opened" {
  ends 111 runlock missing/lock echo wrong
  prints ''
  complains 'runlock: fatal: unable to acquire lock on missing/lock: file does not exist (ENOENT)'
  ends 111 runlock '' echo wrong
  complains 'runlock: fatal: unable to acquire lock on : file does not exist (ENOENT)'
  mkdir folder
  ends 111 runlock folder echo wrong
  complains 'runlock: fatal: unable to acquire lock on folder: is a directory (EISDIR)'
}

@test "runlock fails when the caller may not write the file" {
  need_user nobody
  : > lock
  ends 111 as_user nobody runlock lock echo wrong
  complains 'runlock: fatal: unable to acquire lock on lock: access denied (EACCES)'
}

@test "a file of another user that the caller may write is a lock all the same, and is not removed" {
  need_user nobody
  echo keep > lock
  chmod 666 lock
  ends 0 as_user nobody runlock lock cat lock
  prints keep
  [ "$(stat -c %a lock)" = 666 ]
}

@test "runlock exits 111 when the program can't be run" {
  ends 111 runlock lock missing
  prints ''
  complains 'runlock: fatal: unable to run missing: file does not exist (ENOENT)'
}

@test "runlock -t waits no longer than that" {
  hold lock
  ends 111 runlock -t 1 lock echo wrong
  prints ''
  complains 'runlock: fatal: unable to acquire lock on lock: temporary i/o failure (EAGAIN)'
  ends 0 runlock -x -b -t 0 lock echo wrong
  prints ''
  for each in x -1 1s 4294967296; do
    ends 100 runlock -t "$each" lock echo wrong
    misuse runlock "bad numeric argument for option -t: $each"
  done
}

@test "runlock -t has the lock as soon as it is free" {
  hold lock
  holder=$pid
  start runlock -t 1000 lock echo mine
  wait_until sleeps "$pid"
  kill "$holder"
  wait "$pid"
  [ "$(cat out)" = mine ]
}

@test "runlock -s shares the lock with others that share it, and with nobody else" {
  ends 0 runlock -s lock runlock -s lock echo both
  prints both
  start runlock -s lock sh -c ': > held; exec sleep 1000'
  wait_until test -e held
  ends 0 runlock -s lock echo shared
  prints shared
  ends 111 runlock lock echo wrong
  complains 'runlock: fatal: unable to acquire lock on lock: temporary i/o failure (EAGAIN)'
  kill "$pid"
  wait "$pid" || :
  rm held
  hold lock
  ends 111 runlock -s lock echo wrong
  complains 'runlock: fatal: unable to acquire lock on lock: temporary i/o failure (EAGAIN)'
}

@test "runlock -s is content with a file that can only be read" {
  need_user nobody
  : > lock
  ends 0 as_user nobody runlock -s lock echo run
  prints run
}

@test "runlock -p and -s exclude each other" {
  ends 100 runlock -ps lock true
  misuse runlock 'options -p and -s are mutually exclusive'
  [ ! -e lock ]
}

@test "a device is locked, and its mode is left alone" {
  need_root 'it makes a device'
  mknod device c 1 3 2> /dev/null || skip 'needs to be allowed to make a device'
  chmod 622 device
  ends 0 runlock device echo run
  prints run
  [ "$(stat -c %a device)" = 622 ]
}

@test "a lock file that is removed while it is waited for is made anew" {
  hold lock
  holder=$pid
  start runlock -b lock sh -c ': > held; exec sleep 1000'
  wait_until sleeps "$pid"
  rm lock
  kill "$holder"
  wait_until test -e held
  ends 1 runlock -c lock
  complains "runlock: lock held on lock by pid $pid"
}

@test "runlock -m names the process that holds the lock, and exits 1" {
  hold lock
  ends 1 runlock -m lock echo wrong
  prints ''
  complains "runlock: already running, pid $pid"
  ends 0 runlock -mx lock echo wrong
  complains ''
  ends 0 runlock -m other echo run
  prints run
}

@test "runlock -e makes the file with the pid, and nothing if there is one" {
  ends 0 runlock -e lock sh -c 'echo $$; cat lock'
  [ "${lines[0]}" = "${lines[1]}" ]
  was=${lines[0]}
  ends 111 runlock -e lock echo wrong
  complains "runlock: fatal: lock file lock: process $was is defunct, delete the file and try again"
  rm lock
  start runlock -e lock sh -c ': > held; exec sleep 1000'
  wait_until test -e held
  ends 111 runlock -e lock echo wrong
  complains "runlock: fatal: lock file lock: already running, owned by active process $pid"
  ends 1 runlock -em lock echo wrong
  complains "runlock: already running, pid $pid"
  ends 111 runlock lock echo wrong
  ends 100 runlock -es lock true
  misuse runlock 'options -e and -s are mutually exclusive'
}

@test "runlock -u stays, hands on signals, removes the file, and ends as the program did" {
  ends 7 runlock -pu lock sh -c 'cat lock; echo $PPID; exit 7'
  [ "${lines[0]}" = "${lines[1]}" ]
  [ ! -e lock ]
  for each in TERM INT HUP QUIT USR1 USR2 ALRM WINCH; do
    rm -f held
    start runlock -u lock sh -c "trap 'exit 9' $each; : > held; while :; do sleep 0.05; done"
    wait_until test -e held
    ends 1 runlock -c lock
    complains "runlock: lock held on lock by pid $pid"
    kill -$each "$pid"
    finishes 9
    [ ! -e lock ]
  done
  ends 137 runlock -u lock sh -c 'kill -KILL $$'
  [ ! -e lock ]
  ends 111 runlock -u lock missing
  complains 'runlock: fatal: unable to run missing: file does not exist (ENOENT)'
  [ ! -e lock ]
}

@test "runlock -u does not remove a file that has another one's place" {
  ends 0 runlock -u lock sh -c 'rm lock; echo mine > lock'
  [ "$(cat lock)" = mine ]
}

@test "runlock refuses rundetach, which would lose the lock" {
  ends 100 runlock lock rundetach true
  prints ''
  complains 'runlock: fatal: rundetach would lose the lock, which no child inherits; the right order is: rundetach runlock lock program'
  [ ! -e lock ]
}
