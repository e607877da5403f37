#!/usr/bin/env bats
# What a run tool does not change is as if it were not there: whatever runtime it has had is gone without a trace.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested, since a launcher that is a shell script can't help it: an ignored SIGCHLD (dash takes it for its own), an
# argv[0] that is not the path, and fewer than 13 descriptors.

bats_require_minimum_version 1.5.0

setup() {
  bin=$(cd "${PERPETUA_BIN:-$BATS_TEST_DIRNAME/../build/bin}" && pwd)
  PATH=$bin:$PATH
  cd "$BATS_TEST_TMPDIR"
}

# same WAY...: lets cat show these files of its own in /proc, once plainly and once behind the words WAY, and compares
# those lines that a run tool leaves alone. The session and the size of the tables are not among them.
facts='/proc/self/status /proc/self/limits /proc/self/coredump_filter /proc/self/oom_score_adj /proc/self/timerslack_ns
  /proc/self/personality'
same() {
  cat $facts 2> /dev/null | kept > plain || true
  "$@" cat $facts 2> complaint | kept > behind || true
  if [ -s plain ] && diff plain behind; then return 0; fi
  cat complaint
  return 1
}
kept() {
  grep -E '^([0-9a-f-]+$|Umask|Uid|Gid|Groups|PPid|Sig[PBIC]|ShdPnd|Cap|NoNew|Seccomp:|Cpus_allowed:|THP|Max )' || true
}

# descriptors WAY...: those that ls has behind it
descriptors() {
  "$@" ls /proc/self/fd > listed
  sort -n listed | tr '\n' ' '
}

@test "signals, ids, umask, capabilities and limits are unchanged" {
  ulimit -S -c 0
  umask 027
  same runsession
  same runlimit -c 0
  same runsession runlimit -c 0 runsession
  PERPETUA_EXEC=always same runsession runsession
}

@test "ignored signals stay ignored" {
  trap '' HUP INT QUIT ILL BUS FPE SEGV PIPE ALRM TERM XFSZ USR1 USR2 TSTP WINCH 40 60 62
  same runsession
  same runsession runlock lock
}

@test "the two signals that a C library keeps for itself stay ignored" {
  # By the kernel's own call, since that library refuses it: the handler SIG_IGN, and 24 bytes of 0.
  case $(uname -m) in x86_64) call=13 ;; *) call=134 ;; esac
  ignoring='$n = 0 + shift; $ignore = pack("qx24", 1); syscall($n, 0 + $_, $ignore, 0, 8) == 0 or die for 32, 33; exec @ARGV'
  perl -e "$ignoring" $call grep SigIgn: /proc/self/status > plain
  grep -E '[13579bdf][89a-f].......$' plain
  perl -e "$ignoring" $call runsession grep SigIgn: /proc/self/status > behind
  diff plain behind
}

@test "blocked signals stay blocked" {
  env --block-signal=HUP,QUIT,TERM,USR1,USR2,SEGV,CHLD true 2> /dev/null || skip "this env blocks no signals"
  env --block-signal=HUP,QUIT,TERM,USR1,USR2,CHLD cat /proc/self/status | grep Sig[BI] > plain
  env --block-signal=HUP,QUIT,TERM,USR1,USR2,CHLD runsession cat /proc/self/status | grep Sig[BI] > behind
  diff plain behind
}

@test "soft limits stay where they are, small ones too" {
  ulimit -S -n 40
  ulimit -S -s 4096
  ulimit -S -v 200000
  ulimit -S -d 100000
  same runsession
  same runsession runsession
}

@test "under a hard limit a tool works, or says in one line that it can't" {
  for limit in '-v 60000' '-d 20000' '-n 20' '-f 0' '-s 100'; do
    status=0
    said=$(ulimit $limit && runsession true 2>&1) || status=$?
    [ "$status$said" = 0 ] && continue
    [ "$status" = 111 ]
    [[ $said == "runsession: fatal: "* && $said != *$'\n'* ]]
  done
}

