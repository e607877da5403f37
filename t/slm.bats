# slm and slmctl: start, watch, repair and stop a graph of processes. Each row of the contract is a test of that name.
# SPDX-License-Identifier: Apache-2.0
# editions: native
#
# Not tested: more than two processors; that the kernel kills for want of memory, and the label of a security module, of which
# t/unit tries what is written over a kernel in memory; a process that survives KILL.

load helper

setup() {
  enter_scratch
  access=$scratch/control
}

teardown() {
  [ -n "$scratch" ] || return 0
  [ -z "$slm" ] || kill -KILL "$slm" 2> /dev/null || :
  end_here
  [ -z "$group" ] || rmdir "$group" 2> /dev/null || :
  leave_scratch
}

# system [FILE]: standard input as the inside of a configuration, with the prefix left out: <component name=...>
system() { { echo '<SLM:system>'; prefixed; echo '</SLM:system>'; } > "${1:-c.xml}"; }
prefixed() { sed -E 's,<(/?)([a-z]),<\1SLM:\2,g'; }

# serve [OPTION...]: slm runs on c.xml from now on; its pid is in $slm, what it says in the file log
serve() {
  slm -VVVV -t 20 -n "$access" "$@" c.xml > out 2> log 3>&- 4>&- &
  slm=$!
  wait_until test -S "$access"
}

ctl() { slmctl -n "$access" "$@"; }
# is NAME STATE: it is in that state
is() { ctl listall | grep -qxF "$1"$'\t'"$2"; }
becomes() { wait_until is "$@"; }
pid_of() { ctl 'listall -v' | awk -F '\t' -v n="$1" '$1 == n { print $4 }'; }
restarts() { ctl 'listall -v' | awk -F '\t' -v n="$1" '$1 == n { print $6 }'; }
is_another() { local now; now=$(pid_of "$1"); [ "$now" != - ] && [ "$now" != "$2" ]; }
logged() { grep -qF -- "$1" log; }
lines_of() { [ "$(wc -l < "$1")" -ge "$2" ]; }
# ended STATUS: slm has ended with that
ended() { status=0; wait "$slm" || status=$?; slm=; [ "$status" = "$1" ]; }
millis() { echo $(($(date +%s%N) / 1000000)); }
# refused LINE: the configuration is not taken, and nothing is started
refused() {
  ends 100 slm -n "$access" c.xml
  complains "slm: fatal: $1"
  [ ! -e "$access" ]
}

# A program that runs until it is ended and writes when it begins and ends into the file trace.
program() {
  cat > "$1" <<'X'
#!/bin/sh
echo "$1 up" >> trace
trap 'echo "$1 down" >> trace; kill $child; exit 0' TERM
sleep 1000 & child=$!
wait $child
X
  chmod 755 "$1"
}

@test "slm and slmctl refuse options that they do not have; -h answers" {
  ends 100 slm -Z c.xml
  misuse slm 'invalid option: -Z'
  ends 100 slm
  misuse slm 'missing config argument'
  for each in '-r x:not a recovery mode: x' '-R 2:not a rate, such as 2/min: 2' '-D x:not a debug mode: x' \
      '-t 0:bad numeric argument for -t: 0' '-b x:bad numeric argument for -b: x' '-p 100:not a priority from 1 to 99: 100'; do
    ends 100 slm ${each%%:*} c.xml
    misuse slm "${each#*:}"
  done
  ends 0 slm -h
  [[ "$stderr" == 'usage: slm '* ]]
  ends 100 slmctl -Z
  misuse slmctl 'invalid option: -Z'
  ends 0 slmctl -V
  [[ "$stderr" == 'slmctl: version: '* ]]
  ends 111 slmctl -n "$access" listall
  complains "slmctl: fatal: unable to reach slm on $access: file does not exist (ENOENT)"
  ends 100 slmctl 'strat x'
  misuse slmctl 'unknown command strat; did you mean start?'
  ends 100 slmctl 'stop -s x'
  misuse slmctl 'option -s of stop is not supported'
}

@test "S01 a configuration loads with and without the declaration of the prefix, and is the same" {
  printf '<component name="b"><command>x</command><depend>a</depend></component><component name="a"><command>y</command></component>' | system
  ends 0 slm -c c.xml
  prints $'a\nb'
  ends 0 slm --graph c.xml
  graph=$output
  [[ "$graph" == *'"b" -> "a" [label="session"];'* ]]
  sed -i 's/<SLM:system>/<?xml version="1.0" encoding="UTF-8"?>\n<SLM:system xmlns:SLM="SLM">/' c.xml
  ends 0 slm --graph c.xml
  prints "$graph"
}

