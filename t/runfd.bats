# runfd: run a program with other descriptors.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a kernel without close_range(2).

load helper

# The last descriptor that ls shows is that of the directory.

@test "runfd -h prints its usage line, -V the version" {
  ends 0 runfd -h
  complains 'usage: runfd [-hV] [-c first[,keep ...]] [-F fdset] program [args ...]'
  ends 0 runfd -V
  complains 'runfd: version: 0.1.0'
}

@test "runfd without a program, or with another option, is a usage error" {
  ends 100 runfd
  misuse runfd 'missing required program argument'
  ends 100 runfd -c 3
  misuse runfd 'missing required program argument'
  ends 100 runfd -Z true
  misuse runfd 'invalid option: -Z'
}

@test "a list that is no list is a usage error" {
  for each in '' x 3,x 3, ,3 -1 3-5 4294967296 99999999999999999999; do
    ends 100 runfd -c "$each" true
    misuse runfd "bad numeric argument for option -c: $each"
  done
}

@test "runfd -c closes every descriptor from that one on, but those that are listed" {
  exec 5< /dev/null 6< /dev/null 17< /dev/null 251< /dev/null
  ends 0 runfd -c 3 ls /proc/self/fd
  prints $'0\n1\n2\n3'
  ends 0 runfd -c 3,251,17,300 ls /proc/self/fd
  prints $'0\n1\n17\n2\n251\n3'
  ends 0 runfd -c 6,251 ls /proc/self/fd
  echo "$output"
  [[ $output == *$'\n5'* && $output == *$'\n251'* && $output != *$'\n17'* ]]
  exec 5<&- 6<&- 17<&- 251<&-
}

@test "several -c, and a descriptor that was just opened" {
  exec 5< /dev/null 8< /dev/null
  ends 0 runfd -c 3,5,8 -F '20<%' -c 8,20 runfd -c 6,20 sh -c 'exec 3>&- 4>&-; readlink /proc/$$/fd/5 /proc/$$/fd/20; test ! -e /proc/$$/fd/8'
  prints $'/dev/null\n/dev/null'
  exec 5<&- 8<&-
}

@test "runfd -F redirects descriptors of any number" {
  echo text > in
  ends 0 runfd -F '100<./in:12=100:100=!:1>./out' sh -c 'cat /proc/$$/fd/12; test ! -e /proc/$$/fd/100'
  [ "$(cat out)" = text ]
  ends 100 runfd -F '10x%' true
  misuse runfd 'bad op format in fdset argument 10x%'
  ends 100 runfd -F '=5' true
  misuse runfd 'bad fd numeral in fdset argument =5'
  ends 100 runfd -F '5=x' true
  misuse runfd 'bad fd target for fdset duplication'
  ends 111 runfd -F '11</missing' true
  complains 'runfd: fatal: failure opening /missing for input redirection: file does not exist (ENOENT)'
}

@test "a lock whose descriptor is closed is gone, and one that is kept is not" {
  ends 0 sh -c 'exec 3>&- 4>&-; runlock lock runfd -c 3 runlock -c lock'
  complains 'runlock: no lock held on lock'
  start runfd -c 3 runlock lock runfd -c 3,3,4,5,6,7,8,9,10,11,12,13,14,15 sh -c ': > held; exec sleep 1000'
  wait_until test -e held
  ends 1 runlock -cq lock
}

@test "runfd exits 111 when the program can't be run" {
  ends 111 runfd -c 3 missing
  complains 'runfd: fatal: unable to run missing: file does not exist (ENOENT)'
}
