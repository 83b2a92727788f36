"""Hundreds of TCP dialogs at a time, both ends of each in this process: sockets are made in the namespaces of a client
and a server, and one loop drives them all.

A dialog is a list of turns. A side speaks its turn when it has heard all turns of the other side before. What it has
to hear is known to the byte, but for the endpoints that the other side announces: such a token must name the other
side's address as it is seen from here, and any port. Each endpoint is then used: a connection to it has to bring its
cookie to the listener that was announced.
"""
import collections
import ctypes
import errno
import fcntl
import os
import re
import resource
import select
import socket
import struct
import termios
import time

CLIENT, SERVER = 0, 1
SIDES = ("client", "server")
CLONE_NEWNET = 0x40000000
IP_BIND_ADDRESS_NO_PORT = 24

# How a write waits for the one before: not at all; for a turn of the loop; until that one is acknowledged.
PUSH, TICK, WAIT = "push", "tick", "wait"

# All of one width, so that every dialog of a kind has the same length; none that a service has.
PORTS = [hi * 256 + lo for hi in range(110, 128) for lo in range(100, 256)]


class Wrong(Exception):
    """What happened to a dialog that is not as it should be."""


class Token:
    """An endpoint in a turn: hp is h1,h2,h3,h4,p1,p2; ep is |1|address|port|; p is the port."""
    ends = {"hp": re.compile(rb"[^0-9,]"), "p": re.compile(rb"[^0-9]"), "ep": re.compile(rb"(?<=\|)[^|]*$")}

    def __init__(self, form, used=True):
        self.form, self.used = form, used

    def write(self, address, port):
        if self.form == "hp":
            text = "%s,%d,%d" % (address.replace(".", ","), port >> 8, port & 255)
        elif self.form == "ep":
            text = "|%d|%s|%d|" % (2 if ":" in address else 1, address, port)
        else:
            text = "%d" % port
        return text.encode()

    def end(self, text):
        """Where the token ends in the text that begins with it, or -1."""
        if self.form == "ep":
            parts = text.split(b"|", 4)
            return len(text) - len(parts[4]) if len(parts) == 5 else -1
        found = self.ends[self.form].search(text)
        return found.start() if found else -1

    def read(self, text, address):
        """The port, if it is a token that names the address."""
        text = text.decode("latin-1")
        try:
            if self.form == "hp":
                n = [int(x) for x in text.split(",")]
                where, port = ".".join(map(str, n[:4])), n[4] * 256 + n[5]
                good = len(n) == 6 and max(n) < 256
            elif self.form == "ep":
                _, family, where, port, _ = text.split("|")
                port, good = int(port), family == ("2" if ":" in address else "1")
            else:
                where, port, good = address, int(text), True
        except (ValueError, IndexError):
            return None
        return port if good and where == address and 0 < port < 65536 else None


class Swap:
    """What one side says, and what the other hears instead: somebody in between has a say in it."""

    def __init__(self, said, heard):
        self.said, self.heard = said, heard

    def write(self, _address, _port):
        return self.said


class Turn:
    """side says items (bytes, tokens and swaps); ahead: without waiting for the other side's last turn."""

    def __init__(self, side, items, ahead=False):
        self.side, self.items, self.ahead = side, items, ahead


class Namespace:
    libc = ctypes.CDLL(None, use_errno=True)
    now = None

    def __init__(self, name):
        self.fd = os.open("/run/netns/" + name, os.O_RDONLY)

    def enter(self):
        if Namespace.now is not self:
            if self.libc.setns(self.fd, CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), "setns")
            Namespace.now = self

    def counters(self):
        """Of TCP and IP, by name: /proc/net/snmp, snmp6 and netstat."""
        self.enter()
        found = {}
        for name in "snmp", "netstat":
            with open("/proc/thread-self/net/" + name) as f:
                lines = [line.split() for line in f]
            for names, values in zip(lines[::2], lines[1::2]):
                found.update((names[0][:-1] + k, int(v)) for k, v in zip(names[1:], values[1:]))
        with open("/proc/thread-self/net/snmp6") as f:
            found.update((k, int(v)) for k, v in map(str.split, f))
        return found


class Endpoint:
    def __init__(self, listener, cookie):
        self.listener, self.cookie, self.proved = listener, cookie, False


