"""A scripted FTP server for the scenarios: python3 peer_ftpd.py DATA UPLOADS LOGS [PORT].

It serves one file and says what the client tells it to say:

    SITE ANSWER hex    the answer to the next command that has none yet, exactly, in one segment; {hp} {hp0}
                       {h} {p1} {p2} {p} are a new data listener of its own, {fin} closes
    SITE LOG name      keep all bytes from here on in LOGS/name.rx and LOGS/name.tx
    SITE FROM port     active data connections come from this port (default 20; 0 is any)
    SITE BIND address  active data connections come from this address of the server's
    SITE LISTEN port   its next data listener is on this port
    SITE PACE seconds  data is sent in small pieces, over so many seconds
    AUTH TLS           from here on commands and replies are in TLS-shaped records, see tls_like.py
    AUTH REAL          the same with true TLS, see tls_real.py; its certificate is LOGS/pem
"""
import os
import signal
import socket
import sys
import time

from peer_ftp import comma, fill, numbers, places, read_all
from tls_like import Records

DATA, UPLOADS, LOGS = sys.argv[1:4]
PORT = int(sys.argv[4]) if len(sys.argv) > 4 else 21
CONNECT_WAIT = 3
ACCEPT_WAIT = 20

SIMPLE = {"USER": "331 Name accepted", "PASS": "230 Logged in", "TYPE": "200 Type set", "NOOP": "200 Nothing done",
          "SYST": "215 UNIX Type: L8", "PBSZ": "200 Done", "PROT": "200 Done", "REST": "350 Restarting",
          "ABOR": "226 Nothing to abort", "ALLO": "202 Not needed", "OPTS": "200 Done"}