@test "S02 an entity includes a fragment without a root, relative to the file that names it" {
  mkdir -p conf/sub
  echo '<component name="part"><command>x</command></component>' | prefixed > conf/sub/part.xml
  cat > conf/c.xml <<'X'
<!DOCTYPE SLM_system [ <!ENTITY part SYSTEM "sub/part.xml"> ]>
<SLM:system>&part;<SLM:component name="main"><SLM:command>y</SLM:command><SLM:depend>part</SLM:depend></SLM:component></SLM:system>
X
  ends 0 slm -c conf/c.xml
  prints $'part\nmain'
}

@test "S03 an undeclared entity and a malformed tag are said with file, line and column, and nothing is started" {
  echo '<component name="a"><command>touch</command><args>started</args></component>&net;' | system
  refused 'c.xml:2:101: entity net is not declared'
  echo '<component name="a"><command>touch</command><args>started</ SLM:args></component>' | system
  refused 'c.xml:2:76: not well-formed: name expected'
  [ ! -e started ]
}

@test "S04 a cycle is refused and shown in full, and so is an unknown dependency" {
  printf '%s\n' '<component name="a"><command>x</command><depend>b</depend></component>' \
    '<component name="b"><command>x</command><depend>c</depend></component>' \
    '<component name="c"><command>x</command><depend>a</depend></component>' | system
  refused 'c.xml:2:1: dependency cycle: a -> b -> c -> a'
  echo '<component name="net"><command>x</command></component><component name="a"><command>x</command><depend>ent</depend></component>' | system
  refused 'c.xml:2:123: unknown component ent; did you mean net?'
}

@test "S05 each edge is respected, and what is independent overlaps" {
  cat > step <<'X'
#!/bin/sh
echo "$1 begins" >> trace
until [ -e go ]; do sleep 0.01; done
echo "$1 ends" >> trace
X
  chmod 755 step
  printf '%s\n' '<component name="d"><command>./step</command><args>d</args><depend>b</depend><depend>c</depend><waitfor wait="exits"/></component>' \
    '<component name="b"><command>./step</command><args>b</args><depend>a</depend><waitfor wait="exits"/></component>' \
    '<component name="c"><command>./step</command><args>c</args><depend>a</depend><waitfor wait="exits"/></component>' \
    '<component name="a"><command>true</command><waitfor wait="exits"/></component>' | system
  serve
  wait_until lines_of trace 2
  same order $'b begins\nc begins' "$(sort trace)"
  touch go
  becomes d DONE
  same order $'d begins\nd ends' "$(tail -n 2 trace)"
}

@test "S06 a dependent is not started before the path is there, and within two polls after" {
  cat <<'X' | system
<component name="net"><command>sleep</command><args>1000</args><waitfor wait="pathname" polltime="100:0">made/path</waitfor></component>
<component name="cfg"><command>touch</command><args>started</args><depend>net</depend><waitfor wait="exits"/></component>
X
  mkdir made
  serve
  becomes net WAITING
  ends 0 ctl 'waiting -v'
  prints $'net\tWAITING\tpath made/path\ncfg\tWAITING\tneeds net: WAITING'
  [ ! -e started ]
  began=$(millis)
  touch made/path
  wait_until test -e started
  # Two polls, and what a busy machine takes.
  [ $(($(millis) - began)) -lt 1200 ]
  becomes cfg DONE
}

@test "S07 a wait in vain is a failed start after its time; with a time of 0 it goes on" {
  cat <<'X' | system
<component name="a"><command>sleep</command><args>1000</args><waitfor wait="pathname" polltime="20:300">gone</waitfor><repair>none</repair></component>
<component name="b"><command>sleep</command><args>1000</args><waitfor wait="pathname" polltime="20:0">gone</waitfor></component>
X
  serve
  becomes a INITIALIZED
  logged "Component 'a': failed: waited 300 ms in vain for path gone; left down"
  is b WAITING
}

@test "S08 an expected exit is a success, another is a failure and the component is started again" {
  cat <<'X' | system
<component name="good"><command>true</command><waitfor wait="exits"/></component>
<component name="three"><command>sh</command><args>-c 'exit 3'</args><waitfor wait="exits">3</waitfor></component>
<component name="bad"><command>sh</command><args>-c 'echo x >> count; exit 3'</args><waitfor wait="exits"/></component>
X
  serve
  becomes good DONE
  becomes three DONE
  becomes bad DEAD
  [ "$(wc -l < count)" = 3 ]
  [ "$(restarts bad)" = 2 ]
  [ "$(restarts good)$(restarts three)" = 00 ]
}

@test "S09 an exit with 0 of what is to run is a failure: started three times, then DEAD" {
  echo '<component name="a"><command>sh</command><args>-c "echo x >> count"</args></component>' | system
  serve
  becomes a DEAD
  [ "$(wc -l < count)" = 3 ]
  logged "Component 'a': failed: exited with 0; given up after 2 attempts"
  ends 0 ctl dead
  prints a
}

