# runlabel: run a program with a label of AppArmor or SELinux.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested here: that a label is given, since only few machines have a module and a label to try; what is written then, t/unit
# tries over a kernel in memory.

load helper

apparmor() { [ "$(cat /sys/module/apparmor/parameters/enabled 2> /dev/null)" = Y ]; }
selinux() { [ -e /sys/fs/selinux/enforce ]; }

@test "runlabel without operands, or with one, is a usage error" {
  ends 100 runlabel
  misuse runlabel 'missing label argument'
  ends 100 runlabel x
  misuse runlabel 'missing program argument'
}

@test "runlabel refuses an option that it does not have; -h and -V answer" {
  ends 100 runlabel -Z x true
  misuse runlabel 'invalid option: -Z'
  ends 0 runlabel -h
  complains 'usage: runlabel [-hV] [-a | -s] label program [args ...]'
  ends 0 runlabel -V
  [[ "$stderr" == 'runlabel: version: '* ]]
}

@test "both modules at once, an empty label and one with a newline are usage errors" {
  ends 100 runlabel -a -s x true
  misuse runlabel 'options -a and -s are mutually exclusive'
  ends 100 runlabel '' true
  misuse runlabel 'not a label: '
  ends 100 runlabel $'x\ny' true
  misuse runlabel $'not a label: x\ny'
}

@test "where no module is active, the program does not run and one line says why" {
  apparmor || selinux && skip "needs a kernel without an active security module"
  ends 111 runlabel x echo wrong
  prints ''
  complains 'runlabel: fatal: unable to use label x: neither AppArmor nor SELinux is active'
}

@test "a module that is not active is named" {
  if ! apparmor; then
    ends 111 runlabel -a x echo wrong
    prints ''
    complains 'runlabel: fatal: unable to use label x: AppArmor is not active'
  fi
  if ! selinux; then
    ends 111 runlabel -s x echo wrong
    prints ''
    complains 'runlabel: fatal: unable to use label x: SELinux is not active'
  fi
}

@test "a label that the module does not know is refused" {
  apparmor || selinux || skip "needs an active security module"
  ends 111 runlabel perpetua-no-such-label echo wrong
  prints ''
  [[ "$stderr" == 'runlabel: fatal: unable to use label perpetua-no-such-label of '* ]]
}
