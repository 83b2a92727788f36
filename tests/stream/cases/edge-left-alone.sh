#!/bin/bash
# Segments that are signed (TCP-MD5, TCP-AO), and numbers that a SYN proxy adjusts, are left alone and work.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

setup_topo none
real_script <<'PY'
def address(a):
    return struct.pack("=HH4s120x", socket.AF_INET, 0, socket.inet_aton(a))

def md5(peer):
    return lambda s: s.setsockopt(TCP, TCP_MD5SIG, address(peer) + struct.pack("=BBHi80s", 0, 0, 3, 0, b"key"))

def ao(peer):
    """struct tcp_ao_add: address, algorithm, interface, current and next key, padding, prefix, ids, MAC length, key."""
    key = struct.pack("=64siIHBBBBBB80s", b"hmac(sha1)", 0, 3, 0, 32, 100, 100, 12, 0, 3, b"key")
    return lambda s: s.setsockopt(TCP, TCP_AO_ADD_KEY, address(peer) + key)

def signed(sign, missing):
    before, edits = counter("foreign-sequence-adjustment"), counter("pinhole-opened")
    try:
        c, s = connected(client=sign(os.environ["SRV4"]), server=sign(os.environ["CLI4"]))
    except OSError as e:
        check(e.errno in missing, e) # this kernel has none
        return False
    announces(c, s, 20001, os.environ["CLI4"])
    check(counter("foreign-sequence-adjustment") == before + 1, "it is not counted")
    check(counter("pinhole-opened") == edits, "it was read")
    close(c, s)
    return True

check(signed(md5, ()), "no TCP-MD5 here")
print("TCP-AO: " + ("yes" if signed(ao, (92, )) else "not in this kernel"))
PY

run_in "$RT" sh -c 'echo 0 >/proc/sys/net/netfilter/nf_conntrack_tcp_loose; echo 2 >/proc/sys/net/ipv4/tcp_syncookies'
nft_helper output -150 | sed 's/table inet helper/table inet helper_out/' | run_in "$RT" nft -f -
run_in "$RT" nft -f - <<-END
	table ip proxy {
		chain raw {
			type filter hook prerouting priority -300
			tcp dport 21 tcp flags syn / fin,syn,rst,ack notrack
		}
		chain forward {
			type filter hook forward priority -5
			tcp dport 21 ct state invalid,untracked synproxy mss 1460 wscale 7 timestamp sack-perm
		}
	}
END
real_script <<'PY'
def declined():
    """The proxy takes the SYN-ACK for itself, so that its flows look as if they were met in the middle."""
    return counter("foreign-sequence-adjustment") + counter("mid-stream")

before = declined()
c, s = connected()
announces(c, s, 20011, os.environ["CLI4"])
check(declined() == before + 1, "it is not counted")
close(c, s)
PY
counted ftp message 0
counted ftp pinhole-opened 0
all_well