@test "a soft limit that is set is there, to the byte" {
  runlimit -a 70000000 -d 60000000 -o 21 -f 12345678 -s 3000000 runsession cat /proc/self/limits > limits
  grep -E '^Max address space +70000000 ' limits
  grep -E '^Max data size +60000000 ' limits
  grep -E '^Max open files +21 ' limits
  grep -E '^Max file size +12345678 ' limits
  grep -E '^Max stack size +3000000 ' limits
}

@test "no descriptor is added, and none is lost" {
  exec 5< /dev/null 7> seven
  [ "$(descriptors runsession)" = "$(descriptors env)" ]
  [ "$(descriptors runsession runlimit -c 0)" = "$(descriptors env)" ]
  runsession sh -c 'echo through >&7'
  [ "$(cat seven)" = through ]
}

@test "tools that start at once all become their programs, and add no descriptor" {
  exec 5< /dev/null 7> seven
  before=$(descriptors env)
  for n in $(seq 12); do
    runsession ls /proc/self/fd > listed.$n &
    runlimit -a 100000000 -d 50000000 ls /proc/self/fd > listed.limited.$n &
  done
  wait
  for each in listed.*; do [ "$(sort -n "$each" | tr '\n' ' ')" = "$before" ]; done
}

@test "no thread beside the tool's own opens what the next program would get" {
  [ "$PERPETUA_EDITION" = jvm ] || skip 'needs the JVM edition: a native tool has one thread'
  command -v strace > /dev/null || skip 'needs the command strace'
  strace -o trace true 2> /dev/null || skip 'needs to be allowed to trace: strace'
  strace -f -e trace=open,openat,creat,execve -o trace runsession true
  # The first thread becomes a JVM, and waits then for the one that runs the tool and becomes its program.
  read -r first _ < trace
  tool=$(awk '/ execve\("[^"]*\/true"/ { print $1 }' trace)
  [ -n "$tool" ]
  awk -v first="$first" -v tool="$tool" '$1 != first && $1 != tool && isJvm && / (open|openat|creat)\(/ && !/O_CLOEXEC/
    / execve\("[^"]*\/java"/ { isJvm = 1 } END { exit !isJvm }' trace > others
  if [ -s others ]; then cat others; return 1; fi
}

@test "standard streams that are closed stay closed" {
  for closed in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
    eval "env sh -c 'ls -l /proc/self/fd > plain 2> /dev/null' $closed"
    eval "runsession sh -c 'ls -l /proc/self/fd > behind 2> /dev/null' $closed"
    diff <(grep -o ' [0-9]* ->' plain) <(grep -o ' [0-9]* ->' behind)
  done
}

@test "a lock file gets the lowest free descriptor" {
  runlock lock ls -l /proc/self/fd > listed 3>&-
  grep " 3 -> .*/lock$" listed
  runsession runlock lock ls -l /proc/self/fd > listed 3< /dev/null 4>&-
  grep " 4 -> .*/lock$" listed
}

@test "the environment is passed on byte for byte" {
  big=$(head -c 100000 /dev/zero | tr '\0' x)
  for locale in C C.UTF-8; do
    for set in '-i' '-i A=1' "-i A= B==x =C" '-u HOME' 'a.b=dotted PWD=/nowhere _=x' "-i B=$big C=$big D=$big" \
        'JAVA_TOOL_OPTIONS=-Xbad _JAVA_OPTIONS=-Xbad JDK_JAVA_OPTIONS=-Xbad' \
        'PERPETUA_ENVIRON_1=mine LC_ALL=mine _JAVA_SR_SIGNUM=mine'; do
      export LC_ALL=$locale
      set -- env $set "BYTES=$(printf '\351\377')" "$(printf '\351=\377')"
      "$@" /bin/cat /proc/self/environ > plain
      "$@" "$bin/runsession" /bin/cat /proc/self/environ > behind
      cmp plain behind
    done
  done
  env -i "$bin/runsession" /bin/cat /proc/self/environ > behind
  [ ! -s behind ]
}