@test "S10 the rate is counted in a window that slides" {
  echo '<component name="a"><command>sh</command><args>-c "echo x >> count; sleep 0.4"</args></component>' | system
  serve -R 3/sec
  # Two or three deaths a second are no reason to give up.
  wait_until lines_of count 6
  ! is a DEAD
  kill "$slm"; ended 0
  rm count
  echo '<component name="a"><command>sh</command><args>-c "echo x >> count"</args></component>' | system
  serve -R 3/sec
  becomes a DEAD
  [ "$(wc -l < count)" = 4 ]
}

@test "S11 repair and -r decide what a death leads to" {
  for each in none stop restart default; do
    echo "<component name=\"r_$each\"><command>sleep</command><args>1000</args><repair>$each</repair></component>"
    echo "<component name=\"on_$each\"><command>sleep</command><args>1000</args><depend>r_$each</depend></component>"
  done | system
  serve -r stop
  for each in none stop restart default; do becomes "on_$each" RUNNING; done
  restarted=$(pid_of r_restart)
  kept=$(pid_of on_none)
  for each in none stop restart default; do kill -KILL "$(pid_of r_$each)"; done
  becomes r_none INITIALIZED
  becomes r_stop INITIALIZED
  becomes r_default INITIALIZED
  becomes on_stop INITIALIZED
  becomes on_default INITIALIZED
  wait_until is_another r_restart "$restarted"
  becomes on_restart RUNNING
  [ "$(pid_of on_none)" = "$kept" ]
  is r_none INITIALIZED
}

@test "S12 who is in a session goes before and comes back after; who is stateless keeps its process" {
  program run
  cat <<'X' | system
<component name="base"><command>./run</command><args>base</args></component>
<component name="session"><command>./run</command><args>session</args><depend>base</depend></component>
<component name="stateless"><command>./run</command><args>stateless</args><depend state="stateless">base</depend></component>
X
  serve
  wait_until lines_of trace 3
  base=$(pid_of base) session=$(pid_of session) stateless=$(pid_of stateless)
  ends 0 ctl 'restart base'
  [ "$(pid_of stateless)" = "$stateless" ]
  is_another base "$base"
  is_another session "$session"
  wait_until lines_of trace 7
  same trace $'session down\nbase down' "$(sed '1,3d; 6,$d' trace)"
  # Both are up as soon as they are spawned, so either may be the first to say so.
  same trace $'base up\nsession up' "$(sed 1,5d trace | sort)"
}

@test "S13 what ignores the signal is killed after the timeout" {
  echo "<component name=\"a\"><command>sh</command><args>-c 'trap \"\" TERM; : > up; while :; do sleep 0.1; done'</args><stop timeout=\"400\">SIGTERM</stop></component>" | system
  serve
  wait_until test -e up
  began=$(millis)
  ends 0 ctl 'stop a'
  took=$(($(millis) - began))
  [ "$took" -ge 400 ]
  [ "$took" -lt 3000 ]
  ends 0 ctl 'listall -v'
  [[ "$output" == a$'\t'INITIALIZED$'\t'inactive$'\t'-$'\t'*$'\t'SIGKILL ]]
}

@test "S14 child=true ends what descends from a process before it, the deepest first" {
  cat > tree <<'X'
#!/bin/bash
trap 'echo $1 >> trace; exit 0' TERM
if [ "$1" -gt 0 ]; then ./tree $(($1 - 1)) & fi
: > "up$1"
while :; do read -r -t 0.05 < <(:) || :; sleep 0.05; done
X
  chmod 755 tree
  echo '<component name="a"><command>./tree</command><args>2</args><stop child="true" timeout="20000"/></component>' | system
  serve
  for each in 0 1 2; do wait_until test -e up$each; done
  # The signal goes out from the deepest on; each takes it within its own nap.
  ends 0 ctl 'stop a'
  wait_until lines_of trace 3
  same trace $'0\n1\n2' "$(sort trace)"
}

@test "S15 stop=none leaves the process alive" {
  echo '<component name="a"><command>sleep</command><args>1000</args><stop stop="none"/></component>' | system
  serve
  becomes a RUNNING
  pid=$(pid_of a)
  ends 0 ctl 'stop a'
  is a INITIALIZED
  kill -0 "$pid"
  kill "$slm"
  ended 0
  kill -0 "$pid"
}

@test "S16 a module starts and stops its members in order, by patterns too; one may be empty" {
  program run
  for each in link_b link_a other; do echo "<component name=\"$each\"><command>./run</command><args>$each</args></component>"; done > inside
  echo '<module name="m"><member>other</member><member>link_*</member></module><module name="empty"></module>' >> inside
  system < inside
  serve -s none
  ends 0 ctl listall
  prints $'link_b\tINITIALIZED\nlink_a\tINITIALIZED\nother\tINITIALIZED'
  ends 0 ctl 'start empty'
  ends 0 ctl 'start m'
  wait_until lines_of trace 3
  ends 0 ctl 'stop m'
  same trace $'other down\nlink_b down\nlink_a down' "$(sed 1,3d trace)"
  ends 1 ctl 'start none_such'
  complains 'slmctl: none_such: no component or module of that name'
}

