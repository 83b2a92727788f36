#!/bin/bash
# Several messages and edits in a segment, many edits unacknowledged, messages longer than a segment, super-packets.
# TIME: 400
. "$(dirname "$0")/../lib.sh"

stream_rows several big
