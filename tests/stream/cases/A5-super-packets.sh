#!/bin/bash
# Super-packets of the sender's and of GRO: many commands in a write. What outgrows a packet is sent again, nothing else is lost.
. "$(dirname "$0")/../lib.sh"

stream_topo both
dialogs bulk give_up=60
FAM=6
dialogs bulk give_up=60 delay=nagle
none_invalid
stream_topo_end
all_well
