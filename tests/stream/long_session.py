"""One control flow with very many commands, two of three of them edited: python3 long_session.py CLIENT SERVER TO COMMANDS.

Commands go in batches, each in one write, and are answered in one. Prints what the kernel's memory holds after a tenth,
after half and after all of them; fails when the second half left anything behind.
"""
import re
import socket
import sys
import time

from wire import CLIENT, PORTS, SERVER, Namespace

BATCH = 300
# What per command would be a leak: less than anything that is allocated for one.
BYTES = 16


def memory():
    """Objects of the caches that flows and pinholes are in, and bytes in all caches."""
    objects, total = {}, 0
    with open("/proc/slabinfo") as f:
        for line in f.readlines()[2:]:
            name, active, _, size = line.split()[:4]
            total += int(active) * int(size)
            if name.startswith("ctalg") or name == "nf_conntrack_expect":
                objects[name] = int(active)
    return objects, total


def batch(own, n, first):
    """n commands and what their form is on the other side, with the address that they name as a group."""
    text = []
    for i in range(first, first + n):
        port = PORTS[i % len(PORTS)]
        numbers = "%s,%d,%d" % (own.replace(".", ","), port >> 8, port & 255)
        text.append(("PORT %s\r\n" % numbers, "EPRT |1|%s|%d|\r\n" % (own, port), "NOOP\r\n")[i % 3])
    return "".join(text).encode()


def outside(text, own, peer):
    """The text as it has to arrive, but for the ports."""
    text = text.replace(own.replace(".", ",").encode(), peer.replace(".", ",").encode())
    return text.replace(own.encode(), peer.encode())


def no_ports(text):
    return re.sub(rb"(PORT \d+,\d+,\d+,\d+),\d+,\d+\r|(EPRT \|1\|[0-9.]+)\|\d+\|\r", rb"\1\2\r", text)


def hear(sock, lines):
    got = []
    while lines > 0:
        got.append(sock.recv(262144))
        if not got[-1]:
            sys.exit("the connection ended")
        lines -= got[-1].count(b"\n")
    return b"".join(got)


def connect(client, server, to):
    server.enter()
    listener = socket.create_server(("", 21))
    client.enter()
    c = socket.create_connection((to, 21), 30)
    s = listener.accept()[0]
    for sock in c, s:
        sock.settimeout(60)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 400000)
    return c, s


def main():
    client, server, to, commands = sys.argv[1:5]
    commands = int(commands)
    c, s = connect(Namespace(client), Namespace(server), to)
    own, peer = c.getsockname()[0], s.getpeername()[0]
    s.sendall(b"220 Ready\r\n")
    hear(c, 1)
    seen, marks = [], [commands // 10, commands // 2, commands]
    done = 0
    while done < commands:
        n = min(BATCH, commands - done)
        text = batch(own, n, done)
        c.sendall(text)
        got = hear(s, n)
        if no_ports(got) != no_ports(outside(text, own, peer)):
            sys.exit("wrong bytes in commands %d to %d: %r" % (done, done + n, got[:80]))
        s.sendall(b"200 ok\r\n" * n)
        if hear(c, n) != b"200 ok\r\n" * n:
            sys.exit("wrong bytes in replies %d to %d" % (done, done + n))
        done += n
        if done >= marks[len(seen)]:
            seen.append(memory())
            print("after %6d commands: %s, %d KiB in all caches" % (done, seen[-1][0], seen[-1][1] // 1024), flush=True)
    grown = seen[2][1] - seen[1][1]
    for _ in range(100):  # what waits for the end of a grace period is not left behind
        if grown <= BYTES * commands // 2:
            break
        time.sleep(0.1)
        grown = memory()[1] - seen[1][1]
    if grown > BYTES * commands // 2:
        sys.exit("%d bytes more than after half of them" % grown)


main()
