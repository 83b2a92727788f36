#!/bin/bash
# Run in the guest's DKMS root: what a user sees of make install and make uninstall.
set -u
cd "$(dirname "$0")/../.." || exit 2
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)

fail() { echo "$*"; cat /tmp/said; exit 1; }
loaded() { [ -d "/sys/module/$1" ]; }

# does MAKE-ARGUMENT...: make succeeds
does() { make "$@" > /tmp/said 2>&1 < /dev/null || fail "make $* fails:"; }

# refuses SENTENCE MAKE-ARGUMENT...: make fails and one line of ours says why
refuses() {
	local sentence=$1
	shift
	! make "$@" > /tmp/said 2>&1 < /dev/null || fail "make $* succeeds, it should say: $sentence"
	grep -qF "ctalg: $sentence" /tmp/said || fail "make $* does not say: $sentence"
}

# says TEXT: the last command said so
says() { grep -qF -- "$1" /tmp/said || fail "it does not say: $1"; }

is_there() {
	if ! loaded ctalg_ftp || ! loaded ctalg_sip || ! loaded ctalg_tftp; then fail "the modules are not loaded:"; fi
	nft list ct helpers table inet ctalg > /tmp/said 2>&1 || fail "the rules are not loaded:"
	says 'type "ftp"'
	[ "$(< /proc/sys/net/netfilter/nf_conntrack_expect_max)" -ge 131072 ] || fail "the kernel's table of expectations is too small"
	for file in /etc/ctalg.conf /etc/ctalg.policy /etc/modprobe.d/ctalg.conf /etc/sysctl.d/60-ctalg.conf /usr/local/sbin/ctalg \
		/usr/share/bash-completion/completions/ctalg /usr/local/share/man/man8/ctalg.8; do
		[ -e "$file" ] || fail "$file is not there"
	done
	[[ $(dkms status "ctalg/$version" -k "$(uname -r)") == *installed* ]] || fail "DKMS does not call it installed"
}

is_gone() {
	! loaded ctalg || fail "ctalg is still loaded"
	! nft list table inet ctalg > /tmp/said 2>&1 || fail "the rules are still loaded:"
	tests/install/files.sh | grep -vE '^/usr/(sbin/nft|local/sbin/systemctl|local/lib/lib[^/]*)$' > /tmp/now
	diff /tmp/pristine /tmp/now > /tmp/said || fail "files differ from before:"
}

if ! grep -q ':x:65534:' /etc/passwd; then fail "no user nobody"; fi
setpriv --reuid 65534 --clear-groups tools/install install > /tmp/said 2>&1 && fail "install works without root"
says 'ctalg: this needs root; try: sudo make install'

refuses 'nobody to ask, for this is no terminal; run it as: make install YES=1' install
says 'ports = {21}'
! loaded ctalg || fail "a refused installation loads modules"

does install YES=1
says 'ftp: tcp port 21 gets the helper'
says "ctalg $version runs:"
says "To undo all of this: make -C $PWD uninstall"
is_there

# The second time under something that answers like systemd and runs what the unit says.
mkdir -p /run/systemd/system
cat > /usr/local/sbin/systemctl <<'SYSTEMCTL'
#!/bin/sh
echo "$*" >> /run/systemd/asked
case $* in
'restart ctalg.service') sh -c "$(sed -n 's/^ExecStart=//p' /etc/systemd/system/ctalg.service)" ;;
'disable --now ctalg.service') sh -c "$(sed -n 's/^ExecStop=-//p' /etc/systemd/system/ctalg.service)" ;;
esac
SYSTEMCTL
chmod +x /usr/local/sbin/systemctl
nft delete table inet ctalg

sed -i 's/{21}/{21, 2121}/' /etc/ctalg.conf
echo 'ftp { read-only }' > /etc/ctalg.policy
does install YES=1
says 'ports = {21, 2121}'
says 'Keeping /etc/ctalg.conf as it is.'
says 'Keeping /etc/ctalg.policy as it is.'
says 'policy: rules of the file loaded: 1, were 0'
says 'ftp: tcp port 2121 gets the helper'
! grep -q Building.the.modules /tmp/said || fail "a second installation builds again:"
is_there
grep -q 'enable ctalg.service' /run/systemd/asked || fail "the boot unit is not enabled"
[ -e /etc/systemd/system/ctalg-alarm.service ] || fail "the unit for alarms is not installed"
! grep 'ctalg-alarm' /run/systemd/asked | grep -qv '^try-restart ' || fail "the unit for alarms is on by itself"

nft add table inet other
nft 'add ct helper inet other f { type "ftp" protocol tcp; }'
refuses 'ctalg_ftp is in use by other rules of this machine' uninstall
nft delete table inet other
does uninstall
grep -q 'disable --now ctalg.service' /run/systemd/asked || fail "the boot unit is not disabled"
grep -q 'disable --now ctalg-alarm.service' /run/systemd/asked || fail "the unit for alarms is not disabled"
is_gone
does uninstall

refuses 'there are no headers for kernel 9.9.9; install its linux-headers package' dkms KVER=9.9.9
