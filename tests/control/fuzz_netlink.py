"""Random messages to the family "ctalg": python3 fuzz_netlink.py root|reads|nobody SEED MESSAGES.

Each has to be answered, with an error or a success. As root what a request that was accepted sets is set, exactly,
and nothing else ever changes; in the end all is as it was. "reads" leaves alone what traffic needs. As nobody, no
request is accepted.
"""
import errno
import os
import random
import socket
import struct
import sys
import time

GENERIC, CTRL, GETFAMILY = 16, 16, 3
REQUEST, ACK, DUMP = 1, 4, 0x300
ERROR, DONE = 2, 3
SOL_NETLINK, ADD_MEMBERSHIP = 270, 1
HELPER_GET, HELPER_SET, FLOW_GET, SESSION_GET, PINHOLE_GET, LIMIT_GET, LIMIT_SET, EVENT = range(1, 9)
DUMPS = (HELPER_GET, FLOW_GET, SESSION_GET, PINHOLE_GET, LIMIT_GET)
SETS = (HELPER_SET, LIMIT_SET)

# Attributes of HELPER_SET, with their sizes; of LIMIT_SET, the value.
NAME, LIFETIME, LOOSE, ANY_SOURCE, STRICT, ENABLED, FINISHING, FIRST, LAST = 1, 4, 5, 6, 9, 10, 11, 12, 13
SIZES = {LIFETIME: 4, LOOSE: 1, ANY_SOURCE: 1, STRICT: 1, ENABLED: 1, FINISHING: 1, FIRST: 2, LAST: 2}
LIMIT_NAME, LIMIT_VALUE = 1, 2
FORMATS = {1: "=B", 2: "=H", 4: "=I", 8: "=Q"}


def attr(number, payload):
    return struct.pack("=HH", 4 + len(payload), number) + payload + b"\0" * (-len(payload) % 4)


def attributes(data):
    found = []
    while len(data) >= 4:
        size, number = struct.unpack_from("=HH", data)
        if size < 4:
            break
        found.append((number & 0x3fff, data[4:size]))
        data = data[size + 3 & ~3:]
    return found


def number_in(payload):
    return struct.unpack(FORMATS[len(payload)], payload)[0]


class Link:
    def __init__(self):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, GENERIC)
        self.sock.bind((0, 0))
        self.sock.settimeout(20)
        self.seq = 0
        self.family, self.group = 0, 0

    def message(self, kind, flags, payload):
        self.seq += 1
        return struct.pack("=IHHII", 16 + len(payload), kind, flags, self.seq, 0) + payload

    def ask(self, kind, flags, payload):
        """What is answered: errno, and the messages before."""
        self.sock.send(self.message(kind, flags | REQUEST | ACK, payload))
        return self.answer()

    def answer(self):
        parts = []
        while True:
            data = self.sock.recv(1 << 17)
            while data:
                size, kind, _, seq, _ = struct.unpack_from("=IHHII", data)
                body, data = data[16:size], data[size + 3 & ~3:]
                if seq != self.seq:
                    continue
                if kind in (ERROR, DONE):
                    return -struct.unpack_from("=i", body)[0], parts
                parts.append(body[4:])

    def find_family(self):
        error, parts = self.ask(CTRL, 0, struct.pack("=BBH", GETFAMILY, 2, 0) + attr(2, b"ctalg\0"))
        assert not error, "no family: %d" % error
        for number, payload in attributes(parts[0]):
            if number == 1:
                self.family = number_in(payload)
            if number == 7:
                group = dict(attributes(attributes(payload)[0][1]))
                self.group = number_in(group[2])

    def call(self, command, flags=0, payload=b""):
        return self.ask(self.family, flags, struct.pack("=BBH", command, 1, 0) + payload)

    def state(self):
        """All that can be set: {(what, name): {attribute: value}}."""
        found = {}
        for what, command, wanted in (("helper", HELPER_GET, SIZES), ("limit", LIMIT_GET, (LIMIT_VALUE,))):
            error, parts = self.call(command, DUMP)
            assert not error, "state cannot be read: %d" % error
            for part in parts:
                a = dict(attributes(part))
                found[what, a[NAME].rstrip(b"\0")] = {n: number_in(a[n]) for n in wanted}
        return found


