# SPDX-License-Identifier: GPL-2.0
"""The captures that "ctalg explain" is tested with, by name: a function with the options; it returns a Capture or a file's bytes."""
import random
import struct

from packets import *  # noqa: F403

CASES = {}
CLIENT, SERVER, ROUTER, OTHER = "10.0.0.2", "198.51.100.2", "198.51.100.1", "203.0.113.9"
CLIENT6, SERVER6, ROUTER6 = "fd00:1::2", "2001:db8:2::2", "2001:db8::1"
NAT = ["--inside", "10.0.0.0/8", "--outside", ROUTER]


def case(*options, policy=None):
    """@policy: the text of a policy's file."""
    def add(make):
        make.policy = policy
        CASES[make.__name__.replace("_", "-")] = make, list(options)
        return make
    return add


# --- NAT

@case(*NAT)
def snat_port():
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795)
    f.say("RETR file")
    transfer(c, SERVER, 20, CLIENT, 45795)
    f.reply("226 done")
    f.quit()
    return c


@case(*NAT)
def snat_passive():
    c = Capture()
    f = Ftp(c)
    f.passive(SERVER, 30001)
    transfer(c, CLIENT, 41000, SERVER, 30001)
    f.extended(30002)
    transfer(c, CLIENT, 41001, SERVER, 30002)
    f.quit()
    return c


@case(*NAT)
def dnat_passive():
    """The server is inside, the capture too."""
    c = Capture()
    f = Ftp(c, client=OTHER, server="10.0.0.3")
    f.passive("10.0.0.3", 30001)
    transfer(c, OTHER, 41000, "10.0.0.3", 30001)
    f.passive(ROUTER, 30002)
    f.extended(30003)
    f.port(OTHER, 45001)
    transfer(c, "10.0.0.3", 20, OTHER, 45001)
    f.quit()
    return c


@case("--inside", "fd00::/8", "--inside", "10.0.0.0/8", "--outside", ROUTER, "--outside", ROUTER6)
def nat66():
    c = Capture()
    f = Ftp(c, client=CLIENT6, server=SERVER6)
    f.say("EPRT |2|%s|45001|" % CLIENT6, "|2|%s|45001|" % CLIENT6)
    f.reply("200 good")
    transfer(c, SERVER6, 20, CLIENT6, 45001)
    f.say("EPRT |1|10.0.0.2|45002|", "|1|10.0.0.2|45002|")
    f.reply("522 no")
    f.quit()
    return c


@case("--inside", "fd00::/8", "--outside", ROUTER)
def no_nat_for_ipv6():
    c = Capture()
    f = Ftp(c, client=CLIENT6, server=SERVER6)
    f.say("EPRT |2|%s|45001|" % CLIENT6, "|2|%s|45001|" % CLIENT6)
    return c


@case()
def no_nat():
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795)
    transfer(c, SERVER, 20, CLIENT, 45795)
    f.extended(30002)
    f.quit()
    return c


@case(*NAT)
def outside_rewritten():
    """Captured outside, where the helper has done its work."""
    c = Capture()
    f = Ftp(c, client=ROUTER)
    f.port(ROUTER, 45795)
    transfer(c, SERVER, 20, ROUTER, 45795)
    f.quit()
    return c


@case(*NAT)
def outside_forgotten():
    """Captured outside, where no helper has been at work."""
    c = Capture()
    f = Ftp(c, client=ROUTER)
    f.port(CLIENT, 45795, answer="500 Illegal PORT command")
    f.quit()
    return c


@case(*NAT)
def hairpin():
    """Inside hosts among themselves, and with the router."""
    c = Capture()
    Ftp(c, server="10.0.0.3").port(CLIENT, 45795)
    Ftp(c, server=ROUTER, cport=40001).port(CLIENT, 45796)
    return c


