# oneit: one program as a whole system. The rows O01 to O24 are those of its specification.
# SPDX-License-Identifier: Apache-2.0
# editions: native
#
# Every oneit that is process 1 is it in a pid namespace of the test's own, which ends with the test. Where a test runs it
# elsewhere it has no CAP_SYS_BOOT, so that a mistake would not end the machine, and the trace would show it.
#
# Not tested: what only a whole machine shows: that disks are written out, that it halts, that a serial console is opened
# without a carrier.

load helper

setup() {
  enter_scratch
  alone=(unshare --pid --fork --kill-child --mount-proc)
  [ "$(id -u)" = 0 ] || alone+=(--user --map-root-user)
}

# namespace: whether there is one to be had; what follows needs it
namespace() {
  need_command unshare
  "${alone[@]}" true 2> /dev/null || skip 'needs a pid namespace: unshare --pid --mount-proc'
}

# init ARGUMENT...: oneit is process 1 of a new namespace; $one is its pid seen from here, $pid that of what waits for it
init() {
  namespace
  start "${alone[@]}" oneit "$@"
  wait_until child_of "$pid"
  one=$(child_of "$pid")
  # unshare has forked; what it started has to have become oneit.
  wait_until runs_oneit "$one"
}
child_of() { cat "/proc/$1/task/$1/children" | grep -o '[0-9][0-9]*'; }
runs_oneit() { grep -q '^oneit' "/proc/$1/comm" && [ "$(sed -n 's/^SigBlk:\t//p' "/proc/$1/status")" != 0000000000000000 ]; }

# signalled SIGNAL STATUS: that signal to process 1 ends it with that status of the namespace
signalled() {
  kill -"$1" "$one"
  finishes "$2"
}

# unprivileged COMMAND...: without CAP_SYS_BOOT
unprivileged() {
  if [ "$(id -u)" = 0 ]; then setpriv --bounding-set=-sys_boot --inh-caps=-sys_boot -- "$@"; else "$@"; fi
}

# below PID NAME: the pid of the process of that name that it has started, itself or by others
below() {
  local each
  for each in $(cat "/proc/$1/task/$1/children"); do
    if [ "$(cat "/proc/$each/comm")" = "$2" ]; then echo "$each"; return; fi
    below "$each" "$2" && return
  done
  return 1
}

# inside COMMAND...: in the namespaces of oneit
inside() { nsenter --target "$one" --pid --mount -- "$@"; }

# zombies: how many there are in the namespace of oneit
zombies() { cat /proc/[0-9]*/status 2> /dev/null | awk -v one="$one" '/^State:/ { z = $2 == "Z" } /^PPid:/ && z && $2 == one' | wc -l; }
no_zombies() { [ "$(zombies)" = 0 ]; }

# orphans THOUSANDS: makes a script that leaves that many thousand behind: of perl, since it collects no child by itself
orphans() {
  need_command perl
  cat > orphans <<X
for each in \$(seq $1); do perl -e 'for (1 .. 1000) { my \$pid = fork; defined \$pid or die; \$pid or exit }'; done
X
}

@test "oneit -h and -V answer, -Z is refused" {
  ends 0 oneit -h
  complains 'usage: oneit [-hV] [-3] [-e | -n | -p | -r] [-c console] [-g secs] [-H secs] [-k fd] [-s from:to] program [args ...]'
  ends 0 oneit -V
  complains 'oneit: version: 0.1.0'
  ends 100 oneit -Z true
  misuse oneit 'invalid option: -Z'
}

@test "O01 the end of the program restarts, with -p it powers off" {
  namespace
  ends 129 "${alone[@]}" oneit -c /dev/null sh -c 'exit 3'
  ends 130 "${alone[@]}" oneit -p -c /dev/null -- sh -c 'exit 3'
}

@test "O02 USR1 and USR2 end with 130, TERM and INT with 129, HUP and QUIT do nothing" {
  for each in 'USR1 130' 'USR2 130' 'TERM 129' 'INT 129'; do
    init -c /dev/null sleep 1000
    signalled ${each}
  done
  init -c /dev/null sleep 1000
  kill -HUP "$one"
  kill -QUIT "$one"
  sleep 2
  kill -0 "$one"
  signalled USR2 130
}

