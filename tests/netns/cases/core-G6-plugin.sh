#!/bin/bash
# A helper built outside the tree, tests/plugin: loads, is found by its rule, and its data flows through NAT.
# KERNELS: 7.2
# REQUIRES: ctalg module:ctalg_meet
. "$(dirname "$0")/../lib.sh"

modprobe ctalg_meet
setup_topo snat
run_in "$RT" nft -f - <<-END
	insert rule inet filter forward iifname in0 tcp dport 7700 accept
	table inet meet {
		ct helper meet { type "meet" protocol tcp; }
		chain prerouting {
			type filter hook prerouting priority -150
			tcp dport 7700 ct helper set "meet"
		}
	}
END
make_files
start_in "$SRV" server "${PYTHON[@]}" -c '
import socket
s = socket.create_server(("198.51.100.2", 7700))
while True:
    c = s.accept()[0]
    host, port = c.recv(999).decode().split()[1].split(":")
    socket.create_connection((host, int(port)), 5).sendall(b"met at %s" % host.encode())
'
wait_for 20 "server" listens "$SRV" tcp 7700
ftp_script <<'END'
c = socket.create_connection((TARGET, 7700), WAIT)
t = socket.create_server(("10.0.0.2", 0))
t.settimeout(WAIT)
c.sendall(b"MEET 10.0.0.2:%d\r\n" % t.getsockname()[1])
got = read_all(t.accept()[0])
check(got == b"met at " + os.environ["ROUT4"].encode(), "got %r" % got)
END
counted meet pinhole-used 1
all_well
