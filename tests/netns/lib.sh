# shellcheck shell=bash
# The library of the network-namespace scenarios: source it first.
#
#   HELPER=ctalg|mainline|none   whose helpers are loaded (default ctalg)
#   TMP                          a directory of the scenario's own
#   CLI SRV RT                   namespaces of client, server and router once setup_topo ran
#
# A scenario exits 0 (pass), 1 (fail) or 77 (skip). Any command that fails unexpectedly fails it.

set -eEuo pipefail

NETNS_DIR=${BASH_SOURCE[0]%/*}
[[ $NETNS_DIR == /* ]] || NETNS_DIR=$PWD/$NETNS_DIR
HELPER=${HELPER:-ctalg}
NAME=${0##*/} NAME=${NAME%.sh}
TAG=$RANDOM-$BASHPID
TMP=/tmp/netns-$NAME.$TAG

# shellcheck source=lib/base.sh
. "$NETNS_DIR/lib/base.sh"
# shellcheck source=lib/modules.sh
. "$NETNS_DIR/lib/modules.sh"
# shellcheck source=lib/topo.sh
. "$NETNS_DIR/lib/topo.sh"
# shellcheck source=lib/servers.sh
. "$NETNS_DIR/lib/servers.sh"
# shellcheck source=lib/clients.sh
. "$NETNS_DIR/lib/clients.sh"
# shellcheck source=lib/check.sh
. "$NETNS_DIR/lib/check.sh"
# shellcheck source=lib/pairs.sh
. "$NETNS_DIR/lib/pairs.sh"

trap on_error ERR
trap on_exit EXIT
trap 'exit 143' TERM INT
use_quick_tools
(umask 022 && mkdir "$TMP")
mark_kernel_log
load_helpers
check_requires