@test "O03 -p with -n, and no program, are usage errors" {
  ends 100 oneit -p -n true
  misuse oneit 'options -p and -n are mutually exclusive'
  ends 100 oneit -rp true
  misuse oneit 'options -p and -r are mutually exclusive'
  ends 100 oneit
  misuse oneit 'missing required program argument'
  ends 100 oneit -en true
  misuse oneit 'options -e and -n are mutually exclusive'
  ends 100 oneit -pe true
  misuse oneit 'options -e and -p are mutually exclusive'
  ends 100 oneit -s TERM:INT true
  misuse oneit 'option -s needs option -e'
  for each in TERM TERM: :TERM KILL:TERM TERM:99 CHLD:HUP; do
    ends 100 oneit -e -s "$each" true
    misuse oneit "bad argument for option -s: $each"
  done
  for each in g:x H:0 H: k:x k:-1; do
    ends 100 oneit "-${each%:*}" "${each#*:}" true
    misuse oneit "bad numeric argument for option -${each%:*}: ${each#*:}"
  done
  ends 100 oneit -3 -k 3 true
  misuse oneit 'options -3 and -k 3 are mutually exclusive'
}

@test "O04 -n and -r relaunch, not more than once a second" {
  namespace
  "${alone[@]}" oneit -n -c /dev/null sh -c 'echo >> n' 3>&- 4>&- &
  track $!
  "${alone[@]}" oneit -r -c /dev/null sh -c 'echo >> r' 3>&- 4>&- &
  track $!
  wait_until test -s n -a -s r
  sleep 5
  for each in n r; do
    launches=$(wc -l < "$each")
    [ "$launches" -ge 4 ] && [ "$launches" -le 6 ]
  done
}

@test "O05 a thousand orphans leave no zombie" {
  orphans 1
  init -c /dev/null sh -c 'sh orphans; : > done; exec sleep 1000'
  wait_until test -e done
  wait_until no_zombies
  [ "$(child_of "$one" | wc -l)" = 1 ]
}

@test "O06 -3 tells the pids of orphans, and only those" {
  cat > two <<'X'
for each in 1 2 3 4 5; do (sh -c 'echo $$ >> pids; until test -e go; do sleep 0.05; done' &); done
sh -c 'exit 3'
until [ "$(cat pids | wc -l)" = 5 ]; do sleep 0.01; done
: > go
dd bs=4 count=5 iflag=fullblock <&3 2> /dev/null | od -An -v -w4 -td4 | tr -d ' ' > told
: > done
exec sleep 1000
X
  init -3 -c /dev/null sh two
  wait_until test -e done
  same pids "$(sort -n pids)" "$(sort -n told)"
}

@test "O07 20,000 orphans of which nobody wants to know leave no zombie, and process 1 still answers" {
  orphans 20
  init -3 -c /dev/null sh -c 'sh orphans; : > done; exec sleep 1000'
  wait_until test -e done
  wait_until no_zombies
  [ "$(child_of "$one" | wc -l)" = 1 ]
  signalled TERM 129
}

@test "O08 what did not fit in is told as 0, before anything later" {
  need_command python3
  orphans 2
  cat > two <<'X'
import fcntl, os, struct, subprocess
fcntl.fcntl(3, 1031, 4096) # room for 1,024 of them
subprocess.run(['sh', 'orphans'])
while len(open('/proc/1/task/1/children').read().split()) > 1: pass
def read(n):
    data = b''
    while len(data) < 4 * n: data += os.read(3, 4 * n - len(data))
    return struct.unpack('=%di' % n, data)
open('first', 'w').write('%d %d' % (len(set(read(1024))), 0))
open('second', 'w').write('%d' % read(1))
pid = subprocess.check_output(['sh', '-c', '(sleep 0.01 & echo $!)']).decode().strip()
open('third', 'w').write('%s %d\n' % ((pid,) + read(1)))
open('done', 'w')
os.execvp('sleep', ['sleep', '1000'])
X
  init -3 -c /dev/null python3 two
  wait_until test -e done
  [ "$(cat first)" = '1024 0' ]
  [ "$(cat second)" = 0 ]
  read -r made told < third
  [ "$made" = "$told" ]
}

@test "O09 the pipe outlives a relaunch" {
  cat > two <<'X'
if [ -e orphan ]; then
  dd bs=4 count=1 <&3 2> /dev/null | od -An -td4 | tr -d ' ' > told
  : > done
  exec sleep 1000
fi
(sh -c 'echo $$ > new; mv new orphan; until test -e go; do sleep 0.01; done' &)
until [ -e orphan ]; do sleep 0.01; done
: > go
X
  init -3 -n -c /dev/null sh two
  wait_until test -e done
  [ "$(cat told)" = "$(cat orphan)" ]
}

