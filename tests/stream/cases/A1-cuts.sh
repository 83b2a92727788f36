#!/bin/bash
# Dialogs cut in two writes at every offset, and byte at a time: same bytes, same pinholes, no stall, nothing invalid.
# TIME: 400
. "$(dirname "$0")/../lib.sh"

stream_rows cuts bytes
