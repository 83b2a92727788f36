#!/bin/bash
# Linux at both ends: MPTCP becomes TCP, Fast Open a common beginning; a reader that hardly reads gets it all.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

setup_topo snat
for ns in "$CLI" "$SRV"; do
	run_in "$ns" sh -c 'echo 3 >/proc/sys/net/ipv4/tcp_fastopen'
done
real_script <<'PY'
def mptcp():
    try:
        c, s = connected(proto=MPTCP)
    except OSError as e:
        check(e.errno in (92, 93), e) # this kernel has none
        return
    check(s.getsockopt(socket.SOL_SOCKET, 38) == TCP, "the server got multipath TCP") # SO_PROTOCOL
    announces(c, s, 20001)
    close(c, s)

mptcp()

def fast_open():
    """The second connection would bring its first command in its SYN, had it been given a cookie."""
    for i in range(2):
        c, s = connected(client=lambda s: s.setsockopt(TCP, TCP_FASTOPEN_CONNECT, 1),
                         server=lambda s: s.setsockopt(TCP, TCP_FASTOPEN, 5))
        announces(c, s, 20011 + i)
        close(c, s)

fast_open()

def slow_reader():
    """Never more than a few hundred bytes of room; all edits arrive in their place."""
    c, s = connected(server=lambda s: s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304))
    inside = b"".join(port(21000 + i, os.environ["CLI4"]) for i in range(300))
    outside = b"".join(port(21000 + i, os.environ["OUTSIDE"]) for i in range(300))
    c.setblocking(False)
    sent, got = 0, b""
    while len(got) < len(outside):
        try:
            sent += c.send(inside[sent:])
        except BlockingIOError:
            pass
        got += s.recv(300)
    check(got == outside, "other bytes")
    c.settimeout(20)
    announces(c, s, 20021)
    close(c, s)

slow_reader()
PY
all_well
