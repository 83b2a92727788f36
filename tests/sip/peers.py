"""Scripted SIP peers: both ends of a flow in one process, each in its own network namespace, so that what one end says is
looked at, byte by byte, where it comes out.

Texts are templates. A place, written into one, stands for an address and port that each side of the router calls by another
name: the sender writes what its side calls it, and the receiver has to read what its own side does. Everything else has to
come through as it is. Line ends are CR LF; [[len]] is the length of the body, and [[len.zeros]] too.

A scenario is a list of cases; one that fails does not keep the next from running.
"""
import contextlib
import ctypes
import itertools
import os
import re
import select
import socket
import struct
import sys
import time
import traceback

CLONE_NEWNET = 0x40000000
INSIDE, OUTSIDE = 0, 1
WAIT = 1.5 * float(os.environ.get("PATIENCE", "1"))
NETWORK = os.environ.get("NETWORK", "")
MAINLINE = os.environ.get("HELPER") == "mainline"
MODE = os.environ["MODE"]
FAM = int(os.environ["FAM"])
IP = "IP%d" % FAM
FAMILY = {4: socket.AF_INET, 6: socket.AF_INET6}[FAM]
NAT = MODE != "none"


def address(name):
    return os.environ[name + str(FAM)]


class Failed(Exception):
    """Something did not come through as it should."""


def check(true, what):
    if not true:
        raise Failed(what)


# --- cases

failures = 0


@contextlib.contextmanager
def case(line, name, words=""):
    """One thing that works or does not: "CASE works|fails LINE-NAME", with what went wrong."""
    global failures
    for sock in sockets.values():
        drain(sock)
    try:
        yield
        verdict = "works"
    except (Failed, OSError) as e:
        failures += 1
        verdict = "fails"
        # where in the script, whose first line is not the scenario's
        where = [frame.lineno - 1 for frame in traceback.extract_tb(e.__traceback__) if frame.filename == "<string>"]
        words = "%s: %s" % ("/".join(map(str, where)) or "before", e)
    print("CASE %s %s-%s %s" % (verdict, line, name, words[:300]), flush=True)


def step(name):
    """Tells the scenario that the script has come so far, and waits until that goes on."""
    open(os.environ["LOGS"] + "/" + name, "w").close()
    while not os.path.exists(os.environ["LOGS"] + "/after-" + name):
        time.sleep(0.05)


def finish():
    sys.exit(1 if failures else 0)


# --- places

class Place:
    """An address and port, as the inside and the outside call it; a port of None is what the first message tells."""
    all = {}

    def __init__(self, inside, outside):
        self.calls = [inside, outside]
        self.name = "p%d" % len(Place.all)
        Place.all[self.name] = self

    ip = property(lambda self: "[[%s.ip]]" % self.name)
    host = property(lambda self: "[[%s.host]]" % self.name)
    port = property(lambda self: "[[%s.port]]" % self.name)

    def __str__(self):
        return "[[%s]]" % self.name

    def called(self, side):
        where = self.calls[side]
        check(where[1] is not None, "nobody told what port it is outside")
        return where

    def learn(self, side, port):
        if self.calls[side][1] is None:
            self.calls[side] = (self.calls[side][0], port)


def written(where, how):
    """A place as text."""
    ip, port = where
    host = "[%s]" % ip if ":" in ip else ip
    port = "?" if port is None else str(port)
    return {None: host + ":" + port, "ip": ip, "host": host, "port": port}[how].encode()


MARK = re.compile(rb"\[\[(\w+)(?:\.(\w+))?\]\]")


def raw(text):
    return text if isinstance(text, bytes) else text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def body_of(message):
    parts = re.split(rb"\r?\n\r?\n", message.lstrip(b"\r\n"), maxsplit=1)
    return parts[1] if len(parts) > 1 else b""


def parts_of(text):
    """Bytes and (name, how)."""
    at = 0
    for m in MARK.finditer(text):
        yield text[at:m.start()]
        yield m[1].decode(), m[2] and m[2].decode()
        at = m.end()
    yield text[at:]


def render(text, side, guess=False):
    """The text, as this side calls things. guess: ports that nobody has told here are the same as on the other side."""
    out = b""
    for part in parts_of(raw(text)):
        if isinstance(part, bytes):
            out += part
        elif part[0] == "len":
            out += b"00[[len]]" if part[1] else b"[[len]]"
        else:
            calls = Place.all[part[0]].calls
            where = calls[side]
            if guess and where[1] is None:
                where = where[0], calls[not side][1]
            out += written(where, part[1])
    return out.replace(b"[[len]]", b"%d" % len(body_of(out)))