class EachSide(Capture):
    """Recorded on all interfaces of a router: what comes from one side goes out on the other."""
    INSIDE = "192.168.10.2"

    def packet(self, packet):
        outside = packet.replace(packed(self.INSIDE), packed(ROUTER)).replace(b"192,168,10,2", b"198,51,100,1")
        sent_inside = packet[12:16] == packed(self.INSIDE)
        for side in (packet, outside) if sent_inside else (outside, packet):
            super().packet(side)


@case("--inside", "192.168.0.0/16", "--outside", ROUTER, "--quiet")
def any_interface():
    c = EachSide(SLL2, sll2)
    f = Ftp(c, client=c.INSIDE)
    f.port(c.INSIDE, 45795)
    transfer(c, SERVER, 20, c.INSIDE, 45795)
    f.extended(30002)
    transfer(c, c.INSIDE, 41000, SERVER, 30002)
    f.quit()
    c.tokens = [t for t in c.tokens for _ in range(2)]
    return c


# --- what is refused

@case(*NAT)
def refused():
    c = Capture()
    f = Ftp(c)
    f.port("203.0.113.77", 45000, answer="200 good")
    f.port(CLIENT, 22)
    f.port(CLIENT, 3306)
    f.port(CLIENT, 0)
    f.port("127.0.0.1", 45000)
    f.say("EPRT |2|fd00::2|45001|", "|2|fd00::2|45001|")
    f.say("PORT 10,0,0,256,1,2")
    f.say("PORT 10,0,0,2,1,2,3")
    f.say("EPRT |1|10.0.0.2|99999|")
    f.say("EPSV ALL")
    f.reply("200 good")
    f.say("PORT 10,0,0,2,176,1")
    f.say("PO\0RT 10,0,0,2,176,1")
    f.reply("227 Entering Passive Mode")
    f.reply("229 Extended (|||0|)")
    f.quit()
    return c


@case(*NAT, "--loose")
def loose():
    c = Capture()
    f = Ftp(c)
    f.port("203.0.113.77", 45000)
    transfer(c, SERVER, 20, "203.0.113.77", 45000)
    f.port("127.0.0.1", 45000)
    return c


@case(*NAT, "--any-source")
def any_source():
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795)
    transfer(c, OTHER, 20, CLIENT, 45795)
    return c


@case(*NAT)
def wrong_source():
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795)
    transfer(c, OTHER, 20, CLIENT, 45795)
    transfer(c, SERVER, 20, CLIENT, 45796)
    return c


@case()
def tls():
    c = Capture()
    f = Ftp(c, greet=False)
    f.reply("220 ready")
    f.say("AUTH TLS")
    f.reply("234 go")
    f.send("a", b"\x16\x03\x01\x00\x05hello\x17\x03\x03\x00\x03abc")
    f.send("b", b"\x16\x03\x03\x00\x04helo")
    f.send("a", b"\x80garbage")
    f.send("a", b"PORT 10,0,0,2,176,1\r\n")
    return c


@case()
def not_ftp():
    c = Capture()
    f = Ftp(c, greet=False)
    f.send("a", b"GET / HTTP/1.1\r\n")
    f.say("PORT 10,0,0,2,176,1")
    return c


@case("--strict")
def too_long():
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795)
    for _ in range(60):
        f.send("a", b"x" * 1400)
    f.say("")
    f.say("PORT 10,0,0,2,176,1")
    return c


@case()
def signed():
    c = Capture()
    f = Ftp(c, begin=False, greet=False)
    md5 = b"\x13\x12" + b"m" * 16 + b"\1\1"
    c.packet(f.segment("a", SYN, ack=0, options=md5))
    f.next["a"] += 1
    c.packet(f.segment("b", SYN | ACK, options=md5))
    f.next["b"] += 1
    f.reply("220 ready")
    f.say("PORT 10,0,0,2,176,1")
    return c


# --- pinholes

@case(*NAT)
def withdrawn():
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795, answer="500 no")
    f.port(CLIENT, 45796)
    f.quit()
    return c


