"""TCP by hand: both ends of connections through the router, segment by segment, in one process.

The two kernels in between see what an end sends; nobody but the script answers. settle() returns when everything
sent so far has arrived, without waiting for any time: a marker follows it on the same way, and one comes back.
What an end hears is checked: right checksums, no segment longer than it asked for, and no byte that it has not
acknowledged yet may come twice with different values.

From the environment: CLI SRV RT are namespaces, CLI4 CLI6 TO4 TO6 the addresses of the client and to call.
"""
import ctypes
import json
import os
import socket
import struct
import subprocess
import sys

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
MSS, WSCALE, SACK_OK, SACK, TS = 2, 3, 4, 5, 8
CLONE_NEWNET = 0x40000000
WAIT = 20
PACKET_OUTGOING, ETH_P_ALL, ETHER_TYPES, SO_RCVBUFFORCE = 4, 3, (0x800, 0x86dd), 33
MARK = 7
FAMILIES = {4: socket.AF_INET, 6: socket.AF_INET6}


class Failed(Exception):
    pass


def check(true, what):
    if not true:
        raise Failed(what)


def enter(name):
    """This process is in another network namespace from here on; its sockets stay where they were made."""
    fd = os.open("/run/netns/" + name, os.O_RDONLY)
    if ctypes.CDLL(None, use_errno=True).setns(fd, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns " + name)
    os.close(fd)


def add(a, n):
    return (a + n) & 0xffffffff


def diff(a, b):
    return (a - b + 0x80000000 & 0xffffffff) - 0x80000000


def packed(address):
    return socket.inet_pton(FAMILIES[6 if ":" in address else 4], address)


def checksum(data):
    if len(data) & 1:
        data += b"\0"
    n = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while n >> 16:
        n = (n & 0xffff) + (n >> 16)
    return ~n & 0xffff


def pseudo(src, dst, n):
    return src + dst + (struct.pack("!BBH", 0, 6, n) if len(src) == 4 else struct.pack("!IHBB", n, 0, 0, 6))


def options_bytes(options):
    """[(kind, content)…] with the padding that Linux has."""
    out = b"".join(bytes([kind, 2 + len(value)]) + value for kind, value in options)
    return b"\1" * (-len(out) % 4) + out


class Segment:
    """What was heard."""

    def __init__(self, packet):
        if packet[0] >> 4 == 4:
            off, end = (packet[0] & 15) * 4, struct.unpack("!H", packet[2:4])[0]
            self.proto, self.src, self.dst, self.ext = packet[9], packet[12:16], packet[16:20], b""
        else:
            off, end = 40, 40 + struct.unpack("!H", packet[4:6])[0]
            self.proto, self.src, self.dst = packet[6], packet[8:24], packet[24:40]
            while self.proto in (0, 60):
                self.proto, off = packet[off], off + 8 + packet[off + 1] * 8
            self.ext = packet[40:off]
        self.size = end
        if self.proto == 6:
            self.tcp(packet[off:end])

    def tcp(self, t):
        self.sport, self.dport, self.seq, self.ack, off, self.flags, self.win, _, self.urg = struct.unpack(
            "!HHIIBBHHH", t[:20])
        off = (off >> 4) * 4
        self.data, self.options = t[off:], {}
        self.good = checksum(pseudo(self.src, self.dst, len(t)) + t) == 0
        rest = t[20:off]
        while rest and rest[0]:
            if rest[0] == 1:
                rest = rest[1:]
                continue
            self.options[rest[0]] = rest[2:rest[1]]
            rest = rest[rest[1]:]

    def sacks(self):
        n = struct.unpack("!%dI" % (len(self.options.get(SACK, b"")) // 4), self.options.get(SACK, b""))
        return list(zip(n[::2], n[1::2]))

    def tsval(self):
        return struct.unpack("!I", self.options[TS][:4])[0]

    def __repr__(self):
        names = "".join(c for i, c in enumerate("FSRPAU") if self.flags >> i & 1)
        return "<%s seq %d ack %d win %d %r>" % (names, self.seq, self.ack, self.win, self.data[:60])


def is_marker(seg):
    return (seg.flags, seg.seq) == (SYN, MARK) or (seg.flags, seg.ack) == (SYN | ACK, MARK + 1)


class Host:
    """A namespace's wire: everything that arrives at its eth0, and a way to send anything."""

    def __init__(self, name):
        enter(name)
        self.ends, self.marker, self.fragments = [], None, {}
        self.tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM)
        self.tap.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 1 << 22)
        self.tap.bind(("eth0", ETH_P_ALL))
        self.out = {f: socket.socket(FAMILIES[f], socket.SOCK_RAW, socket.IPPROTO_RAW) for f in FAMILIES}

    def send(self, src, dst, tcp, ext=b"", piece=0):
        """piece: in IPv4 fragments of that size, the last one first."""
        s, d = packed(src), packed(dst)
        tcp = tcp[:16] + struct.pack("!H", checksum(pseudo(s, d, len(tcp)) + tcp)) + tcp[18:]
        if len(s) == 4:
            head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 0, 0x4000, 64, 6, 0, s, d)
        else:
            head = struct.pack("!IHBB16s16s", 6 << 28, len(ext) + len(tcp), 0 if ext else 6, 64, s, d)
        if not piece:
            self.out[6 if ":" in src else 4].sendto(head + ext + tcp, (dst, 0))
            return
        Net.fragment += 1
        for at in reversed(range(0, len(tcp), piece)):
            more = 0x2000 if at + piece < len(tcp) else 0
            part = tcp[at:at + piece]
            head = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(part), Net.fragment, more | at // 8, 64, 6, 0, s, d)
            self.out[4].sendto(head + part, (dst, 0))

    def listen(self):
        """The next packet, whatever it is."""
        self.tap.settimeout(WAIT)
        packet, where = self.tap.recvfrom(65536)
        if where[2] != PACKET_OUTGOING and where[1] in ETHER_TYPES:
            packet = self.whole(packet)
            if packet:
                self.take(Segment(packet))

    def whole(self, packet):
        """The packet, or what its fragments make; None while some are missing."""
        if packet[0] >> 4 != 4:
            return packet
        size, number, where = struct.unpack("!HHH", packet[2:8])
        if not where & 0x3fff:
            return packet
        parts = self.fragments.setdefault((packet[12:20], number), {})
        parts[(where & 0x1fff) * 8] = packet[20:size], where & 0x2000
        text = b""
        while len(text) in parts:
            part, more = parts[len(text)]
            text += part
            if not more:
                del self.fragments[packet[12:20], number]
                return packet[:2] + struct.pack("!HHH", 20 + len(text), number, 0) + packet[8:20] + text
        return None

    def take(self, seg):
        if seg.proto != 6:
            return
        if is_marker(seg):
            self.marker = seg
            return
        for end in self.ends:
            if end.is_for(seg):
                end.hear(seg)
                return

    def wait_marker(self):
        self.marker = None
        while not self.marker:
            self.listen()
        return self.marker


    def wait_for(self, end):
        """Neighbours that have to find each other first take time of their own."""
        while not end.heard:
            self.listen()


