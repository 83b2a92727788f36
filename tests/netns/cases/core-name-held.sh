#!/bin/bash
# Where mainline's module holds the name, ours does not load, and the kernel says which module and what to do.
# REQUIRES: ctalg modules module:nf_conntrack_ftp module:nf_conntrack_tftp
. "$(dirname "$0")/../lib.sh"

# shellcheck disable=SC2086 # a list of names
unload $OURS
for name in ftp tftp; do
	modprobe "nf_nat_$name"
	! modprobe "ctalg_$name" 2>/dev/null || fail "ctalg_$name loaded beside nf_conntrack_$name"
	remedy=$(kernel_log | sed -n "s/.*nf_conntrack_$name holds it.*run \"\(modprobe -r [^\"]*\)\".*/\1/p" | tail -n 1)
	[ -n "$remedy" ] || fail "no word about it: $(kernel_log)"
	$remedy || fail "\"$remedy\" does not make room"
	modprobe "ctalg_$name" || fail "ctalg_$name does not load afterwards"
done
mark_kernel_log
no_kernel_messages
echo OK
