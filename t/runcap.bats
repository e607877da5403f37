# runcap: run a program with fewer of root's capabilities, or with some of them as another user.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: files with capabilities of their own, which need a file system that keeps them. A JVM has many threads, of which
# runcap changes one: runuid behind runcap -d setuid, which fails, is the native edition's.

load helper

# sets: the five sets of the process as numbers, in the kernel's order: Inh Prm Eff Bnd Amb
probe='sed -n "s/^Cap\(...\):.//p" /proc/self/status'
sets() { mapfile -t cap <<< "$output"; inherited=$((16#${cap[0]})) permitted=$((16#${cap[1]})) effective=$((16#${cap[2]})) bounding=$((16#${cap[3]})) ambient=$((16#${cap[4]})); }

setup() {
  enter_scratch
  kill=$((1 << 5)) bind=$((1 << 10)) clock=$((1 << 25))
}

@test "runcap without a program, or without an option, is a usage error" {
  ends 100 runcap -n
  misuse runcap 'missing program argument'
  ends 100 runcap true
  misuse runcap 'nothing to change: no option'
}

@test "runcap refuses an option that it does not have, and one without its argument; -h and -V answer" {
  ends 100 runcap -Z true
  misuse runcap 'invalid option: -Z'
  ends 100 runcap -d
  misuse runcap 'missing argument for option -d'
  ends 0 runcap -h
  complains 'usage: runcap [-hV] [-ln] [-a caps] [-d caps] [-k caps] program [args ...]'
  ends 0 runcap -V
  [[ "$stderr" == 'runcap: version: '* ]]
}

@test "what is no capability is a usage error" {
  for list in x kill,x ' kill' 63; do
    ends 100 runcap -d "$list" true
    misuse runcap "no capability of that name: ${list#*,}"
  done
  ends 100 runcap -a kill, true
  misuse runcap 'no capability of that name: '
}

@test "-d drops capabilities for good, named in any of the ways" {
  need_root 'it drops capabilities'
  for list in kill,sys_time CAP_KILL,cap_sys_time 5,25; do
    ends 0 runcap -d "$list" sh -c "$probe"
    sets
    [ $((permitted & (kill | clock))) = 0 ]
    [ $((effective & (kill | clock))) = 0 ]
    [ $((bounding & (kill | clock))) = 0 ]
    [ $((effective & bind)) = "$bind" ]
  done
  ends 0 runcap -d all sh -c "$probe"
  sets
  [ "$permitted$effective$bounding" = 000 ]
}

@test "-k drops all others" {
  need_root 'it drops capabilities'
  ends 0 runcap -k kill,net_bind_service sh -c "$probe"
  sets
  [ "$permitted" = $((kill | bind)) ]
  [ "$effective" = $((kill | bind)) ]
  [ "$bounding" = $((kill | bind)) ]
  ends 0 runcap -k '' sh -c "$probe"
  sets
  [ "$permitted$bounding" = 00 ]
}

@test "-a keeps capabilities through a change of the user" {
  need_user nobody
  ends 0 runcap -a net_bind_service runuid nobody sh -c "id -u; $probe"
  [ "${lines[0]}" = "$(id -u nobody)" ]
  output=${output#*$'\n'}
  sets
  [ "$permitted" = "$bind" ]
  [ "$effective" = "$bind" ]
  [ "$ambient" = "$bind" ]
}

@test "behind a change of the user, setpcap lets the rest be dropped for good" {
  need_user nobody
  ends 0 runcap -a setpcap,net_bind_service runuid nobody runcap -k net_bind_service sh -c "$probe"
  sets
  [ "$permitted" = "$bind" ]
  [ "$bounding" = "$bind" ]
  [ "$ambient" = "$bind" ]
}

@test "-n forbids new privileges" {
  ends 0 runcap -n grep NoNewPrivs /proc/self/status
  [ "${output##*[[:space:]]}" = 1 ]
}

@test "-l makes user 0 a user like any other, with what it has" {
  need_root 'it sets securebits'
  ends 0 runcap -d sys_time -l sh -c "$probe"
  sets
  [ "$permitted" = "$ambient" ]
  [ $((permitted & clock)) = 0 ]
  [ $((permitted & kill)) = "$kill" ]
  ends 0 runcap -k '' -l sh -c "$probe"
  sets
  [ "$permitted$ambient" = 00 ]
}

@test "who has no capability can neither drop nor keep one, and nothing runs" {
  need_user nobody
  ends 111 as_user nobody runcap -d kill echo wrong
  prints ''
  complains 'runcap: fatal: unable to drop capability kill for good: permission denied (EPERM)'
  ends 111 as_user nobody runcap -a kill echo wrong
  prints ''
  complains 'runcap: fatal: unable to keep capability kill, which this process does not have: permission denied (EPERM)'
}

@test "runcap exits with the status of the program, 111 when it can't be run" {
  ends 7 runcap -n sh -c 'exit 7'
  ends 111 runcap -n missing
  complains 'runcap: fatal: unable to run missing: file does not exist (ENOENT)'
}