@case(*NAT)
def expired():
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795)
    c.wait(299)
    f.port(CLIENT, 45795)
    c.wait(2)
    f.say("NOOP")
    f.port(CLIENT, 45796)
    f.reset("a")
    return c


@case(*NAT, "--quiet")
def session_limit():
    c = Capture()
    f = Ftp(c)
    for i in range(18):
        f.port(CLIENT, 45000 + i)
    transfer(c, SERVER, 20, CLIENT, 45000)
    transfer(c, SERVER, 20, CLIENT, 45017)
    return c


@case(*NAT, "--quiet")
def port_taken():
    """Two inside hosts name the same port towards one server."""
    c = Capture()
    Ftp(c).port(CLIENT, 45000)
    Ftp(c, client="10.0.0.3", cport=40001).port("10.0.0.3", 45000)
    transfer(c, SERVER, 20, "10.0.0.3", 45000)
    return c


@case("--quiet")
def displaced():
    """Without NAT the port cannot be another: the latest announcement counts."""
    c = Capture()
    Ftp(c).port(CLIENT, 45000)
    Ftp(c, cport=40001).port(CLIENT, 45000)
    transfer(c, SERVER, 20, CLIENT, 45000)
    return c


# --- TFTP

def request(c, sport, name=b"file", server=SERVER, op=1):
    c.datagram(CLIENT, sport, server, 69, bytes([0, op]) + name + b"\0octet\0")


@case(*NAT)
def tftp():
    c = Capture()
    request(c, 5000)
    request(c, 5000)
    c.datagram(SERVER, 33000, CLIENT, 5000, b"\0\3\0\1data")
    c.datagram(CLIENT, 5000, SERVER, 33000, b"\0\4\0\1")
    request(c, 5001, b"other")
    c.datagram(OTHER, 33000, CLIENT, 5001, b"\0\3\0\1data")
    c.wait(29)
    request(c, 5002)
    c.wait(2)
    request(c, 5003, b"")
    c.datagram(SERVER, 69, CLIENT, 5003, b"\0\5\0\1no\0")
    c.wait(200)
    request(c, 5004)
    return c


# --- SIP

def sip(first, contact, media="", **more):
    """A message of one call, or of a binding; @media is where its sender receives audio."""
    address, _, port = media.rpartition(":")
    body = "" if not media else (
        "v=0\r\no=- 1 1 IN IP4 %s\r\ns=-\r\nc=IN IP4 %s\r\nt=0 0\r\nm=audio %s RTP/AVP 0\r\n" % (address, address, port))
    lines = [first, "Via: SIP/2.0/%s %s;branch=z9hG4bK1;rport" % (more.get("via", ("UDP", CLIENT))),
             "From: <sip:a@example.com>;tag=1", "To: <sip:b@example.com>" + more.get("to", ""),
             "Call-ID: %s@%s" % (more.get("call", "one"), CLIENT), "CSeq: 1 " + more.get("method", "INVITE"),
             "Contact: <sip:x@%s>" % contact + more.get("expires", "")]
    if media:
        lines.append("Content-Type: application/sdp")
    return "\r\n".join(lines + ["Content-Length: %d" % len(body), "", body]).encode()


@case(*NAT)
def sip_call():
    """From inside, over UDP: addresses, lengths, the pinholes of the media; an answer with another host's media."""
    c = Capture()
    c.tokens = None
    c.datagram(CLIENT, 5060, SERVER, 5060, sip("INVITE sip:b@%s SIP/2.0" % SERVER, CLIENT, CLIENT + ":4000"))
    c.datagram(SERVER, 5060, CLIENT, 5060, sip("SIP/2.0 200 OK", SERVER, OTHER + ":30000", to=";tag=2"))
    c.datagram(SERVER, 31000, CLIENT, 4000, b"\x80\0" + bytes(170))
    return c