@test "S17 with -s none, start takes what is needed and nothing else" {
  cat <<'X' | system
<component name="a"><command>sleep</command><args>1000</args></component>
<component name="b"><command>sleep</command><args>1000</args><depend>a</depend></component>
<component name="c"><command>sleep</command><args>1000</args></component>
X
  serve -s none
  ends 0 ctl 'start -v b'
  prints $'b\tRUNNING'
  ends 0 ctl listall
  prints $'a\tRUNNING\nb\tRUNNING\nc\tINITIALIZED'
  pid=$(pid_of a)
  ends 0 ctl 'start b'
  [ "$(pid_of a)" = "$pid" ]
}

@test "S18 the arguments for debugging are used as -D and slmctl -d say" {
  echo '<component name="a"><command>sh</command><args>-c "echo usual >> said"</args><debug>-c "echo debug >> said"</debug><waitfor wait="exits"/></component>' | system
  for each in cmd:usual:debug startup:debug:usual always:debug:debug; do
    IFS=: read -r mode first second <<< "$each"
    serve -D "$mode"
    becomes a DONE
    [ "$mode" = cmd ] && option=-d || option=
    ends 0 ctl "restart $option a"
    same "with -D $mode" "$first $second" "$(echo $(cat said))"
    kill "$slm"; ended 0
    rm said
  done
  # What is needed is launched at startup too.
  echo '<component name="b"><command>true</command><depend>a</depend><waitfor wait="exits"/></component>' | prefixed > b
  sed -i '/<SLM:system>/r b' c.xml
  serve -D startup -s b
  becomes b DONE
  same 'with -s b' debug "$(cat said)"
  kill "$slm"; ended 0
}

@test "S19 -a takes over what has exactly that command line, and nothing else" {
  cp "$(command -v sleep)" nap
  ./nap 1000 2000 3>&- & same=$!
  ./nap 2000 1000 3>&- & other=$!
  cat <<'X' | system
<component name="a"><command>./nap</command><args>1000 2000</args></component>
<component name="b"><command>./nap</command><args>2000 1000 0</args></component>
X
  serve -a
  becomes a RUNNING
  becomes b RUNNING
  [ "$(pid_of a)" = "$same" ]
  [ "$(pid_of b)" != "$other" ]
  kill "$same"
  wait_until is_another a "$same"
}

@test "S20 envar clears nothing, all but the variables of a login, or all" {
  for each in none login all; do
    echo "<component name=\"c_$each\"><command>/usr/bin/env</command><envar clear=\"$each\">ONE=1 TWO=\"a b\"</envar><stdout>$each.out</stdout><waitfor wait=\"exits\"/></component>"
  done | system
  HOME=/h LOGNAME=l OTHER=o ONE=0 serve
  for each in none login all; do becomes "c_$each" DONE; done
  same all $'ONE=1\nTWO=a b' "$(sort all.out)"
  grep -qx HOME=/h login.out
  grep -qx LOGNAME=l login.out
  grep -qx ONE=1 login.out
  ! grep -q OTHER login.out
  grep -qx OTHER=o none.out
  grep -qx ONE=1 none.out
  ! grep -qx ONE=0 none.out
}

@test "S21 ids, directory and streams are those that the configuration names" {
  need_user nobody
  mkdir in
  echo input > in/file
  echo before > both
  echo before > apart
  cat <<X | system
<component name="a"><command>/bin/sh</command><args>-c 'id -u; id -g; id -G; pwd; cat; echo err >&amp;2; grep flags /proc/self/fdinfo/1'</args>
<cd>$scratch/in</cd><user>nobody</user><groups>1, 2</groups><stdin>$scratch/in/file</stdin><stdout>$scratch/both</stdout><stderr>$scratch/both</stderr><waitfor wait="exits"/></component>
<component name="b"><command>/bin/sh</command><args>-c 'id -u; id -g'</args><user>1234:5678</user><stdout iomode="a">$scratch/apart</stdout><waitfor wait="exits"/></component>
<component name="c"><command>true</command><stdin>$scratch/missing</stdin><repair>none</repair></component>
X
  serve
  becomes a DONE
  becomes b DONE
  same both "$(id -u nobody)
$(id -g nobody)
$(id -g nobody) 1 2
$scratch/in
input
err
flags:	0100002" "$(cat both)"
  same apart $'before\n1234\n5678' "$(cat apart)"
  logged "Component 'c': failed: unable to open $scratch/missing: file does not exist (ENOENT); left down"
  echo '<component name="a"><command>x</command><user>no-such-user</user></component>' | system
  kill "$slm"; ended 0
  refused 'c.xml:2:1: unknown user no-such-user'
}

