# SPDX-License-Identifier: GPL-2.0
# For people. What the kernel's build system reads is in Kbuild.

KVER ?= $(shell uname -r)
KDIR ?= /lib/modules/$(KVER)/build
TOP := $(abspath $(dir $(lastword $(MAKEFILE_LIST))))

ifneq ($(words $(TOP)),1)
$(error ctalg: there is a blank in the path of this checkout, which make cannot handle; move it to a path without)
endif

.PHONY: modules tool check-fast style format test test-full test-debug fuzz bench run dkms install uninstall clean help

modules: ## build the kernel modules for this kernel (KVER=, KDIR= name another)
	@'$(TOP)/include/compat/supported' '$(KDIR)' >&2
	@$(MAKE) -C '$(KDIR)' M='$(TOP)' modules

tool: ## build the command, tools/ctalg/ctalg
	@$(MAKE) -C '$(TOP)/tools/ctalg'

run: ## a live tour: FTP and TFTP through a NAT router, without and with ctalg (root)
	@'$(TOP)/tests/tour/run'

install: ## put ctalg on this router: DKMS, rules after asking (root; YES=1 does not ask)
	@'$(TOP)/tools/install' install

uninstall: ## take everything off again that make install put there (root)
	@'$(TOP)/tools/install' uninstall

dkms: ## build and install the modules by DKMS for this kernel, and nothing else (root; KVER=)
	@KVER='$(KVER)' '$(TOP)/tools/install' dkms

check-fast: ## style, layers and unit tests: under a minute, no root
	@failed=0; for ring in style unit; do '$(TOP)/tests/run' $$ring || failed=1; done; exit $$failed

test: ## all tests, on three kernels in virtual machines (root)
	@'$(TOP)/tests/test'

test-full: ## the same with the full cross product of the network tests (root)
	@'$(TOP)/tests/test' --full

test-debug: ## the network tests on a kernel that looks for races and leaks (root; builds one, ten minutes)
	@'$(TOP)/tests/run' debug

fuzz: ## random dialogs and inputs, until interrupted or for FUZZ_SECONDS; no root
	@'$(TOP)/tests/run' fuzz

bench: ## what things cost, as one table (BENCH_JSON=FILE: as JSON, too); as root
	@'$(TOP)/tests/run' bench

style: ## the style and layer checks alone
	@'$(TOP)/tests/run' style

format: ## let clang-format rewrite the C sources
	@'$(TOP)/tests/style/format' --write

clean: ## remove what building left behind
	@rm -rf '$(TOP)/tests/unit/out' '$(TOP)/tests/fuzz/out'
	@! [ -e '$(TOP)/tools/ctalg/Makefile' ] || $(MAKE) -C '$(TOP)/tools/ctalg' clean
	@find '$(TOP)' -path '$(TOP)/.git' -prune -o '(' -name '*.o' -o -name '*.ko' -o -name '*.mod' \
		-o -name '*.mod.c' -o -name '.*.cmd' -o -name '.*.o.d' -o -name modules.order \
		-o -name Module.symvers ')' -type f -exec rm -f '{}' +

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1	\2/p' '$(TOP)/Makefile' | expand -t 20