@test "arguments are passed on byte for byte" {
  for locale in C C.UTF-8; do
    export LC_ALL=$locale
    set -- "$(printf '\351\377')" '' 'a b' "$(printf '\n')" "line
line" '*' '\n' "'" '"' -Dx @file $(seq 3000)
    env sh -c 'cat /proc/$$/cmdline' sh "$@" > plain
    runsession sh -c 'cat /proc/$$/cmdline' sh "$@" > behind
    cmp plain behind
  done
}

@test "folders, programs and files may have any name" {
  odd=$(printf '\351\377 %%@ x')
  for locale in C C.UTF-8; do
    export LC_ALL=$locale
    mkdir -p "$odd"
    printf '#!/bin/sh\nprintf "%%s:" "$0" "$VALUE"\n' > "$odd/$odd"
    chmod +x "$odd/$odd"
    printf 'VALUE=\351\377\n' > "$odd/env"
    ln -sf "$bin/runsession" "$odd/runsession"
    [ "$(cd "$odd" && runenv env "./$odd")" = "./$odd:$(printf '\351\377'):" ]
    [ "$(PATH=$PWD/$odd:$PATH runenv "$odd/env" "$odd")" = "$PWD/$odd/$odd:$(printf '\351\377'):" ]
    [ "$("$odd/runsession" echo ok)" = ok ]
    run -111 --separate-stderr runlock "$odd/missing/lock" echo
    [ "$stderr" = "runlock: fatal: unable to acquire lock on $odd/missing/lock: file does not exist (ENOENT)" ]
  done
}

@test "the process stays the same, from the same parent, in the same directory" {
  # $$ in a function of this shell is the parent of what it starts.
  env sh -c 'echo $$ $PPID; exec runsession sh -c "echo \$\$ \$PPID; pwd"' > out
  [ "$(sed -n 1p out)" = "$(sed -n 2p out)" ]
  [ "$(sed -n 3p out)" = "$PWD" ]
}

@test "a signal kills a waiting tool as it would kill any program" {
  for signal in HUP INT QUIT USR1 USR2 TERM VTALRM; do
    # From a new process, since a shell ignores INT and QUIT for what it starts in the background.
    env --default-signal=INT,QUIT runpause 0 echo wrong > out 2>&1 3>&- &
    until_waiting $!
    kill -$signal $!
    wait $! && status=0 || status=$?
    [ "$status" = $((128 + $(kill -l $signal))) ]
    [ ! -s out ]
  done
}

@test "a signal that comes while a tool starts kills it too, in silence" {
  for pause in 0.01 0.03 0.06 0.1 0.15 0.2; do
    env --default-signal=INT,QUIT runpause 0 echo wrong > out 2>&1 3>&- &
    sleep $pause
    kill -QUIT $!
    wait $! && status=0 || status=$?
    [ "$status" = 131 ]
    [ ! -s out ]
  done
}

@test "ALRM ends a wait, and is the default again afterwards" {
  runpause 0 cat /proc/self/status > out 3>&- &
  until_waiting $!
  kill -ALRM $!
  wait $!
  grep 'SigBlk:.0000000000000000' out
  grep 'SigCgt:.0000000000000000' out
}

@test "writing to a closed pipe kills a tool without a word" {
  run -141 --separate-stderr bash -c 'set -o pipefail; (sleep 0.5; exec perpetua -l) | true'
  [ "$stderr" = "" ]
}

# Until that process does nothing but wait for a signal.
until_waiting() {
  for _ in $(seq 200); do
    if grep -qs -E 'rt_sigtimedwait|sigtimedwait|hrtimer_nanosleep' /proc/$1/task/*/wchan; then return; fi
    sleep 0.05
  done
  false
}
