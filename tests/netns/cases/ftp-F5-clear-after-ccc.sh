#!/bin/bash
# When clear text follows a complete TLS record (CCC), commands are read again, and their data flows.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
for FAM in 4 6; do
	ftp_script <<-'END'
		from tls_like import Records
		f = Ftp()
		for again in 1, 2:
		    f.start_tls(Records())
		    f.say_in_tls("NOOP " + "long" * 3000)
		    f.clear()
		    f.active_works()
		    f.passive_works()
		f.quit()
	END
done
counted ftp tls-control-channel 4
counted ftp pinhole-used 8
all_well
