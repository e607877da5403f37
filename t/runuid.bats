# runuid: run a program as another user.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: accounts that are kept elsewhere than in /etc/passwd and /etc/group (LDAP and its like, asked by way of
# getent); kernels and containers that refuse setgroups, setgid or setuid to the super user.

load helper

setup() {
  need_root "it changes users"
  enter_scratch
}

@test "runuid without an account or a program is a usage error" {
  ends 100 runuid
  misuse runuid 'missing required argument(s)'
  ends 100 runuid daemon
  misuse runuid 'missing required argument(s)'
}

@test "runuid refuses an option that it does not have, and one without its argument" {
  ends 100 runuid -Z daemon true
  misuse runuid 'invalid option: -Z'
  ends 100 runuid -g
  misuse runuid 'missing argument for option -g'
}

@test "runuid -s and -S exclude each other" {
  ends 100 runuid -s -S adm daemon true
  misuse runuid 'options -s and -S <grplist> are mutually exclusive'
}

@test "runuid -h prints its usage line, -V the version of the interface" {
  ends 0 runuid -h
  prints ''
  complains 'usage: runuid [-hV] [-g grp] [-s | -S grplist] account program [args ...]'
  ends 0 runuid -V
  complains 'runuid: version: 2.07'
}

@test "only the super user may use runuid, which it says before anything else" {
  need_user nobody
  ends 100 as_user nobody runuid nobody true
  misuse runuid 'not running as super user'
  ends 100 as_user nobody runuid
  misuse runuid 'not running as super user'
}

@test "runuid sets the real, effective and saved ids to the account's, and its group alone" {
  ends 0 runuid daemon grep -E '^(Uid|Gid|Groups):' /proc/self/status
  uid=$(id -u daemon) gid=$(id -g daemon) tab=$'\t'
  [ "${lines[0]}" = "Uid:$tab$uid$tab$uid$tab$uid$tab$uid" ]
  [ "${lines[1]}" = "Gid:$tab$gid$tab$gid$tab$gid$tab$gid" ]
  [ "${lines[2]}" = "Groups:$tab$gid " ]
}

@test "the program can't take the super user's rights back" {
  ends 111 runuid daemon sh -c 'cat /etc/shadow && exit 1; exit 111'
  prints ''
}

@test "runuid changes neither the environment nor the directory" {
  export HOME=/root USER=somebody
  ends 0 runuid daemon sh -c 'echo $HOME $USER; pwd'
  prints "/root somebody
$scratch"
}

@test "runuid -g sets another group" {
  ends 0 runuid -g adm daemon sh -c 'id -g; id -G'
  gid=$(getent group adm | cut -d: -f3)
  prints "$gid
$gid"
}

@test "runuid -s sets all groups that the account is in" {
  account=$(getent group | awk -F: '$4 != "" { split($4, m, ","); print m[1]; exit }')
  [ -n "$account" ] || account=daemon
  ends 0 runuid -s "$account" id -G
  prints "$(id -G "$account")"
}

@test "runuid -s with -g sets that group in place of the account's own" {
  ends 0 runuid -s -g tty daemon sh -c 'id -g; id -G'
  gid=$(getent group tty | cut -d: -f3)
  prints "$gid
$gid"
}

@test "runuid -S sets the listed groups beside the account's own" {
  ends 0 runuid -S adm:tty daemon id -G
  prints "$(id -g daemon) $(getent group adm | cut -d: -f3) $(getent group tty | cut -d: -f3)"
}

@test "runuid -S takes 31 groups and no more" {
  many=adm$(printf ':adm%.0s' {2..31})
  ends 0 runuid -S "$many" daemon echo ran
  prints ran
  ends 111 runuid -S "$many:adm" daemon echo wrong
  prints ''
  complains "runuid: fatal: too many group names in group list $many:adm"
}

@test "runuid exits with the status of the program" {
  ends 42 runuid daemon sh -c 'exit 42'
  complains ''
}

@test "an account that does not exist is a failure" {
  ends 111 runuid nosuchuser echo wrong
  prints ''
  complains 'runuid: fatal: no account found for user nosuchuser'
  ends 111 runuid '' echo wrong
  complains 'runuid: fatal: no account found for user '
}

@test "a number is taken where it is no name, known or not" {
  ends 0 runuid 12345 sh -c 'id -u; id -g; id -G'
  prints '12345
12345
12345'
  ends 0 runuid "$(id -u daemon)" id -g
  prints "$(id -g daemon)"
  ends 0 runuid -g 4 -S 5:12345 daemon sh -c 'id -g; id -G'
  prints '4
4 5 12345'
  for each in 4294967295 4294967296 99999999999999999999 1x -1 ''; do
    ends 111 runuid -- "$each" echo wrong
    complains "runuid: fatal: no account found for user $each"
  done
}

@test "a group may stand behind a colon" {
  ends 0 runuid daemon:adm sh -c 'id -u; id -g; id -G'
  prints "$(id -u daemon)
4
4"
  ends 0 runuid 12345:54321 sh -c 'id -u; id -g'
  prints '12345
54321'
  for each in : :adm daemon: nosuch:adm 1x:adm; do
    ends 111 runuid "$each" echo wrong
    complains "runuid: fatal: no account found for user $each"
  done
  ends 111 runuid daemon:nosuch echo wrong
  complains 'runuid: fatal: no group found for group nosuch'
  ends 100 runuid -g adm daemon:adm echo wrong
  misuse runuid 'option -g <grp> and account daemon:adm name a group each'
}

@test "a group that does not exist is a failure" {
  ends 111 runuid -g nosuchgroup daemon echo wrong
  prints ''
  complains 'runuid: fatal: no group found for group nosuchgroup'
  ends 111 runuid -S adm:nosuchgroup daemon echo wrong
  complains 'runuid: fatal: no group found for "nosuchgroup" in grplist adm:nosuchgroup'
}

@test "an empty name in a group list is a mistake, without the usage line" {
  ends 100 runuid -S '' daemon echo wrong
  prints ''
  complains 'runuid: fatal: empty group name found in group list '
  ends 100 runuid -S adm::tty daemon echo wrong
  complains 'runuid: fatal: empty group name found in group list adm::tty'
}

@test "an account that can't be looked up for want of descriptors is a failure" {
  for most in 3 4 5 6 7 8 9 10; do
    ends 111 runlimit -o "$most" runuid nosuchuser echo wrong
    prints ''
    case $stderr in
      # Before it, getent may have its say, which then lacks descriptors itself.
      *'runuid: fatal: no account found for user nosuchuser' | *'(EMFILE)') ;;
      *) complains "what names the account, or the want" ;;
    esac
  done
}

@test "the program is sought and run as the new user" {
  printf '#!/bin/sh\necho wrong\n' > private
  chmod 700 private
  ends 111 runuid daemon ./private
  complains 'runuid: fatal: unable to run ./private: access denied (EACCES)'
}

@test "runuid exits 111 when the program can't be run" {
  need_user daemon
  ends 111 runuid daemon missing
  prints ''
  complains 'runuid: fatal: unable to run missing: file does not exist (ENOENT)'
}