@test "O10 the program leads a session that has the console as its terminal, and Ctrl-C ends it" {
  namespace
  need_command python3
  cat > terminal <<'X'
import os, pty, sys, time
master, slave = pty.openpty()
pid = os.fork()
if pid == 0:
    os.setsid()
    os.close(master)
    os.execvp(sys.argv[1], sys.argv[1:-2] + ['-c', os.ttyname(slave)] + ['sh', sys.argv[-1]])
while not os.path.exists('ready'): time.sleep(0.01)
os.write(master, b'\3')
_, status = os.waitpid(pid, 0)
print(os.waitstatus_to_exitcode(status))
X
  cat > two <<'X'
: < /dev/tty && echo opened > tty
ps -o pid=,sid= -p $$ | awk '{ print ($1 == $2) ? "leads" : "follows" }' > session
[ -t 0 ] && [ -t 1 ] && [ -t 2 ] && echo three > streams
exec 2> /dev/null
: > ready
exec sleep 1000
X
  ends 0 timeout 60 python3 terminal "${alone[@]}" oneit -e -- two
  prints 130
  [ "$(cat tty session streams)" = $'opened\nleads\nthree' ]
}

@test "O11 the program gets no descriptor but the three, and those that it was promised" {
  namespace
  start sh -c 'exec 5< /dev/null 7< /dev/null; exec "$@"' sh bash -c 'exec 10< /dev/null 251< /dev/null; exec "$@"' bash \
    "${alone[@]}" oneit -3 -k 7 -k 251 -c /dev/null sh -c 'echo > ready; exec sleep 1000'
  wait_until test -e ready
  sleeper=$(child_of "$(child_of "$pid")")
  wait_until grep -q sleep "/proc/$sleeper/comm"
  [ "$(ls "/proc/$sleeper/fd" | sort -n | tr '\n' ' ')" = '0 1 2 3 7 251 ' ]
  ends 0 bash -c 'exec 5< /dev/null; exec "$@"' bash "${alone[@]}" oneit -e sh -c 'exec ls -l /proc/$$/fd'
  [[ $output != */dev/null*/dev/null* ]]
}

@test "O12 without CAP_SYS_BOOT it ends with the status of the program" {
  need_root 'it gives up a capability'
  need_command setpriv
  namespace
  : > console
  SECONDS=0
  ends 3 "${alone[@]}" setpriv --bounding-set=-sys_boot --inh-caps=-sys_boot oneit -c console sh -c 'exit 3'
  grep -qx 'oneit: fatal: unable to restart: permission denied (EPERM)' console
  ends 143 "${alone[@]}" setpriv --bounding-set=-sys_boot --inh-caps=-sys_boot oneit -c /dev/null sh -c 'kill -TERM 1; exec sleep 1000'
  [ "$SECONDS" -le 4 ]
}

# no_reboot: there is no such call in the trace
no_reboot() { [ "$(grep -c 'reboot(' trace)" = 0 ]; }

@test "O13 where it is not process 1 it makes no reboot call, and ends with the status of the program or of its own end" {
  need_command strace
  need_command setpriv
  unprivileged strace -o trace true 2> /dev/null || skip 'needs to be allowed to trace: strace'
  for each in '' -p; do
    ends 3 unprivileged strace -f -o trace oneit $each sh -c 'exit 3'
    grep -q 'execve(.*exit 3' trace
    no_reboot
  done
  ends 127 unprivileged strace -f -o trace oneit ./missing
  complains 'oneit: fatal: unable to run ./missing: file does not exist (ENOENT)'
  no_reboot
  for each in 'TERM 143' 'INT 130' 'USR1 138' 'USR2 140'; do
    set -- $each
    rm trace
    start unprivileged strace -f -o trace oneit sleep 1000
    wait_until below "$pid" sleep
    one=$(below "$pid" oneit)
    sleeper=$(below "$pid" sleep)
    track "$sleeper"
    kill -"$1" "$one"
    # The program is left as it is, and strace stays with it.
    wait_until gone "$one"
    kill "$sleeper"
    wait "$pid" || :
    grep -q "^$one .*exited with $2 " trace
    no_reboot
  done
}

