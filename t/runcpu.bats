# runcpu: run a program on some of the processors only.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: more than one processor where the machine has only one; processors that come and go.

load helper

allowed() { sed -n 's/^Cpus_allowed_list:[[:space:]]*//p' /proc/self/status; }
first() { allowed | sed 's/[,-].*//'; }

@test "runcpu without operands, or with one, is a usage error" {
  ends 100 runcpu
  misuse runcpu 'missing cpus argument'
  ends 100 runcpu 0
  misuse runcpu 'missing program argument'
}

@test "runcpu refuses an option that it does not have; -h and -V answer" {
  ends 100 runcpu -Z 0 true
  misuse runcpu 'invalid option: -Z'
  ends 0 runcpu -h
  complains 'usage: runcpu [-hV] [-m] cpus program [args ...]'
  ends 0 runcpu -V
  [[ "$stderr" == 'runcpu: version: '* ]]
}

@test "the program runs on the processors of the list only, and so do its children" {
  ends 0 runcpu "$(first)" sh -c 'grep Cpus_allowed_list /proc/self/status'
  [ "${output##*[[:space:]]}" = "$(first)" ]
}

@test "a list with all of them changes nothing" {
  ends 0 runcpu "$(allowed)" grep Cpus_allowed_list /proc/self/status
  [ "${output##*[[:space:]]}" = "$(allowed)" ]
}

@test "-m takes a mask, decimal, octal or hexadecimal, and 0 for all" {
  [ "$(first)" = 0 ] || skip "needs processor 0"
  for mask in 1 01 0x1 0X00000001; do
    ends 0 runcpu -m "$mask" grep Cpus_allowed_list /proc/self/status
    [ "${output##*[[:space:]]}" = 0 ]
  done
  for mask in 0 0x0; do
    ends 0 runcpu -m "$mask" grep Cpus_allowed_list /proc/self/status
    [ "${output##*[[:space:]]}" = "$(allowed)" ]
  done
}

@test "what is no list and what is no mask is a usage error" {
  for list in '' x 0, ,0 0- -- 1-0 0-x 0x1 ' 0' 1024 99999999999999999999; do
    ends 100 runcpu -- "$list" true
    misuse runcpu "not a list of processors: $list"
  done
  for mask in '' x 0x 08 0xg 1k 4294967296 0x100000000; do
    ends 100 runcpu -m "$mask" true
    misuse runcpu "not a mask of processors: $mask"
  done
}

@test "a processor that the process may not use is a failure, although the kernel would pass over it" {
  ends 111 runcpu "$(first),1023" echo wrong
  prints ''
  complains "runcpu: fatal: unable to use processor 1023: this process may use $(allowed)"
}

@test "runcpu exits with the status of the program, 111 when it can't be run" {
  ends 7 runcpu "$(first)" sh -c 'exit 7'
  ends 111 runcpu "$(first)" missing
  complains 'runcpu: fatal: unable to run missing: file does not exist (ENOENT)'
}
