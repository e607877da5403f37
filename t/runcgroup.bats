# runcgroup: run a program in a control group.
# SPDX-License-Identifier: Apache-2.0
#
# Limits are tried on folders that look like a hierarchy, since few machines lend a test one with all controllers; membership
# is tried on the true one, where it is mounted and may be written. Not tested: that the kernel keeps the limits.

load helper

setup() {
  enter_scratch
  mkdir -p base/g
  echo 'cpu memory pids' > base/cgroup.controllers
  echo 'memory pids' > base/cgroup.subtree_control
  for file in cgroup.procs cpu.max cpu.weight memory.high memory.max pids.max; do : > "base/g/$file"; done
}

teardown() {
  [ -z "$group" ] || rmdir "$group" || :
  leave_scratch
}

@test "runcgroup without operands, or with one, is a usage error" {
  ends 100 runcgroup
  misuse runcgroup 'missing group argument'
  ends 100 runcgroup g
  misuse runcgroup 'missing program argument'
}

@test "runcgroup refuses an option that it does not have, and one without its argument; -h and -V answer" {
  ends 100 runcgroup -Z g true
  misuse runcgroup 'invalid option: -Z'
  ends 100 runcgroup -m
  misuse runcgroup 'missing argument for option -m'
  ends 0 runcgroup -h
  complains 'usage: runcgroup [-hV] [-b base] [-H size] [-m size] [-p pids] [-w weight] [-x quota[/period]] group program [args ...]'
  ends 0 runcgroup -V
  [[ "$stderr" == 'runcgroup: version: '* ]]
}

@test "what is no limit, and no name, is a usage error" {
  for each in 'm:x:not a size: ' 'H::not a size: ' 'p:0:not a number of processes: ' 'p:x:not a number of processes: ' \
      'w:0:not a weight from 1 to 10000: ' 'w:10001:not a weight from 1 to 10000: ' 'x:1/:not a quota of processor time: ' \
      'x:x:not a quota of processor time: ' 'x:1/max:not a quota of processor time: '; do
    IFS=: read -r letter value sentence <<< "$each"
    ends 100 runcgroup "-$letter" "$value" g true
    [ "${stderr%%$'\n'*}" = "runcgroup: usage error: $sentence$([ "$letter$value" = x1/ ] || echo "$value")" ]
  done
  for name in '' / .. a/../b a//b a/ ./a; do
    ends 100 runcgroup "$name" true
    misuse runcgroup "not the name of a control group: $name"
  done
  ends 100 runcgroup -b base g true
  misuse runcgroup 'base is not absolute: base'
}

@test "each option writes its file, then the process enters the group" {
  ends 0 runcgroup -b "$PWD/base" -H 1M -m 2k -p 20 -w 50 -x 20000/100000 /g echo run
  prints run
  for each in memory.high=1048576 memory.max=2048 pids.max=20 cpu.weight=50 'cpu.max=20000 100000' cgroup.procs=0; do
    same "${each%=*}" "${each#*=}" "$(cat "base/g/${each%=*}")"
  done
  ends 0 runcgroup -b "$PWD/base" -x max -m max /g true
}

@test "a controller that is not enabled yet is enabled in the group above; one that is not available is named" {
  ends 0 runcgroup -b "$PWD/base" -w 50 /g true
  [[ "$(cat base/cgroup.subtree_control)" == +cpu* ]]
  echo 'memory' > base/cgroup.controllers
  echo > base/cgroup.subtree_control
  ends 111 runcgroup -b "$PWD/base" -w 50 /g echo wrong
  prints ''
  complains "runcgroup: fatal: unable to enable controller cpu in $PWD/base: it is not available there"
}

@test "a group that is not there is made, but nothing above it" {
  ends 111 runcgroup -b "$PWD/base" /new echo wrong
  complains "runcgroup: fatal: unable to enter control group $PWD/base/new: file does not exist (ENOENT)"
  [ -d base/new ]
  ends 111 runcgroup -b "$PWD/base" /a/b echo wrong
  complains "runcgroup: fatal: unable to make control group $PWD/base/a/b: file does not exist (ENOENT)"
}

@test "the program is in the group that was made for it" {
  need_root 'it makes a control group'
  base=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
  [ -n "$base" ] || skip "needs a cgroup v2 hierarchy"
  name=perpetua-test-$$-$RANDOM
  mkdir "$base/$name" 2> /dev/null || skip "needs a cgroup v2 hierarchy that may be written"
  group=$base/$name
  rmdir "$group"
  ends 0 runcgroup "/$name" cat /proc/self/cgroup
  printf '%s\n' "${lines[@]}" | grep -qx "0::/$name"
  ends 0 runcgroup "/$name" true
}

@test "where no hierarchy is mounted, one line says so" {
  need_root 'it enters a root directory without /proc'
  [ "$PERPETUA_EDITION" = native ] || skip "needs the native edition: a JVM does not start there"
  mkdir -p root/proc
  cp -L "$PERPETUA_BIN/runcgroup" root/runcgroup
  ends 111 chroot root /runcgroup g true
  complains 'runcgroup: fatal: unable to use control group g: no cgroup v2 hierarchy available'
}

@test "runcgroup exits with the status of the program, 111 when it can't be run" {
  ends 7 runcgroup -b "$PWD/base" /g sh -c 'exit 7'
  ends 111 runcgroup -b "$PWD/base" /g missing
  complains 'runcgroup: fatal: unable to run missing: file does not exist (ENOENT)'
}
