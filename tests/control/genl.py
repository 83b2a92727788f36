"""The family "ctalg" as a program sees it that knows nothing but the spec: for what the command does not show."""
import errno
import os
import socket
import struct
import time

NETLINK_GENERIC, GENL_ID_CTRL, CTRL_GETFAMILY = 16, 16, 3
REQUEST, ACK, DUMP, DUMP_INTR = 1, 4, 0x300, 0x10
NLMSG_ERROR, NLMSG_DONE = 2, 3
HELPER_GET, HELPER_SET, FLOW_GET, SESSION_GET, PINHOLE_GET, LIMIT_GET, LIMIT_SET, EVENT = range(1, 9)


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def string(kind, text):
    return attribute(kind, text.encode() + b"\0")


def u8(kind, value):
    return attribute(kind, bytes([value]))


def u16(kind, value):
    return attribute(kind, struct.pack("=H", value))


def u32(kind, value):
    return attribute(kind, struct.pack("=I", value))


def u64(kind, value):
    return attribute(kind, struct.pack("=Q", value))


def number(data):
    return int.from_bytes(data, "little")


def attributes(data):
    """[(kind, bytes)], in their order."""
    found = []
    while len(data) >= 4:
        size, kind = struct.unpack("=HH", data[:4])
        found.append((kind & 0x3fff, data[4:size]))
        data = data[size + 3 & ~3:]
    return found


class Refused(OSError):
    """The kernel's errno, and in `words` what it says."""

    def __init__(self, code, words):
        super().__init__(code, "%s (%s)" % (os.strerror(code), words))
        self.words = words


class Family:
    """A conversation with the family. `interrupted`: the latest dump was flagged as not of one moment."""

    def __init__(self, name="ctalg", room=1 << 16):
        self.sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_GENERIC)
        self.sock.bind((0, 0))
        self.sock.setsockopt(270, 11, 1)  # SOL_NETLINK, NETLINK_EXT_ACK
        self.seq, self.room, self.interrupted, self.pause = 0, room, False, 0
        self.id = GENL_ID_CTRL
        family = dict(next(self.talk(CTRL_GETFAMILY, ACK, string(2, name), version=2)))
        list(self.drain())
        self.groups = {}
        for _, group in attributes(family.get(7, b"")):
            of = dict(attributes(group))
            self.groups[of[1].rstrip(b"\0").decode()] = number(of[2])
        self.id = number(family[1])

    def join(self, group="events"):
        self.sock.setsockopt(270, 1, self.groups[group])  # NETLINK_ADD_MEMBERSHIP

    def send(self, command, flags, body, version=1):
        self.seq += 1
        head = struct.pack("=IHHII", 20 + len(body), self.id, REQUEST | flags, self.seq, 0)
        self.sock.send(head + struct.pack("=BBH", command, version, 0) + body)

    def talk(self, command, flags, body=b"", version=1):
        """The attributes of each message of the answer, up to its end."""
        self.interrupted = False
        self.send(command, flags, body, version)
        yield from self.drain()

    def drain(self):
        while True:
            got = self.sock.recv(self.room)
            while got:
                size, kind, flags = struct.unpack("=IHH", got[:8])
                self.interrupted |= bool(flags & DUMP_INTR)
                if kind == NLMSG_ERROR:
                    self.error(got[16:size], flags)
                    return
                if kind == NLMSG_DONE:
                    code = -struct.unpack("=i", got[16:20])[0]
                    if code:
                        raise Refused(code, "")
                    return
                yield attributes(got[20:size])
                got = got[size + 3 & ~3:]
            if self.pause:
                time.sleep(self.pause)

    def error(self, data, flags):
        code = -struct.unpack("=i", data[:4])[0]
        if not code:
            return
        words = ""
        if flags & 0x200:  # NLM_F_ACK_TLVS
            at = 4 + (16 if flags & 0x100 else struct.unpack("=I", data[4:8])[0])
            words = dict(attributes(data[at + 3 & ~3:])).get(1, b"").rstrip(b"\0").decode()
        raise Refused(code, words)

    def do(self, command, body):
        for _ in self.talk(command, ACK, body):
            pass

    def dump(self, command, body=b""):
        return self.talk(command, DUMP, body)

    def limit(self, name, value):
        self.do(LIMIT_SET, string(1, name) + u64(2, value))


def refusal(family, command, flags, body):
    """errno and words of a refusal; 0 if there is none."""
    try:
        for _ in family.talk(command, flags, body):
            pass
    except Refused as e:
        return errno.errorcode[e.errno], e.words
    return 0, ""
