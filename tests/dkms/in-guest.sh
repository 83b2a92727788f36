#!/bin/bash
# Run by tests/dkms/kernel-* in a guest that has our modules from DKMS and the
# kernel's own: a rule that names the helper, and nothing else, loads ours.
set -eu

fail() { echo "$(uname -r): $*"; lsmod | grep -E '^(ctalg|nf_conntrack_|nf_nat_)'; exit 1; }
loaded() { [ -d "/sys/module/$1" ]; }

# loads_ours HELPER HOW
loads_ours() {
	loaded "ctalg_$1" || fail "$2 does not load ctalg_$1"
	! loaded "nf_conntrack_$1" || fail "$2 loads nf_conntrack_$1"
}

unload() {
	rmmod "ctalg_$1" ctalg
	! loaded ctalg || fail "ctalg stays loaded"
}

find "/lib/modules/$(uname -r)/kernel" -name 'nf_conntrack_ftp.ko*' | grep -q . || fail "the kernel's helper is not on this disk"
cp tools/etc/modprobe.conf /etc/modprobe.d/ctalg.conf

for alias in nfct-helper-ftp ip_nat_ftp nfct-helper-sip ip_nat_sip nfct-helper-tftp ip_nat_tftp; do
	want=ctalg_${alias##*[-_]}
	said=$(modprobe --dry-run --verbose "$alias")
	[[ $said == *"/$want.ko"* && ! $said =~ nf_(conntrack|nat)_t?ftp ]] || fail "$alias does not mean $want: $said"
done

nft add table inet t
nft 'add ct helper inet t f { type "ftp" protocol tcp; }'
loads_ours ftp 'an nft ct helper object'
nft 'add ct helper inet t g { type "tftp" protocol udp; }'
loads_ours tftp 'an nft ct helper object'
! rmmod ctalg_ftp 2> /dev/null || fail "ctalg_ftp can be unloaded while a rule names it"
nft delete table inet t
rmmod ctalg_tftp
unload ftp

for iptables in iptables-legacy ip6tables-legacy iptables-nft; do
	$iptables -t raw -A PREROUTING -p tcp --dport 21 -j CT --helper ftp || fail "$iptables refuses the rule"
	loads_ours ftp "$iptables"
	$iptables -t raw -F
	unload ftp
done

# The kernel's own is there for who asks for it by its module name.
modprobe nf_conntrack_ftp
loaded nf_conntrack_ftp || fail "modprobe nf_conntrack_ftp does not load it"