def places_of(text):
    """Those whose port is in the text."""
    for part in parts_of(raw(text)):
        if not isinstance(part, bytes) and part[0] != "len" and part[1] in (None, "port"):
            yield Place.all[part[0]]


def understand(text, side, got):
    """What is got has to be the text, as this side calls things; ports that were not known are, from here on."""
    if got == render(text, side, guess=True):
        for place in places_of(text):
            place.learn(side, place.calls[not side][1])
        return
    pattern, names = b"", []
    for part in parts_of(raw(text)):
        if isinstance(part, bytes):
            pattern += re.escape(part)
        elif part[0] == "len":
            pattern += rb"(\d+)"
            names.append(None)
        else:
            place, how = Place.all[part[0]], part[1]
            where = place.calls[side]
            if where[1] is None and how in (None, "port"):
                if how is None:
                    pattern += re.escape(written((where[0], 0), "host") + b":")
                pattern += rb"(\d{1,5})"
                names.append(place)
            else:
                pattern += re.escape(written(where, how))
    m = re.fullmatch(pattern, got, re.S)
    if not m:
        raise Failed(difference(render(text, side), got))
    for place, number in zip(names, m.groups()):
        if place is None:
            check(int(number) == len(body_of(got)), "Content-Length %d for a body of %d" % (int(number), len(body_of(got))))
        else:
            place.learn(side, int(number))
            check(place.calls[side][1] == int(number), "port %s, not %d" % (number.decode(), place.calls[side][1]))


def difference(wanted, got):
    pairs = itertools.zip_longest(wanted.splitlines(True), got.splitlines(True), fillvalue=b"")
    for w, g in pairs:
        if w.replace(b"?", b"") != g and w != g:
            # a port that was not known, and a length that depends on it, are no difference
            if not re.fullmatch(re.escape(w).replace(rb"\?", rb"\d+"), g) and not re.match(rb"(?i)(content-length|l) *:", w):
                return "%r, not %r" % (g, w)
    return "%d bytes, not %d" % (len(got), len(wanted))


# --- sockets

