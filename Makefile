# Perpetua: make · make demo · make check · make bench · make native · make jvm · make clean; to install and to pack: ship/ship.mk
# SPDX-License-Identifier: Apache-2.0
#
# A folder tools/NAME with a Java class of that name (its first letter a capital) is a tool; a folder with an
# executable file NAME is a shell tool. Both are found here, and listed nowhere else.

SHELL := /bin/sh
# One at a time: Maven's repository in the home directory does not stand two.
MVN := $(if $(shell command -v flock),flock Makefile) mvn -q -B
CC :=
TOOL_SOURCES := $(wildcard tools/*/*.java)
JAVA_TOOLS := $(foreach t,$(notdir $(wildcard tools/*)),$(if $(wildcard tools/$(t)/[A-Z]*.java),$(t)))
SHELL_TOOLS := $(foreach t,$(notdir $(wildcard tools/*)),$(if $(wildcard tools/$(t)/$(t)),$(t)))
# The service managers, and what only they need: a native binary of its own, perpetua-managers, so that perpetua stays
# as small as boards want it.
MANAGERS := $(filter procd ubus uci validate_data slm slmctl runcpu runsched runcap runcgroup runlabel,$(JAVA_TOOLS))
BINARIES := perpetua $(if $(MANAGERS),perpetua-managers)
JAVA := $(shell find lib tools examples -name '*.java')
NATIVE_C := lib/perpetua/sys/teavm/start.c lib/perpetua/sys/teavm/sys.h lib/perpetua/sys/teavm/link

.PHONY: all native jvm examples demo demo-slm demo-procd check bench unit clean need-jdk need-cc need-bats FORCE
all: native jvm

# ---- what the targets need: installed where that is possible, else named in one line ------------------------------

need-jdk:
	@t/need javac mvn
need-cc:
	@t/need cc musl-gcc?
need-bats:
	@t/need bats busybox? mandoc? zsh? fish?

# ---- the list of the tools ----------------------------------------------------------------------------------------

INDEX := build/generated/tools/Index.java
$(INDEX): $(TOOL_SOURCES) Makefile lib/perpetua/index
	@mkdir -p $(@D)
	@lib/perpetua/index $(@D) $(JAVA_TOOLS) -- $(MANAGERS)

# ---- native: bytecode to C, C to one static binary -----------------------------------------------------------------

native: build/bin/.made

# C for a binary: build/c/perpetua begins with the class tools.Native, build/c/perpetua-managers with tools.NativeManagers.
MAIN_perpetua := tools.Native
MAIN_perpetua-managers := tools.NativeManagers
MAIN_echod := examples.echod.Native
build/c/%/all.c: $(JAVA) $(INDEX) pom.xml lib/perpetua/sys/teavm/compact | need-jdk
	@rm -rf $(@D)
	$(MVN) -Dnative.main=$(MAIN_$*) -Dnative.directory=$(CURDIR)/$(@D) process-classes org.teavm:teavm-maven-plugin:compile
	@lib/perpetua/sys/teavm/compact $(@D)
	@touch $@

# Static musl gives the smallest and fastest binary. Without it the plain compiler is taken.
# The generated C hands bytes on as ints, which GCC 14 and later takes for an error.
CFLAGS_NATIVE := -std=gnu11 -Oz -fno-pie -no-pie -flto=auto -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables -w \
  -Wno-incompatible-pointer-types \
  -flto-partition=one -fno-inline-functions-called-once -fno-ivopts -fira-region=one -fno-caller-saves -fno-tree-pre
LDFLAGS_NATIVE := -static -Wl,--gc-sections -Wl,--sort-section=name -Wl,--build-id=sha1 -Wl,-z,noseparate-code -Wl,-z,norelro -lm

$(BINARIES:%=build/%) build/echod: build/%: build/c/%/all.c $(NATIVE_C) | need-cc
	@cc='$(CC)'; [ -n "$$cc" ] || cc=$$(command -v musl-gcc) || { cc=cc; echo 'make: no musl-gcc here, linking with cc: larger and slower to start' >&2; }; \
	lib/perpetua/sys/teavm/link $@ $$cc $(CFLAGS_NATIVE) -DGENERATED='"$(CURDIR)/$<"' -DSTART_HEAP_FLOOR=262144 \
	  -Ilib/perpetua/sys/teavm lib/perpetua/sys/teavm/start.c $(LDFLAGS_NATIVE)

# $1, in which the binaries lie, gets the names of the tools, and those that are scripts.
LINKS = for t in $(filter-out perpetua $(MANAGERS),$(JAVA_TOOLS)); do ln -s perpetua $1/$$t; done; \
	for t in $(MANAGERS); do ln -s perpetua-managers $1/$$t; done; \
	for t in $(SHELL_TOOLS); do install -m 755 tools/$$t/$$t $1/$$t; done

build/bin/.made: $(BINARIES:%=build/%) $(foreach t,$(SHELL_TOOLS),tools/$(t)/$(t))
	@rm -rf build/bin && mkdir -p build/bin
	@cp $(BINARIES:%=build/%) build/bin
	@$(call LINKS,build/bin)
	@touch $@

# ---- jvm: a jar, its libraries, an archive of loaded classes, launchers ---------------------------------------------

jvm: build/jvm/.made

JVM_FLAGS := $(shell sed '/^\#/d' lib/perpetua/sys/jvm/flags)
JAVA_COMMAND := $(shell readlink -f "$${JAVA_HOME:+$$JAVA_HOME/bin/java}" 2> /dev/null || readlink -f "$$(command -v java)")
JVM_NATIVE := jni/$(shell uname -m)-Linux/libjffi-1.2.so

build/jvm/lib/.made: pom.xml | need-jdk
	@rm -rf build/jvm/lib && mkdir -p build/jvm/lib
	$(MVN) -Doutput.directory=build/jvm/maven dependency:copy-dependencies -DincludeScope=runtime \
	  -DoutputDirectory=build/jvm/lib
	@cd build/jvm && $(dir $(JAVA_COMMAND))jar xf lib/jffi-*-native.jar $(JVM_NATIVE) && rm lib/jffi-*-native.jar
	@mv build/jvm/$(JVM_NATIVE) build/jvm/lib && rm -r build/jvm/jni
	@touch $@

build/jvm/perpetua.jar: $(JAVA) $(INDEX) pom.xml | need-jdk
	$(MVN) -Doutput.directory=build/jvm/maven -Dmaven.test.skip=true package
	@cp build/jvm/maven/perpetua.jar $@

# Which JDK it was made for: the archive is of no use to another.
build/jvm/.java: FORCE
	@mkdir -p $(@D); echo '$(JAVA_COMMAND)' | cmp -s - $@ || echo '$(JAVA_COMMAND)' > $@
FORCE:

BLOCK_SIGNALS := $(shell command -v env) --block-signal=$(shell sed '/^\#/d' lib/perpetua/sys/jvm/blocked)

# First the launcher runs once without an archive, in a rehearsal from which the JVM learns what to put there.
LAUNCH = block='$(BLOCK_SIGNALS)'; $$block true 2> /dev/null || block=; sed \
  -e 's|@JAVA@|$(JAVA_COMMAND)|; s|@FLAGS@|$(JVM_FLAGS) $1 -Djffi.boot.library.path=@HOME@/lib|' \
  -e "s|@BASE64@|$$(command -v base64)|; s|@BLOCK@|$$block|" \
  -e "s|@CLASSPATH@|@HOME@/perpetua.jar$$(cd build/jvm && printf ':@HOME@/%s' lib/*.jar)|; s|@HOME@|$(CURDIR)/build/jvm|g" \
  lib/perpetua/sys/jvm/launch > $2 && chmod 755 $2
build/jvm/.made: build/jvm/perpetua.jar build/jvm/lib/.made build/jvm/.java lib/perpetua/sys/jvm/launch lib/perpetua/sys/jvm/flags lib/perpetua/sys/jvm/blocked Makefile \
    $(foreach t,$(SHELL_TOOLS),tools/$(t)/$(t))
	@rm -rf build/jvm/bin build/jvm/perpetua.jsa && mkdir -p build/jvm/bin
	@$(call LAUNCH,-XX:ArchiveClassesAtExit=@HOME@/perpetua.jsa -Dperpetua.rehearsal=true,build/jvm/rehearse)
	@build/jvm/rehearse > build/jvm/rehearsal.log 2>&1; rm build/jvm/rehearse
	@[ -s build/jvm/perpetua.jsa ] || echo 'make: no class data archive was made: the JVM edition starts slowly' >&2
	@$(call LAUNCH,-XX:SharedArchiveFile=@HOME@/perpetua.jsa,build/jvm/bin/perpetua)
	@for t in $(filter-out perpetua,$(JAVA_TOOLS)); do ln -s perpetua build/jvm/bin/$$t; done
	@for t in $(SHELL_TOOLS); do install -m 755 tools/$$t/$$t build/jvm/bin/$$t; done
	@touch $@

# ---- the example that is a program of its own: the server echod, in both editions ------------------------------------

examples: build/echod build/jvm/echod

build/jvm/echod: build/jvm/.made
	@$(dir $(JAVA_COMMAND))jar cf build/jvm/echod.jar -C build/jvm/maven/classes examples
	@sed -e 's|tools\.Jvm|examples.echod.Jvm|; s|perpetua\.jar|echod.jar:$(CURDIR)/build/jvm/&|' build/jvm/bin/perpetua > $@
	@chmod 755 $@

# ---- to see it work -----------------------------------------------------------------------------------------------

demo: native
	@examples/demo build/bin

demo-slm: native
	@examples/slm/demo build/bin

demo-procd: native
	@examples/procd/demo build/bin

# ---- the figures, beside the peers: make bench, or make bench QUICK=1 --------------------------------------------------

bench: native
	@exec env QUICK='$(QUICK)' t/bench/run $(BENCH) # exec, so that it is told of an interruption

# ---- tests -------------------------------------------------------------------------------------------------------

# All that is promised, proved: unit tests, then the bats files over both editions, and over the native one with running in
# place off. Everything runs even where something failed; the last line is the sum.
check: native jvm examples completions | need-bats
	@mkdir -p build/check
	@status=0; \
	$(MAKE) --no-print-directory unit || status=1; \
	t/run-bats native always jvm > build/check/bats.log || status=1; cat build/check/bats.log; \
	cat build/check/unit.count build/check/bats.log | awk '/^[0-9]+ passed, / { p += $$1; f += $$3; s += $$5 } \
	  END { printf "%d passed, %d failed, %d skipped\n", p, f, s }'; \
	exit $$status

# The reports are Maven's, and of this run only: a class that is gone must not be counted.
UNIT_REPORTS := build/maven/surefire-reports
unit: $(INDEX) | need-jdk
	@rm -rf $(UNIT_REPORTS) && mkdir -p build/check && rm -f build/check/unit.count
	@$(MVN) test; status=$$?; \
	cat $(UNIT_REPORTS)/*.txt 2> /dev/null | awk -F '[:,] *' '/^Tests run:/ { n += $$2; bad += $$4 + $$6; skip += $$8 } \
	  END { printf "%d passed, %d failed, %d skipped\n", n - bad - skip, bad, skip; exit n == 0 }' > build/check/unit.count \
	  || status=1; \
	sed 's/^/unit tests: /' build/check/unit.count; exit $$status

clean:
	rm -rf build

# ---- to install, and for other machines: install, deb, cross, jar, html and their tests ------------------------------------

include ship/ship.mk
