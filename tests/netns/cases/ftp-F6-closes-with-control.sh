#!/bin/bash
# Pinholes that nobody used close when their control connection does, by FIN as by RST.
# MAINLINE: fails
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
for ending in fin rst; do
	start_script <<-END
		import struct, time
		f = Ftp()
		f.announce()
		f.ask("PASV")
		open(LOGS + "/$ending", "w").close()
		while not os.path.exists(LOGS + "/end-$ending"):
		    time.sleep(0.05)
		if "$ending" == "rst":
		    f.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
		f.sock.close()
	END
		wait_for 20 "announcement" test -e "$TMP/logs/$ending"
	expect_seen "src=$SRV4 dst="
	touch "$TMP/logs/end-$ending"
	finish_script
	expect_none
done
counted ftp pinhole-opened 4
counted ftp pinhole-used 0
all_well
