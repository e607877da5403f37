# The rows A1 to A44 of what an article on procd promises its readers: each done, and its effect observed.
# editions: native
# SPDX-License-Identifier: Apache-2.0
#
# Those with an init script are done twice: under dash and under busybox ash. Those that speak of seconds are done with
# shorter ones. Not tested: a watchdog that there is, and what a machine does when it is upgraded.

load helper
load procd

@test "A1: a process that is killed comes back under the same name" {
  supervise
  sleeper hello '"respawn":["3600","1","5"]'
  wait_until runs hello main
  old=$(pid_of hello main)
  kill -KILL "$old"
  wait_until rests hello main
  wait_until restarted hello main "$old"
}

@test "A2: the same description twice is one process" {
  supervise
  sleeper hello
  wait_until runs hello main
  old=$(pid_of hello main)
  sleeper hello
  settled
  [ "$(pid_of hello main)" = "$old" ]
}

a3_to_a6() {
  supervise
  reporter
  call set "{\"name\":\"t\",\"triggers\":[[\"config.change\",[\"run_script\",\"$root/act\",\"%package%\"]]]}"
  printf "config a 'b'\n\toption x '1'\n" | tee etc/config/one > etc/config/two
  ends 0 "$shell" "$PERPETUA_BIN/reload_config"
  settled
  [ ! -e calls ]
  [ "$(sed -E 's#^[0-9a-f]{32}  .*/##' var/run/config.md5)" = 'one
two' ]
  printf "\n# x\nconfig   a   b\n  option x 1\n" > etc/config/one
  ends 0 "$shell" "$PERPETUA_BIN/reload_config"
  settled
  [ ! -e calls ]
  before=$(cat var/run/config.md5)
  printf "config a 'b'\n\toption x '2'\n" > etc/config/one
  ends 0 "$shell" "$PERPETUA_BIN/reload_config"
  wait_until lines calls 1
  [ "$(cat calls)" = one ]
  [ "$(cat var/run/config.md5)" != "$before" ]
  ends 0 "$shell" "$PERPETUA_BIN/reload_config"
  settled
  lines calls 1
}
@test "A3 to A6: reload_config announces changes of values, once, and nothing else" { in_each_shell a3_to_a6; }

a5() {
  supervise
  for name in one two; do
    printf "config a 'b'\n\toption x '1'\n" > etc/config/$name
    script $name <<X
USE_PROCD=1
PROCD_RELOAD_DELAY=50
start_service() { procd_open_instance; procd_set_param command sleep "\$(uci get $name.b.x)000"; procd_close_instance; }
service_triggers() { procd_add_reload_trigger $name; }
X
    init $name start
    wait_until runs $name instance1
  done
  one=$(pid_of one instance1) two=$(pid_of two instance1)
  "$shell" "$PERPETUA_BIN/reload_config"
  uci set one.b.x=2
  "$shell" "$PERPETUA_BIN/reload_config"
  wait_until restarted one instance1 "$one"
  [ "$(pid_of two instance1)" = "$two" ]
}
@test "A5: a change reloads the services that wait for it, and no others" { in_each_shell a5; }

@test "A7: the bus has service and system" {
  supervise
  ends 0 ubus list
  prints 'service
system'
}

@test "A8: the article's service add runs the process, and list shows all of it" {
  supervise
  call add '{"name":"hello","script":"/etc/init.d/hello","instances":{"instance1":{"command":["sleep","1000"],"respawn":[]}},"triggers":[["config.change",["if",["eq","package","hello"],["run_script","/etc/init.d/hello","reload"]]]]}'
  wait_until runs hello instance1
  [ "$(listed '{"name":"hello","verbose":true}')" = '{"hello":{"instances":{"instance1":{"running":true,"pid":N,"command":["sleep","1000"],"term_timeout":5,"respawn":{"threshold":3600,"timeout":5,"retry":5}}},"triggers":[["config.change",["if",["eq","package","hello"],["run_script","/etc/init.d/hello","reload"]]]]}}' ]
}

@test "A9, A10: add leaves the other instances, set ends them" {
  supervise
  call add '{"name":"hello","instances":{"a":{"command":["sleep","1001"]}}}'
  wait_until runs hello a
  a=$(pid_of hello a)
  call add '{"name":"hello","instances":{"b":{"command":["sleep","1002"]}}}'
  wait_until runs hello b
  [ "$(pid_of hello a)" = "$a" ]
  b=$(pid_of hello b)
  call set '{"name":"hello","instances":{"b":{"command":["sleep","1002"]}}}'
  wait_until gone "$a"
  wait_until lists '{"hello":{"instances":{"b":{"running":true,"pid":N,"command":["sleep","1002"],"term_timeout":5}}}}'
  [ "$(pid_of hello b)" = "$b" ]
}

@test "A11: list knows all, one, with triggers and without" {
  supervise
  call set '{"name":"a","triggers":[]}'
  call set '{"name":"b","triggers":[]}'
  [ "$(listed)" = '{"a":{},"b":{}}' ]
  [ "$(listed '{"name":"b"}')" = '{"b":{}}' ]
  [ "$(listed '{"name":"b","verbose":true}')" = '{"b":{"triggers":[]}}' ]
  [ "$(listed '{"name":"c"}')" = '{}' ]
}

@test "A12, A13: delete ends a service, or one instance of it; what is gone is not found" {
  supervise
  call set '{"name":"hello","instances":{"a":{"command":["sleep","1001"]},"b":{"command":["sleep","1002"]}}}'
  wait_until runs hello b
  a=$(pid_of hello a) b=$(pid_of hello b)
  call delete '{"name":"hello","instance":"a"}'
  wait_until gone "$a"
  [ "$(pid_of hello b)" = "$b" ]
  call delete '{"name":"hello"}'
  wait_until lists '{}'
  gone "$b"
  ends 4 ubus call service delete '{"name":"hello"}'
  complains 'Command failed: Not found'
}

@test "A14: an event runs the script of the trigger that waits for it" {
  supervise
  reporter
  call set "{\"name\":\"t\",\"triggers\":[[\"config.change\",[\"if\",[\"eq\",\"package\",\"hello\"],[\"run_script\",\"$root/act\",\"reload\"]]]]}"
  call event '{"type":"config.change","data":{"package":"other"}}'
  call event '{"type":"config.change","data":{"package":"hello"}}'
  wait_until lines calls 1
  settled
  [ "$(cat calls)" = reload ]
}

@test "A15: validate tells the rules by package, type and option" {
  supervise
  call set '{"name":"v","validate":[{"package":"system","type":"system","data":{"cronloglevel":"uinteger"}}]}'
  ends 0 ubus -S call service validate
  prints '{"system":{"system":{"cronloglevel":"uinteger"}}}'
}

@test "A16: system board and info tell what the machine is and how it does" {
  supervise
  board=$(ubus -S call system board)
  for field in kernel hostname system; do [[ $board == *"\"$field\":\""* ]] || { echo "no $field: $board"; return 1; }; done
  [[ $board == *"\"kernel\":\"$(uname -r)\""* ]]
  mkdir -p etc
  printf "DISTRIB_ID='OpenWrt'\nDISTRIB_RELEASE='1.2'\n" > etc/openwrt_release
  [[ $(ubus -S call system board) == *'"release":{"distribution":"OpenWrt","version":"1.2"}'* ]]
  info=$(ubus -S call system info)
  for field in localtime uptime load memory root tmp swap; do [[ $info == *"\"$field\":"* ]] || { echo "no $field: $info"; return 1; }; done
}

@test "A17: system signal sends it" {
  supervise
  start sh -c 'trap "echo got > told" USR1; : > ready; while [ ! -e told ]; do sleep 0.02; done'
  wait_until test -e ready
  ubus call system signal "{\"pid\":$pid,\"signum\":10}"
  wait_until test -s told
}

@test "A18: system watchdog answers without a device, and 0 does no harm" {
  supervise
  ends 0 ubus -S call system watchdog
  prints '{"status":"offline","timeout":30,"frequency":5,"magicclose":false}'
  ends 0 ubus -S call system watchdog '{"frequency":0}'
  prints '{"status":"offline","timeout":30,"frequency":5,"magicclose":false}'
  ends 0 ubus -S call system watchdog '{"timeout":4}'
  prints '{"status":"offline","timeout":10,"frequency":5,"magicclose":false}'
}

@test "A19: after system upgrade nothing is started again; nandupgrade is refused" {
  supervise
  ends 8 ubus call system nandupgrade '{"path":"/x"}'
  complains 'Command failed: Operation not supported'
  ubus call system upgrade
  call set '{"name":"x","instances":{"i":{"command":["/bin/false"],"respawn":["5","0","0"]}}}'
  wait_until lists '{"x":{"instances":{"i":{"running":false,"command":["/bin/false"],"term_timeout":5,"exit_code":1,"respawn":{"threshold":5,"timeout":0,"retry":0}}}}}'
  settled
  [[ $(listed) == *'"exit_code":1'* ]]
}

# starter SECONDS: a program that notes the second of its start, and ends after so many
starter() {
  printf '#!/bin/sh\ndate +%%s.%%N >> starts\nsleep %s\nexit 7\n' "$1" > prog
  chmod 755 prog
}
# gaps: between the starts, in tenths of a second
gaps() { awk 'NR > 1 { printf "%d ", ($1 - last) * 10 + 0.5 } { last = $1 }' starts; }

@test "A20: a program that ends at once is started so often, so far apart, and is given up then" {
  supervise
  starter 0
  call set '{"name":"x","instances":{"i":{"command":["./prog"],"respawn":["5","1","2"]}}}'
  wait_until lists '{"x":{"instances":{"i":{"running":false,"command":["./prog"],"term_timeout":5,"exit_code":7}}}}'
  logged 'x::i: in a crash loop: 3 crashes'
  lines starts 3
  for gap in $(gaps); do [ "$gap" -ge 10 ] && [ "$gap" -le 12 ] || { gaps; return 1; }; done
}

@test "A21: one that runs longer than the threshold is started for ever" {
  supervise
  starter 1.1
  call set '{"name":"x","instances":{"i":{"command":["./prog"],"respawn":["1","0","1"]}}}'
  wait_until lines starts 4
  wait_until runs x i
}

a22() {
  supervise
  script x <<'X'
USE_PROCD=1
start_service() { procd_open_instance; procd_set_param command sleep 1000; procd_set_param respawn; procd_close_instance; }
X
  init x start
  [[ $(listed) == *'"respawn":{"threshold":3600,"timeout":5,"retry":5}'* ]]
}
@test "A22: respawn without values is 3600, 5, 5" { in_each_shell a22; }

@test "A23: a retry of 0 never gives up" {
  supervise
  starter 0
  call set '{"name":"x","instances":{"i":{"command":["./prog"],"respawn":["5","0","0"]}}}'
  wait_until has_lines starts 8
  call delete '{"name":"x"}'
}

a24() {
  supervise
  script x <<'X'
USE_PROCD=1
start_service() { procd_open_instance; procd_set_param command sleep 1000; procd_set_param env A="$(cat value)"; procd_close_instance; }
X
  echo one > value
  init x start
  wait_until runs x instance1
  old=$(pid_of x instance1)
  tr '\0' '\n' < "/proc/$old/environ" | grep -qx 'A=one'
  echo two > value
  init x start
  wait_until restarted x instance1 "$old"
  tr '\0' '\n' < "/proc/$(pid_of x instance1)/environ" | grep -qx 'A=two'
}
@test "A24: env is seen by the process, and another one restarts it" { in_each_shell a24; }

a25() {
  supervise
  script x <<X
USE_PROCD=1
start_service() { procd_open_instance; procd_set_param command sleep 1000; procd_set_param file $root/watched; procd_close_instance; }
X
  echo one > watched
  init x start
  wait_until runs x instance1
  old=$(pid_of x instance1)
  init x reload
  settled
  [ "$(pid_of x instance1)" = "$old" ]
  echo two > watched
  init x reload
  wait_until restarted x instance1 "$old"
}
@test "A25: the content of a file belongs to the description" { in_each_shell a25; }

@test "A26: a network device that was made anew is another one" {
  need_root 'it makes a network device'
  need_command ip
  ip link add perpetua-a26 type dummy 2> /dev/null || skip 'needs a kernel and a privilege to make a dummy network device'
  supervise
  sleeper x '"netdev":["perpetua-a26"]'
  wait_until runs x main
  old=$(pid_of x main)
  ip link del perpetua-a26
  ip link add perpetua-a26 type dummy || :
  sleeper x '"netdev":["perpetua-a26"]'
  ip link del perpetua-a26 || :
  wait_until restarted x main "$old"
}

a27() {
  supervise
  script x <<'X'
USE_PROCD=1
start_service() {
  procd_open_instance
  procd_set_param command sh -c 'ulimit -Sn > soft; ulimit -Hn > hard; exec sleep 1000'
  procd_set_param limits nofile="100 200"
  procd_close_instance
}
X
  init x start
  wait_until test -s hard
  [ "$(cat soft hard)" = '100
200' ]
}
@test "A27: limits are in effect" { in_each_shell a27; }

a28() {
  supervise
  script rpcd <<'X'
USE_PROCD=1
START=12
start_service() {
  procd_open_instance
  procd_set_param command sleep 1000
  procd_close_instance
}
X
  ends 0 env PROCD_DEBUG=1 "$root/etc/init.d/rpcd" start
  complains "{\"name\":\"rpcd\",\"script\":\"$root/etc/init.d/rpcd\",\"instances\":{\"instance1\":{\"command\":[\"sleep\",\"1000\"]}},\"triggers\":[]}"
}
@test "A28: PROCD_DEBUG shows the message" { in_each_shell a28; }

a29() {
  supervise
  script hello <<'X'
USE_PROCD=1
start_service() { :; }
service_triggers() { procd_add_reload_trigger hello; }
X
  script same <<X
USE_PROCD=1
start_service() { :; }
service_triggers() {
  procd_open_trigger
  procd_add_config_trigger config.change hello $root/etc/init.d/hello reload
  procd_close_trigger
}
X
  init hello start
  init same start
  wanted="{\"triggers\":[[\"config.change\",[\"if\",[\"eq\",\"package\",\"hello\"],[\"run_script\",\"$root/etc/init.d/hello\",\"reload\"]],1000]]}"
  [ "$(listed '{"name":"hello","verbose":true}')" = "{\"hello\":$wanted}" ]
  [ "$(listed '{"name":"same","verbose":true}')" = "{\"same\":$wanted}" ]
}
@test "A29, A30: a reload trigger, and the same by hand" { in_each_shell a29; }

a31() {
  supervise
  script v <<'X'
USE_PROCD=1
start_service() { :; }
validate_cron_section() { uci_validate_section system system "${1}" 'cronloglevel:uinteger' 'name:or("a","b")'; }
validate_other() { uci_validate_section hello globe "" 'delay:uinteger(1\:200)'; }
validate_third() { uci_validate_section hello fixed there 'x:bool'; }
service_triggers() {
  procd_open_validate
  validate_cron_section
  validate_other
  procd_close_validate
  procd_add_validation validate_third
}
X
  init v start
  [ "$(ubus -S call service validate)" = '{"hello":{"globe":{"delay":"uinteger(1:200)"}},"system":{"system":{"cronloglevel":"uinteger","name":"or(a,b)"}}}' ]
  script w <<'X'
USE_PROCD=1
start_service() { :; }
one() { uci_validate_section w one "${1}" 'x:bool'; }
two() { uci_validate_section w two "${1}" 'y:port'; }
service_triggers() { procd_add_validation one; procd_add_validation two; }
X
  init w start
  [ "$(ubus -S call service validate '{"package":"w"}')" = '{"w":{"one":{"x":"bool"},"two":{"y":"port"}}}' ]
}
@test "A31, A32: declared rules are listed, beside each other" { in_each_shell a31; }

a33() {
  supervise
  script k <<'X'
USE_PROCD=1
EXTRA_COMMANDS="one all"
start_service() { procd_add_instance sleep 1001; procd_add_instance sleep 1002; }
one() { procd_kill k instance1; }
all() { procd_kill k; }
X
  init k start
  wait_until runs k instance2
  init k one
  wait_until lists '{"k":{"instances":{"instance2":{"running":true,"pid":N,"command":["sleep","1002"],"term_timeout":5}}}}'
  init k all
  wait_until lists '{}'
}
@test "A33: procd_kill ends a service, or one instance" { in_each_shell a33; }

# The article's script, with a program that there is.
article() {
  printf '#!/bin/sh\necho "$*" > said\nexec sleep 1000\n' > hello
  chmod 755 hello
  script hello <<X
USE_PROCD=1
START=15
STOP=85
PROG=$root/hello

validate_hello_section() {
  uci_validate_section hello globe globe 'delay:uinteger(1:200)'
}

start_service() {
  echo start HelloRoute!
  validate_hello_section || {
    echo "hello validation failed!"
    return 1
  }
  procd_open_instance
  procd_set_param command "\$PROG" -f -w bjbook.net
  [ -n "\$delay" ] && procd_append_param command -d "\${delay}"
  procd_set_param file /etc/config/hello
  procd_set_param respawn
  procd_close_instance
}

service_triggers() { procd_add_reload_trigger "hello"; }
reload_service() { stop; start; }
X
}

a34() {
  supervise
  article
  printf "config globe globe\n\toption delay 10\n" > etc/config/hello
  ends 0 "$root/etc/init.d/hello" start
  prints 'start HelloRoute!'
  wait_until test -s said
  [ "$(cat said)" = '-f -w bjbook.net -d 10' ]
  old=$(pid_of hello instance1)
  init hello reload
  wait_until restarted hello instance1 "$old"
  init hello stop
  wait_until lists '{}'
  [ -z "$(pid_of hello instance1)" ]
  for value in 1000 abc; do
    printf "config globe globe\n\toption delay $value\n" > etc/config/hello
    ends 0 "$root/etc/init.d/hello" start
    prints 'start HelloRoute!
hello validation failed!'
    complains "hello.globe.delay=$value validates as uinteger(1:200) with false"
    lists '{"hello":{}}'
  done
}
@test "A34 to A37: the article's script starts, reloads, stops, and refuses what is invalid" { in_each_shell a34; }

a38() {
  supervise
  script x <<'X'
USE_PROCD=1
start_service() { echo started >> trace; procd_add_instance sleep 1000; }
X
  init x start
  wait_until runs x instance1
  old=$(pid_of x instance1)
  init x reload
  settled
  lines trace 2
  [ "$(pid_of x instance1)" = "$old" ]
}
@test "A38: without reload_service, reload starts, and nothing happens to what has not changed" { in_each_shell a38; }

a39() {
  supervise
  script x <<'X'
USE_PROCD=1
start_service() { echo start >> trace; procd_add_instance sleep 1000; }
service_started() { procd_running x && echo started >> trace; }
stop_service() { procd_running x && echo stop >> trace; }
service_stopped() { echo stopped >> trace; }
X
  init x start
  init x stop
  [ "$(cat trace)" = 'start
started
stop
stopped' ]
}
@test "A39: service_started is called after the start, stop_service before the end" { in_each_shell a39; }

a40() {
  script x <<'X'
start() { echo "start $*"; return 3; }
stop() { echo "stop $*"; }
extra_command hello 'say hello'
hello() { echo "hello $1"; return 4; }
X
  ends 3 "$root/etc/init.d/x" start a b
  prints 'start a b'
  ends 0 "$root/etc/init.d/x" stop
  ends 3 "$root/etc/init.d/x" restart
  ends 4 "$root/etc/init.d/x" hello you
  prints 'hello you'
  ends 0 "$root/etc/init.d/x" frobnicate
  [[ $output == Syntax:*'say hello'* ]]
}
@test "A40: a script without USE_PROCD runs its own functions, and needs no daemon" { in_each_shell a40; }

a41() {
  supervise
  script x <<'X'
USE_PROCD=1
start_service() { procd_add_instance sleep 1000; }
X
  ends 1 "$root/etc/init.d/x" running
  init x start
  wait_until init x running
  init x stop
  wait_until lists '{}'
  ends 1 "$root/etc/init.d/x" running
}
@test "A41: running tells whether it runs" { in_each_shell a41; }

a42() {
  script hello <<'X'
USE_PROCD=1
START=15
STOP=85
X
  ends 1 "$root/etc/init.d/hello" enabled
  ends 0 "$root/etc/init.d/hello" enable
  [ "$(cd etc/rc.d && echo *)" = 'K85hello S15hello' ]
  [ "$(readlink etc/rc.d/S15hello)" = ../init.d/hello ]
  ends 0 "$root/etc/init.d/hello" enabled
  ends 0 "$root/etc/init.d/hello" disable
  [ -z "$(ls etc/rc.d)" ]
}
@test "A42: enable and disable make and remove the links" { in_each_shell a42; }

@test "A43: a process that goes into the background is seen as ended" {
  supervise
  call set '{"name":"x","instances":{"i":{"command":["sh","-c","sleep 1000 & exit 3"]}}}'
  wait_until lists '{"x":{"instances":{"i":{"running":false,"command":["sh","-c","sleep 1000 & exit 3"],"term_timeout":5,"exit_code":3}}}}'
}

a44() {
  supervise
  for name in late early; do
    script $name <<X
USE_PROCD=1
START=$([ $name = early ] && echo 10 || echo 90)
start_service() { echo $name >> order; }
X
    init $name enable
  done
  printf "config a b\n" > etc/config/one
  # What a system does at boot.
  "$shell" "$PERPETUA_BIN/reload_config"
  for link in etc/rc.d/S*; do "$root/$link" boot; done
  [ -s var/run/config.md5 ]
  [ "$(cat order)" = 'early
late' ]
  [ "$(listed)" = '{"early":{},"late":{}}' ]
}
@test "A44: boot notes the configuration, and calls the scripts by number" { in_each_shell a44; }
