# uci: configuration files, shown and changed.
# SPDX-License-Identifier: Apache-2.0

load helper
load procd

@test "uci knows its options" {
  ends 0 uci -h
  ends 100 uci
  misuse uci 'missing command'
  ends 100 uci frobnicate
  misuse uci 'unknown command: frobnicate'
  ends 100 uci -Z
}

@test "show prints the file in its order, and not how it was written" {
  printf "# x\nconfig t\n option a b\\\\ c\n list l 'it'\\\\''s'\n list l 2\nconfig u n\n" > etc/config/p
  ends 0 uci show p
  prints "p.@t[0]=t
p.@t[0].a='b c'
p.@t[0].l='it'\\''s' '2'
p.n=u"
  ends 0 uci get 'p.@t[-1].l'
  prints "it's 2"
}

@test "what is not there, and what can't be understood, ends with 1" {
  echo bogus > etc/config/bad
  ends 1 uci show nothing
  complains 'uci: Entry not found'
  ends 1 uci show bad
  complains 'uci: Parse error (invalid command) at line 1'
  ends 1 uci -q get bad.a.b
  complains ''
  ends 1 uci get ../../etc/passwd
  complains 'uci: Invalid argument'
}

@test "changes wait, are seen, and are committed whole" {
  printf "config a b\n\toption x 1\n" > etc/config/p
  uci set p.b.x=2
  uci add_list p.b.l='two words'
  uci set p.s=kind
  section=$(uci add p item)
  ends 0 uci changes
  prints "p.b.x='2'
p.b.l+='two words'
p.s='kind'
+p.$section='item'"
  grep -q 'x 1' etc/config/p
  chmod 640 etc/config/p
  uci commit
  ends 0 uci changes
  prints ''
  [ "$(cat etc/config/p)" = "
config a 'b'
	option x '2'
	list l 'two words'

config kind 's'

config item" ]
  [ "$(stat -c %a etc/config/p)" = 640 ]
  uci delete p.b
  uci revert p
  ends 0 uci get p.b
  prints a
}

@test "export names sections where that is asked for" {
  printf "config t\n\toption a 1\n" > etc/config/p
  ends 0 uci export p
  prints "package p

config t
	option a '1'"
  uci -n export p | grep -q "^config t 'cfg01"
}
