# perp-setup: lay out a base directory, and have the system start perpd on it at boot.
# SPDX-License-Identifier: Apache-2.0
#
# Not tested: what it does to /etc/inittab and /etc/rc.local, which are the system's own.

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
