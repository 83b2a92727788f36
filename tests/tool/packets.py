# SPDX-License-Identifier: GPL-2.0
"""Packets and captures, written byte by byte: nothing here knows what reads them."""
import ipaddress
import struct

TCP, UDP = 6, 17
FIN, SYN, RST, ACK = 1, 2, 4, 16
EN10MB, RAW, SLL, SLL2, NULL, LOOP, IPV4, IPV6 = 1, 101, 113, 276, 0, 108, 228, 229
START = 1700000000 * 10 ** 9


def packed(address):
    return ipaddress.ip_address(address).packed


def is_v6(address):
    return ":" in address


# --- IP

def ipv4(src, dst, proto, payload, ident=0, off=0, more=False, options=b"", total=None):
    header = 20 + len(options)
    return struct.pack("!BBHHHBBH", 4 << 4 | header // 4, 0, header + len(payload) if total is None else total, ident,
                       more << 13 | off // 8, 64, proto, 0) + packed(src) + packed(dst) + options + payload


def ipv6(src, dst, nh, payload, length=None):
    return struct.pack("!IHBB", 6 << 28, len(payload) if length is None else length, nh, 64) + \
        packed(src) + packed(dst) + payload


def ip(src, dst, proto, payload):
    return (ipv6 if is_v6(src) else ipv4)(src, dst, proto, payload)


def fragment6(nh, ident, off, more, payload):
    return struct.pack("!BBHI", nh, 0, off | more, ident) + payload


# --- transport; nobody checks sums

def tcp(sport, dport, seq, ack, flags, data=b"", options=b""):
    return struct.pack("!HHIIBBHHH", sport, dport, seq % 2 ** 32, ack % 2 ** 32, (20 + len(options)) // 4 << 4, flags,
                       65535, 0, 0) + options + data


def udp(sport, dport, data, length=None):
    return struct.pack("!HHHH", sport, dport, 8 + len(data) if length is None else length, 0) + data


# --- link layers

def ethernet(packet, *tags):
    """Each tag is (type, VLAN), the outermost first."""
    kind = 0x86dd if packet[0] >> 4 == 6 else 0x0800
    middle = b"".join(struct.pack("!HH", *tag) for tag in tags)
    return b"\x02\0\0\0\0\2\x02\0\0\0\0\1" + middle + struct.pack("!H", kind) + packet


def vlan(packet, ident=5):
    return ethernet(packet, (0x8100, 0x6000 | ident))


def qinq(packet):
    return ethernet(packet, (0x88a8, 100), (0x8100, 5))


def sll(packet):
    return struct.pack("!HHH8sH", 0, 1, 6, b"\2\0\0\0\0\1", 0x86dd if packet[0] >> 4 == 6 else 0x0800) + packet


def sll2(packet):
    return struct.pack("!HHIHBB8s", 0x86dd if packet[0] >> 4 == 6 else 0x0800, 0, 2, 1, 0, 6, b"\2\0\0\0\0\1") + packet


def null(packet):
    return struct.pack("<I", 2) + packet


def loop(packet):
    return struct.pack(">I", 2) + packet


def bare(packet):
    return packet


# --- files

def pcap(link, frames, nano=False, big=False):
    order, unit = ">" if big else "<", 1 if nano else 1000
    out = struct.pack(order + "IHHiIII", 0xa1b23c4d if nano else 0xa1b2c3d4, 2, 4, 0, 0, 262144, link)
    for ts, data, wire_len in frames:
        out += struct.pack(order + "IIII", ts // 10 ** 9, ts % 10 ** 9 // unit, len(data), wire_len) + data
    return out


def block(kind, body):
    body += b"\0" * (-len(body) % 4)
    return struct.pack("<II", kind, 12 + len(body)) + body + struct.pack("<I", 12 + len(body))


def pcapng(link, frames):
    """Nanoseconds, as its option if_tsresol says."""
    out = block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1))
    out += block(1, struct.pack("<HHI", link, 0, 262144) + struct.pack("<HHB3x", 9, 1, 9) + struct.pack("<HH", 0, 0))
    for ts, data, wire_len in frames:
        out += block(6, struct.pack("<IIIII", 0, ts >> 32, ts & 0xffffffff, len(data), wire_len) + data)
    return out


# --- what hosts say to one another

