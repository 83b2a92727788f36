#!/bin/bash
# Two PASV (or EPSV, or PORT) before the first data connection: both pinholes hold.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo dnat
start_server peer
for FAM in 4 6; do
	ftp_script <<-'END'
		f = Ftp()
		first = f.ask()
		second = f.ask()
		check(first != second, "one address for both")
		for where in second, first:
		    f.where = where
		    f.retr(f.connect)
		f.quit()
	END
done
counted ftp pinhole-used 4
all_well
