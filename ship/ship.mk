# ship.mk: make install · uninstall · install-jvm · deb · cross TARGET=… · jar · html · completions, and their heavy tests
# SPDX-License-Identifier: Apache-2.0

.PHONY: install install-jvm uninstall completions cross check-cross deb check-deb jar html rootfs check-fresh check-container

PREFIX := /usr/local
VERSION := $(shell sed -n 's/.*NUMBER = "\(.*\)".*/\1/p' lib/perpetua/cli/Version.java)

# ---- completions, made from the usage lines: from classes, so that a binary for another machine need not run ----------------

completions: build/completions/.made
build/completions/.made: build/c/perpetua/all.c ship/Completions.java
	@rm -rf build/completions && mkdir -p build/completions
	@java -cp build/maven/classes ship/Completions.java build/completions
	@touch $@

# ---- install: all of it or nothing; DESTDIR is put before PREFIX where the files go, and is in none of them -------------------

BELOW = $(if $(filter /%,$(PREFIX)),,$(error PREFIX must begin with /: make $@ PREFIX=$(CURDIR)/$(PREFIX)))$(DESTDIR)$(PREFIX)

install: native build/completions/.made
	@ship/install '$(BELOW)' native build/bin

# The archive of loaded classes can only be made where the files will be used.
install-jvm: jvm build/completions/.made
	@case '$(PREFIX)' in *[!A-Za-z0-9_./+@,:-]*) echo 'make: the JVM edition needs a PREFIX of plain characters: make $@ PREFIX=/opt/perpetua' >&2; exit 1 ;; esac
	@ship/install '$(BELOW)' jvm build/jvm/bin '$(PREFIX)/lib/perpetua'
	@if [ -z '$(DESTDIR)' ]; then '$(PREFIX)/lib/perpetua/archive' || :; \
	else echo 'make: once the files are in $(PREFIX), to start faster: $(PREFIX)/lib/perpetua/archive' >&2; fi

uninstall:
	@ship/place -r '$(BELOW)'

# ---- for another machine, from the same C: one command a target, and nothing of it runs here -------------------------------------

cross: $(BINARIES:%=build/c/%/all.c)
	@set -e; found=$$(CROSS_LIBC='$(CROSS_LIBC)' ship/cross '$(TARGET)'); eval "$$found"; export NM STRIP; \
	into=build/cross/$(TARGET); rm -rf $$into; mkdir -p $$into/bin; \
	for binary in $(BINARIES); do \
	  lib/perpetua/sys/teavm/link $$into/bin/$$binary $$CC $(CFLAGS_NATIVE) -DGENERATED='"$(CURDIR)/build/c/'$$binary'/all.c"' \
	    -DSTART_HEAP_FLOOR=262144 -Ilib/perpetua/sys/teavm lib/perpetua/sys/teavm/start.c $(LDFLAGS_NATIVE); \
	done; \
	$(call LINKS,$$into/bin); \
	for binary in $(BINARIES); do echo "$(TARGET) $$binary: $$(stat -c %s $$into/bin/$$binary) bytes"; done

# With the tests that qemu can tell right from wrong.
check-cross: | need-bats
	@set -e; for target in $(or $(TARGET),aarch64 armhf); do \
	  $(MAKE) --no-print-directory cross TARGET=$$target; ship/check-cross $$target; done

# ---- a Debian package, of the native edition; TARGET=… for another machine ---------------------------------------------------

DEBIAN_aarch64 := arm64
DEBIAN_armhf := armhf
DEBIAN_riscv64 := riscv64
DEBIAN_i686 := i386
deb: $(if $(TARGET),cross,native) build/completions/.made
	@ship/deb/build $(if $(TARGET),$(DEBIAN_$(TARGET)) build/cross/$(TARGET)/bin,$$(dpkg --print-architecture) build/bin) $(VERSION)

# Judged by lintian; installed, used and removed in a fresh Debian in a folder. Root's affair.
check-deb: deb
	@ship/deb/check build/perpetua_$(VERSION)_$$(dpkg --print-architecture).deb

# ---- the library for Java programs, as a repository wants it --------------------------------------------------------------------

jar: jvm
	@ship/jar $(VERSION)

# ---- the pages, as a static site ------------------------------------------------------------------------------------------------

html:
	@ship/site $(VERSION)

# ---- containers: a root file system of the binaries and their names, and a test of it that needs no container engine --------------------

rootfs: native
	@rm -rf build/rootfs && mkdir -p build/rootfs/bin build/rootfs/etc/perp build/rootfs/run/perp build/rootfs/tmp build/rootfs/proc
	@cp $(BINARIES:%=build/%) build/rootfs/bin
	@$(call LINKS,build/rootfs/bin)
	@rm -f $(SHELL_TOOLS:%=build/rootfs/bin/%) # there is no shell
	@ln -s /run/perp build/rootfs/etc/perp/.control && chmod 1777 build/rootfs/tmp

check-container: rootfs
	@ship/check-container

# ---- the README's two commands on a machine that has nothing yet --------------------------------------------------------------------

check-fresh:
	@status=0; for suite in $(or $(SUITE),bookworm trixie); do CHECK='$(CHECK)' ship/check-fresh $$suite || status=1; done; exit $$status