class Space:
    libc = ctypes.CDLL(None, use_errno=True)
    now = None

    def __init__(self, name):
        self.fd = os.open("/run/netns/" + name, os.O_RDONLY)

    def enter(self):
        if Space.now is not self:
            if self.libc.setns(self.fd, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            Space.now = self


sockets = {}


def drain(sock):
    with contextlib.suppress(BlockingIOError):
        while True:
            sock.recv(65536)


class Host:
    """A host, on one side of the router, as it knows itself and as the other side knows it."""

    def __init__(self, space, side, own, other=None):
        self.space, self.side, self.own, self.other = space, side, own, other or own

    def place(self, port, known=False):
        """known: the port is the same on the other side."""
        calls = [(self.own, port), (self.own, port)]
        calls[not self.side] = (self.other, port if known or self.other == self.own else None)
        return Place(*calls)

    def socket(self, kind, port):
        self.space.enter()
        sock = socket.socket(FAMILY, kind)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((self.own, port))
        sock.settimeout(WAIT)
        return sock

    def udp(self, port):
        if (self, port) not in sockets:
            sockets[self, port] = self.socket(socket.SOCK_DGRAM, port)
            sockets[self, port].setblocking(False)
        return sockets[self, port]


numbers = itertools.count(1)


class End:
    """One end of a flow."""

    def __init__(self, host, place):
        self.host, self.side, self.place, self.other = host, host.side, place, None

    def __str__(self):
        return str(self.place)

    ip = property(lambda self: self.place.ip)
    port = property(lambda self: self.place.port)
    via = property(lambda self: self.kind.upper())

    def say(self, text, heard=None):
        """Says the text, which the other end has to hear as its side calls things, or as another text. Returns what it heard."""
        self.send(render(text, self.side))
        return self.other.hear(text if heard is None else heard)

    def hear(self, text):
        got = self.receive()
        understand(text, self.side, got)
        return got


class UdpEnd(End):
    kind = "udp"

    def __init__(self, host, place, port):
        super().__init__(host, place)
        self.sock = host.udp(port)

    def send(self, data):
        self.sock.sendto(data, self.other.place.called(self.side))

    def receive(self):
        check(select.select([self.sock], [], [], WAIT)[0], "nothing came to the %s" % ("inside", "outside")[self.side])
        got, source = self.sock.recvfrom(65536)
        self.other.place.learn(self.side, source[1])
        wanted = self.other.place.called(self.side)
        check(source[:2] == wanted, "a message from %s port %d, not %s port %d" % (*source[:2], *wanted))
        return got


class TcpEnd(End):
    kind = "tcp"

    def __init__(self, host, place):
        super().__init__(host, place)
        self.sock, self.buffer = None, b""

    def send(self, data):
        self.sock.sendall(data)

    def more(self):
        try:
            got = self.sock.recv(65536)
        except socket.timeout:
            raise Failed("%d bytes of a message came to the %s, and no more" % (
                len(self.buffer), ("inside", "outside")[self.side])) from None
        check(got, "the connection ended")
        self.buffer += got

    def receive(self):
        """One message, as its Content-Length says; keep-alives in front of it are part of it."""
        while not re.search(rb"[^\r\n].*?\r\n\r\n", self.buffer, re.S):
            self.more()
        head = re.search(rb"[^\r\n].*?\r\n\r\n", self.buffer, re.S).end()
        length = re.search(rb"\r\n(?:content-length|l)\s*:\s*(\d+)", self.buffer[:head], re.I)
        whole = head + (int(length[1]) if length else 0)
        while len(self.buffer) < whole:
            self.more()
        got, self.buffer = self.buffer[:whole], self.buffer[whole:]
        return got


def udp_flow(caller, callee, port=0, to=5060):
    """A flow from a port of the caller, by default a new one, to a port of the callee's."""
    port = port or 5060 + next(numbers)
    a = UdpEnd(caller, caller.place(port, known=True), port)
    b = UdpEnd(callee, callee.place(to, known=True), to)
    a.other, b.other = b, a
    return a, b


def tcp_flow(caller, callee, to=5060):
    """A connection."""
    listener = callee.socket(socket.SOCK_STREAM, to)
    listener.listen(1)
    port = 5060 + next(numbers)
    a, b = TcpEnd(caller, caller.place(port, known=True)), TcpEnd(callee, callee.place(to, known=True))
    a.other, b.other = b, a
    a.sock = caller.socket(socket.SOCK_STREAM, port)
    a.sock.connect(b.place.called(a.side))
    b.sock, source = listener.accept()
    listener.close()
    for s in a.sock, b.sock:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        s.settimeout(WAIT)
    check(source[:2] == a.place.called(b.side), "the connection comes from %s port %d" % source[:2])
    return a, b


def flow(kind, caller, callee):
    return udp_flow(caller, callee) if kind == "udp" else tcp_flow(caller, callee)


# --- media

media_ports = {INSIDE: itertools.count(20000, 4), OUTSIDE: itertools.count(40000, 4)}


class Media:
    """A port for media, and the next one up for its RTCP."""

    def __init__(self, host, port=0, rtcp=True):
        port = port or next(media_ports[host.side])
        self.host, self.side, self.sock, self.own = host, host.side, host.udp(port), port
        self.place = host.place(port)
        self.rtcp = Media(host, port + 1, False) if rtcp else None
        drain(self.sock)

    ip = property(lambda self: self.place.ip)
    port = property(lambda self: self.place.port)

    def where(self, side):
        """What that side calls it."""
        return self.place.called(side)

    def close(self):
        for m in self, self.rtcp:
            if m:
                m.sock.close()
                del sockets[m.host, m.own]


def pair(m):
    """RTCP goes to the port after RTP's, on either side."""
    for side in INSIDE, OUTSIDE:
        m.rtcp.place.learn(side, m.place.called(side)[1] + 1)
    return m.rtcp


def packet(text):
    return b"\x80\x00" + struct.pack(">H", next(numbers) & 0xffff) + b"\0" * 8 + text.encode()


def heard(m, data):
    """Where it came from, if it has come."""
    while True:
        try:
            got, source = m.sock.recvfrom(65536)
        except BlockingIOError:
            return None
        if got == data:
            return source[:2]


def talk(first, second, seconds=WAIT):
    """Media both ways, as real agents send it: again and again. Each has to see the other where the other said that it is."""
    waits = {first: packet("a"), second: packet("b")}
    other = {first: second, second: first}
    sources = {}
    until = time.monotonic() + seconds
    while len(sources) < 2:
        check(time.monotonic() < until, "no media to %s" % " and ".join(
            "the %s" % ("inside", "outside")[m.side] for m in waits if m not in sources))
        for m in waits:
            m.sock.sendto(waits[m], other[m].where(m.side))
            select.select([other[m].sock], [], [], 0.02)
            source = heard(other[m], waits[m])
            if source and other[m] not in sources:
                sources[other[m]] = source
    for m, source in sources.items():
        wanted = other[m].where(m.side)
        check(source == wanted, "media from %s port %d, not %s port %d" % (*source, *wanted))


def talk_with_rtcp(first, second):
    talk(first, second)
    talk(pair(first), pair(second))


class Stranger:
    """A port that nobody has named."""

    def __init__(self, host):
        self.sock, self.side = host.socket(socket.SOCK_DGRAM, 0), host.side


def shut(*ways):
    """Of each sender and receiver: nothing gets there."""
    sent = []
    for sender, receiver in ways:
        data = packet("c")
        try:
            sender.sock.sendto(data, receiver.where(sender.side))
        except PermissionError:
            pass
        sent.append((receiver, data))
    time.sleep(0.1)
    for receiver, data in sent:
        check(not heard(receiver, data), "media gets to the %s, and must not" % ("inside", "outside")[receiver.side])


# --- calls

class Call:
    """What two agents say in a call: templates. They are a, who calls, and b; each says things with end.say()."""

    def __init__(self, a, b, name=""):
        self.a, self.b = a, b
        self.number = next(numbers)
        self.id = "%s%d.x7@call.example.org" % (name, self.number)
        self.seq, self.remote = {a: 1, b: 100}, {}
        self.branch = 0

    def tag(self, end, fork=""):
        return (";tag=a1" if end is self.a else ";tag=b1") + fork

    def request(self, end, method, body="", more="", seq=None, tagged=True, fork="", kind="application/sdp", uri=None):
        """A request in the call from one of its ends, with a new transaction."""
        other = end.other
        self.branch += 1
        if seq is None and method not in ("ACK", "CANCEL"):
            self.seq[end] += 1
        number = seq or self.seq[end]
        self.last = method, number, self.branch, end
        to = self.tag(other, fork) if tagged else ""
        return (f"{method} {uri or f'sip:bob@{other}'} SIP/2.0\n"
                f"Via: SIP/2.0/{end.via} {end};branch=z9hG4bK{self.number}x{self.branch};rport\n"
                f"Max-Forwards: 70\n"
                f"From: <sip:alice@example.org>{self.tag(end, fork if end is self.b else '')}\n"
                f"To: <sip:bob@example.org>{to}\n"
                f"Call-ID: {self.id}\n"
                f"CSeq: {number} {method}\n"
                f"Contact: <sip:agent@{end}{';transport=tcp' if end.kind == 'tcp' else ''}>\n"
                f"{more}" + content(body, kind))

    def invite(self, body="", **more):
        return self.request(self.a, "INVITE", body, tagged=False, **more)

    def answer(self, status, body="", more="", to=None, fork="", kind="application/sdp"):
        """The answer to the latest request, or to one that request() had put into .last."""
        method, number, branch, end = to or self.last
        tag = self.tag(end.other, fork) if status != "100 Trying" else ""
        return (f"SIP/2.0 {status}\n"
                f"Via: SIP/2.0/{end.via} {end};branch=z9hG4bK{self.number}x{branch};rport\n"
                f"From: <sip:alice@example.org>{self.tag(end, fork if end is self.b else '')}\n"
                f"To: <sip:bob@example.org>{tag}\n"
                f"Call-ID: {self.id}\n"
                f"CSeq: {number} {method}\n"
                f"Contact: <sip:agent@{end.other}>\n"
                f"{more}" + content(body, kind))

    # who calls has it answered: the whole of it, or up to somewhere
    def up(self, mine=None, its=None, **more):
        mine = mine or Media(self.a.host)
        its = its or Media(self.b.host)
        self.a.say(self.invite(sdp(mine), **more))
        self.b.say(self.answer("200 OK", sdp(its)))
        self.a.say(self.request(self.a, "ACK", seq=self.seq[self.a]))
        return mine, its

    def bye(self, end=None):
        end = end or self.a
        end.say(self.request(end, "BYE"))
        end.other.say(self.answer("200 OK"))


def content(body, kind="application/sdp"):
    return (f"Content-Type: {kind}\n" if body else "") + "Content-Length: [[len]]\n\n" + body


def sdp(m, *lines, version=1, direction=""):
    """A description of audio there, or with other lines than m=audio."""
    media = "\n".join(lines) or f"m=audio {m.port} RTP/AVP 0"
    return f"v=0\no=- 7 {version} IN {IP} {m.ip}\ns=-\nc=IN {IP} {m.ip}\nt=0 0\n{media}\n" + (f"a={direction}\n" if direction else "")


# --- the hosts of the scenario's network

_inside, _outside = Space(os.environ["IN"]), Space(os.environ["OUT"])
inside = Host(_inside, INSIDE, address("IN"), address("ROUT") if NAT else None)
inside2 = Host(_inside, INSIDE, address("SECOND"), address("ROUT") if NAT else None)
outside = Host(_outside, OUTSIDE, address("OUT"))
outside2 = Host(_outside, OUTSIDE, os.environ["OUT%dB" % FAM])
# who calls, and who is called: with DNAT the caller is outside
caller, callee = (outside, inside) if MODE == "dnat" else (inside, outside)