class Fuzz:
    def __init__(self, mode, seed):
        self.rnd = random.Random(seed)
        self.mode = mode
        self.link = Link()
        self.link.find_family()
        self.accepted = self.refused = 0

    def chance(self, of):
        return self.rnd.randrange(of) == 0

    def noise(self, most=40):
        return bytes(self.rnd.randrange(256) for _ in range(self.rnd.randrange(most)))

    def nest(self, depth=0):
        if depth > 12 or self.chance(3):
            return self.noise()
        return b"".join(self.wild(depth + 1) for _ in range(self.rnd.randrange(1, 4)))

    def wild(self, depth=0):
        """An attribute of any kind, now and then with a wrong length."""
        made = attr(self.rnd.randrange(64) | self.rnd.choice((0, 0, 0, 0x8000, 0x4000)), self.nest(depth))
        if self.chance(8):
            made = struct.pack("=H", self.rnd.randrange(65536)) + made[2:]
        return made

    def name(self, names):
        if self.chance(8):
            return self.noise(20)
        return self.rnd.choice(names) + b"\0" * (not self.chance(10))

    def sensible(self, number, size):
        """A value that may be right."""
        if number in (FIRST, LAST):
            value = self.rnd.choice((0, 0, 1023, 2000, 40000, 65535))
        else:
            value = self.rnd.choice((0, 1, 1, 0, 2, 60, 86400, 86401, (1 << 8 * size) - 1))
        return attr(number, struct.pack(FORMATS[size], value % (1 << 8 * size)))

    def helper_set(self):
        names = [b"ftp", b"tftp", b"nosuch"] if self.mode != "reads" else [b"tftp", b"nosuch"]
        parts = [attr(NAME, self.name(names))]
        numbers = self.rnd.sample(sorted(SIZES), self.rnd.randrange(1, 5))
        if self.chance(2) and FIRST in numbers:
            numbers.append(LAST)
        parts += [self.sensible(n, SIZES[n]) for n in numbers]
        return parts

    def limit_set(self):
        names = [b"flows", b"pinholes", b"memory", b"host-flows", b"nosuch"] if self.mode != "reads" else [b"nosuch"]
        size = self.rnd.choice((4, 4, 8, 8, 2))
        value = self.rnd.choice((0, 1, 100, 1 << 20, 1 << 32, (1 << 64) - 1)) % (1 << 8 * size)
        return [attr(LIMIT_NAME, self.name(names)), attr(LIMIT_VALUE, struct.pack(FORMATS[size], value))]

    def payload(self, command):
        parts = {HELPER_SET: self.helper_set, LIMIT_SET: self.limit_set}.get(command, list)()
        if self.chance(3) or (command not in SETS and self.chance(2)):
            parts += [self.wild() for _ in range(self.rnd.randrange(1, 4))]
        self.rnd.shuffle(parts)
        made = b"".join(parts)
        return made + self.noise(8) if self.chance(12) else made

    def expected(self, command, payload, state):
        """@state after an accepted request."""
        a = dict(attributes(payload))
        what = "helper" if command == HELPER_SET else "limit"
        of = state[what, a[NAME].split(b"\0")[0]]
        if what == "limit":
            of[LIMIT_VALUE] = number_in(a[LIMIT_VALUE])
            return
        for n in LIFETIME, LOOSE, ANY_SOURCE, STRICT, FIRST, LAST:
            if n in a:
                of[n] = number_in(a[n])
        if ENABLED in a:
            of[ENABLED] = number_in(a[ENABLED])
            of[FINISHING] = number_in(a.get(FINISHING, b"\0"))

    def one(self, state):
        command = self.rnd.choice((0, EVENT, 9, 255, *DUMPS, *SETS, *SETS, *SETS, *SETS))
        dump = DUMP if self.chance(6) != (command in DUMPS) else 0
        payload = self.payload(command)
        odd = self.rnd.choice((0x400, 0x800)) if self.chance(10) else 0
        error, _ = self.link.call(command, dump | odd, payload)
        if error:
            self.refused += 1
        else:
            self.accepted += 1
        if self.mode == "nobody":
            assert error, "nobody may do %d %r" % (command, payload)
            known = command in SETS if not dump else command in DUMPS
            assert error == errno.EPERM or odd or not known, "nobody gets %d for %d" % (error, command)
        elif not error and command in SETS and not dump:
            self.expected(command, payload, state)
            assert self.link.state() == state, "after %d %r: %r, not %r" % (
                command, payload, self.link.state(), state)

    def broken(self):
        """No whole message; who knows what answers. Or a list that nobody reads."""
        link = Link()
        link.family = self.link.family
        body = struct.pack("=BBH", self.rnd.choice(DUMPS), 1, 0)
        if self.chance(2):
            body = body[:self.rnd.randrange(4)] + self.noise()
        made = link.message(link.family, REQUEST | ACK | self.rnd.choice((0, DUMP)), body)
        if self.chance(2):
            made = struct.pack("=I", self.rnd.randrange(64)) + made[4:]
        # in it there may by chance be something that is no request of ours, but no setting
        link.sock.send(made)
        link.sock.close()

    def restore(self, was):
        for (what, name), values in was.items():
            if what == "limit":
                sent = [attr(LIMIT_VALUE, struct.pack("=Q", values[LIMIT_VALUE]))]
                command = LIMIT_SET
            else:
                sent = [attr(n, struct.pack(FORMATS[SIZES[n]], v)) for n, v in values.items()]
                command = HELPER_SET
            error, _ = self.link.call(command, 0, attr(NAME, name + b"\0") + b"".join(sent))
            assert not error, "%r cannot be restored: %d" % (name, error)
        assert self.link.state() == was, "restored is %r, not %r" % (self.link.state(), was)

    def run(self, messages):
        began, state, was = time.monotonic(), None, None
        if self.mode != "nobody":
            was, state = self.link.state(), self.link.state()
        else:
            self.may_not_listen()
        for i in range(messages):
            self.one(state)
            if self.chance(20):
                self.broken()
            if state and i % 25 == 0:
                now = self.link.state()
                assert now == state, "message %d: %r, not %r" % (i, now, state)
        if state:
            self.restore(was)
            assert self.accepted, "nothing was accepted"
        assert self.refused > messages // 4, "only %d were refused" % self.refused
        print("%s: %d messages, %d accepted, %d refused, %.1f s" % (
            self.mode, messages, self.accepted, self.refused, time.monotonic() - began))

    def may_not_listen(self):
        try:
            self.link.sock.setsockopt(SOL_NETLINK, ADD_MEMBERSHIP, self.link.group)
        except OSError as error:
            assert error.errno == errno.EPERM, error
            return
        raise AssertionError("nobody may listen to events")


if __name__ == "__main__":
    Fuzz(sys.argv[1], int(sys.argv[2])).run(int(sys.argv[3]))
    sys.stdout.flush()
    os._exit(0)