@case(*NAT)
def sip_refused():
    """Another inside host's media, and a privileged port."""
    c = Capture()
    c.tokens = None
    c.datagram(CLIENT, 5060, SERVER, 5060, sip("INVITE sip:b@%s SIP/2.0" % SERVER, CLIENT, "10.0.0.3:4000"))
    c.datagram(CLIENT, 5060, SERVER, 5060, sip("INVITE sip:b@%s SIP/2.0" % SERVER, CLIENT, CLIENT + ":53", call="two"))
    return c


# --- link layers

def little(link, wrap, **more):
    c = Capture(link, wrap, **more)
    f = Ftp(c, greet=False)
    f.reply("220 ready")
    f.port(CLIENT, 45795)
    transfer(c, SERVER, 20, CLIENT, 45795)
    return c


@case()
def link_vlan():
    c = little(EN10MB, vlan)
    # Somebody else's, though the addresses are the same.
    c.wrap = lambda packet: vlan(packet, 6)
    Ftp(c).port(CLIENT, 45795)
    c.wrap = vlan
    transfer(c, SERVER, 21, CLIENT, 45795)
    return c


@case()
def link_qinq():
    return little(EN10MB, qinq)


@case()
def link_sll():
    return little(SLL, sll)


@case()
def link_sll2():
    return little(SLL2, sll2)


@case()
def link_raw():
    return little(RAW, bare)


@case()
def link_ipv4():
    return little(IPV4, bare)


@case()
def link_null():
    return little(NULL, null)


@case()
def link_loop():
    return little(LOOP, loop)


@case()
def link_unknown():
    return pcap(105, [(START, b"\0" * 40, 40)])


@case()
def file_pcapng():
    c = little(EN10MB, ethernet)
    return pcapng(c.link, c.frames)


@case()
def file_nanoseconds():
    c = little(EN10MB, ethernet)
    return pcap(c.link, [(ts + 1999, data, n) for ts, data, n in c.frames], nano=True, big=True)


@case()
def file_cut():
    return little(EN10MB, ethernet).file()[:-30]


@case()
def file_empty():
    return b""


@case()
def file_other():
    return b"220 this is a log\r\n" * 20


@case()
def file_without_packets():
    return Capture().file()


# --- IP

def pieces(packet, sizes):
    """An IPv4 packet's fragments."""
    src, dst = (".".join(str(b) for b in packet[i:i + 4]) for i in (12, 16))
    payload, at, out = packet[20:], 0, []
    for n in sizes + [len(payload) - sum(sizes)]:
        out.append(ipv4(src, dst, packet[9], payload[at:at + n], 77, at, at + n < len(payload)))
        at += n
    return out


@case()
def fragments_ipv4():
    c = Capture()
    f = Ftp(c)
    line = b"PORT 10,0,0,2,178,227\r\n"
    c.tokens.append((5, 16))
    parts = pieces(f.segment("a", ACK, line), [24, 8])
    for part in parts[2], parts[0], parts[2], parts[1]:
        c.packet(part)
    f.next["a"] += len(line)
    f.ack("b")
    # One whose parts overlap is none; nor is one that stays in pieces.
    line = b"PORT 10,0,0,2,178,228\r\n"
    parts = pieces(f.segment("a", ACK, line), [24, 8])
    evil = ipv4(CLIENT, SERVER, TCP, b"x" * 16, 77, 16, True)
    for part in parts[0], evil, parts[1], parts[2]:
        c.packet(part)
    c.wait(61)
    c.packet(parts[0])
    c.wait(61)
    f.send("a", line)
    c.tokens.append((5, 16))
    # Options, and a packet that the network card is going to cut.
    line = b"PORT 10,0,0,2,178,229\r\n"
    c.tokens.append((5, 16))
    c.packet(ipv4(CLIENT, SERVER, TCP, f.segment("a", ACK, line)[20:], options=b"\x94\4\0\0", total=0))
    return c


