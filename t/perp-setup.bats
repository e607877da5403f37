# perp-setup: lay out a base directory, and have the system start perpd on it at boot.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: what it does without DESTDIR to the system's own files; that a system boots with what it wrote. The unit of
# systemd is read by systemd-analyze where there is one.

load helper

setup() {
  enter_scratch
  unset PERP_BASE PERP_CTL NO_INIT
  export DESTDIR=$scratch/root
}

modes() { (cd root && find . -mindepth 1 \( -type l -printf '%p -> %l\n' -o -type d -printf '%p/\n' -o -printf '%p %m\n' \) | sort); }

@test "perp-setup makes the base directory, its .boot, and a link for .control" {
  ends 0 perp-setup
  prints ''
  complains ''
  same "what is there" './etc/
./etc/perp/
./etc/perp/.boot/
./etc/perp/.boot/rc.log 755
./etc/perp/.boot/rc.perp 755
./etc/perp/.boot/rlimit.conf 644
./etc/perp/.control -> /var/run/perp' "$(modes)"
}

@test "perp-setup takes both directories as arguments, or from the environment" {
  ends 0 perp-setup /srv/perp /run/control
  [ "$(readlink root/srv/perp/.control)" = /run/control ]
  PERP_BASE=/a/b PERP_CTL=/c ends 0 perp-setup
  [ "$(readlink root/a/b/.control)" = /c ]
}

@test "perp-setup keeps what is there, and lays the new version beside it" {
  mkdir -p root/etc/perp/.control root/etc/perp/.boot
  echo mine > root/etc/perp/.boot/rc.perp
  ends 0 perp-setup
  ends 0 perp-setup
  [ "$(cat root/etc/perp/.boot/rc.perp)" = mine ]
  [ "$(stat -c %a root/etc/perp/.boot/rc.perp.new)" = 644 ]
  [ "$(stat -c %a root/etc/perp/.boot/rc.log)" = 755 ]
  cmp root/etc/perp/.boot/rc.log root/etc/perp/.boot/rc.log.new
  [ -d root/etc/perp/.control ] && [ ! -h root/etc/perp/.control ]
}

@test "a new version from an earlier time goes when the file itself is made" {
  ends 0 perp-setup
  ends 0 perp-setup
  [ -e root/etc/perp/.boot/rc.log.new ]
  rm root/etc/perp/.boot/rc.log
  ends 0 perp-setup
  [ -x root/etc/perp/.boot/rc.log ]
  [ ! -e root/etc/perp/.boot/rc.log.new ]
}

@test "NO_INIT is enough to leave the system alone" {
  DESTDIR= NO_INIT=1 ends 0 perp-setup "$scratch/base" "$scratch/control"
  [ -x base/.boot/rc.perp ]
  [ ! -e control ]
}

@test "perp-setup exits 1 where it can't make the base directory" {
  : > root
  ends 1 perp-setup
  [[ "$stderr" == 'perp-setup('*'): failure: unable to create base directory' ]]
}

@test "the scripts are good shell, and the limits are taken" {
  ends 0 perp-setup
  for each in root/etc/perp/.boot/rc.*; do sh -n "$each"; done
  ends 0 runlimit -F root/etc/perp/.boot/rlimit.conf true
}

@test "perp-setup -s systemd writes a unit that starts perpd at boot, and leaves services to perpd" {
  ends 0 perp-setup -s systemd /srv/perp
  [[ "$stderr" == *': perpd.service added; to have it started now: systemctl daemon-reload && systemctl start perpd' ]]
  unit=root/etc/systemd/system/perpd.service
  grep -qx 'ExecStart=/usr/sbin/perpboot -x /srv/perp' $unit
  grep -qx 'ExecReload=/usr/sbin/perphup /srv/perp' $unit
  grep -qx KillMode=process $unit
  grep -qx WantedBy=multi-user.target $unit
  cmp $unit root/etc/systemd/system/multi-user.target.wants/perpd.service
  [ -x root/srv/perp/.boot/rc.perp ]
}

@test "the unit is one that systemd understands" {
  need_command systemd-analyze
  SBINDIR=$scratch ends 0 perp-setup -s systemd /srv/perp
  for each in perpboot perphup; do ln -s /bin/true "$each"; done
  ends 0 systemd-analyze verify "$scratch/root/etc/systemd/system/perpd.service"
}

@test "perp-setup -s openrc writes a script and enters it into the runlevel default" {
  ends 0 perp-setup -sopenrc
  script=root/etc/init.d/perpd
  [ "$(head -n 1 $script)" = '#!/sbin/openrc-run' ]
  [ -x $script ]
  [ "$(readlink root/etc/runlevels/default/perpd)" = /etc/init.d/perpd ]
  sh -n $script
  # What it says of itself, as openrc reads it.
  (. ./$script && [ "$command $command_args" = '/usr/sbin/perpboot -x /etc/perp' ] && [ "$command_background" = true ])
  grep -q '/usr/sbin/perphup /etc/perp$' $script
}

@test "perp-setup -s sysv writes a script that starts, stops and tells, and the links of the runlevels" {
  SBINDIR=$PERPETUA_BIN ends 0 perp-setup -s sysv "$scratch/base" "$scratch/control"
  [ "$(readlink root/etc/rc2.d/S99perpd)" = ../init.d/perpd ]
  cmp root/etc/init.d/perpd root/etc/rc5.d/S99perpd
  cmp root/etc/init.d/perpd root/etc/rc0.d/K01perpd
  script=$scratch/root/etc/init.d/perpd
  mv "root$scratch/base" base
  printf '#!/bin/sh\nexec perpd "$PERP_BASE"\n' > base/.boot/rc.perp
  printf '#!/bin/sh\nexec cat > ../log\n' > base/.boot/rc.log
  ends 3 "$script" status
  prints 'perpd does not run'
  "$script" start 3>&- 4>&-
  wait_until grep -q 'supervising 0' base/log
  ends 0 "$script" status
  prints 'perpd runs'
  "$script" start
  ends 0 "$script" reload
  ends 0 "$script" stop
  ends 3 "$script" status
  ends 2 "$script" dance
}

@test "perp-setup -s inittab appends to inittab, once" {
  ends 1 perp-setup -s inittab
  mkdir -p root/etc
  echo 'id:3:initdefault:' > root/etc/inittab
  ends 0 perp-setup -s inittab
  ends 0 perp-setup -s inittab
  same inittab 'id:3:initdefault:

# perpd, by perp-setup
PB:23456:respawn:/usr/sbin/perpboot -x /etc/perp' "$(cat root/etc/inittab)"
}

@test "perp-setup -s keeps a unit that is there, and lays the new one beside it" {
  mkdir -p root/etc/systemd/system
  echo mine > root/etc/systemd/system/perpd.service
  ends 0 perp-setup -s systemd
  has_mine=$(cat root/etc/systemd/system/perpd.service)
  [ "$has_mine" = mine ]
  grep -q ExecStart root/etc/systemd/system/perpd.service.new
}

@test "perp-setup -s refuses a system that it does not know, and a directory that no unit can name" {
  ends 1 perp-setup -s launchd
  [[ "$stderr" == *': failure: unknown system for option -s: launchd' ]]
  ends 1 perp-setup -s
  ends 1 perp-setup -s systemd '/srv/my perp'
  [[ "$stderr" == *': failure: no unit can name this base directory: /srv/my perp' ]]
  [ ! -e root ]
}
