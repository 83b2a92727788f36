#!/bin/bash
# Modules load and unload while namespaces come and go.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

come_and_go()
{
	ip netns add "$1"
	ip -n "$1" link set lo up
	ip netns del "$1"
}

in_background come_and_go "x-$TAG"
in_background come_and_go "y-$TAG"
for ((round = 0; round < 12; round++)); do
	# shellcheck disable=SC2086 # a list of names
	unload $OURS
	modprobe ctalg_tftp
	modprobe ctalg_ftp
done
stop_background
no_kernel_messages
echo OK
