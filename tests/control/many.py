"""Lists of many pinholes while flows come and go: python3 many.py CLIENT_NS SERVER_NS SERVER PINHOLES SOURCE…

Run in the router's namespace. Each flow announces 250 ports in a few segments; nobody connects.
"""
import ctypes
import os
import select
import socket
import sys
import threading
import time

import genl

PER_FLOW = 250
PORTS = [p for p in range(12000, 65000) if p != 27017]  # which nobody may announce
libc = ctypes.CDLL(None, use_errno=True)
client_ns, server_ns, server = sys.argv[1:4]
wanted, sources = int(sys.argv[4]), sys.argv[5:]


def enter(name):
    """This thread, into a network namespace."""
    with open("/run/netns/" + name) as f:
        if libc.setns(f.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), name)


def serve():
    """Greets, and reads whatever comes."""
    enter(server_ns)
    listener = socket.create_server(("", 21), backlog=512)
    poll = select.poll()
    poll.register(listener, select.POLLIN)
    open_ = {listener.fileno(): listener}
    while True:
        for fd, _ in poll.poll():
            if fd == listener.fileno():
                s = listener.accept()[0]
                s.send(b"220 hello\r\n")
                poll.register(s, select.POLLIN)
                open_[s.fileno()] = s
            elif not open_[fd].recv(1 << 16):
                poll.unregister(fd)
                open_.pop(fd).close()


def flow(source, ports):
    s = socket.socket()
    s.bind((source, 0))
    s.connect((server, 21))
    s.recv(100)
    host = source.replace(".", ",")
    s.sendall(b"USER anonymous\r\n" +
              b"".join(b"PORT %s,%d,%d\r\n" % (host.encode(), p >> 8, p & 255) for p in ports))
    return s


def churn(stop, made):
    """Bursts of flows that come, announce something and go: enough for the tables to grow and shrink."""
    enter(client_ns)
    while not stop.is_set():
        burst = [flow(sources[-1], [9000 + i]) for i in range(60)]
        made.append(len(burst))
        for s in burst:
            s.close()


def pinholes(family):
    """Numbers of all that are listed, and of the flows that they belong to."""
    return [(genl.number(a[11]), genl.number(a[1])) for a in map(dict, family.dump(genl.PINHOLE_GET))]


def say(what):
    print("%6.1f s: %s" % (time.time() - started, what), flush=True)


def check(true, what):
    if not true:
        sys.exit("FAILED: " + what)


started = time.time()
family = genl.Family()
for name in "pinholes", "host-pinholes", "flow-pinholes", "session-pinholes", "flows", "host-flows":
    family.limit(name, 1000000)
threading.Thread(target=serve, daemon=True).start()
time.sleep(0.2)

kept = []
def announce():
    enter(client_ns)
    for i in range(0, wanted, PER_FLOW):
        kept.append(flow(sources[i // 50000], PORTS[i % 50000:][:PER_FLOW]))
builder = threading.Thread(target=announce)
builder.start()
builder.join()
say("%d flows have announced" % len(kept))

for _ in range(600):
    before = pinholes(family)
    if len(before) == wanted:
        break
    time.sleep(0.2)
check(len(before) == wanted, "%d pinholes are listed, not %d" % (len(before), wanted))
check(len(set(before)) == wanted, "a pinhole is listed twice")
began = time.time()
before = pinholes(family)
quiet = time.time() - began
check(not family.interrupted, "a list during which nothing changed is flagged")
say("%d pinholes listed in %.2f s" % (wanted, quiet))

stop, made = threading.Event(), []
churner = threading.Thread(target=churn, args=(stop, made))
churner.start()
while not made:
    time.sleep(0.01)
steady, flagged = set(before), 0
for i in range(3):
    # slowly, so that much happens while a list is read
    family.pause = 0.002
    listed = pinholes(family)
    flagged += family.interrupted
    check(len(set(listed)) == len(listed), "list %d has a pinhole twice" % i)
    missing = steady - set(listed)
    say("list %d has %d" % (i, len(listed)))
    check(not missing, "list %d lacks %d of those that were there all the time" % (i, len(missing)))
    flows = [genl.number(dict(a)[1]) for a in family.dump(genl.FLOW_GET)]
    check(len(set(flows)) == len(flows), "a flow is listed twice")
    check({f for _, f in steady} <= set(flows), "a flow is missing that was there all the time")
stop.set()
churner.join()
check(flagged == 3, "%d of 3 lists during which something changed are flagged" % flagged)
check(sum(made) > 100, "only %d flows came and went" % sum(made))
say("%d flows came and went meanwhile" % sum(made))
os._exit(0)
