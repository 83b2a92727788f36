#!/bin/bash
# pure-ftpd with curl, lftp, tnftp and ncftp, active and passive, IPv4 and IPv6, all kinds of NAT, down and up.
# REQUIRES: tool:pure-ftpd tool:curl tool:lftp tool:tnftp tool:ncftpget
# TIME: 150
. "$(dirname "$0")/../lib.sh"

f8 pure-ftpd
