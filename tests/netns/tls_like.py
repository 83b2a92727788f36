"""Records shaped as TLS's (RFC 8446, section 5.1) around bytes that only look encrypted.

Enough for what stands between client and server and may read no more than the record headers.
"""
CHANGE, ALERT, HANDSHAKE, DATA = 20, 21, 22, 23
MOST = 16384


def scramble(data):
    return bytes(b ^ 0x5a for b in data)


def record(kind, payload):
    return bytes((kind, 3, 3)) + len(payload).to_bytes(2, "big") + payload


class Records:
    name = "TLS"

    def __init__(self):
        self.left = b""

    def feed(self, data):
        self.left += data

    def greet(self, send, more):
        """Something as a handshake, both ways."""
        send(record(HANDSHAKE, bytes(range(256)) * 2) + record(CHANGE, b"\1"))
        while self.one(more)[0] != CHANGE:
            pass

    def seal(self, data):
        data = scramble(data)
        return b"".join(record(DATA, data[i:i + MOST]) for i in range(0, len(data), MOST))

    def one(self, more):
        """The next whole record: its type and payload."""
        while len(self.left) < 5 or len(self.left) < 5 + int.from_bytes(self.left[3:5], "big"):
            self.left += more()
        n = 5 + int.from_bytes(self.left[3:5], "big")
        got, self.left = self.left[:n], self.left[n:]
        return got[0], got[5:]

    def open(self, more):
        """The next data record in clear; others are passed over."""
        while True:
            kind, payload = self.one(more)
            if kind == DATA:
                return scramble(payload)

    @staticmethod
    def goodbye():
        return record(ALERT, bytes((1, 0)))

    def wait_goodbye(self, more):
        while self.one(more)[0] != ALERT:
            pass
