# Nothing that is done to a tool makes it crash: it ends with 0, 100, 111 or as its program does, and says one sentence.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: memory that ends in the middle of an act for which the kernel had promised it; a /proc that is not mounted;
# disks that fail; less address space than the binary itself takes, where the kernel kills what it can't load.

load helper

# sane COMMAND...: whatever it ends with, it is not a signal, a stack trace or a sentence about a defect of the program.
sane() {
  status=0
  "$@" > "$BATS_TEST_TMPDIR/sane" 2>&1 || status=$?
  if [ "$status" -gt 128 ] || grep -qE 'defect in this program|Exception|^[[:space:]]+at |java\.|hs_err' "$BATS_TEST_TMPDIR/sane"; then
    echo "status $status after: $*"
    head -n 20 "$BATS_TEST_TMPDIR/sane"
    return 1
  fi
}

# tools: all of them that take the options -h and -V
# The service managers have the manners of those that they stand in for, and tests of their own.
tools() { perpetua -l | grep -vxE 'catargs|slm|slmctl|procd|ubus|uci|validate_data'; }

@test "every tool answers -h and -V with status 0, one line, and its name" {
  for tool in $(tools); do
    ends 0 "$tool" -h
    prints ''
    [[ $stderr == "usage: $tool "* || $stderr == "usage: $tool" ]]
    [ "$(wc -l <<< "$stderr")" = 1 ]
    ends 0 "$tool" -V
    [[ $stderr == *"$tool"* ]]
  done
}

@test "every tool refuses an unknown option with 100 and a usage line" {
  for tool in $(tools); do
    ends 100 "$tool" -!
    prints ''
    [[ $stderr == *'invalid option'*$'\n'"usage: $tool"* ]]
  done
}

@test "standard streams that are closed change no status" {
  for close in '<&-' '>&-' '2>&-' '<&- >&- 2>&-'; do
    sane sh -c "runlimit -o x true $close"; [ "$status" = 100 ]
    sane sh -c "runsession missing $close"; [ "$status" = 111 ]
    sane sh -c "runlock lock runlimit -c 0 sh -c 'exit 5' $close"; [ "$status" = 5 ]
    sane sh -c "runenv - true $close"; [ "$status" = 0 ] || [ "$status" = 111 ]
    sane sh -c "runlimit -F - true $close"; [ "$status" = 0 ] || [ "$status" = 111 ]
    sane sh -c "rundetach true $close"; [ "$status" = 0 ]
    sane sh -c "perpetua -l $close"; [ "$status" = 0 ] || [ "$status" = 111 ]
  done
  [ ! -s lock ]
}

@test "a standard input that is not open is a failure where it is to be read" {
  ends 111 sh -c 'runenv - echo wrong <&-'
  prints ''
  complains 'runenv: fatal: error reading <stdin>: file descriptor not open (EBADF)'
  ends 111 sh -c 'runlimit -F - echo wrong <&-'
  complains 'runlimit: fatal: error reading <stdin>: file descriptor not open (EBADF)'
}

@test "a device that is full is a failure of what is printed, and none of a message" {
  ends 111 sh -c 'perpetua -l > /dev/full'
  complains 'perpetua: fatal: failure writing to standard output: out of disk space (ENOSPC)'
  sane sh -c 'runsession missing 2> /dev/full'
  [ "$status" = 111 ]
}

@test "a reader that is gone is no crash" {
  sane sh -c '{ runsession missing; echo $? > status; } 2>&1 | true'
  wait_until test -s status
  [ "$(cat status)" = 111 ] || [ "$(cat status)" = 141 ]
}

# ---- what is not a file, where a file is read ---------------------------------------------------------------------

@test "a directory where a file is read is EISDIR" {
  mkdir -p folder/below
  ends 111 runenv folder echo wrong
  complains 'runenv: fatal: error reading folder/below: is a directory (EISDIR)'
  ends 111 runlimit -F folder echo wrong
  complains 'runlimit: fatal: error reading folder: is a directory (EISDIR)'
  ends 111 runlock folder echo wrong
  complains 'runlock: fatal: unable to acquire lock on folder: is a directory (EISDIR)'
}

@test "a FIFO without a writer is an empty file, and no lock" {
  mkfifo fifo
  ends 0 runlimit -F fifo echo run
  prints run
  ends 100 runenv fifo echo wrong
  mkdir folder
  mkfifo folder/A
  A=1 ends 0 runenv folder sh -c 'echo ${A-unset}'
  prints unset
  ends 111 runlock fifo echo wrong
  complains 'runlock: fatal: unable to acquire lock on fifo: device not configured (ENXIO)'
}

@test "a device is read as a file, and locked as one" {
  ends 0 runlimit -F /dev/null echo run
  prints run
  ends 100 runenv /dev/null echo wrong
  # Never one of the system's own: a lock file is made 0644, whatever it is.
  need_root "it makes a device"
  mknod null c 1 3 2> /dev/null || skip "devices can't be made here"
  ends 0 runlock null echo run
  prints run
  [ -c null ]
}

@test "a socket and a link that leads nowhere are failures" {
  ln -s nowhere link
  ln -s self self
  ends 111 runenv link echo wrong
  complains 'runenv: fatal: unable to stat link: file does not exist (ENOENT)'
  ends 111 runlimit -F self echo wrong
  complains 'runlimit: fatal: unable to open self: symbolic link loop (ELOOP)'
  ends 111 runlock self echo wrong
  complains 'runlock: fatal: unable to acquire lock on self: symbolic link loop (ELOOP)'
  need_command python3
  python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind("socket")'
  ends 100 runenv socket echo wrong
  ends 111 runlimit -F socket echo wrong
  complains 'runlimit: fatal: unable to open socket: device not configured (ENXIO)'
}

