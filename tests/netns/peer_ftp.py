"""A scripted FTP client for the scenarios: says exactly what it is told, byte by byte.

Scenarios run it as `ftp_script <<END`. It knows from the environment TARGET (the address to call), TARGET_PORT (21),
DATA (the file that the server serves), UP (where uploads land) and LOGS (where the scripted server
keeps the bytes it saw).
"""
import os
import socket
import sys
import time

TARGET = os.environ.get("TARGET", "")
PORT = int(os.environ.get("TARGET_PORT", "21"))
LOGS = os.environ.get("LOGS", "/tmp")
WAIT = 20  # where success is expected
WANTED = open(os.environ["DATA"], "rb").read() if "DATA" in os.environ else b""


class Failed(Exception):
    pass


def check(true, what):
    if not true:
        raise Failed(what)


def step(name):
    """Tells the scenario that it has come so far, and waits until that goes on."""
    open(LOGS + "/" + name, "w").close()
    while not os.path.exists(LOGS + "/after-" + name):
        time.sleep(0.05)


def comma(address, port):
    """h1,h2,h3,h4,p1,p2"""
    return "%s,%d,%d" % (address.replace(".", ","), port >> 8, port & 255)


def family_of(address):
    return socket.AF_INET6 if ":" in address else socket.AF_INET


def read_all(s):
    parts = []
    while True:
        got = s.recv(65536)
        if not got:
            return b"".join(parts)
        parts.append(got)


class Ftp:
    """One control connection. `tx` and `rx` are all bytes sent and received on it."""
    count = 0

    def __init__(self, target=None, login=True, source_port=0, own=""):
        self.target = target or TARGET
        self.tx, self.rx, self.buffer = b"", b"", b""
        self.listener = None
        self.sock = socket.socket(family_of(self.target), socket.SOCK_STREAM)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock.settimeout(WAIT)
        if source_port or own:
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            self.sock.bind((own, source_port))
        self.sock.connect((self.target, PORT))
        self.own = self.sock.getsockname()[0]
        self.log = None
        self.reply("220")
        if login:
            self.login()

    def login(self):
        self.say("USER anonymous", "331", "230")
        if self.code == "331":
            self.say("PASS x@", "230")
        self.say("TYPE I", "200")

    # --- the control connection

    def send(self, data):
        """One write, so one segment while it fits; str or bytes."""
        if isinstance(data, str):
            data = data.encode("latin-1")
        self.tx += data
        self.sock.sendall(data)

    def more(self):
        got = self.sock.recv(65536)
        check(got, "control connection ended; last reply %r" % self.rx[-80:])
        self.rx += got
        return got

    def line(self):
        while b"\n" not in self.buffer:
            self.buffer += self.more()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line + b"\n"

    def reply(self, *codes):
        """The next whole reply, which has to have one of the codes, if any are given."""
        text = self.line()
        code = text[:3]
        if text[3:4] == b"-":
            while True:
                more = self.line()
                text += more
                if more[:3] == code and more[3:4] == b" ":
                    break
        self.code = code.decode("latin-1")
        check(not codes or self.code in codes, "wanted %s, got %r" % ("/".join(codes), text))
        return text.decode("latin-1")

    def say(self, text, *codes):
        self.send(text + "\r\n")
        return self.reply(*codes)

    def at_end(self):
        """The server closes."""
        return not read_all(self.sock)

    def quit(self):
        self.say("QUIT", "221")
        check(self.at_end(), "bytes after QUIT")
        self.sock.close()

    # --- the scripted server only

    def answer(self, template):
        """What the server says to the next command (or the one after, and so on), exactly; it fills in
        {hp} {hp0} {h} {p1} {p2} {p} for a new data listener, and closes at {fin}."""
        self.say("SITE ANSWER " + template.encode("latin-1").hex(), "200")

    def start_log(self):
        """From here on tx and rx are compared by same_on_both_sides()."""
        Ftp.count += 1
        self.log = "log%d-%d" % (os.getpid(), Ftp.count)
        self.say("SITE LOG " + self.log, "200")
        self.tx, self.rx = b"", b""

    def same_on_both_sides(self):
        """The server saw what we sent, and we saw what the server sent: nothing was changed."""
        self.say("NOOP", "200")
        with open("%s/%s.rx" % (LOGS, self.log), "rb") as f:
            differ("client to server", self.tx, f.read())
        with open("%s/%s.tx" % (LOGS, self.log), "rb") as f:
            differ("server to client", f.read(), self.rx)

    # --- AUTH TLS, with the scripted server

    def start_tls(self, tls):
        self.say("AUTH " + tls.name, "234")
        self.tls = tls
        tls.feed(self.buffer)  # its first record may have come with the 234
        tls.greet(self.send, self.more)

    def say_in_tls(self, text):
        self.send(self.tls.seal((text + "\r\n").encode("latin-1")))
        return self.tls.open(self.more).decode("latin-1")

    def retr_in_tls(self, port):
        """From a listener of the server's on that port; only the scripted server tells which it was."""
        check(self.say_in_tls("SITE LISTEN %d" % port).startswith("200"), "LISTEN")
        where = address_in(self.say_in_tls("EPSV"), self.target)
        check(where[1] == port, "port %d, not %d" % (where[1], port))
        s = self.connect(where)
        check(self.say_in_tls("RETR file").startswith("150"), "RETR")
        got = read_all(s)
        s.close()
        check(self.tls.open(self.more).startswith(b"226"), "226")
        differ("RETR", WANTED, got)

    def clear(self):
        """CCC (RFC 4217, section 12.3): each side ends its TLS, then it is clear text."""
        said = self.say_in_tls("CCC")
        check(said.startswith("200"), said)
        self.send(self.tls.goodbye())
        self.tls.wait_goodbye(self.more)
        self.buffer = self.tls.left

    # --- data connections

    def listen(self):
        """A data listener; returns what {hp} {h} {p1} {p2} {p} {e} stand for."""
        if self.listener:
            self.listener.close()
        self.listener = socket.socket(self.sock.family, socket.SOCK_STREAM)
        self.listener.bind((self.own, 0))
        self.listener.listen(4)
        return places(self.own, self.listener.getsockname()[1])

    def announce(self, text=None, *codes):
        """PORT or EPRT with a new listener; placeholders as in listen()."""
        where = self.listen()
        if text is None:
            text = "EPRT {e}\r\n" if self.sock.family == socket.AF_INET6 else "PORT {hp}\r\n"
        self.send(fill(text, where))
        return self.reply(*(codes or ("200",)))

    def accept(self, seconds=WAIT):
        self.listener.settimeout(seconds)
        s, self.data_from = self.listener.accept()
        s.settimeout(WAIT)
        return s

    def ask(self, text=None, *codes):
        """PASV or EPSV; returns the address to connect to as the reply has it."""
        if text is None:
            text = "EPSV" if self.sock.family == socket.AF_INET6 else "PASV"
        said = self.say(text, *(codes or ("227", "229")))
        self.where = address_in(said, self.target)
        return self.where

    def connect(self, where=None, seconds=WAIT):
        where = where or self.where
        s = socket.socket(family_of(where[0]), socket.SOCK_STREAM)
        s.settimeout(seconds)
        s.connect(where)
        s.settimeout(WAIT)
        return s

    def retr(self, opened, name="file", wanted=None):
        """RETR over the data connection that opened() gives; the bytes have to be right."""
        s, got = None, b""
        if opened == self.connect:
            s = opened()
        self.say("RETR " + name, "150", "125")
        s = s or opened()
        got = read_all(s)
        s.close()
        self.reply("226")
        differ("RETR", WANTED if wanted is None else wanted, got)

    def stor(self, opened):
        Ftp.count += 1
        name = "up/peer%d" % Ftp.count # pure-ftpd lets nobody overwrite
        s = opened() if opened == self.connect else None
        self.say("STOR " + name, "150", "125")
        s = s or opened()
        s.sendall(WANTED)
        s.close()
        self.reply("226")
        with open(os.environ["UP"] + "/" + name.split("/")[-1], "rb") as f:
            differ("STOR", WANTED, f.read())

    def active_works(self, text=None):
        self.announce(text)
        self.retr(self.accept)

    def passive_works(self, text=None):
        self.ask(text)
        self.retr(self.connect)

    def active_fails(self, text=None):
        """The scripted server answers 425 when it cannot connect."""
        self.announce(text)
        self.say("RETR file", "425")

    def passive_fails(self, text=None, *codes):
        """Nothing gets through to where the reply points."""
        where = self.ask(text, *codes)
        self.blocked(where)

    def blocked(self, where):
        try:
            s = self.connect(where, 3)
        except OSError:
            return
        s.close()
        raise Failed("a connection to %s port %d came through" % where)


