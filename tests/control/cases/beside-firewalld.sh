#!/bin/bash
# Beside firewalld, which drops by default and loads the kernel's modules by their own names: with the opt-in lines of
# modprobe.d its own rules get ctalg's helper; without them the doctor says what holds the name, and what to do.
# REQUIRES: ctalg modules tool:firewalld tool:dbus-daemon module:nf_conntrack_ftp
# TIME: 240
. "$(dirname "$0")/../services.sh"

start_firewalld()
{
	start_in "$RT" firewalld firewalld --nofork --nopid
	FIREWALLD=$!
	wait_for 60 "firewalld" run_in "$RT" firewall-cmd --state
}

# A bus of its own, and its settings in our directory's copy.
prepare_firewalld()
{
	mkdir -p /run/dbus
	rm -f /run/dbus/pid
	start_in "$RT" dbus dbus-daemon --system --nofork --nopidfile
	wait_for 20 "message bus" test -S /run/dbus/system_bus_socket
	cp -r /etc/firewalld "$TMP/firewalld.before"
	at_exit restore_firewalld
	firewall-offline-cmd --set-default-zone=drop
	firewall-offline-cmd --zone=external --add-interface=out0
	firewall-offline-cmd --zone=internal --add-interface=in0
	firewall-offline-cmd --zone=internal --add-service=ftp
	firewall-offline-cmd --new-policy=outwards
	firewall-offline-cmd --policy=outwards --add-ingress-zone=internal
	firewall-offline-cmd --policy=outwards --add-egress-zone=external
	firewall-offline-cmd --policy=outwards --add-service=ftp
} >>"$TMP/firewalld.log" 2>&1

restore_firewalld()
{
	rm -rf /etc/firewalld /etc/modprobe.d/ctalg-test.conf
	cp -r "$TMP/firewalld.before" /etc/firewalld
}

setup_topo masquerade nowhere
run_in "$RT" nft flush ruleset
configure <<<'ftp { }'
prepare_firewalld
start_server peer

# As an installation leaves it: firewalld gets the kernel's own.
# shellcheck disable=SC2086 # a list of names
unload $OURS
start_firewalld
loaded nf_conntrack_ftp || fail "firewalld does not load the kernel's own"
doctor --config "$CONF"
finds "problem module ftp the kernel's own nf_conntrack_ftp" "firewalld loads it by that name: take the #"
stop "$FIREWALLD"
run_in "$RT" nft delete table inet firewalld
unload nf_nat_ftp nf_conntrack_ftp

# With the lines that the file offers.
sed 's/^#install/install/' "$CONTROL_DIR/../../tools/etc/modprobe.conf" >/etc/modprobe.d/ctalg-test.conf
start_firewalld
loaded ctalg_ftp || fail "the lines do not load ctalg's"
! loaded nf_conntrack_ftp || fail "the lines load the kernel's own, too"
doctor --config "$CONF"
finds "ok module ftp"
finds "ok rule ftp"
ftp_works
counted ftp pinhole-used 2
run_in "$RT" firewall-cmd --reload >/dev/null
ftp_works
on_router apply --config "$CONF"
tells "ftp: tcp port 21 gets the helper"
ftp_works
doctor --config "$CONF"
finds_nothing
stop "$FIREWALLD"
all_well
