"""A web server on port 21 that has its visitors' segments cut as it likes: python3 attacker.py

Every connection announces another segment size. It answers each request, and says of each whether
its body is the one that X-Sum is the checksum of.
"""
import os
import signal
import socket
import zlib

SIZES = (1460, 536, 88, 537, 1000, 300, 123)


def serve(s):
    got = b""
    while b"\r\n\r\n" not in got:
        got += s.recv(65536)
    head, body = got.split(b"\r\n\r\n", 1)
    said = dict(line.lower().split(b":", 1) for line in head.split(b"\r\n")[1:])
    size = int(said[b"content-length"])
    if b"expect" in said:
        s.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
    while len(body) < size:
        body += s.recv(65536)
    fine = zlib.crc32(body) == int(said[b"x-sum"])
    print("posted %d %s %s" % (size, head.split(b" ")[0].decode(), "as sent" if fine else "changed"), flush=True)
    s.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
    s.close()


def main():
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    s = socket.socket(socket.AF_INET6, socket.SOCK_STREAM)
    s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("::", 21))
    s.listen(16)
    n = 0
    while True:
        s.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, SIZES[n % len(SIZES)])
        one = s.accept()[0]
        n += 1
        if os.fork() == 0:
            serve(one)
            os._exit(0)
        one.close()


main()