@case()
def fragments_beyond():
    """A last fragment that ends before another one's end, and one that ends behind all packets."""
    c = Capture()
    for off, more, n in (24, True, 8), (8, False, 8), (0, True, 8):
        c.packet(ipv4(CLIENT, SERVER, UDP, b"x" * n, 1, off, more))
    c.packet(ipv4(CLIENT, SERVER, UDP, b"x" * 64, 2, 65528, False))
    return c


@case()
def fragments_ipv6():
    c = Capture()
    f = Ftp(c, client=CLIENT6, server=SERVER6)
    line = ("EPRT |2|%s|45001|\r\n" % CLIENT6).encode()
    c.tokens.append((5, len(line) - 7))
    payload = f.segment("a", ACK, line)[40:]
    # Destination options stand before the transport header, in the part that is cut.
    payload = struct.pack("!BBBB4x", TCP, 0, 1, 4) + payload
    for at, n in (32, 99), (0, 32):
        part = fragment6(60, 9, at, at + n < len(payload), payload[at:at + n])
        c.packet(ipv6(CLIENT6, SERVER6, 0, struct.pack("!BBBB4x", 44, 0, 1, 4) + part))
    f.next["a"] += len(line)
    f.ack("b")
    # One that is all of the packet (RFC 6946)
    line = ("EPRT |2|%s|45002|\r\n" % CLIENT6).encode()
    c.tokens.append((5, len(line) - 7))
    c.packet(ipv6(CLIENT6, SERVER6, 44, fragment6(TCP, 10, 0, False, f.segment("a", ACK, line)[40:])))
    return c


@case()
def truncated():
    """Only so much of each packet is in the capture."""
    c = Capture(snap=70)
    f = Ftp(c, greet=False)
    f.reply("220 ready")
    f.port(CLIENT, 45795)
    f.say("NOOP")
    c.datagram(CLIENT, 5000, SERVER, 69, b"\0\1" + b"x" * 99 + b"\0octet\0")
    c.snap = 40
    f.say("NOOP")
    # The address is behind what was recorded.
    c.tokens.clear()
    return c


@case()
def garbage():
    c = little(EN10MB, ethernet)
    r = random.Random(4)
    good = [data for _, data, _ in c.frames]
    for _ in range(400):
        data = bytearray(r.choice(good))
        for _ in range(r.randrange(1, 8)):
            data[r.randrange(12, len(data))] = r.randrange(256)
        c.frame(bytes(data[:r.randrange(1, len(data) + 1)]))
    c.packet(ipv4(CLIENT, SERVER, 1, b"ping"))
    c.packet(ipv4(CLIENT, SERVER, TCP, b"short"))
    c.packet(ipv4(CLIENT, SERVER, TCP, tcp(1, 2, 3, 4, ACK), total=19))
    c.packet(ipv6(CLIENT6, SERVER6, 0, b"\x06\xff" + b"\0" * 6))
    c.frame(b"\0" * 12 + b"\x08\x06" + b"\0" * 28)
    return c


# --- TCP

@case(*NAT)
def tcp_order():
    c = Capture()
    f = Ftp(c)
    line = b"PORT 10,0,0,2,178,227\r\n"
    first = f.next["a"]
    # The end, the beginning twice, the end again, then what is between, with more on both sides.
    for a, b in (15, 23), (0, 8), (0, 8), (15, 23), (5, 18):
        c.packet(f.segment("a", ACK, line[a:b], seq=first + a))
    f.next["a"] += len(line)
    c.tokens.append((5, 16))
    f.ack("b")
    f.port(CLIENT, 45796, cuts=(1, 2, 3, 10, 22))
    f.say("NOOP\r\nUSER a\x1b[31m\\\xff")
    # An urgent-looking stray, and a keep-alive
    c.packet(f.segment("a", ACK, b"far away\r\n", seq=first + 2 ** 30))
    c.packet(f.segment("a", ACK, b"\0", seq=f.next["a"] - 1))
    f.quit()
    return c


