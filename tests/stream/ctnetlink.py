"""The kernel's connection table, as netlink has it: for what the conntrack program does not show, or can't set.

python3 ctnetlink.py: the TCP connections to port 21, each with its sequence adjustment in both directions.
"""
import socket
import struct

NETLINK_NETFILTER = 12
NEW, GET = 0x100, 0x101
REQUEST, ACK, DUMP, CREATE = 1, 4, 0x300, 0x600
NLMSG_ERROR, NLMSG_DONE = 2, 3
ORIG, REPLY, STATUS, PROTOINFO, HELP, NAT_SRC, TIMEOUT, SEQ_ORIG, SEQ_REPLY = 1, 2, 3, 4, 5, 6, 7, 15, 16
NESTED = 0x8000


def attribute(kind, data):
    return struct.pack("=HH", 4 + len(data), kind) + data + b"\0" * (-len(data) % 4)


def nest(kind, *inner):
    return attribute(kind | NESTED, b"".join(inner))


def attributes(data):
    found = {}
    while len(data) >= 4:
        size, kind = struct.unpack("=HH", data[:4])
        found[kind & 0x3fff] = data[4:size]
        data = data[size + 3 & ~3:]
    return found


def request(kind, flags, family, body=b""):
    s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, NETLINK_NETFILTER)
    s.bind((0, 0))
    s.send(struct.pack("=IHHII", 20 + len(body), kind, REQUEST | flags, 1, 0) +
           struct.pack("!BBH", family, 0, 0) + body)
    while True:
        got = s.recv(1 << 16)
        while got:
            size, kind = struct.unpack("=IH", got[:6])
            if kind == NLMSG_ERROR:
                error = -struct.unpack("=i", got[16:20])[0]
                if error:
                    raise OSError(error, "netlink")
                return
            if kind == NLMSG_DONE:
                return
            yield got[20:size]
            got = got[size + 3 & ~3:]


def end(tuple_):
    """Source and destination of a tuple, with their ports."""
    t = attributes(tuple_)
    ip, proto = attributes(t[1]), attributes(t[2])
    src, dst = (ip[k] for k in sorted(ip))
    family = socket.AF_INET if len(src) == 4 else socket.AF_INET6
    return (socket.inet_ntop(family, src), struct.unpack("!H", proto.get(2, b"\0\0"))[0],
            socket.inet_ntop(family, dst), struct.unpack("!H", proto.get(3, b"\0\0"))[0])


def offset(entry, kind):
    """What the kernel adds from the newest change on; None when it adjusts nothing."""
    if kind not in entry:
        return None
    return struct.unpack("!i", attributes(entry[kind])[3])[0]


def dump():
    """{(client, its port, server, its port): (offset of orig, offset of reply)}"""
    found = {}
    for family in socket.AF_INET, socket.AF_INET6:
        for message in request(GET, DUMP, family):
            entry = attributes(message)
            found[end(entry[ORIG])] = offset(entry, SEQ_ORIG), offset(entry, SEQ_REPLY)
    return found


def tuple_of(kind, src, sport, dst, dport):
    family, first = (socket.AF_INET6, 3) if ":" in src else (socket.AF_INET, 1)
    return nest(kind, nest(1, attribute(first, socket.inet_pton(family, src)),
                           attribute(first + 1, socket.inet_pton(family, dst))),
                nest(2, attribute(1, b"\6"), attribute(2, struct.pack("!H", sport)),
                     attribute(3, struct.pack("!H", dport))))


def create(client, sport, server, dport, outside, helper):
    """As conntrackd does on the router that takes over: an established connection, with source NAT and a helper."""
    family, first = (socket.AF_INET6, 4) if ":" in client else (socket.AF_INET, 1)
    address = socket.inet_pton(family, outside)
    body = tuple_of(ORIG, client, sport, server, dport) + tuple_of(REPLY, server, dport, client, sport)
    body += attribute(STATUS, struct.pack("!I", 2 | 4 | 8)) + attribute(TIMEOUT, struct.pack("!I", 1000))
    body += nest(PROTOINFO, nest(1, attribute(1, b"\3"), attribute(4, b"\x08\x08"), attribute(5, b"\x08\x08")))
    body += nest(HELP, attribute(1, helper.encode() + b"\0"))
    body += nest(NAT_SRC, attribute(first, address), attribute(first + 1, address))
    for _ in request(NEW, ACK | CREATE, family, body):
        pass


if __name__ == "__main__":
    for (client, port, server, to), (orig, reply) in sorted(dump().items()):
        if to == 21:
            print(client, server, orig, reply)