@test "S22 runmask picks processors, and one that there is not is refused" {
  grep -q '^Cpus_allowed_list:.0' /proc/self/status || skip "needs processor 0"
  echo '<component name="a"><command>grep</command><args>Cpus_allowed_list /proc/self/status</args><runmask>0x1</runmask><stdout>out1</stdout><waitfor wait="exits"/></component>' | system
  serve
  becomes a DONE
  [ "$(sed 's/.*\t//' out1)" = 0 ]
  kill "$slm"; ended 0
  echo '<component name="a"><command>x</command><runmask>0x80000000</runmask></component>' | system
  ends 100 slm -c c.xml
  [[ "$stderr" == 'slm: fatal: c.xml:2:1: component a: unable to use processor 31: this process may use '* ]]
  if grep -q '^Cpus_allowed_list:.0-[2-9]' /proc/self/status; then
    echo '<component name="a"><command>grep</command><args>Cpus_allowed_list /proc/self/status</args><runmask>5</runmask><stdout>out1</stdout><waitfor wait="exits"/></component>' | system
    serve
    becomes a DONE
    [ "$(sed 's/.*\t//' out1)" = 0,2 ]
  fi
}

@test "S23 priority is a policy and a number, or refused" {
  chrt -f 1 true 2> /dev/null || skip "needs the right to real time, and chrt"
  probe="-c 'sed -E \"s/.*\\) //\" /proc/self/stat | cut -d\" \" -f17,38,39'"
  for each in 12r 10o 15o; do
    echo "<component name=\"p$each\"><command>sh</command><args>$probe</args><priority>$each</priority><stdout>p$each</stdout><waitfor wait=\"exits\"/></component>"
  done | system
  serve
  for each in p12r p10o p15o; do becomes $each DONE; done
  # nice, priority of real time, policy; under real time it stays that of whoever runs the tests
  same 12r "$(nice) 12 2" "$(cat p12r)"
  same 10o '0 0 0' "$(cat p10o)"
  same 15o '-5 0 0' "$(cat p15o)"
  kill "$slm"; ended 0
  echo '<component name="a"><command>x</command><priority>120f</priority></component>' | system
  refused 'c.xml:2:53: QNX priority 120f has no Linux equivalent; use 1..99 and f, r or o'
}