@case()
def tcp_wrap():
    c = Capture()
    f = Ftp(c, isn=2 ** 32 - 30)
    f.port(CLIENT, 45795)
    f.port(CLIENT, 45796)
    f.quit()
    return c


@case(*NAT)
def tcp_gap():
    c = Capture()
    f = Ftp(c)
    f.lose("a", b"PORT 10,0,0,2,")
    f.send("a", b"178,227\r\n")
    f.port(CLIENT, 45796)
    # What nobody has acknowledged may come yet, until the capture ends.
    f.lose("a", b"NOOP\r\n")
    c.packet(f.segment("a", ACK, b"EPSV ALL\r\n"))
    return c


@case(*NAT)
def mid_stream():
    c = Capture()
    f = Ftp(c, begin=False, greet=False)
    f.send("b", b"rest of a line\r\n")
    f.say("TYPE I")
    f.reply("200 good")
    f.port(CLIENT, 45795)
    transfer(c, SERVER, 20, CLIENT, 45795)
    f.quit()
    return c


@case()
def mid_syn_ack():
    """The SYN alone is missing."""
    c = Capture()
    Ftp(c).port(CLIENT, 45795)
    del c.frames[0]
    return c


@case()
def again():
    """The same ports, a second connection."""
    c = Capture()
    Ftp(c).port(CLIENT, 45795)
    Ftp(c, isn=99).port(CLIENT, 45795)
    return c


@case("--port", "ftp=2121", "--quiet")
def other_port():
    c = Capture()
    Ftp(c, port=2121).port(CLIENT, 45795)
    return c


# --- policy

@case(*NAT, policy="""\
set office { 10.0.0.0/24 }
any { allow RETR user "joe" }
ftp {
    read-only inside office answer 553 "Files here are only read"
    deny CWD object "/secret*"
}
""")
def policy_denied():
    """What the server said to it shows as what would be replaced; so does the rest of an answer."""
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795)
    f.say("STOR my file")
    f.reply("150 here it comes")
    transfer(c, SERVER, 20, CLIENT, 45795)
    f.reply("226 done")
    f.say("CWD /secret/plans")
    f.reply("250-you are in")
    f.reply("250 now")
    f.say("CWD /open")
    f.reply("250 you are in")
    f.passive(SERVER, 30001)
    f.say("RETR file")
    f.reply("226 done")
    f.quit()
    return c


@case(*NAT, policy="""\
ftp {
    deny user "j?e", "guest*"
}
""")
def policy_user():
    """Who is refused is nobody, until he is somebody else."""
    c = Capture()
    f = Ftp(c)
    f.port(CLIENT, 45795)
    f.say("USER anonymous")
    f.reply("331 your address")
    f.say("PASS me@")
    f.reply("230 in")
    f.port(CLIENT, 45796)
    f.quit()
    return c


@case(*NAT, policy="ftp {\n\tstrict\n}\n")
def policy_strict():
    c = Capture()
    f = Ftp(c)
    f.say("PORT 10,0,0,256,1,2")
    f.reply("501 what?")
    f.say("PASV")
    f.reply("227 Entering Passive Mode (1,2,3)")
    f.port(CLIENT, 45796)
    for _ in range(60):
        f.send("a", b"x" * 1400)
    f.say("")
    f.say("NOOP")
    return c


@case(*NAT, "--strict")
def strict_without_policy():
    c = Capture()
    f = Ftp(c)
    f.say("PORT 10,0,0,256,1,2")
    f.reply("501 what?")
    f.quit()
    return c


@case(policy="ftp {\n\topaque deny\n}\n")
def policy_no_tls():
    c = Capture()
    f = Ftp(c, greet=False)
    f.reply("220 ready")
    f.say("AUTH TLS")
    f.reply("534 no")
    f.say("USER joe")
    f.reply("331 password")
    return c