@test "O14 without -c the console is the last active one of the kernel" {
  need_root 'it mounts a /sys of its own'
  namespace
  for each in 'tty0 zero' '/dev/zero' 'ttyS9 ttyS8 /dev/zero'; do
    ends 129 "${alone[@]}" sh -c 'mount -t tmpfs none /sys && mkdir -p /sys/class/tty/console &&
      echo "$1" > /sys/class/tty/console/active && exec oneit sh -c "readlink /proc/self/fd/0 > console"' sh "$each"
    [ "$(cat console)" = /dev/zero ]
    rm console
  done
}

@test "O14 a console that can't be opened becomes /dev/null" {
  namespace
  ends 129 "${alone[@]}" oneit -c missing/console sh -c 'readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2 | cat > console'
  [ "$(cat console)" = $'/dev/null\n/dev/null\n/dev/null' ]
}

@test "O15 a program that can't be run is a message on the console, a pause, and then the end" {
  : > console
  before=$(date +%s%N)
  init -c console /no/such
  wait_until test -s console
  [ "$(cat console)" = 'oneit: fatal: unable to run /no/such: file does not exist (ENOENT)' ]
  finishes 129
  [ $(($(date +%s%N) - before)) -ge 5000000000 ]
}

# supervised OPTION...: perpd is the program of an oneit with those options; its pid is in $perpd. One service, www, that notes
# each of its starts.
supervised() {
  base=$scratch/base
  mkdir -p base/www
  cat > base/www/rc.main <<'X'
#!/bin/sh
[ "$1" = start ] || exit 0
echo >> ../starts
exec sleep 1000
X
  printf '#!/bin/sh\nsleep 0.2\necho >> boots\n' > base/rc.boot
  chmod 755 base/rc.boot base/www/rc.main
  chmod 1755 base/www
  init "$@" -c console perpd -1 -S "$scratch/state" "$base"
  wait_until serves
}
# serves: perpd runs, and so does its service; their pids are in $perpd and $www
serves() {
  perpd=$(below "$one" perpd) && www=$(below "$one" sleep) && www_runs
}
www_runs() { inside perpls -b "$base" | grep -q '^\[+ +++ ---\]  www '; }
# again OLD: another perpd runs
again() { [ "$(below "$one" perpd)" != "$1" ] && serves; }
lines_in() { [ "$(cat "$1" 2> /dev/null | wc -l)" = "$2" ]; }

@test "O16 perpd is killed and relaunched: services keep their pids, rc.boot has run once, before any service" {
  need_root 'it enters the namespace'
  : > console
  supervised -3 -n
  [ "$(cat base/boots | wc -l)" = 1 ]
  for round in 1 2; do
    before=$perpd service=$www
    kill -KILL "$perpd"
    wait_until again "$before"
    [ "$www" = "$service" ]
  done
  lines_in base/boots 1
  lines_in base/starts 1
  # It ends in good order, and is launched again: that is no new boot either.
  before=$perpd
  kill -TERM "$perpd"
  wait_until again "$before"
  lines_in base/boots 1
  lines_in base/starts 2
  # What it does not have: nothing of process 1 reaches a service.
  [ "$(ls "/proc/$www/fd" | tr '\n' ' ')" = '0 1 2 ' ]
}

@test "O16 another boot runs rc.boot again" {
  need_root 'it enters the namespace'
  : > console
  supervised -3 -n
  signalled TERM 129
  sed -i 's/^boot ./boot x/' state/*/.booted state/*/perpd
  supervised -3 -n
  lines_in base/boots 2
}

@test "O17 a service that ended while perpd was gone is started again" {
  need_root 'it enters the namespace'
  : > console
  supervised -3 -n
  before=$perpd
  kill -KILL "$perpd" "$www"
  wait_until again "$before"
  lines_in base/starts 2
  # And one that perpd took back and that ends later.
  before=$perpd service=$www
  kill -KILL "$perpd"
  wait_until again "$before"
  [ "$www" = "$service" ]
  kill -KILL "$www"
  wait_until lines_in base/starts 3
}

