# ubus: calls, events, and how a request ends.
# SPDX-License-Identifier: Apache-2.0

load helper
load procd

@test "ubus tells how it is used, by its own statuses" {
  ends 0 ubus -h
  ends 1 ubus
  complains "usage: ubus $(ubus -h 2>&1 | sed 's/usage: ubus //')"
  ends 254 ubus frobnicate
  ends 254 ubus call service
  ends 254 ubus send
  ends 254 ubus wait_for
  ends 100 ubus -t x list
  ends 100 ubus -Z
}

@test "without a bus it fails with 255, and waits for one as long as it is told" {
  ends 255 ubus list
  complains 'Failed to connect to ubus'
  ends 255 ubus -S list
  complains ''
  ends 7 ubus -t 1 wait_for service
  complains 'Command failed: Request timed out'
}

@test "what is asked for is found or not, by the object, the method and the arguments" {
  supervise
  ends 4 ubus call nothing list
  complains 'Command failed: Not found'
  ends 4 ubus -S call nothing list
  complains ''
  ends 3 ubus call service frobnicate
  complains 'Command failed: Method not found'
  ends 12 ubus call service list '[1]'
  complains 'Command failed: Parsing message data failed'
  ends 2 ubus call service set '{"name":5}'
  complains 'Command failed: Invalid argument'
  ends 4 ubus list nothing
  ends 7 ubus -t 1 wait_for service nothing
}

@test "an answer too long for a message is told by a status, and the bus goes on" {
  supervise
  text=$(head -c 100000 /dev/zero | tr '\0' x)
  for name in 0 1 2 3 4 5 6 7 8 9 10; do call set "{\"name\":\"$name\",\"data\":{\"x\":\"$text\"}}"; done
  ends 11 ubus call service list
  complains 'Command failed: Out of memory'
  ubus -S call service list '{"name":"7"}' > long
  [ "$(wc -c < long)" -gt 100000 ]
}

@test "subscribe tells what there is not" {
  supervise
  ends 255 ubus subscribe nothing
  complains "Error while registering for event 'nothing': Not found"
}

@test "list -v tells methods and arguments" {
  supervise
  ends 0 ubus -v list service
  [[ ${lines[0]} =~ ^"'service' @"[0-9a-f]{8}$ ]]
  [[ $output == *$'\t"delete":{"name":"String","instance":"String"}'* ]]
  [[ $output == *$'\t"state":{"spawn":"Boolean","name":"String"}'* ]]
}

@test "events reach those who listen for them" {
  supervise
  start ubus -t 60 listen 'fo*'
  probe() { ubus send foo; [ -s out ]; }
  wait_until probe
  ubus send bar '{"no":true}'
  ubus send foobar '{"a":1,"b":[true,null,1.5]}'
  wait_until grep -q foobar out
  [ "$(grep -v '"foo": {}' out)" = '{ "foobar": {"a":1,"b":[true,null,1.500000]} }' ]
}

@test "listen ends with 0 when its time is over" {
  supervise
  ends 0 ubus -t 1 listen
  prints ''
}

@test "a bus that hangs up is a failed connection, and no signal" {
  perl -MIO::Socket::UNIX -e 1 2> /dev/null || skip "needs perl with IO::Socket::UNIX"
  # It greets the client and takes nothing from it.
  start perl -MIO::Socket::UNIX -e '$s = IO::Socket::UNIX->new(Local => "bus", Listen => 1) or die; open F, ">", "bound";
    $c = $s->accept; shutdown $c, 0; syswrite $c, "\0\0\0\0\0\0\0\1\0\0\0\4"; sleep 1000'
  wait_until test -e bound
  ends 10 ubus -s "$PWD/bus" list
  complains 'Command failed: Connection failed'
}