@case(policy="ftp {\n\topaque passive-range 50000-50009\n}\n")
def policy_tls_range():
    c = Capture()
    f = Ftp(c, greet=False)
    f.reply("220 ready")
    f.say("AUTH TLS")
    f.reply("234 go")
    f.send("a", b"\x16\x03\x01\x00\x05hello\x17\x03\x03\x00\x03abc")
    transfer(c, CLIENT, 41000, SERVER, 50003)
    transfer(c, CLIENT, 41001, SERVER, 50003)
    transfer(c, OTHER, 41002, SERVER, 50004)
    transfer(c, CLIENT, 41003, SERVER, 50010)
    f.close("a")
    return c


@case(*NAT, policy="""\
set inside { 10.0.0.0/8 }
ftp {
    hide
}
""")
def policy_hide():
    """The inside server's banner names it; another inside host becomes nobody."""
    c = Capture()
    f = Ftp(c, client=OTHER, server="10.0.0.3", greet=False)
    f.reply("220 files.example [10.0.0.3] ready, see 10.0.0.9")
    f.say("USER joe 10.0.0.3")
    f.reply("331 password")
    f.passive("10.0.0.3", 30001)
    f.passive("10.0.0.9", 30002)
    f.quit()
    return c


@case(*NAT, policy="""\
limit asks 2/second burst 3 per host
limit few 1 sessions per user
ftp {
    limit asks RETR, NLST answer 450 "Slowly"
    limit few NOOP else reset
}
""")
def policy_rate():
    """Three at once, then two a second, by the clock of the capture."""
    c = Capture()
    f = Ftp(c)
    for _ in range(5):
        f.say("RETR file")
        f.reply("550 no such file")
    c.wait(0.6)
    f.say("NLST")
    f.reply("550 no such file")
    f.say("NLST")
    f.reply("550 no such file")
    f.say("NOOP")
    f.reply("200 fine")
    g = Ftp(c, cport=40002)
    g.say("NOOP")
    g.reply("200 fine")
    return c


@case(*NAT, policy="""\
set partners { 203.0.113.0/24 }
set servers { 198.51.100.0/24 }
ftp {
    loose to partners
    source servers
    outside-ports 50000-50001
}
""")
def policy_grants():
    c = Capture()
    f = Ftp(c)
    f.port("203.0.113.77", 45000)
    f.port("192.0.2.1", 45000)
    f.port(CLIENT, 45795)
    transfer(c, "198.51.100.77", 20, CLIENT, 45795)
    f.port(CLIENT, 45796)
    f.quit()
    return c


@case(*NAT, policy="""\
tftp {
    read-only
    drop object "*.key"
}
""")
def policy_tftp():
    c = Capture()
    request(c, 3000)
    request(c, 3001, name=b"my.key")
    request(c, 3002, name=b"file", op=2)
    return c


def asks(method, number, size=0):
    return ("%s sip:bob@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bK%d\r\n"
            "From: <sip:alice@example.org>;tag=f\r\nTo: <sip:bob@example.org>;tag=t\r\nCall-ID: %d\r\n"
            "CSeq: %d %s\r\nContent-Length: %d\r\n\r\n" % (method, number, number, number, method, size)).encode() + size * b"x"


@case(policy="sip {\n\tdeny MESSAGE\n\tlimit size 280\n}\n")
def policy_sip():
    c = Capture()
    for number, method, size in ((1, "OPTIONS", 0), (2, "MESSAGE", 0), (3, "OPTIONS", 80)):
        c.tokens.append((54, 8))
        c.datagram(CLIENT, 5060, SERVER, 5060, asks(method, number, size))
    return c


@case()
def nothing():
    c = Capture()
    transfer(c, CLIENT, 41000, SERVER, 80)
    return c


import captures_sip  # noqa: E402,F401
