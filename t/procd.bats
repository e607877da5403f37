# procd, the daemon: its bus, its instances and its triggers, without an init script.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: a system that can make no further process, and what goes to /dev/log, which a test must not take.

load helper
load procd

@test "procd knows its options" {
  ends 0 procd -h
  complains 'usage: procd [-hSV] [-d level] [-g group] [-I initdir] [-R rcdir] [-s socket]'
  ends 100 procd -Z
  misuse procd 'invalid option: -Z'
  ends 100 procd extra
  misuse procd 'unexpected argument: extra'
  ends 100 procd -d x
  misuse procd 'non-numeric argument found for option -d: x'
}

@test "a second daemon is refused, and the first goes on" {
  supervise
  ends 111 procd
  complains "procd: fatal: unable to acquire lock on $root/var/run/ubus/ubus.sock.lock: temporary i/o failure (EAGAIN)"
  ends 0 ubus list service
}

@test "a process gets command, environment and nothing else; its output goes to the log line by line, the last one too" {
  supervise
  call set '{"name":"s","instances":{"i":{"command":["sh","-c","echo \"A=$A\"; printf last; readlink /proc/$$/fd/0 >&2"],"env":{"A":"a b"},"stdout":true,"stderr":true}}}'
  wait_until logged ': last'
  wait_until logged ': /dev/null'
  grep -q '^sh\[[0-9]*\]: A=a b$' log
}

@test "SIGTERM ends all instances, one that does not listen by SIGKILL after its patience, and then the daemon" {
  supervise
  call set '{"name":"s","instances":{"soft":{"command":["sleep","1000"]},"hard":{"command":["sh","-c","trap \"\" TERM; : > ready; while :; do sleep 0.1; done"],"term_timeout":1}}}'
  wait_until test -e ready
  soft=$(pid_of s soft) hard=$(pid_of s hard)
  kill -TERM "$procd"
  wait "$procd"
  gone "$soft"
  gone "$hard"
  logged "s::hard: pid $hard did not end on SIGTERM, sending SIGKILL"
  [ ! -e var/run/ubus/ubus.sock ]
}

@test "a user that does not exist is an error, and nothing runs" {
  supervise
  sleeper s '"user":"no-such-account"'
  settled
  [[ $(listed) == *'"running":false'*'"errors":["unknown user no-such-account"'* ]]
  logged 's::main: not started: unknown user no-such-account'
}

@test "an invalid description is shown with its reason, and the next valid one runs" {
  supervise
  call set '{"name":"s","instances":{"main":{"command":[]}}}'
  lists '{"s":{"instances":{"main":{"running":false,"command":[],"term_timeout":5,"exit_code":0,"errors":["command is empty"]}}}}'
  sleeper s
  wait_until runs s main
}

@test "a pidfile holds the pid while the process runs, and is somebody else's if it holds another" {
  supervise
  sleeper s "\"pidfile\":\"$root/pid\""
  wait_until runs s main
  [ "$(cat pid)" = "$(pid_of s main)" ]
  sleeper s "\"pidfile\":\"$root/other\""
  wait_until test -s other
  [ ! -e pid ]
  echo 1 > other
  call delete '{"name":"s"}'
  wait_until lists '{}'
  [ "$(cat other)" = 1 ]
}

@test "state false ends and keeps, state true starts again" {
  supervise
  sleeper s '"respawn":[]'
  wait_until runs s main
  call state '{"name":"s","spawn":false}'
  wait_until rests s main
  [[ $(listed) == *'"respawn"'* ]]
  call state '{"name":"s","spawn":true}'
  wait_until runs s main
  ends 2 ubus -S call service state '{"name":"s"}'
}

@test "with autostart false only state starts an instance" {
  supervise
  for round in 1 2; do call set '{"name":"s","autostart":false,"instances":{"i":{"command":["sleep","1000"]}}}'; done
  settled
  rests s i
  call state '{"name":"s","spawn":true}'
  wait_until runs s i
}

