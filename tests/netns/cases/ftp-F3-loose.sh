#!/bin/bash
# With "loose", set for this namespace alone, a PORT may name another host, and its data flows.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo none
ip -n "$IN" addr add 10.0.0.3/24 dev eth0
start_server peer
third_party()
{
	ftp_script <<-END
		f = Ftp()
		f.own = "10.0.0.3"
		f.$1()
		f.$1("EPRT {e}\r\n")
		f.quit()
	END
}
third_party active_fails
run_in "$RT" ctalg set ftp loose on
third_party active_works
counted ftp third-party-address 2
run_in "$IN" ctalg set ftp loose off
third_party active_works
run_in "$RT" ctalg set ftp loose off
third_party active_fails
all_well