class Side:
    """One end of a dialog."""

    def __init__(self, dialog, role):
        self.dialog, self.role = dialog, role
        self.sock = self.own = self.peer = None
        self.chunks = collections.deque()
        self.said = 0       # bytes put into chunks
        self.spoken = 0     # turns of ours spoken
        self.heard = 0      # turns of the other side heard
        self.got = 0        # bytes received
        self.expect = collections.deque()
        self.token = b""
        self.at = 0
        self.announced = collections.deque()
        self.writing = self.finished = False
        self.again = 0      # segments sent again

    def set_expected(self, turns):
        for turn in turns:
            self.expect.extend(i.heard if isinstance(i, Swap) else i for i in turn.items)
            self.expect.append(None)  # the end of a turn

    def hear(self, data):
        """Compares; calls the dialog for each endpoint."""
        pos = 0
        while pos < len(data):
            if not self.expect:
                self.wrong("%r, which nobody said" % data[pos:pos + 30])
            item = self.expect[0]
            pos += self.hear_bytes(item, data, pos) if isinstance(item, bytes) else self.hear_token(item, data, pos)
            while self.expect and self.expect[0] is None:
                self.expect.popleft()
                self.heard += 1
        self.got += len(data)

    def hear_bytes(self, item, data, pos):
        k = min(len(item) - self.at, len(data) - pos)
        if data[pos:pos + k] != item[self.at:self.at + k]:
            self.wrong("%r, not %r" % (data[pos:pos + 30], item[self.at:self.at + 30]), pos)
        self.at += k
        if self.at == len(item):
            self.at = 0
            self.expect.popleft()
        return k

    def hear_token(self, item, data, pos):
        before = len(self.token)
        self.token += data[pos:pos + 80]
        end = item.end(self.token)
        if end < 0:
            if len(self.token) > 80:
                self.wrong("%r, where an endpoint should be" % self.token, pos)
            return len(self.token) - before
        port = item.read(self.token[:end], self.peer)
        if port is None:
            self.wrong("endpoint %r, not one of %s" % (self.token[:end], self.peer), pos)
        self.token = b""
        self.expect.popleft()
        self.dialog.endpoint_heard(self, port, item)
        return end - before

    def wrong(self, what, pos=0):
        raise Wrong("wrong bytes: the %s got at %d %s" % (SIDES[self.role], self.got + pos, what))


class Dialog:
    """cuts: per side the offsets at which its bytes are cut into writes."""

    def __init__(self, name, turns, cuts=((), ()), how=PUSH, nodelay=True):
        self.name, self.turns, self.cuts, self.how, self.nodelay = name, turns, cuts, how, nodelay
        self.sides = Side(self, CLIENT), Side(self, SERVER)
        self.endpoints, self.ending = [], False
        self.unused = []  # endpoints whose pinholes are open while the dialog lives
        self.failed, self.took = None, 0
        needs = [[], []]
        heard = [0, 0]
        for turn in turns:
            other = 1 - turn.side
            needs[turn.side].append(max(heard[other] - turn.ahead, 0))
            heard[turn.side] += 1
        self.needs = needs
        self.own_turns = [[t for t in turns if t.side == s] for s in (CLIENT, SERVER)]
        for side in self.sides:
            side.set_expected(self.own_turns[1 - side.role])

    def is_complete(self):
        return not self.sides[0].expect and not self.sides[1].expect and all(e.proved for e in self.endpoints)

    def endpoint_heard(self, side, port, item):
        self.loop.use_endpoint(self, side, port, item)

    def state(self):
        if self.is_complete():
            return "not ended"
        c, s = self.sides
        return "not complete: the client heard %d bytes of %d, the server %d of %d, %d endpoints of %d worked" % (
            c.got, s.said, s.got, c.said, sum(e.proved for e in self.endpoints), len(self.endpoints))


