"""The messages of a netlink log group (nfnetlink_log), in the namespace that this runs in.

Usage: log_group.py GROUP: says "ready", and then of each message: hook, is there an incoming and an outgoing device, is there a
packet, prefix; with | between them.
"""
import socket
import struct
import sys

DEVICE_IN, DEVICE_OUT, PAYLOAD, PREFIX = 4, 5, 9, 10


class Group:
    def __init__(self, group):
        self.sock = s = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 12)
        s.bind((0, 0))
        s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.group = group
        self.config(socket.AF_UNSPEC, struct.pack("=HHB3x", 5, 1, 1))  # bind
        self.config(socket.AF_UNSPEC, struct.pack("=HH", 10, 2) + struct.pack("!LBx", 0xffff, 2))  # whole packets

    def config(self, family, attributes):
        body = struct.pack("!BBH", family, 0, self.group) + attributes
        self.sock.send(struct.pack("=LHHLL", 16 + len(body), 4 << 8 | 1, 5, 1, 0) + body)
        said = self.sock.recv(4096)
        assert struct.unpack_from("=i", said, 16)[0] == 0, said

    def messages(self):
        """Those of the next datagram: each a dictionary of its attributes."""
        data, at = self.sock.recv(1 << 16), 0
        while at + 16 <= len(data):
            size, kind = struct.unpack_from("=LH", data, at)
            if kind == 4 << 8 | 0:
                said, a = {}, at + 20
                while a + 4 <= at + size:
                    n, what = struct.unpack_from("=HH", data, a)
                    said[what & 0x3fff] = data[a + 4:a + n]
                    a += n + 3 & ~3
                yield said
            at += size + 3 & ~3


def words(message):
    return message[PREFIX].rstrip(b"\0").decode("latin-1")


def main():
    group = Group(int(sys.argv[1]))
    print("ready", flush=True)
    while True:
        for m in group.messages():
            print(m[1][2], int(DEVICE_IN in m), int(DEVICE_OUT in m), int(PAYLOAD in m and len(m[PAYLOAD]) > 40), words(m),
                  sep="|", flush=True)


if __name__ == "__main__":
    main()
