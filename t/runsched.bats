# runsched: run a program with another scheduling policy, priority or nice value.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: what the policies do. Real time is skipped where the kernel refuses it even to root.

load helper

probe='sed -E "s/.*\) //" /proc/self/stat | awk "{ print \$39, \$38, \$17 }"'

# What is not set stays as it is here, where somebody may have been considerate.
nice=$(nice)

need_real_time() { chrt -f 1 true 2> /dev/null || skip "needs the right to real time, and chrt"; }

@test "runsched without a program, or without anything to set, is a usage error" {
  ends 100 runsched -o
  misuse runsched 'missing program argument'
  ends 100 runsched true
  misuse runsched 'nothing to set: no policy and no nice value'
}

@test "runsched refuses an option that it does not have, and one without its argument; -h and -V answer" {
  ends 100 runsched -Z true
  misuse runsched 'invalid option: -Z'
  ends 100 runsched -n
  misuse runsched 'missing argument for option -n'
  ends 0 runsched -h
  complains 'usage: runsched [-hV] [-b | -f prio | -i | -o | -r prio] [-n nice] program [args ...]'
  ends 0 runsched -V
  [[ "$stderr" == 'runsched: version: '* ]]
}

@test "a number out of its range is a usage error" {
  for prio in 0 100 x '' -1; do
    ends 100 runsched -f "$prio" true
    misuse runsched "not a priority from 1 to 99: $prio"
  done
  for nice in 20 -21 x '' - 1.5; do
    ends 100 runsched -n "$nice" true
    misuse runsched "not a nice value from -20 to 19: $nice"
  done
}

@test "two policies, and a nice value for real time, are usage errors" {
  ends 100 runsched -b -i true
  misuse runsched 'more than one scheduling policy'
  ends 100 runsched -f 1 -n 5 true
  misuse runsched 'option -n is of no use with -f and -r'
}

@test "-n sets the nice value, -b and -i the policy, for the program and its children" {
  [ "$nice" -le 3 ] || need_root 'these tests run at a higher nice value'
  ends 0 runsched -n 7 sh -c "$probe"
  prints '0 0 7'
  ends 0 runsched -b -n 3 sh -c "$probe"
  prints '3 0 3'
  ends 0 runsched -i sh -c "$probe"
  prints "5 0 $nice"
  ends 0 runsched -b runsched -o sh -c "$probe"
  prints "0 0 $nice"
}

@test "root may lower the nice value" {
  need_root 'it becomes more urgent'
  ends 0 runsched -n -5 sh -c "$probe"
  prints '0 0 -5'
}

@test "-f and -r set a policy of real time with its priority" {
  need_real_time
  ends 0 runsched -f 3 sh -c "$probe"
  prints "1 3 $nice"
  ends 0 runsched -r 12 sh -c "$probe"
  prints "2 12 $nice"
}

@test "who may not become more urgent is told so, and nothing runs" {
  need_user nobody
  ends 111 as_user nobody runsched -n -5 echo wrong
  prints ''
  complains 'runsched: fatal: unable to set nice value -5: access denied (EACCES)'
  ends 111 as_user nobody runsched -f 3 echo wrong
  prints ''
  complains 'runsched: fatal: unable to set scheduling policy fifo with priority 3: permission denied (EPERM)'
}

@test "runsched exits with the status of the program, 111 when it can't be run" {
  ends 7 runsched -o sh -c 'exit 7'
  ends 111 runsched -o missing
  complains 'runsched: fatal: unable to run missing: file does not exist (ENOENT)'
}