@test "signal reaches the process; a dead one, an unknown one and a bad number are told apart" {
  supervise
  sleeper s
  wait_until runs s main
  ends 2 ubus -S call service signal '{"name":"s","signal":999}'
  ends 4 ubus -S call service signal '{"name":"s","instance":"x"}'
  call signal '{"name":"s","signal":9}'
  wait_until rests s main
  ends 4 ubus -S call service signal '{"name":"s","signal":9}'
  call set '{"name":"n","instances":{"i":{}}}'
  ends 4 ubus -S call service signal '{"name":"n","signal":15}'
}

@test "between update_start and update_complete, what no add names is removed" {
  supervise
  call set '{"name":"s","instances":{"a":{"command":["sleep","1001"]},"b":{"command":["sleep","1002"]}}}'
  wait_until runs s b
  b=$(pid_of s b)
  call update_start '{"name":"s"}'
  call add '{"name":"s","instances":{"b":{"command":["sleep","1002"]}}}'
  call update_complete '{"name":"s"}'
  wait_until rests s a
  wait_until lists_no 1001
  [ "$(pid_of s b)" = "$b" ]
}

@test "subscribers are told of starts, ends and failures" {
  supervise
  start ubus -t 60 subscribe service
  # It is subscribed when it is told of something.
  probe() { ubus call service event '{"type":"probe","data":{}}'; grep -q probe out; }
  wait_until probe
  call set '{"name":"s","instances":{"i":{"command":["/bin/false"],"respawn":["5","0","1"]}}}'
  wait_until grep -q instance.fail out
  [ "$(grep -v probe out | sed 's/,"command.*//')" = '{ "instance.start": {"service":"s","instance":"i"} }
{ "service.start": {"service":"s"} }
{ "instance.stop": {"service":"s","instance":"i"} }
{ "instance.respawn": {"service":"s","instance":"i","pid":0,"exit_code":1,"respawn_count":1
{ "instance.start": {"service":"s","instance":"i"} }
{ "instance.stop": {"service":"s","instance":"i"} }
{ "instance.fail": {"service":"s","instance":"i","pid":0,"exit_code":1,"respawn_count":2' ]
}

@test "a trigger that is malformed does nothing, and says so; the others run" {
  supervise
  reporter
  call set "{\"name\":\"t\",\"triggers\":[[\"e\",[[\"if\",[\"nonsense\"],[\"run_script\",\"$root/act\",\"no\"]],[\"run_script\",\"$root/act\",\"50%\"],[\"run_script\",\"$root/act\",\"%k%\"]]]]}"
  call event '{"type":"e","data":{"k":"yes"}}'
  wait_until lines calls 1
  [ "$(cat calls)" = yes ]
  logged 'trigger: unknown expression nonsense'
  logged 'trigger: odd number of % in 50%'
}

@test "a client that sends rubbish, or leaves in the middle, harms nobody" {
  supervise
  command -v perl > /dev/null || skip 'needs perl'
  for bytes in '\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff' '\x00\x05\x00\x01' '\x00\x05\x00\x01\x10\x00\x00\x01\x00\x00\x00\x04' '\x00\x05\x00\x01\x10\x00\x00\x01\x00\x00\x10\x00abc'; do
    perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0); connect(S, sockaddr_un($ARGV[0])) or die; my $b = eval "\"$ARGV[1]\""; syswrite S, $b; close S' "$root/var/run/ubus/ubus.sock" "$bytes"
  done
  ends 0 ubus -S call service list
  prints '{}'
}

@test "only the owner and the group of the socket may use the bus" {
  need_user daemon
  supervise
  ends 255 as_user daemon env PERPETUA_ROOT="$root" ubus list
  kill -TERM "$procd"
  wait "$procd"
  supervise -g "$(id -gn daemon)"
  ends 0 as_user daemon env PERPETUA_ROOT="$root" ubus list service
}

@test "user, group and priority are those of the description" {
  need_user daemon
  supervise
  call set '{"name":"s","instances":{"i":{"command":["sh","-c","exec sleep 1000"],"user":"daemon","nice":3}}}'
  wait_until runs s i
  is_daemon() { [ "$(ps -o uid= -p "$(pid_of s i)" | tr -d ' ')" = "$(id -u daemon)" ]; }
  command -v ps > /dev/null || skip 'needs ps'
  wait_until is_daemon
  # Whatever whoever runs the tests has.
  [ "$(ps -o ni= -p "$(pid_of s i)" | tr -d ' ')" = 3 ]
}

@test "a user or a group without a name is none" {
  supervise
  sleeper s '"user":"","group":""'
  wait_until runs s main
  lists_no user
  lists_no group
}

@test "a limit that can't be set is ignored, and the process runs" {
  supervise
  hard=$(ulimit -Hn)
  limited() {
    rm -f got
    call set "{\"name\":\"l\",\"instances\":{\"i\":{\"command\":[\"sh\",\"-c\",\"echo \$(ulimit -Sn) \$(ulimit -Hn) > got.new; mv got.new got\",\"$1\"],\"limits\":{\"nofile\":\"$1\"}}}}"
    wait_until test -f got
    prints_got=$(cat got)
  }
  limited '128 64'
  [ "$prints_got" = "$(ulimit -Sn) $hard" ]
  limited "$((hard + 1)) 99999999999999"
  [ "$prints_got" = "$(ulimit -Sn) $hard" ]
  limited x
  [ "$prints_got" = "$(ulimit -Sn) $hard" ]
  # What follows the numbers does not matter.
  limited '64x'
  [ "$prints_got" = "64 $hard" ]
  limited '64 unlimited'
  [ "$prints_got" = "64 $hard" ]
  limited ' 64  128 256'
  [ "$prints_got" = '64 128' ]
}

@test "an instance whose watchdog is not called is ended, with respawn started again" {
  supervise
  sleeper a '"watchdog":["1","60"]'
  wait_until runs a main
  [[ $(listed '{"name":"a"}') == *'"watchdog":{"mode":1,"timeout":60}'* ]]
  ends 0 ubus -S call service watchdog '{"name":"a","instance":"main"}'
  prints '{"name":"a","instance":"main","mode":1,"timeout":60}'
  before=$(pid_of a main)
  # What the program sets itself, a description no longer changes.
  ends 0 ubus -S call service watchdog '{"name":"a","instance":"main","timeout":30}'
  sleeper a '"watchdog":["2","50"]'
  settled
  [ "$(pid_of a main)" = "$before" ]
  [[ $(listed '{"name":"a"}') == *'"watchdog":{"mode":1,"timeout":30}'* ]]
  ubus call service watchdog '{"name":"a","instance":"main","timeout":0}' > /dev/null
  wait_until rests a main
  [ "$(listed '{"name":"a"}')" = '{"a":{}}' ]
  sleeper b '"watchdog":["1","60"],"respawn":["1","0","0"]'
  wait_until runs b main
  before=$(pid_of b main)
  ubus call service watchdog '{"name":"b","instance":"main","timeout":0}' > /dev/null
  ubus call service watchdog '{"name":"b","instance":"main","mode":0}' > /dev/null
  wait_until restarted b main "$before"
  ends 4 ubus call service watchdog '{"name":"b"}'
  ends 4 ubus call service watchdog '{"name":"b","instance":"none"}'
  ends 4 ubus call service watchdog '{"instance":"main"}'
}

@test "set_data changes what get_data and list tell, of the service or of an instance, and restarts nothing" {
  supervise
  sleeper d '"data":{"k":"v"}'
  wait_until runs d main
  before=$(pid_of d main)
  ends 0 call set_data '{"name":"d","data":{"b":"2"}}'
  ends 0 call set_data '{"name":"d","instance":"main","data":{"q":"1"}}'
  ends 0 ubus -S call service get_data
  prints '{"d":{"*":{"b":"2"},"main":{"q":"1"}}}'
  [ "$(pid_of d main)" = "$before" ]
  ends 4 call set_data '{"name":"d","instance":"none","data":{}}'
  ends 4 call set_data '{"name":"none","data":{}}'
  ends 2 call set_data '{"name":"d"}'
}

@test "what is said of an instance in other words is no change" {
  supervise
  sleeper s '"respawn":[],"netdev":["b0","a0","b0"]'
  wait_until runs s main
  before=$(pid_of s main)
  sleeper s '"respawn":[" 3600","5","5x"],"netdev":["a0","b0"],"facility":"daemon","no_new_privs":false,"user":""'
  settled
  [ "$(pid_of s main)" = "$before" ]
  [[ $(listed) == *'"netdev":["a0","b0"]'* ]]
}

@test "rules are listed with the last one first, and an empty list of them takes them away" {
  supervise
  call set '{"name":"v","validate":[{"package":"b","type":"t","data":{"z":"s","a":"q"}},{"package":"a","type":"u","data":{}}]}'
  ends 0 ubus -S call service list '{"verbose":true}'
  prints '{"v":{"validate":[{"package":"a","type":"u","rules":{}},{"package":"b","type":"t","rules":{"a":"q","z":"s"}}]}}'
  script v <<'X'
USE_PROCD=1
start_service() { :; }
service_triggers() { procd_open_validate; procd_close_validate; }
X
  ends 0 env PROCD_DEBUG=1 "$root/etc/init.d/v" start
  complains "{\"name\":\"v\",\"script\":\"$root/etc/init.d/v\",\"instances\":{},\"triggers\":[],\"validate\":[]}"
  ends 0 ubus -S call service validate
  prints '{}'
}

@test "a trigger whose regular expression is none takes the other branch" {
  supervise
  reporter
  call set "{\"name\":\"t\",\"triggers\":[[\"e\",[\"if\",[\"regex\",\"k\",\"(\"],[\"run_script\",\"$root/act\",\"yes\"],[\"run_script\",\"$root/act\",\"no\"],[\"return\"]]]]}"
  call event '{"type":"e","data":{"k":"v"}}'
  wait_until has_lines calls 1
  [ "$(cat calls)" = no ]
}

@test "a script that is called by its link in rc.d is the script, however the link is named" {
  supervise
  script real <<'X'
USE_PROCD=1
START=12
start_service() { procd_add_instance sleep 1000; }
X
  init real enable
  ends 0 etc/rc.d/S12real start
  wait_until runs real instance1
  cd etc
  ends 0 rc.d/S12real running
  cd rc.d
  ends 0 ./../rc.d/S12real stop
  wait_until lists '{}'
}

@test "what scripts read and write configuration with" {
  supervise
  printf "config a x\n\toption v \"it's\"\n\tlist l p\n\tlist l 'q r'\n" > etc/config/hello
  script v <<'X'
EXTRA_COMMANDS=all
each() { echo "each $1 $2"; return 1; }
all() {
  local d='' e=untouched
  config_load hello
  config_list_foreach x l each more
  config_get e 'x$(touch evil)' v fallback
  config_set x v new
  config_get d x v
  append d more
  append d more ,
  echo "$d $e"
  list_contains d new && ! list_contains d ne && echo contains
  config_unset x v
  config_get d x v none
  echo "$d"
  uci_set hello x v set
  uci_commit hello
  uci_get hello x v
  procd_send_signal nothing 2> /dev/null
}
USE_PROCD=1
X
  ends 0 init v all
  prints "each p more
each q r more
new more,more untouched
contains
none
set"
  [ ! -e evil ]
}

@test "data that is gone with its instance is told" {
  supervise
  reporter
  call set "{\"name\":\"w\",\"triggers\":[[\"service.data.update\",[\"run_script\",\"$root/act\",\"%name%\"]]]}"
  sleeper d '"data":{"a":"1"}'
  wait_until has_lines calls 1
  call set '{"name":"d","instances":{}}'
  wait_until has_lines calls 2
  [ "$(sort -u calls)" = a ]
}

@test "help tells the actions, the script's own among them" {
  script t <<'X'
USE_PROCD=1
extra_command mine 'Do mine'
EXTRA_COMMANDS=other
EXTRA_HELP='	other           Do other'
other() { echo "other $*"; return 7; }
X
  ends 0 init t
  prints "Syntax: $root/etc/init.d/t [command]

Available commands:
	start           Start the service
	stop            Stop the service
	restart         Restart the service
	reload          Reload configuration files (or restart if service does not implement reload)
	enable          Enable service autostart
	disable         Disable service autostart
	enabled         Check if service is started on boot
	mine            Do mine
	running         Check if service is running
	status          Service status
	trace           Start with syscall trace
	info            Dump procd service info
	other           Do other"
  ends 7 init t other a b
  prints 'other a b'
}
