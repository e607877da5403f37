# validate_data: values, sections and declarations. The rules themselves are tested in t/unit.
# SPDX-License-Identifier: Apache-2.0

load helper
load procd

@test "a value is valid or not" {
  ends 0 validate_data 'uinteger(1:200)' 100
  complains 'uinteger(1:200) - 100 = true'
  ends 1 validate_data 'uinteger(1:200)' 201
  ends 1 validate_data string ''
  ends 1 validate_data nonsense x
  ends 255 validate_data string
  complains 'usage: validate_data rule value | package type section name:rule[:default] ...'
}

@test "the options of a section become assignments" {
  printf "config t s\n\toption n 5\n\toption b on\n\toption text \"it's\"\n\toption bad x\n\tlist l 'a b'\n\tlist l c\n" > etc/config/p
  ends 0 validate_data p t s n:uinteger b:bool text:string l:string none:port:80 gone:bool
  prints "n=5; b=1; text='it'\"'\"'s'; l='a b'\\ 'c'; none=80; unset -v gone; "
  complains "p.s.n=5 validates as uinteger with true
p.s.b=on validates as bool with true
p.s.text=it's validates as string with true
p.s.l[0]=a b validates as string with true
p.s.l[1]=c validates as string with true
p.s.none is unset and defaults to port 80
p.s.gone is unset and defaults to bool (null)"
  # A default is not checked, but it is taken as what it is.
  ends 0 validate_data p t s d:bool:yes e:uinteger:many f:string: 'g:string:two words'
  prints "d=1; e='many'; unset -v f; g='two words'; "
  ends 0 validate_data p t nowhere n:uinteger:7
  prints 'n=7; '
  ends 255 validate_data p t s bad:uinteger n:uinteger
  prints 'unset -v bad; n=5; '
  complains 'p.s.bad=x validates as uinteger with false
p.s.n=5 validates as uinteger with true'
  ends 255 validate_data p t s 'l:and(string,maxlength(1))'
  prints 'unset -v l; '
}

@test "a package that can't be read is said so" {
  ends 255 validate_data nothing t s n:uinteger
  prints ''
  complains 'validate_data: unable to read package nothing: file does not exist (ENOENT)'
  echo bogus > etc/config/bad
  ends 255 validate_data bad t s n:uinteger
  complains 'validate_data: unable to read package bad: invalid command at line 1'
}

@test "without a section it prints declarations, and nothing that a shell would run" {
  ends 0 validate_data p t '' 'a:or("x","y")' 'b:uinteger:$(touch evil)' 'c$(touch evil):port' "d:string'; touch evil; '"
  # What is harmless is written as OpenWrt's program does.
  [[ $output == 'json_add_object; json_add_string "package" "p"; json_add_string "type" "t"; json_add_object "data"; json_add_string "a" "or("x","y")"; '* ]]
  eval "json_add_object() { :; }; json_close_object() { :; }; json_add_string() { echo \"\$1=\$2\" >> got; }; $output"
  [ "$(cat got)" = "package=p
type=t
a=or(x,y)
b=uinteger
d=string'; touch evil; '" ]
  [ ! -e evil ]
}
