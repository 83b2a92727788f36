#!/bin/bash
# Beside firewalld, which drops by default and loads the kernel's modules by their own names: with the lines that modprobe.conf
# offers it gets ctalg's, and so do its rules.
# REQUIRES: ctalg modules tool:firewalld tool:dbus-daemon module:nf_conntrack_ftp
# KERNELS: 6.12
# TIME: 180
# shellcheck source=tests/system/services.sh
. "$(dirname "$0")/../services.sh"

CONFIG=/etc/firewalld

# config FILE <<END
config() { cat >"$CONFIG/$1"; }

# Inside may call FTP servers outside; nothing else is let through.
configure_firewalld()
{
	cp -r "$CONFIG" "$TMP/firewalld.before"
	at_exit restore
	sed -i 's/^DefaultZone=.*/DefaultZone=drop/' "$CONFIG/firewalld.conf"
	config zones/inside.xml <<<'<zone target="DROP"><interface name="in0"/></zone>'
	config zones/outside.xml <<<'<zone target="DROP"><interface name="out0"/><masquerade/></zone>'
	config policies/outwards.xml <<<'<policy target="DROP"><ingress-zone name="inside"/><egress-zone name="outside"/><service name="ftp"/></policy>'
}

restore()
{
	rm -rf "$CONFIG" /etc/modprobe.d/ctalg-test.conf
	cp -r "$TMP/firewalld.before" "$CONFIG"
}

start_firewalld()
{
	mkdir -p /run/dbus
	rm -f /run/dbus/pid
	start_in "$RT" dbus dbus-daemon --system --nofork --nopidfile
	wait_for 20 "message bus" test -S /run/dbus/system_bus_socket
	start_in "$RT" firewalld firewalld --nofork --nopid
	FIREWALLD=$!
	wait_for 60 "firewalld's rules" firewalld_runs
}

firewalld_runs()
{
	run_in "$RT" nft list table inet firewalld | grep -q "tcp dport 21 .*ct helper set" || { sleep 1; return 1; }
}

setup_topo masquerade nowhere
run_in "$RT" nft flush ruleset
configure <<<'ftp { }'
configure_firewalld
start_server peer
# shellcheck disable=SC2086 # a list of names
unload $OURS
sed 's/^#install/install/' "$SYSTEM_DIR/../../tools/etc/modprobe.conf" >/etc/modprobe.d/ctalg-test.conf
start_firewalld
wait_for 30 "module" loaded ctalg_ftp
ftp_works
counted ftp pinhole-used 2
doctor --config "$CONF"
finds "ok module ftp"
finds "ok rule ftp"
finds_nothing but hook
[ -z "${RECORD:-}" ] || run_in "$RT" nft -j list ruleset >"$RECORD"
on_router apply --config "$CONF"
tells "ftp: tcp port 21 gets the helper"
ftp_works
doctor --config "$CONF"
finds_nothing
stop "$FIREWALLD"
! loaded nf_conntrack_ftp || fail "the kernel's own is loaded, too"
all_well
