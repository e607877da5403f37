# uci: configuration files, shown and changed.
# SPDX-License-Identifier: Apache-2.0

load helper
load procd

@test "uci knows its options" {
  ends 0 uci -h
  ends 100 uci
  misuse uci 'missing command'
  ends 100 uci -Z
}

@test "a command that is unknown, or has not what it takes, is told by the status of OpenWrt's program, and does nothing" {
  printf "config a b\n" > etc/config/p
  for call in frobnicate get 'get p.b x' 'set' 'add p' 'add p t x' revert 'show p q' delete; do
    # Split at blanks, as meant here.
    ends 255 uci $call
    complains 'usage: uci [-hnqVX] [-c directory] [-t directory] command [args ...]'
    prints ''
  done
  ends 0 uci changes
  prints ''
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
  complains 'uci: Parse error'
  printf "config a b\n\toption x 1\n" > etc/config/p
  for call in 'get p.none.x' 'show p.none' 'delete p.b.none' 'changes nothing' 'commit nothing' 'revert nothing' 'export nothing'; do
    ends 1 uci $call
    complains 'uci: Entry not found'
  done
  for call in 'set p.b.x' 'set p=1' 'set p.none.x=1' 'add_list p.none.x=1' 'del_list p.none.x=1' 'delete p'; do
    ends 1 uci $call
    complains 'uci: Invalid argument'
  done
  ends 3 uci add nothing t
  ends 5 uci add bad t
  ends 0 uci get p
  prints ''
}

@test "without a name, show goes on behind a package that it can't read" {
  echo bogus > etc/config/bad
  printf "config a b\n" > etc/config/p
  ends 0 uci show
  prints 'p.b=a'
  complains 'uci: Parse error (invalid command) at line 1'
}

@test "a hash ends a word, an option without a value is none, and one name is one type" {
  printf "config a b\n\toption x 1#2\n\toption e ''\n\toption x ''\n\tlist l ''\n" > etc/config/p
  ends 0 uci show p
  prints "p.b=a
p.b.x='1'
p.b.l=''"
  printf "config a b\nconfig c b\n" > etc/config/p
  ends 1 uci show p
  complains 'uci: Parse error (section of different type overwrites prior section with same name) at line 2'
}

@test "what changes nothing is no change, and an element of a list is deleted by its place" {
  printf "config a b\n\toption x 1\n\tlist l one\n\tlist l two\n" > etc/config/p
  uci set p.b.x=1
  uci set p.b=a
  uci set p.b.none=
  uci del_list p.b.x=1
  uci delete p.b.l=7
  ends 0 uci changes
  prints ''
  ends 1 uci delete p.b.l=one
  complains ''
  uci delete p.b.l=0
  ends 0 uci changes
  prints '-p.b.l'
  ends 0 uci get p.b.l
  prints two
  uci del_list p.b.l=two
  ends 0 uci get p.b.l
  prints ''
  uci set p.b.x=
  ends 1 uci get p.b.x
}

@test "revert drops the changes of an option, of a section, or all" {
  printf "config a b\n\toption x 1\n\toption y 1\nconfig a c\n\toption x 1\n" > etc/config/p
  change() { uci set p.b.x=2; uci set p.b.y=2; uci set p.c.x=2; }
  change
  uci revert p.b.x
  ends 0 uci changes
  prints "p.b.y='2'
p.c.x='2'"
  uci revert 'p.@a[0]'
  ends 0 uci changes
  prints "p.c.x='2'"
  uci revert p
  ends 0 uci changes
  prints ''
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
p.$section='item'"
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