def places(address, port):
    zeros = ",".join("%03d" % int(n) for n in comma(address, port).split(",")) if "." in address else ""
    return {"{hp}": comma(address, port), "{hp0}": zeros, "{h}": address.replace(".", ","), "{p1}": str(port >> 8),
            "{p2}": str(port & 255), "{p}": str(port), "{a}": address,
            "{e}": "|%d|%s|%d|" % (2 if ":" in address else 1, address, port)}


def fill(text, where):
    for name, value in where.items():
        text = text.replace(name, value)
    return text


def numbers(text):
    """The decimal numbers in a text, in order."""
    found = "".join(c if c.isdigit() else " " for c in text).split()
    return [int(n[-12:]) for n in found]


def address_in(reply, target):
    """As lenient as the most lenient client: six numbers with commas between, wherever they stand."""
    if reply.startswith("229"):
        return (target, numbers(reply)[-1])
    for i in range(4, len(reply)):
        rest = reply[i:].split(",")
        if reply[i].isdigit() and not reply[i - 1].isdigit() and len(rest) >= 6:
            n = rest[:5] + numbers(rest[5])[:1]
            if all(str(x).isdigit() for x in n):
                return (".".join(str(int(x)) for x in n[:4]), int(n[4]) * 256 + int(n[5]))
    raise Failed("no address in %r" % reply)


def differ(what, wanted, got):
    if wanted == got:
        return
    at = next((i for i, (a, b) in enumerate(zip(wanted, got)) if a != b), min(len(wanted), len(got)))
    raise Failed("%s: %d bytes, not %d, or other ones: at %d %r, not %r" % (
        what, len(got), len(wanted), at, got[at:at + 40], wanted[at:at + 40]))


def script_failed(kind, error, trace):
    """A failing script says its line and the reason, not a page of Python."""
    while trace.tb_next and trace.tb_next.tb_frame.f_code.co_filename.endswith("/script"):
        trace = trace.tb_next
    sys.stderr.write("script line %d: %s: %s\n" % (trace.tb_lineno - 1, kind.__name__, error))


sys.excepthook = script_failed