@test "O18 the state of a service is there whole and right at any moment" {
  need_command python3
  mkdir base
  for i in {1..60}; do
    mkdir "base/$i"
    printf '#!/bin/sh\n[ "$1" = start ] && echo >> ../../starts\nexit 0\n' > "base/$i/rc.main"
    chmod 755 "base/$i/rc.main"
    chmod 1755 "base/$i"
  done
  start perpd -S "$scratch/state" "$scratch/base"
  cat > poll <<'X'
import glob, time
def started(pid):
    try: return open('/proc/%s/stat' % pid).read().rsplit(')', 1)[1].split()[19]
    except (FileNotFoundError, ProcessLookupError): return None
def read(name):
    try: return open(name).read()
    except FileNotFoundError: return None
looks = running = 0
def starts():
    try: return len(open('starts').read().split('\n'))
    except FileNotFoundError: return 0
while starts() < 130:
    for name in glob.glob('state/*/*'):
        if name.endswith('/perpd'): continue
        text = read(name)
        if text is None: continue
        assert text.startswith('service ') and text.endswith('\nend\n'), repr(text)
        looks += 1
        main = [l for l in text.split('\n') if l.startswith('main ')][0].split()
        if main[8] == '1':
            running += 1
            if started(main[9]) != main[10]:
                # It has ended since: then that is noted soon.
                deadline = time.time() + 10
                while read(name) == text:
                    assert time.time() < deadline, text
                    time.sleep(0.001)
assert looks > 100 and running > 0, (looks, running)
print('good')
X
  ends 0 timeout 60 python3 poll
  prints good
}

