#!/bin/bash
# A namespace ends with hundreds of flows and open pinholes, while another one's live on.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo masquerade
first=$RT
many_servers
many_ftp 150
many_tftp 300
TAG=b$TAG
setup_topo snat
many_servers
rm "$TMP/many"
many_ftp 100
ip netns del "$first"
many_tftp 100
[ "$(flows_of ftp)" = 100 ] || fail "$(flows_of ftp) of 100 FTP flows"
ip netns del "$RT"
released()
{
	# shellcheck disable=SC2086 # a list of names
	unload $OURS 2>/dev/null
}
wait_for 60 "unloading of the modules" released
nothing_of_ours
no_kernel_messages
load_helpers
echo OK