class Capture:
    """Frames one after the other, a millisecond apart."""

    def __init__(self, link=EN10MB, wrap=ethernet, snap=None):
        self.link, self.wrap, self.snap = link, wrap, snap
        self.now, self.frames, self.tokens = START, [], []

    def frame(self, data):
        self.frames.append((self.now, data[:self.snap], len(data)))
        self.now += 10 ** 6

    def packet(self, packet):
        self.frame(self.wrap(packet))

    def wait(self, seconds):
        self.now += int(seconds * 10 ** 9)

    def datagram(self, src, sport, dst, dport, data):
        self.packet(ip(src, dst, UDP, udp(sport, dport, data)))

    def file(self):
        return pcap(self.link, self.frames)


class Tcp:
    """A connection of `a`, who begins it, to `b`; "a" and "b" name the two in what follows."""

    def __init__(self, capture, a, aport, b, bport, isn=1000, begin=True):
        self.capture = capture
        self.end = {"a": (a, aport), "b": (b, bport)}
        self.next = {"a": isn, "b": 7 * isn}
        if begin:
            self.handshake()

    @staticmethod
    def other(who):
        return "b" if who == "a" else "a"

    def segment(self, who, flags, data=b"", seq=None, ack=None, options=b""):
        """As raw bytes of an IP packet."""
        other = self.other(who)
        (src, sport), (dst, dport) = self.end[who], self.end[other]
        return ip(src, dst, TCP, tcp(sport, dport, self.next[who] if seq is None else seq,
                                     self.next[other] if ack is None else ack, flags, data, options))

    def handshake(self):
        self.capture.packet(self.segment("a", SYN, ack=0))
        self.next["a"] += 1
        self.capture.packet(self.segment("b", SYN | ACK))
        self.next["b"] += 1
        self.ack("a")

    def ack(self, who):
        self.capture.packet(self.segment(who, ACK))

    def send(self, who, data, *cuts):
        """In one segment, or cut at these places."""
        for start, end in zip((0,) + cuts, cuts + (len(data),)):
            self.capture.packet(self.segment(who, ACK, data[start:end]))
            self.next[who] += end - start
        self.ack(self.other(who))

    def lose(self, who, data):
        """Was sent, and is not in the capture; the other end has it."""
        self.next[who] += len(data)

    def fin(self, who):
        self.capture.packet(self.segment(who, ACK | FIN))
        self.next[who] += 1

    def close(self, first="a"):
        self.fin(first)
        self.fin(self.other(first))
        self.ack(first)

    def reset(self, who):
        self.capture.packet(self.segment(who, RST | ACK))


class Ftp(Tcp):
    """A control connection; `token` is what in a line is an endpoint."""

    def __init__(self, capture, client="10.0.0.2", server="198.51.100.2", port=21, cport=40000, greet=True, **more):
        super().__init__(capture, client, cport, server, port, **more)
        if greet:
            self.reply("220 ready")
            self.say("USER joe")
            self.reply("331 password")
            self.say("PASS secret")
            self.reply("230 in")

    def line(self, who, text, token, cuts):
        data = text.encode("latin-1") + b"\r\n"
        if token:
            assert text.count(token) == 1
            self.capture.tokens.append((text.index(token), len(token)))
        self.send(who, data, *cuts)

    def say(self, text, token="", cuts=()):
        self.line("a", text, token, cuts)

    def reply(self, text, token="", cuts=()):
        self.line("b", text, token, cuts)

    def port(self, host, port, cuts=(), answer="200 good"):
        token = "%s,%d,%d" % (host.replace(".", ","), port >> 8, port & 255)
        self.say("PORT " + token, token, cuts)
        if answer:
            self.reply(answer)

    def passive(self, host, port):
        token = "%s,%d,%d" % (host.replace(".", ","), port >> 8, port & 255)
        self.say("PASV")
        self.reply("227 Entering Passive Mode (%s)." % token, token)

    def extended(self, port):
        self.say("EPSV")
        self.reply("229 Extended (|||%d|)" % port, str(port))

    def quit(self):
        self.say("QUIT")
        self.reply("221 bye")
        self.close("b")


def transfer(capture, a, aport, b, bport):
    """A data connection."""
    data = Tcp(capture, a, aport, b, bport, isn=50000)
    data.send("b", b"a file")
    data.close("b")
