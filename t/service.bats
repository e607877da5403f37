# service, reload_config and rc.common, where no row of procd_rows.bats tells of them.
# editions: native
# SPDX-License-Identifier: Apache-2.0

load helper
load procd

plain_service() {
  script "$1" <<'X'
USE_PROCD=1
START=20
start_service() { procd_add_instance sleep 1000; }
X
}

services() {
  supervise
  plain_service one
  plain_service two
  "$shell" "$PERPETUA_BIN/service" one start
  "$shell" "$PERPETUA_BIN/service" one enable
  wait_until runs one instance1
  [ "$("$shell" "$PERPETUA_BIN/service" | sed 's/[[:space:]]\{1,\}/ /g')" = "$root/etc/init.d/one enabled running
$root/etc/init.d/two disabled stopped" ]
  ends 1 "$shell" "$PERPETUA_BIN/service" nothing start
  complains "Service \"nothing\" not found: there is no such script in $root/etc/init.d"
  ends 3 "$shell" "$PERPETUA_BIN/service" two status
}
@test "service runs actions, and lists the scripts" { in_each_shell services; }

no_bus() {
  plain_service one
  ends 1 "$root/etc/init.d/one" start
  complains 'Failed to connect to ubus'
  printf "config a b\n" > etc/config/p
  "$shell" "$PERPETUA_BIN/reload_config"
  before=$(cat var/run/config.md5)
  echo 'config c d' >> etc/config/p
  ends 1 "$shell" "$PERPETUA_BIN/reload_config"
  [ "$(cat var/run/config.md5)" = "$before" ]
  supervise
  reporter
  call set "{\"name\":\"t\",\"triggers\":[[\"config.change\",[\"run_script\",\"$root/act\",\"%package%\"]]]}"
  ends 0 "$shell" "$PERPETUA_BIN/reload_config"
  wait_until lines calls 1
  [ "$(cat calls)" = p ]
}
@test "without a bus start fails, and a change is announced when there is one again" { in_each_shell no_bus; }

locked() {
  supervise
  script slow <<'X'
USE_PROCD=1
EXTRA_COMMANDS=nested
start_service() { echo begin >> trace; : > started; while [ ! -e go ]; do sleep 0.02; done; echo end >> trace; }
reload_service() { "$initscript" stop; echo nested >> trace; }
X
  init slow start &
  first=$!
  wait_until test -e started
  # Questions are answered meanwhile.
  ends 1 "$root/etc/init.d/slow" running
  ends 111 env PROCD_LOCK_TIMEOUT=1 "$root/etc/init.d/slow" start
  [[ $stderr == *'unable to acquire lock'* ]]
  init slow start &
  second=$!
  : > go
  wait "$first" "$second"
  [ "$(cat trace)" = 'begin
end
begin
end' ]
  ends 0 timeout 20 "$root/etc/init.d/slow" reload
  [ "$(tail -n 1 trace)" = nested ]
}
@test "actions of one script wait for each other, questions and nested calls do not" { in_each_shell locked; }

values() {
  supervise
  script v <<'X'
USE_PROCD=1
start_service() {
  procd_open_instance
  procd_set_param command sleep 1000
  procd_set_param command sleep 1001 "$(printf 'a\001b\tc\nd\177')" 'ü' '%s\n' -n '*'
  procd_set_param env 'A=1=2' B ''  C=3
  procd_set_param reload_signal 10
  procd_set_param nice -1x
  procd_set_param term_timeout 08
  procd_set_param pidfile "$PERPETUA_ROOT/a \"b\""
  procd_set_param data 'k=v'
  procd_open_data
  json_add_int n 5
  json_add_object o
  json_add_array a
  json_add_boolean '' 1
  json_close_array
  json_close_object
  procd_close_data
  procd_set_config_changed other
  procd_close_instance
}
X
  ends 0 env PROCD_DEBUG=1 "$root/etc/init.d/v" start
  [ "$(tail -n 1 <<< "$stderr")" = "{\"name\":\"v\",\"script\":\"$root/etc/init.d/v\",\"instances\":{\"instance1\":{\"command\":[\"sleep\",\"1001\",\"a\\u0001b\\tc\\nd\\u007f\",\"ü\",\"%s\\\\n\",\"-n\",\"*\"],\"env\":{\"A\":\"1=2\",\"B\":\"\"},\"reload_signal\":10,\"nice\":0,\"term_timeout\":8,\"pidfile\":\"$root/a \\\"b\\\"\",\"data\":{\"k\":\"v\",\"n\":5,\"o\":{\"a\":[true]}}}},\"triggers\":[]}" ]
}
@test "values of every kind arrive as they are" { in_each_shell values; }