@test "a file without an end is a lack of memory, in one line" {
  need_native "a JVM takes a quarter of the machine before it gives up"
  (
    ulimit -Sv 100000
    ends 111 runlimit -F /dev/zero echo wrong
    prints ''
    complains 'runlimit: fatal: unable to get memory: out of memory (ENOMEM)'
  )
}

@test "bytes that mean nothing are no crash" {
  head -c 200000 /dev/urandom > noise
  sane runenv -i noise /bin/true
  sane runlimit -F noise /bin/true
  mkdir folder
  cp noise folder/NOISE
  sane runenv -i folder /bin/true
  sane runenv - /bin/true < noise
  head -c 60 noise | tr '\0' x > word
  sane runlimit -o "$(cat word)" /bin/true
  sane runpause "$(cat word)" /bin/true
  sane runuid "$(cat word)" /bin/true
  sane runsession "$(cat word)"
}

@test "a line of a megabyte is a line" {
  { printf 'A=1\nRLIMIT_CORE='; head -c 1000000 /dev/zero | tr '\0' 0; printf '7\n'; } > file
  sed 1d file > limits
  ends 0 runlimit -F limits sh -c 'ulimit -S -c > /dev/null; echo run'
  prints run
  # Longer than the kernel lets a variable be.
  ends 111 runenv file /bin/true
  complains 'runenv: fatal: unable to run /bin/true: argument list too long (E2BIG)'
}

@test "thousands of variables, whatever their number, are all set" {
  for count in 100 1000 2146 3063 4000 4766 5159 6338 6731 20000; do
    seq -f 'NUMBER_%.0f=x' "$count" > new
    ends 0 runenv -i new "$(command -v env)"
    [ "${#lines[@]}" = "$count" ]
    [ "${lines[count - 1]}" = "NUMBER_$count=x" ]
    [ "$PERPETUA_EDITION" = native ] || break
  done
}

@test "thousands of files in a directory are all set" {
  mkdir new
  bash -c 'cd new && for i in {1..3000}; do echo $i > NUMBER_$i; done'
  ends 0 runenv -i new "$(command -v env)"
  [ "${#lines[@]}" = 3000 ]
  [ "$(sort <<< "$output")" = "$(seq -f %.0f 3000 | sed 's/.*/NUMBER_&=&/' | sort)" ]
}

# ---- little room ---------------------------------------------------------------------------------------------------

@test "with little address space or data a tool runs or says in a line that it can't" {
  need_native "a JVM needs more than this"
  seq -f 'NUMBER_%.0f=x' 3000 > new
  for size in 2500 3000 4000 5000 6000 7000 8192 10000 16000 32000; do
    for limit in v d; do
      (
        ulimit "-S$limit" "$size"
        sane runlimit -c 0 runlock lock "$PERPETUA_BIN/perpetua" -V
        [ "$status" = 0 ] || [ "$status" = 111 ]
        sane runenv -i new "$PERPETUA_BIN/perpetua" -V
        [ "$status" = 0 ] || [ "$status" = 111 ]
        [ "$size" -lt 8192 ] || [ "$status" = 0 ]
      )
    done
  done
}

@test "with little stack a tool runs" {
  need_native "a JVM needs more than this"
  for size in 64 128 256; do
    (
      ulimit -Ss "$size"
      ends 3 runlimit -c 0 runlock lock runsession sh -c 'exit 3'
    )
  done
}

@test "with few descriptors a tool runs or says in a line that it can't" {
  need_native "a JVM opens more"
  printf 'RLIMIT_CORE=0\n' > file
  for count in 3 4 5 6; do
    sane runlimit -o "$count" runenv file runlimit -F file runlock lock "$PERPETUA_BIN/perpetua" -V
    [ "$status" = 0 ] || [ "$status" = 111 ]
    sane runlimit -o "$count" rundetach "$PERPETUA_BIN/perpetua" -V
    [ "$status" = 0 ] || [ "$status" = 111 ]
  done
}

@test "without a process to be had rundetach says so" {
  need_user nobody
  need_native "a JVM is more than one task"
  ends 111 runlimit -p 1 runuid nobody rundetach true
  complains 'rundetach: fatal: failure to detach: temporary i/o failure (EAGAIN)'
}

@test "a file that can't grow is no crash" {
  # By way of a pipe, since the message could not grow a file either.
  ends 0 sh -c 'trap "" XFSZ; { runlimit -f 0 runlock -p lock true; echo $?; } 2>&1 | cat'
  prints 'runlock: fatal: unable to acquire lock on lock: file too big (EFBIG)
111'
}

@test "a directory that was removed from under a tool is no crash" {
  mkdir gone
  ends 4 sh -c 'cd gone && rmdir ../gone && runsession runlimit -c 0 sh -c "exit 4" 2> /dev/null'
  ends 111 sh -c 'cd gone 2> /dev/null || mkdir gone && cd gone && rmdir ../gone && runlock lock true'
  # The launcher of the JVM edition is a shell, and that says so first, whatever the script.
  [ "$PERPETUA_EDITION" = native ] || stderr=${stderr#sh: *getcwd*$'\n'}
  complains 'runlock: fatal: unable to acquire lock on lock: file does not exist (ENOENT)'
}