class Session:
    def __init__(self, sock):
        self.sock = sock
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.own, self.peer = plain(sock.getsockname()[0]), plain(sock.getpeername()[0])
        self.buffer, self.log, self.tls = b"", None, None
        self.answers, self.port, self.bind, self.pace = [], 20, self.own, 0
        self.target, self.listeners, self.rest, self.next_port = None, [], 0, 0

    # --- the control connection

    def raw_send(self, data):
        self.keep("tx", data)
        self.sock.sendall(data)

    def send(self, text):
        data = text.encode("latin-1")
        self.raw_send(self.tls.seal(data) if self.tls else data)

    def keep(self, way, data):
        if self.log:
            with open("%s/%s.%s" % (LOGS, self.log, way), "ab") as f:
                f.write(data)

    def more(self):
        got = self.sock.recv(65536)
        self.keep("rx", got)
        if not got:
            raise EOFError
        return got

    def line(self):
        if self.tls:
            return self.tls.open(self.more)
        while b"\n" not in self.buffer:
            self.buffer += self.more()
        line, self.buffer = self.buffer.split(b"\n", 1)
        return line + b"\n"

    def run(self):
        self.send("220 Scripted server\r\n")
        while True:
            line = self.line().decode("latin-1").strip("\r\n\t ")
            verb, _, rest = line.partition(" ")
            self.command(verb.upper(), rest.strip())

    def command(self, verb, rest):
        if verb == "SITE":
            return self.site(*rest.split(" ", 1))
        if verb in ("PORT", "EPRT"):
            self.note_target(verb, rest)
        if self.answers:
            return self.send_answer(self.answers.pop(0))
        own = getattr(self, "do_" + verb.lower(), None)
        if own:
            own(rest)
        else:
            self.send(SIMPLE.get(verb, "500 What?") + "\r\n")

    def site(self, word, rest=""):
        if word == "LOG":
            self.send("200 Keeping all bytes\r\n")
            self.log = rest
            self.keep("rx", b"")
            self.keep("tx", b"")
            return
        if word == "ANSWER":
            self.answers.append(bytes.fromhex(rest).decode("latin-1"))
        elif word == "FROM":
            self.port = int(rest)
        elif word == "BIND":
            self.bind = rest
        elif word == "LISTEN":
            self.next_port = int(rest)
        elif word == "PACE":
            self.pace = float(rest)
        self.send("200 Will do\r\n")

    def send_answer(self, text):
        if "{p" in text or "{h" in text:
            text = fill(text, places(self.own, self.listen()))
        if "{fin}" not in text:
            return self.send(text)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 0)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        self.send(text.replace("{fin}", ""))
        raise EOFError

    # --- commands

    def do_quit(self, _):
        self.send("221 Goodbye.\r\n")
        raise EOFError

    def do_pasv(self, _):
        self.send("227 Entering Passive Mode (%s).\r\n" % comma(self.own, self.listen()))

    def do_epsv(self, rest):
        if rest.upper() == "ALL":
            return self.send("200 EPSV ALL ok\r\n")
        self.send("229 Entering Extended Passive Mode (|||%d|)\r\n" % self.listen())

    def do_port(self, _):
        self.send("200 PORT ok\r\n")

    def do_eprt(self, _):
        self.send("200 EPRT ok\r\n")

    def do_auth(self, kind):
        self.send("234 Go on in TLS\r\n")
        if kind == "REAL":
            from tls_real import Tls
            self.tls = Tls(LOGS + "/pem")
        else:
            self.tls = Records()
        self.tls.greet(self.raw_send, self.more)

    def do_ccc(self, _):
        """Clear text from here on: the answer is still in a record, then each side closes its TLS."""
        self.send("200 Clear text it is\r\n")
        self.raw_send(self.tls.goodbye())
        self.tls.wait_goodbye(self.more)
        self.buffer, self.tls = self.tls.left, None

    def do_rest(self, rest):
        self.rest = int(rest)
        self.send("350 Restarting\r\n")

    def do_retr(self, _):
        with open(DATA, "rb") as f:
            data = f.read()[self.rest:]
        self.rest = 0
        self.transfer(lambda s: self.send_data(s, data))

    def do_stor(self, name):
        def store(s):
            with open(UPLOADS + "/" + os.path.basename(name), "wb") as f:
                f.write(read_all(s))
        self.transfer(store)

    def send_data(self, s, data):
        piece = len(data) if not self.pace else len(data) // 20 + 1
        for i in range(0, len(data), piece):
            s.sendall(data[i:i + piece])
            if self.pace:
                time.sleep(self.pace / 20)

    # --- data connections

    def note_target(self, verb, rest):
        n = numbers(rest)
        if verb == "PORT":
            self.target = (".".join(str(i) for i in n[:4]), n[4] * 256 + n[5]) if len(n) >= 6 else None
            return
        part = rest.split(rest[:1]) if rest else []
        self.target = (part[2], int(part[3])) if len(part) >= 4 and part[3].isdigit() else None

    def listen(self):
        s = socket.socket(self.family(), socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind((self.own, self.next_port))
        s.listen(2)
        self.next_port = 0
        s.settimeout(ACCEPT_WAIT)
        self.target = None
        self.listeners.append(s)
        return s.getsockname()[1]

    def family(self):
        return socket.AF_INET6 if ":" in self.own else socket.AF_INET

    def data_socket(self):
        if not self.target:
            return self.accept()
        s = socket.socket(self.family(), socket.SOCK_STREAM)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.settimeout(CONNECT_WAIT)
        s.bind((self.bind, self.port))
        s.connect(self.target)
        return s

    def accept(self):
        """Whichever of our listeners is called."""
        import select
        ready = select.select(self.listeners, [], [], ACCEPT_WAIT)[0]
        if not ready:
            raise OSError("nobody came")
        s = ready[0].accept()[0]
        for one in ready[:1]:
            self.listeners.remove(one)
            one.close()
        return s

    def transfer(self, work):
        try:
            s = self.data_socket()
        except (OSError, OverflowError) as e:
            return self.send("425 No data connection: %s\r\n" % e)
        s.settimeout(ACCEPT_WAIT)
        self.send("150 Here it comes\r\n")
        try:
            work(s)
        except OSError as e:
            s.close()
            return self.send("426 Broken: %s\r\n" % e)
        s.close()
        self.send("226 Done\r\n")


def plain(address):
    return address[7:] if address.startswith("::ffff:") else address


def serve(sock):
    session = Session(sock)
    try:
        session.run()
    except (EOFError, OSError) as e:
        print("session ended:", repr(e))
    sock.close()


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("::", PORT))
    s.listen(16)
    while True:
        control = s.accept()[0]
        if os.fork() == 0:
            s.close()
            serve(control)
            os._exit(0)
        control.close()


main()