class Loop:
    """Runs dialogs, `many` at a time."""

    def __init__(self, client, server, to, give_up=60, many=64):
        resource.setrlimit(resource.RLIMIT_NOFILE, (16384, 16384))
        self.spaces = Namespace(client), Namespace(server)
        self.family = socket.AF_INET6 if ":" in to else socket.AF_INET
        self.to, self.give_up, self.many = to, give_up, many
        self.epoll = select.epoll()
        self.handlers, self.socks = {}, {}
        self.calling = {}                       # client's port: its dialog
        self.free = [], []                      # listeners that wait
        self.ports = [iter(PORTS), iter(PORTS)]
        self.waiting = []                       # sides whose next write has to wait
        self.active = {}                        # dialog: when we give up
        self.cookies = 0
        self.control = self.listener(SERVER, 21)
        self.watch(self.control, select.EPOLLIN, self.accept_control)

    # --- sockets

    def socket(self, role):
        self.spaces[role].enter()
        s = socket.socket(self.family, socket.SOCK_STREAM | socket.SOCK_NONBLOCK)
        return s

    def listener(self, role, port):
        s = self.socket(role)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(("", port))
        s.listen(512)
        return s

    def watch(self, sock, events, handler):
        fd = sock.fileno()
        if fd in self.handlers:
            self.epoll.modify(fd, events)
        else:
            self.epoll.register(fd, events)
            self.socks[fd] = sock
        self.handlers[fd] = handler

    def close(self, sock):
        fd = sock.fileno()
        if fd in self.handlers:
            self.epoll.unregister(fd)
            del self.handlers[fd], self.socks[fd]
        sock.close()

    # --- the life of a dialog

    def start(self, dialog):
        dialog.loop = self
        self.active[dialog] = time.monotonic() + self.give_up
        sock = self.socket(CLIENT)
        try:
            sock.connect((self.to, 21))
        except BlockingIOError:
            pass
        self.calling[sock.getsockname()[1]] = dialog
        self.watch(sock, select.EPOLLOUT, lambda ev: self.guarded(dialog, self.connected, dialog, sock))

    def guarded(self, dialog, work, *args):
        """An error ends the dialog, not the loop."""
        if dialog not in self.active:
            return
        try:
            work(*args)
        except Wrong as e:
            self.end(dialog, str(e))
        except OSError as e:
            self.end(dialog, "broken: %s" % e)

    def connected(self, dialog, sock):
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
        self.begin(dialog.sides[CLIENT], sock)

    def accept_control(self, _):
        while True:
            try:
                sock, peer = self.control.accept()
            except BlockingIOError:
                return
            sock.setblocking(False)
            dialog = self.calling.pop(peer[1], None)
            if dialog in self.active:
                self.guarded(dialog, self.begin, dialog.sides[SERVER], sock)
            else:
                sock.close()

    def begin(self, side, sock):
        side.sock = sock
        side.own, side.peer = sock.getsockname()[0], sock.getpeername()[0]
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, side.dialog.nodelay)
        self.watch(sock, select.EPOLLIN, lambda ev: self.guarded(side.dialog, self.ready, side, ev))
        self.speak(side)

    def ready(self, side, events):
        if events & select.EPOLLOUT:
            side.writing = False
            self.watch(side.sock, select.EPOLLIN, self.handlers[side.sock.fileno()])
            self.write(side)
        if events & ~select.EPOLLOUT:
            self.read(side)

    def read(self, side):
        try:
            data = side.sock.recv(262144)
        except BlockingIOError:
            return
        if not data:
            return self.heard_end(side)
        before = side.heard
        side.hear(data)
        if side.heard != before:
            self.speak(side)
            self.perhaps_end(side.dialog)

    def speak(self, side):
        """All turns that are due."""
        dialog, turns = side.dialog, side.dialog.own_turns[side.role]
        while side.spoken < len(turns) and dialog.needs[side.role][side.spoken] <= side.heard:
            data = b"".join(self.render(side, item) for item in turns[side.spoken].items)
            side.spoken += 1
            cuts = [c - side.said for c in dialog.cuts[side.role] if side.said < c < side.said + len(data)]
            for a, b in zip([0] + cuts, cuts + [len(data)]):
                side.chunks.append(data[a:b])
            side.said += len(data)
        self.write(side)

    def render(self, side, item):
        if isinstance(item, bytes):
            return item
        if isinstance(item, Swap):
            return item.said
        listener = self.free[side.role].pop() if self.free[side.role] else self.new_listener(side.role)
        self.cookies += 1
        endpoint = Endpoint(listener, b"%08x" % self.cookies)
        endpoint.proved = not item.used
        listener.endpoint, listener.dialog = endpoint, side.dialog
        side.dialog.endpoints.append(endpoint)
        side.announced.append(endpoint)
        return item.write(side.own, listener.port)

    def write(self, side):
        while side.chunks and not side.writing:
            chunk = side.chunks.popleft()
            try:
                n = side.sock.send(chunk)
            except BlockingIOError:
                n = 0
            if n < len(chunk):
                side.chunks.appendleft(chunk[n:])
                side.writing = True
                self.watch(side.sock, select.EPOLLIN | select.EPOLLOUT, self.handlers[side.sock.fileno()])
            elif side.chunks and side.dialog.how != PUSH:
                side.writing = True
                self.waiting.append(side)

    def go_on(self):
        """Sides whose next write may be due."""
        waiting, self.waiting = self.waiting, []
        for side in waiting:
            if side.dialog not in self.active:
                continue
            if side.dialog.how == WAIT and unacknowledged(side.sock):
                self.waiting.append(side)
            else:
                side.writing = False
                self.guarded(side.dialog, self.write, side)

    def perhaps_end(self, dialog):
        """The server closes first, as they do."""
        if dialog.ending or not dialog.is_complete():
            return
        dialog.ending = True
        dialog.sides[SERVER].sock.shutdown(socket.SHUT_WR)

    def heard_end(self, side):
        if side.expect or not side.dialog.ending:
            raise Wrong("the %s got an end after %d bytes" % (SIDES[side.role], side.got))
        side.again = sent_again(side.sock)
        if side.role == CLIENT:
            self.close(side.sock)
            side.finished = True
        else:
            self.end(side.dialog)

    def end(self, dialog, failed=None):
        for endpoint in dialog.unused:
            endpoint.listener.release(endpoint)
        dialog.failed = failed
        dialog.took = time.monotonic() - self.active.pop(dialog) + self.give_up
        for side in dialog.sides:
            if side.sock and not side.finished:
                if failed:
                    side.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.close(side.sock)

    # --- endpoints

    def new_listener(self, role):
        for port in self.ports[role]:
            try:
                sock = self.listener(role, port)
            except OSError as e:
                if e.errno != errno.EADDRINUSE:
                    raise
                continue
            listener = Listener(self, role, port, sock)
            self.watch(sock, select.EPOLLIN, listener.accept)
            return listener
        raise RuntimeError("all ports are taken")

    def use_endpoint(self, dialog, side, port, item):
        endpoint = dialog.sides[1 - side.role].announced.popleft()
        if not item.used:
            dialog.unused.append(endpoint)
            return
        sock = self.socket(side.role)
        sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        sock.bind((side.own, 0))  # a host has more than one address
        try:
            sock.connect((side.peer, port))
        except BlockingIOError:
            pass
        self.watch(sock, select.EPOLLOUT, lambda ev: self.used(dialog, sock, endpoint))

    def used(self, dialog, sock, endpoint):
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if not error:
            sock.send(endpoint.cookie)
        elif dialog in self.active:
            self.end(dialog, "an announced endpoint: %s" % os.strerror(error))
        self.close(sock)

    # --- all of them

    def run(self, dialogs):
        """Dialogs as they end."""
        todo = collections.deque(dialogs)
        look = 0
        while todo or self.active:
            started = 0
            while todo and len(self.active) < self.many and started < 8:
                self.start(todo.popleft())
                started += 1
            busy = started or any(side.dialog.how == TICK for side in self.waiting)
            for fd, events in self.epoll.poll(0 if busy else 0.003 if self.waiting else 0.5):
                if fd in self.handlers:
                    self.handlers[fd](events)
            self.go_on()
            now = time.monotonic()
            if now > look:
                look = now + 0.5
                for dialog in [d for d, until in self.active.items() if until < now]:
                    self.end(dialog, dialog.state())
        return dialogs