@test "O19 a process that only has the pid of a service is not taken for it" {
  mkdir -p base/www
  printf '#!/bin/sh\n[ "$1" = start ] && echo >> ../starts && exec sleep 1000\nexit 0\n' > base/www/rc.main
  chmod 755 base/www/rc.main
  chmod 1755 base/www
  start perpd -S "$scratch/state" "$scratch/base"
  perpd=$pid
  wait_until below "$perpd" sleep
  www=$(below "$perpd" sleep)
  wait_until grep -q "^main STARTED.* $www " state/*/[0-9a-f]*
  kill -KILL "$perpd" "$www"
  wait "$perpd" || :
  sleep 1001 3>&- 4>&- &
  stranger=$!
  track "$stranger"
  sed -i "s/^\(main STARTED.*\) $www /\1 $stranger /" state/*/[0-9a-f]*
  grep -q " $stranger " state/*/[0-9a-f]*
  start perpd -S "$scratch/state" "$scratch/base"
  wait_until lines_in base/starts 2
  kill -TERM "$pid"
  finishes 0
  kill -0 "$stranger"
}

@test "O20 a process 2 in ten lines of shell starts its service again whenever that ends" {
  init -3 -n -c /dev/null sh -c 'exec "$@" > told' sh "$BATS_TEST_DIRNAME/../examples/process2/process2" service sh -c 'echo $$ >> pids; exec sleep 1000'
  wait_until test -s pids
  wait_until test -s service
  first=$(cat service)
  [ "$(cat pids)" = "$first" ]
  kill "$(below "$one" sleep)"
  wait_until sh -c '[ $(wc -l < pids) = 2 ]'
  [ "$(cat told)" = "process 2: told of $first" ]
}

@test "O21 perpd is the process 2 of another oneit, whose announcements are wrong" {
  need_root 'it enters the namespace'
  need_command toybox
  toybox oneit --help > /dev/null 2>&1 || skip 'needs a toybox with oneit'
  namespace
  mkdir -p base/www
  printf '#!/bin/sh\n[ "$1" = start ] && echo >> ../starts && exec sleep 1000\nexit 0\n' > base/www/rc.main
  chmod 755 base/www/rc.main
  chmod 1755 base/www
  base=$scratch/base
  start "${alone[@]}" toybox oneit -3 -n -c /dev/null "$PERPETUA_BIN/perpd" -1 -S "$scratch/state" "$base"
  wait_until child_of "$pid"
  one=$(child_of "$pid")
  wait_until serves
  kill -KILL "$www"
  wait_until lines_in base/starts 2
  wait_until serves
  before=$perpd service=$www
  kill -KILL "$perpd"
  wait_until again "$before"
  [ "$www" = "$service" ]
  kill -KILL "$www"
  wait_until lines_in base/starts 3
}

@test "O22 perpd gives signs of life, and is relaunched when it stops to; its service runs on" {
  need_root 'it enters the namespace'
  : > console
  supervised -3 -n -H 1
  before=$perpd service=$www
  sleep 3
  [ "$(below "$one" perpd)" = "$before" ]
  kill -STOP "$perpd"
  wait_until again "$before"
  [ "$www" = "$service" ]
}

@test "O22 a program that stops giving signs of life is killed and relaunched; one that never gives any is left alone" {
  cat > two <<'X'
echo >> launches
[ ! -e again ] || exec sleep 1000
: > again
eval "echo >&$ONEIT_HEARTBEAT_FD"
kill -STOP $$
X
  : > console
  init -H 1 -c console sh two
  before=$SECONDS
  other=$(mktemp -d ./XXXXXX)
  "${alone[@]}" oneit -n -H 1 -c /dev/null sh -c "echo >> $other/launches; exec sleep 1000" 3>&- 4>&- &
  track $!
  wait_until sh -c '[ $(wc -l < launches) = 2 ]'
  took=$((SECONDS - before))
  [ "$took" -ge 6 ] && [ "$took" -le 10 ]
  grep -q '^oneit: warning: sh gives no sign of life: aborting pid [0-9]*$' console
  [ "$(wc -l < "$other/launches")" = 1 ]
}

@test "O22 signs of life keep a program alive" {
  init -H 1 -c /dev/null sh -c 'echo >> launches; while :; do eval "echo >&$ONEIT_HEARTBEAT_FD"; sleep 0.5; done'
  sleep 4
  [ "$(wc -l < launches)" = 1 ]
}

@test "O23 a container as a service: its own process 1 ends, and it is seen and relaunched" {
  service='echo >> launches; [ $(wc -l < launches) -lt 2 ] && exit 5; exec sleep 1000'
  cat > two <<'X'
"$@"
echo $? >> ends
X
  init -n -c /dev/null sh two unshare --pid --fork --kill-child --mount-proc oneit -e sh -c "$service"
  wait_until sh -c '[ $(wc -l < launches) = 2 ]'
  [ "$(cat ends)" = 5 ]
  kill -0 "$one"
}

@test "O24 -g: everybody gets SIGTERM and time before the end" {
  cat > two <<'X'
(trap 'echo orphan >> termed; exit' TERM; : > a; while :; do sleep 0.1; done) &
trap 'sleep 0.3; echo program >> termed; exit' TERM
: > b
while :; do sleep 0.1; done
X
  init -g 20 -c /dev/null sh two
  wait_until test -e a -a -e b
  SECONDS=0
  signalled TERM 129
  [ "$(sort termed)" = $'orphan\nprogram' ]
  [ "$SECONDS" -lt 15 ]
  rm a termed
  init -g 1 -c /dev/null sh -c 'trap : TERM; : > a; while :; do sleep 1000; done'
  wait_until test -e a
  signalled USR2 130
}

@test "oneit -e ends with the status of the program, and hands on signals" {
  namespace
  ends 3 "${alone[@]}" oneit -e sh -c 'exit 3'
  ends 137 "${alone[@]}" oneit -e sh -c 'kill -KILL $$'
  ends 127 "${alone[@]}" oneit -e ./missing
  ends 111 "${alone[@]}" oneit -e .
  for each in TERM INT HUP QUIT USR1 USR2 WINCH; do
    rm -f ready
    init -e sh -c "trap 'exit 7' $each; : > ready; while :; do sleep 0.05; done"
    wait_until test -e ready
    signalled $each 7
  done
}

@test "oneit -s rewrites a signal that is handed on" {
  for each in HUP:USR1 SIGALRM:10; do
    rm -f ready
    init -e -s $each sh -c "trap 'exit 8' USR1; : > ready; while :; do sleep 0.05; done"
    wait_until test -e ready
    from=${each%:*}
    signalled "${from#SIG}" 8
  done
}

@test "it needs nothing to write to, and little memory" {
  namespace
  need_root 'it makes the file system read-only'
  read_only='mount -o remount,bind,ro / && ! touch probe 2> /dev/null'
  "${alone[@]}" unshare --mount sh -c "$read_only" || skip 'needs to be allowed to remount / read-only'
  start "${alone[@]}" unshare --mount sh -c "$read_only && exec oneit -3 -n -g 1 -c /dev/null sleep 1000"
  wait_until child_of "$pid"
  one=$(child_of "$pid")
  wait_until runs_oneit "$one"
  wait_until child_of "$one"
  [ "$(awk '/^Rss:/ { print $2 }' "/proc/$one/smaps_rollup")" -lt 1536 ]
}

@test "a wrong descriptor for -k is said, and nothing more" {
  ends 3 oneit -k 77 sh -c 'exit 3'
  complains 'oneit: warning: unable to keep descriptor 77: file descriptor not open (EBADF)'
}
