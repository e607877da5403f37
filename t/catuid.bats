# catuid: print who and what the process is.
# SPDX-License-Identifier: Apache-2.0

load helper

@test "catuid prints, on standard error, what the shell knows of itself" {
  umask 027
  ends 0 sh -c 'echo $$; echo $PPID; ps -o pgid=,sid= -p $$ | tr -s " " "\n" | grep .; exec catuid ignored'
  complains "UID:	$(id -ru)
EUID:	$(id -u)
GID:	$(id -rg)
EGID:	$(id -g)
PID:	${lines[0]}
PPID:	${lines[1]}
PGID:	${lines[2]}
SID:	${lines[3]}
umask:	0027"
}

@test "catuid behind runuid" {
  need_user nobody
  ends 0 runuid nobody catuid
  [ "$(sed -n 2p <<< "$stderr")" = "EUID:	$(id -u nobody)" ]
  [ "$(sed -n 3p <<< "$stderr")" = "GID:	$(id -g nobody)" ]
}

@test "catuid refuses an option that it does not have, -v as well; -h and -V answer" {
  ends 100 catuid -Z
  misuse catuid 'invalid option: -Z'
  ends 100 catuid -v
  misuse catuid 'invalid option: -v'
  ends 0 catuid -h
  complains 'usage: catuid [-hv]'
  ends 0 catuid -V
  complains 'catuid: version: 2.07'
}

@test "catuid with closed streams exits 0" {
  ends 0 sh -c 'catuid <&- >&- 2>&-'
}