def settle():
    """All that was sent before has arrived."""
    Net.marker += 1
    Net.client.send(os.environ["CLI4"], os.environ["TO4"], tcp_bytes(Net.marker, 21, MARK, 0, SYN))
    seg = Net.server.wait_marker()
    Net.server.send(socket.inet_ntop(socket.AF_INET, seg.dst), socket.inet_ntop(socket.AF_INET, seg.src),
                    tcp_bytes(21, seg.sport, 0, MARK + 1, SYN | ACK))
    Net.client.wait_marker()


def tcp_bytes(sport, dport, seq, ack, flags, win=65535, urg=0, options=b"", data=b""):
    return struct.pack("!HHIIBBHHH", sport, dport, seq, ack, 5 + len(options) // 4 << 4, flags, win, 0, urg) + \
        options + data


class Net:
    """The two hosts, and counters of ports."""
    client = server = None
    marker, port, fragment = 30000, 40000, 0


def start():
    Net.client, Net.server = Host(os.environ["CLI"]), Host(os.environ["SRV"])
    enter(os.environ["RT"])


class End:
    """One end. `heard` are the segments since the last settle(); `text` all bytes in order since the handshake."""

    def __init__(self, host, own, peer, iss):
        self.host, self.own, self.peer = host, own, peer
        self.iss, self.next, self.rcv, self.acked = iss, iss, 0, None
        self.mss, self.clock, self.echo, self.piece = 65535, None, 0, 0
        self.heard, self.ahead, self.known, self.text, self.fin, self.ext = [], {}, b"", b"", False, b""
        host.ends.insert(0, self)

    def is_for(self, seg):
        return seg.dport == self.own[1] and seg.dst == packed(self.own[0]) and \
            self.peer[1] in (0, seg.sport)

    def send(self, data=b"", flags=0, seq=None, ack=None, win=65535, urg=0, options=()):
        """In order by default; with seq it is a repetition, or ahead of its turn."""
        options = list(options)
        if self.clock is not None:
            self.clock += 1
            options.append((TS, struct.pack("!II", self.clock, self.echo)))
        flags |= (ACK if ack is not None or self.rcv else 0) | (URG if urg else 0)
        ack = self.rcv if ack is None else ack
        if flags & ACK:
            self.acked = ack if self.acked is None or diff(ack, self.acked) > 0 else self.acked
        at = self.next if seq is None else seq
        self.host.send(self.own[0], self.peer[0], tcp_bytes(self.own[1], self.peer[1], at, ack, flags, win, urg,
                                                            options_bytes(options), data), self.ext, self.piece)
        if seq is None:
            self.next = add(self.next, len(data) + bool(flags & FIN) + bool(flags & SYN))
        return at

    def hear(self, seg):
        self.heard.append(seg)
        check(seg.good, "wrong checksum: %r" % seg)
        check(len(seg.data) <= self.mss, "%d bytes where %d are allowed" % (len(seg.data), self.mss))
        if TS in seg.options:
            self.echo = seg.tsval()
        if seg.flags & (SYN | RST) or not self.rcv:
            return
        skip = 0 if self.acked is None else max(0, diff(self.acked, seg.seq))
        self.keep(seg, add(seg.seq, skip), seg.data[skip:])
        if seg.flags & FIN and add(seg.seq, len(seg.data)) == self.rcv:
            self.fin = True
            self.rcv = add(self.rcv, 1)

    def keep(self, seg, at, data):
        """Bytes from at on, of which some may have come before; those not acknowledged have to be the same."""
        old = diff(add(self.rcv, -self.fin), at)
        if old < 0:
            for i, byte in enumerate(data):
                check(self.ahead.setdefault(add(at, i), byte) == byte, "byte %d of %r is another" % (i, seg))
            return
        seen = self.known[len(self.known) - old:][:len(data)]
        check(data[:old] == seen, "%r, where %r came before" % (seg, seen))
        new = data[old:]
        for at, byte in self.ahead.items():
            i = diff(at, self.rcv)
            check(not 0 <= i < len(new) or new[i] == byte, "byte %d of %r is another" % (i, seg))
        self.append(new)
        while self.ahead and self.rcv in self.ahead:
            self.append(bytes([self.ahead.pop(self.rcv)]))

    def append(self, data):
        self.known += data
        self.text += data
        self.rcv = add(self.rcv, len(data))

    def forget(self, rcv):
        """As if nothing from there on had come."""
        n = diff(add(self.rcv, -self.fin), rcv)
        self.known, self.text, self.fin = self.known[:len(self.known) - n], b"", False
        self.rcv, self.ahead = rcv, {}

    def taken(self):
        """The segments heard since the last call."""
        settle()
        heard, self.heard = self.heard, []
        return heard

    def one(self):
        heard = self.taken()
        check(len(heard) == 1, "one segment was to come, not %r" % heard)
        return heard[0]

    def new_text(self):
        """The bytes in order that came since the last call."""
        settle()
        self.heard = []
        text, self.text = self.text, b""
        return text

    def hears(self, wanted):
        got = self.new_text()
        check(got == wanted, "got %r, not %r" % (got, wanted))

    def acks(self, **more):
        self.send(ack=self.rcv, **more)

    def is_acked(self):
        """The other end has acknowledged all that this end sent."""
        heard = self.taken()
        check(heard and heard[-1].ack == self.next, "acknowledged %s, sent %d" % (
            [diff(s.ack, self.next) for s in heard], 0))


class Pair:
    """A connection: c calls, s answers; after the handshake both have their first line."""

    def __init__(self, family=4, own=None, port=None, handshake=True, ext=b"", **options):
        own = own or os.environ["CLI%d" % family]
        Net.port += 1
        self.c = End(Net.client, (own, port or Net.port), (os.environ["TO%d" % family], 21), Net.port * 65537)
        self.c.ext = ext
        self.family, self.options, self.s = family, options, None
        if handshake:
            self.syn()
            self.syn_ack()
            self.c.acks()
            self.greet()

    def options_of(self, mss):
        o, out = self.options, [(MSS, struct.pack("!H", mss))]
        if o.get("sack"):
            out.append((SACK_OK, b""))
        if o.get("wscale") is not None:
            out.append((WSCALE, bytes([o["wscale"]])))
        return out

    def syn(self):
        """The server learns from the SYN who it is and who calls."""
        family = FAMILIES[self.family]
        self.c.mss = self.options.get("client_mss", 1460)
        if self.options.get("ts"):
            self.c.clock = 1000
        anybody = End(Net.server, (os.environ["SRV%d" % self.family], 21), ("", 0), 0)
        self.c.send(flags=SYN, seq=self.c.iss, options=self.options_of(self.c.mss))
        self.c.next = add(self.c.iss, 1)
        Net.server.wait_for(anybody)
        Net.server.ends.remove(anybody)
        self.seen_syn = seg = anybody.heard[0]
        if not self.s:
            self.s = End(Net.server, anybody.own, (socket.inet_ntop(family, seg.src), seg.sport), Net.port * 41011)
            self.s.rcv = add(seg.seq, 1)
            self.s.ext = self.c.ext

    def syn_ack(self, **more):
        self.s.mss = self.options.get("server_mss", 1460)
        if self.options.get("ts"):
            self.s.clock = 9000000
        at = self.s.send(flags=SYN, ack=self.s.rcv, options=self.options_of(self.s.mss), **more)
        self.c.rcv = add(at, 1)
        Net.client.wait_for(self.c)
        self.c.heard = []

    def greet(self):
        self.s.send(b"220 By hand\r\n")
        self.c.hears(b"220 By hand\r\n")
        self.c.send(b"USER x\r\n")
        self.s.hears(b"USER x\r\n")
        self.s.send(b"230 In\r\n")
        self.c.hears(b"230 In\r\n")
        self.c.acks()
        self.s.taken()

    def port(self, number):
        """What the client says for a data port, and what the server is to hear."""
        if self.family == 6:
            form = "EPRT |2|%s|%d|\r\n"
            return [(form % (a, number)).encode() for a in (self.c.own[0], self.s.peer[0])]
        form = "PORT %s,%d,%d\r\n"
        return [(form % (a.replace(".", ","), number >> 8, number & 255)).encode()
                for a in (self.c.own[0], self.s.peer[0])]

    def works(self):
        """A command is edited and an answer comes back."""
        Net.port += 1
        inside, outside = self.port(Net.port)
        self.c.send(inside)
        self.s.hears(outside)
        self.s.send(b"200 Done\r\n", ack=self.s.rcv)
        self.c.hears(b"200 Done\r\n")
        self.c.acks()
        self.s.taken()

    def end(self):
        """Cut off, so that nothing of it is left over."""
        self.c.send(flags=RST)
        settle()


def counter(reason, helper="ftp"):
    stats = json.loads(subprocess.run(["ctalg", "stats", "--json"], stdout=subprocess.PIPE, check=True).stdout)
    return sum(stats.get(helper, {}).get(reason, {}).values())


def forget():
    """The kernel knows of no connection any more."""
    subprocess.run(["conntrack", "-D", "-p", "tcp"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)


def entries(*pairs):
    """The kernel's lines about connections, by the client's port."""
    lines = subprocess.run(["conntrack", "-L", "-p", "tcp"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                           check=True).stdout.decode().splitlines()
    return [next((line for line in lines if " sport=%d dport=21 src" % p.c.own[1] in line), "") for p in pairs]


def script_failed(kind, error, trace):
    lines = []
    while trace:
        code = trace.tb_frame.f_code
        lines.append("%s:%d" % (code.co_filename.split("/")[-1], trace.tb_lineno))
        trace = trace.tb_next
    sys.stderr.write("%s: %s: %s\n" % (" ".join(lines), kind.__name__, error))


sys.excepthook = script_failed