@test "S24 an ability is enforced, or refused by its name" {
  echo '<component name="a"><command>x</command><ability>root,deny,fork</ability></component>' | system
  refused "c.xml:2:53: ability 'fork' cannot be denied on this system"
  echo '<component name="a"><command>x</command><ability>deny,pathspace</ability></component>' | system
  refused "c.xml:2:53: ability 'pathspace' has no equivalent on Linux"
  need_user nobody
  cat <<'X' | system
<component name="root"><command>grep</command><args>CapEff /proc/self/status</args><ability>root,deny,clockset</ability><ability>deny,reboot</ability><stdout>root.out</stdout><waitfor wait="exits"/></component>
<component name="user"><command>grep</command><args>Cap[EB] /proc/self/status</args><ability>nonroot,allow,clockset</ability><ability>deny,reboot,lock</ability><user>nobody</user><stdout>user.out</stdout><waitfor wait="exits"/></component>
X
  serve
  becomes root DONE
  becomes user DONE
  clock=$((1 << 25)) boot=$((1 << 22))
  caps=$((16#$(sed 's/.*\t//' root.out)))
  [ $((caps & clock)) = 0 ]
  [ $((caps & boot)) = 0 ]
  [ "$caps" != 0 ]
  caps=$((16#$(sed -n 's/CapEff:\t//p' user.out)))
  [ "$caps" = "$clock" ]
  [ $((16#$(sed -n 's/CapBnd:\t//p' user.out) & boot)) = 0 ]
}

@test "S25 a partition is a control group, or refused where there is none" {
  need_root 'it makes a control group'
  base=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
  own=$(sed -n 's/^0:://p' /proc/self/cgroup)
  echo '<component name="a"><command>cat</command><args>/proc/self/cgroup</args><partition>perpetua-none</partition></component>' | system
  if [ -z "$base" ]; then
    refused "c.xml:2:1: partition 'perpetua-none': no cgroup v2 hierarchy available"
    return
  fi
  refused "c.xml:2:1: partition 'perpetua-none': there is no control group $base${own%/}/perpetua-none"
  if ! grep -qw cpu "$base${own%/}/cgroup.controllers"; then
    sed -i 's/<SLM:partition>/<SLM:partition weight="50">/' c.xml
    refused "c.xml:2:1: partition 'perpetua-none': controller cpu is not available"
  fi
  name=perpetua-test-$$-$RANDOM
  mkdir "$base${own%/}/$name" 2> /dev/null || skip "needs a cgroup v2 hierarchy that may be written"
  group=$base${own%/}/$name
  echo "<component name=\"a\"><command>cat</command><args>/proc/self/cgroup</args><partition>$name</partition><stdout>said</stdout><waitfor wait=\"exits\"/></component>" | system
  serve
  becomes a DONE
  grep -qx "0::${own%/}/$name" said
  kill "$slm"; ended 0
}

@test "S26 a type without an active security module is refused" {
  [ "$(cat /sys/module/apparmor/parameters/enabled 2> /dev/null)" != Y ] && [ ! -e /sys/fs/selinux/enforce ] ||
    skip "needs a kernel without an active security module"
  echo '<component name="a"><command>x</command><type>web_t</type></component>' | system
  refused 'c.xml:2:1: component a: unable to use label web_t: neither AppArmor nor SELinux is active'
  sed -i 's/web_t/apparmor:web/' c.xml
  refused 'c.xml:2:1: component a: unable to use label web: AppArmor is not active'
}

@test "S27 blocks waits until the server waits for messages" {
  [ -r /proc/self/syscall ] || skip "needs the system calls of threads in /proc"
  mkfifo messages
  cat > server <<'X'
#!/bin/bash
exec 5<> messages
until [ -e ready ]; do sleep 0.01; done
read -r message <&5
X
  chmod 755 server
  cat <<'X' | system
<component name="server"><command>./server</command><waitfor wait="blocks" polltime="20:0">1</waitfor></component>
<component name="client"><command>touch</command><args>started</args><depend>server</depend><waitfor wait="exits"/></component>
X
  sed -i 's/exec 5<> messages/coproc cat 5< messages 2> \/dev\/null; exec 5<\&"${COPROC[0]}"/' server
  serve
  becomes server WAITING
  ! [ -e started ]
  touch ready
  becomes client DONE
  is server RUNNING
}

@test "S28 queries have their shapes, and JSON" {
  cat <<'X' | system
<component name="a"><command>sleep</command><args>1000</args></component>
<component name="b"><command>sleep</command><args>1000</args><depend>a</depend></component>
<component name="c"><command>sleep</command><args>1000</args><depend state="stateless">b</depend></component>
<component name="d"><command>false</command><waitfor wait="exits"/></component>
X
  serve
  becomes c RUNNING
  becomes d DEAD
  pid=$(pid_of b)
  ends 0 ctl 'needs c'; prints $'b\tstateless'
  ends 0 ctl 'needs -v c'; prints $'b\tstateless\n  a\tsession'
  ends 0 ctl 'usedby a'; prints $'b\tsession'
  ends 0 ctl 'usedby -v a'; prints $'b\tsession\n  c\tstateless'
  ends 0 ctl active; prints $'a\nb\nc'
  ends 0 ctl "active -p $pid"; prints b
  ends 0 ctl inactive dead; prints $'d\nd'
  ends 0 ctl initialized starting waiting stopping; prints ''
  ends 0 ctl listall; prints $'a\tRUNNING\nb\tRUNNING\nc\tRUNNING\nd\tDEAD'
  ends 0 ctl 'listall -v'
  [[ "${lines[1]}" == b$'\t'RUNNING$'\t'active$'\t'$pid$'\t'[0-9]*$'\t'0$'\t'- ]]
  [[ "${lines[3]}" == d$'\t'DEAD$'\t'inactive$'\t'-$'\t'0$'\t'2$'\t'exit' '1 ]]
  ends 0 ctl --json "active -p $pid"
  [[ "$output" == '[{"name":"b","state":"RUNNING","active":true,"pid":'$pid',"seconds":'[0-9]*',"restarts":0,"last":null}]' ]]
  ends 0 ctl --json 'needs c'
  prints '[{"name":"b","depend":"stateless","depth":1}]'
  ends 1 ctl 'needs x'
  complains 'slmctl: x: no component of that name'
  ends 0 ctl < <(printf 'active\n\nusedby a\n')
  prints $'a\nb\nc\nb\tsession'
}

@test "S29 only root may command: others can't reach the access point, and are not listened to" {
  need_user nobody
  chmod 755 "$scratch"
  echo '<component name="a"><command>sleep</command><args>1000</args></component>' | system
  serve
  ends 111 as_user nobody "$(command -v slmctl)" -n "$access" listall
  complains "slmctl: fatal: unable to reach slm on $access: access denied (EACCES)"
  chmod 666 "$access"
  ends 1 as_user nobody "$(command -v slmctl)" -n "$access" listall
  complains 'slmctl: only root may do that'
}

@test "S30 TERM stops everything in reverse order, whoever depends how, then slm exits 0" {
  program run
  cat <<'X' | system
<component name="a"><command>./run</command><args>a</args></component>
<component name="b"><command>./run</command><args>b</args><depend>a</depend></component>
<component name="c"><command>./run</command><args>c</args><depend state="stateless">b</depend></component>
X
  serve
  wait_until lines_of trace 3
  kill "$slm"
  ended 0
  same trace $'c down\nb down\na down' "$(sed 1,3d trace)"
  [ ! -e "$access" ]
  rm trace
  serve -x b
  wait_until lines_of trace 3
  left=$(pid_of a)
  kill "$slm"
  ended 0
  same trace 'b down' "$(sed 1,3d trace)"
  kill -0 "$left"
}

@test "S31 the back-off grows with each attempt, and begins anew after a success" {
  cat <<'X' | system
<component name="a"><command>sh</command><args>-c 'date +%s%N >> times; exit 1'</args><repair backoff="1">restart</repair><waitfor wait="exits"/></component>
X
  serve
  becomes a DEAD
  mapfile -t times < times
  [ "${#times[@]}" = 3 ]
  first=$(((times[1] - times[0]) / 1000000)) second=$(((times[2] - times[1]) / 1000000))
  [ "$first" -ge 1000 ] && [ "$first" -lt 1900 ]
  [ "$second" -ge 2000 ] && [ "$second" -lt 2900 ]
}

@test "S32 two paths are both waited for" {
  cat <<'X' | system
<component name="a"><command launch="builtin">no_op</command><waitfor wait="pathname">one</waitfor><waitfor wait="pathname">two</waitfor></component>
X
  serve
  becomes a WAITING
  touch two
  ends 0 ctl 'waiting -v'
  prints $'a\tWAITING\tpath one'
  touch one
  becomes a DONE
}

@test "S33 a stop during a wait comes back at once, and so does the start that it ends" {
  echo '<component name="a"><command>sleep</command><args>1000</args><waitfor wait="pathname" polltime="60000:0">gone</waitfor></component>' | system
  serve -s none
  ctl 'start a' > start.out 2> start.err 3>&- & starter=$!
  becomes a WAITING
  began=$(millis)
  ends 0 ctl 'stop a'
  [ $(($(millis) - began)) -lt 2000 ]
  status=0; wait "$starter" || status=$?
  [ "$status" = 1 ]
  same start 'slmctl: a: stopped' "$(cat start.err)"
}

@test "S34 built-in commands have their effect, and a failed one is a failed start" {
  mkdir there
  cat <<X | system
<component name="gate"><command launch="builtin">no_op</command></component>
<component name="dirs"><command launch="builtin">mkdir</command><args>$scratch/x/y; $scratch/z</args></component>
<component name="links"><command launch="builtin">pathmgr_symlink</command><args>/one $scratch/l1; /two $scratch/l2;</args><depend>dirs</depend></component>
<component name="sh"><command launch="builtin">system</command><args>echo "a  b" > said; exit 0</args></component>
<component name="bad"><command launch="builtin">pathmgr_symlink</command><args>/one $scratch/there</args><repair>none</repair></component>
<component name="worse"><command launch="builtin">system</command><args>exit 7</args><repair>none</repair></component>
X
  ln -s /elsewhere l2
  serve
  for each in gate dirs links sh; do becomes $each DONE; done
  [ -d x/y ] && [ -d z ]
  [ "$(readlink l1) $(readlink l2)" = '/one /two' ]
  same said 'a  b' "$(cat said)"
  becomes worse INITIALIZED
  logged "Component 'bad': failed: unable to make symbolic link $scratch/there: file already exists (EEXIST); left down"
  logged "Component 'worse': failed: exited with 7; left down"
}

@test "a program that is not there is a failed start and not a refused configuration" {
  echo '<component name="a"><command>/no/such/program</command><repair>none</repair></component>' | system
  serve
  wait_until logged "Component 'a': failed: unable to run /no/such/program: file does not exist (ENOENT); left down"
  ends 1 ctl 'start a'
  complains 'slmctl: a: unable to run /no/such/program: file does not exist (ENOENT)'
}

@test "the worked example: a dependent waits for what it needs, and runs again after that has died" {
  mkdir run
  cat > net <<'X'
#!/bin/sh
: > run/socket
echo net >> trace
exec sleep 1000
X
  chmod 755 net
  cat <<'X' | system
<component name="net"><command>./net</command><waitfor wait="pathname">run/socket</waitfor></component>
<component name="cfg"><depend>net</depend><command>sh</command><args>-c 'echo cfg >> trace'</args><waitfor wait="exits"/></component>
<module name="net-setup"><member>net</member><member>cfg</member></module>
X
  serve
  becomes cfg DONE
  is net RUNNING
  for each in 1 2; do
    kill -KILL "$(pid_of net)"
    wait_until lines_of trace $((2 + 2 * each))
    becomes cfg DONE
  done
  kill -KILL "$(pid_of net)"
  becomes net DEAD
  ends 0 ctl 'waiting -v'
  prints $'cfg\tWAITING\tneeds net: DEAD'
  ends 0 ctl 'start net'
  becomes cfg DONE
}

@test "HUP takes another configuration; a bad one is refused and the good one stays" {
  echo '<component name="a"><command>sleep</command><args>1000</args></component><component name="b"><command>sleep</command><args>1000</args></component>' | system
  serve
  becomes a RUNNING
  becomes b RUNNING
  pid=$(pid_of a)
  cp c.xml good.xml
  echo '<component name="a">' | system
  kill -HUP "$slm"
  wait_until logged 'configuration not taken: c.xml:3:14: not well-formed'
  is b RUNNING
  ends 1 ctl reload
  [[ "$stderr" == 'slmctl: c.xml:3:14: not well-formed'* ]]
  echo '<component name="c"><command>sleep</command><args>1000</args></component><component name="a"><command>sleep</command><args>1000</args></component>' | system
  kill -HUP "$slm"
  becomes c RUNNING
  [ "$(pid_of a)" = "$pid" ]
  ends 0 ctl listall
  prints $'c\tRUNNING\na\tRUNNING'
}

@test "with -a, what is left alone when what it needs has ended is looked for no more" {
  {
    echo '<component name="a"><command>sleep</command><args>1001</args><repair>stop</repair></component>'
    for each in 2 3 4 5 6 7 8 9; do
      echo "<component name=\"b$each\"><command>sleep</command><args>100$each</args><depend>a</depend><stop stop=\"none\"/></component>"
    done
  } | system
  for each in 1 2 3 4 5 6 7 8 9; do start sleep 100$each; [ "$each" != 1 ] || first=$pid; done
  serve -a
  becomes b9 RUNNING
  [ "$(pid_of a)" = "$first" ]
  kill "$first"
  wait_until logged "Component 'a': failed: its adopted process has ended; left down"
  for each in 2 3 4 5 6 7 8 9; do becomes b$each INITIALIZED; done
}

@test "who can't be served is said: there are as many clients as there may be" {
  perl -MIO::Socket::UNIX -e 1 2> /dev/null || skip "needs perl with IO::Socket::UNIX"
  echo '<component name="a"><command launch="builtin">no_op</command></component>' | system
  serve
  start perl -MIO::Socket::UNIX -e '$| = 1; for (1 .. 101) { push @all, IO::Socket::UNIX->new(Peer => $ARGV[0]) or die }
    print "connected\n"; print defined readline($all[100]) ? "answered\n" : "turned away\n"' "$access"
  finishes 0
  same clients $'connected\nturned away' "$(cat out)"
  wait_until logged 'slm: too many clients'
  is a DONE
}

@test "an slm that hangs up is said by slmctl, and no signal" {
  perl -MIO::Socket::UNIX -e 1 2> /dev/null || skip "needs perl with IO::Socket::UNIX"
  # It answers the first command and takes no other.
  start perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Local => $ARGV[0], Listen => 1) or die; open F, ">", "bound";
    $c = $s->accept; readline $c; shutdown $c, 0; syswrite $c, "ok\n"; sleep 1000' "$access"
  wait_until test -e bound
  ends 111 slmctl -n "$access" listall listall
  complains 'slmctl: fatal: unable to talk to slm: broken pipe (EPIPE)'
}

@test "an access point in use is not taken over, one that was left behind is" {
  echo '<component name="a"><command launch="builtin">no_op</command></component>' | system
  serve
  ends 111 slm -n "$access" c.xml
  complains "slm: fatal: unable to use access point $access: another slm listens there"
  kill -KILL "$slm"
  wait "$slm" || :
  serve
  becomes a DONE
}

@test "a socket of another kind is no access point that was left behind, and stays" {
  perl -MIO::Socket::UNIX -e 1 2> /dev/null || skip "needs perl with IO::Socket::UNIX"
  echo '<component name="a"><command launch="builtin">no_op</command></component>' | system
  start perl -MSocket -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die; open F, ">", "bound"; sleep 1000' "$access"
  wait_until test -e bound
  ends 111 timeout 20 slm -n "$access" c.xml
  complains "slm: fatal: unable to make access point $access: address already used (EADDRINUSE)"
  [ -S "$access" ]
}

@test "with a terminal and a session, the terminal is the controlling one; what is none is a failed start" {
  command -v script > /dev/null || skip "needs script of util-linux"
  echo '<component name="a"><command launch="session">true</command><tty>/dev/null</tty><repair>none</repair></component>' | system
  serve
  wait_until logged "Component 'a': failed: unable to use tty /dev/null: not a tty (ENOTTY); left down"
}

@test "listens waits until the process takes connections" {
  perl -MIO::Socket::UNIX -e 1 2> /dev/null || skip "needs perl with IO::Socket::UNIX"
  cat > server <<'X'
use IO::Socket::UNIX;
until (-e "ready") { select undef, undef, undef, 0.01 }
my $s = IO::Socket::UNIX->new(Local => "socket", Listen => 1) or die;
select undef, undef, undef, 1000;
X
  echo '<component name="a"><command>perl</command><args>server</args><waitfor wait="listens">./socket</waitfor></component>' | system
  sed -i "s,\\./socket,$scratch/socket," c.xml
  sed -i "s,\"socket\",\"$scratch/socket\"," server
  serve
  becomes a WAITING
  touch ready
  becomes a RUNNING
}