class Listener:
    """For the endpoints that one side announces, one after the other."""

    def __init__(self, loop, role, port, sock):
        self.loop, self.role, self.port, self.sock = loop, role, port, sock
        self.endpoint = self.dialog = None

    def accept(self, _):
        try:
            sock = self.sock.accept()[0]
        except BlockingIOError:
            return
        sock.setblocking(False)
        self.loop.watch(sock, select.EPOLLIN, lambda ev: self.read(sock))

    def read(self, sock):
        try:
            cookie = sock.recv(64)
        except OSError:
            cookie = b""
        self.loop.close(sock)
        endpoint, dialog = self.endpoint, self.dialog
        if not cookie or dialog not in self.loop.active:
            return
        if not endpoint or cookie != endpoint.cookie:
            self.loop.end(dialog, "a connection went to a listener that was not announced")
            return
        endpoint.proved = True
        self.release(endpoint)
        self.loop.guarded(dialog, self.loop.perhaps_end, dialog)

    def release(self, endpoint):
        if self.endpoint is endpoint:
            self.endpoint = None
            self.loop.free[self.role].append(self)


def sent_again(sock):
    """Segments, from struct tcp_info."""
    return struct.unpack_from("I", sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104), 100)[0]


def unacknowledged(sock):
    return struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, b"\0\0\0\0"))[0]
