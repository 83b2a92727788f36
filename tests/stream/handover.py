"""The sessions of handover-sessions.sh, in the networks that it has made. Each step waits until the scenario says go on."""
import fcntl
import struct
import time

from rawtcp import enter

SIOCOUTQ = 0x5411
NETWORKS = dict(line.split(" ", 1) for line in open(LOGS + "/networks").read().splitlines())
LONG4, IN6, LONG6 = "192.168.100.200", "fd00:1::2", "fd00:1::1111:2222:3333:4444"


def session(network, family=4, own=""):
    """A session that has been edited, unless there is no NAT of addresses in its way."""
    ns, to4, to6 = NETWORKS[network].split(" ")
    enter(ns)
    f = Ftp(to6 if family == 6 else to4, own=own)
    f.ns = ns
    if network == "snat":
        f.announce()
    else:
        f.ask()
    return f


def step(name):
    open(LOGS + "/" + name, "w").close()
    for _ in range(1200):
        if os.path.exists(LOGS + "/" + name + ".go"):
            return
        time.sleep(0.05)
    raise Failed("nobody said go on after " + name)


def acknowledged(f):
    while struct.unpack("i", fcntl.ioctl(f.sock, SIOCOUTQ, b"\0" * 4))[0]:
        time.sleep(0.01)


def all_right(f):
    """Commands and a long answer, byte by byte the same on both sides: nobody reads and edits them any more."""
    lines = "".join("211-%03d %s\r\n" % (i, "x" * (i % 70)) for i in range(300))
    enter(f.ns)
    f.start_log()
    f.announce()
    f.ask()
    f.answer("211-Long\r\n" + lines + "211 End\r\n")
    check(len(f.say("STAT", "211")) == len(lines) + 19, "the long answer is %d bytes" % len(f.rx))
    f.send("NOOP\r\nSYST\r\nNOOP\r\n")
    for code in "200", "215", "200":
        f.reply(code)
    f.same_on_both_sides()


def is_reset(f, rest):
    """Neither side gets an answer, or a byte that was not sent."""
    try:
        f.send(rest)
        said = f.line()
    except ConnectionError:
        said = None
    except Failed as e:
        check("ended" in str(e), e)
        said = None
    check(said is None, "not reset, but answered %r" % said)
    seen = open("%s/%s.rx" % (LOGS, f.log), "rb").read()
    check(f.tx.startswith(seen), "garbled: %r of %r" % (seen, f.tx))


def new_session(network):
    f = session(network)
    f.active_works()
    return f


kept = [session("snat"), session("snat", own=LONG4), session("snat", 6, IN6), session("snat", 6, LONG6),
        session("dnat"), session("dnat", 6), session("dnatlong")]
# half a command is held: the stream grew, or is as long as it was, or shrank
cut = [session("snat"), session("snat", 6, IN6), session("snat", own=LONG4)]
for f in cut:
    f.start_log()
    f.send("NOO")
for f in kept + cut:
    acknowledged(f)
step("edited")
for f in kept:
    all_right(f)
for f in cut:
    is_reset(f, "P\r\n")
plain = session("snat") # there is no helper now
step("over")
fresh = [new_session("snat")]
for f in kept + [plain]:
    all_right(f)
step("again")
for f in kept + [plain]:
    all_right(f)
for f in fresh:
    f.say("NOOP", "200")
fresh.append(new_session("snat"))
for f in kept + fresh + [plain]:
    f.quit()
