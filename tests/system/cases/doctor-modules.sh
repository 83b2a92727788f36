#!/bin/bash
# The doctor finds a module that is not loaded, not built for this kernel, or kept away by the kernel's own; and its remedies work.
# REQUIRES: ctalg modules module:nf_conntrack_ftp tool:setpriv
# KERNELS: 6.12
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

# remedy CHECK: the commands that the finding gives.
remedy() { sed -n "s/^problem $1 .*-> .*\(modprobe -r .*\)/\1/p" <<<"$FOUND"; }

setup_topo none nowhere
# shellcheck disable=SC2086 # a list of names
unload $OURS
configure <<<'ftp { }'
doctor
finds "problem asked" "ctalg apply"
doctor --config "$CONF"
finds "problem module ftp" "ctalg apply"
finds "problem rule ftp" "ctalg apply"

dep=/lib/modules/$(uname -r)/modules.dep
grep -v '/ctalg' "$dep" >"$TMP/modules.dep"
run_in "$RT" unshare -m sh -c 'mount --bind "$1" "$2"; ctalg doctor --json --config "$3"' - "$TMP/modules.dep" "$dep" "$CONF" >"$TMP/said.log" &&
	fail "it finds a module that is not built"
grep -q "no module ctalg_ftp for the kernel that runs" "$TMP/said.log" || fail "not built, and no word: $(<"$TMP/said.log")"
grep -q "linux-headers-$(uname -r)" "$TMP/said.log" || fail "no word of headers: $(<"$TMP/said.log")"
run_in "$RT" unshare -m sh -c 'mount --bind "$1" "$2"; ctalg apply --config "$3"' - "$TMP/modules.dep" "$dep" "$CONF" >"$TMP/said.log" 2>&1 &&
	fail "it applies without a module"
grep -q "make dkms" "$TMP/said.log" || fail "no word of make dkms: $(<"$TMP/said.log")"

modprobe nf_nat_ftp
doctor --config "$CONF"
finds "problem module ftp" "modprobe -r nf_nat_ftp nf_conntrack_ftp && modprobe ctalg_ftp"
sh -c "$(remedy module)"
doctor --config "$CONF"
finds "ok module ftp"
finds "problem rule ftp"
on_router apply --config "$CONF"
doctor --config "$CONF"
finds_nothing
on_router set ftp enabled off
doctor --config "$CONF"
finds "problem enabled ftp" "ctalg enable ftp"
on_router enable ftp
doctor --config "$CONF"
finds_nothing
run_in "$RT" setpriv --reuid 1000 --clear-groups ctalg doctor >"$TMP/said.log" 2>&1 && fail "anybody may ask"
grep -q root "$TMP/said.log" || fail "no word of root: $(<"$TMP/said.log")"
load_helpers
all_well
