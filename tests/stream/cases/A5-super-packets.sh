#!/bin/bash
# Super-packets of the sender's and of GRO: many commands in a write, and nothing has to be sent twice.
. "$(dirname "$0")/../lib.sh"

stream_topo both
patient_hosts
dialogs bulk lossless=yes give_up=30
FAM=6
dialogs bulk lossless=yes give_up=30 delay=nagle
none_invalid
stream_topo_end
all_well
