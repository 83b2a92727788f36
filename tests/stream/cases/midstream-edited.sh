#!/bin/bash
# The kernel forgets a connection that had been edited: reset or right afterwards, but no byte is wrong.
# REQUIRES: ctalg
# shellcheck source=tests/stream/raw.sh
. "$(dirname "$0")/../raw.sh"

raw_topo snat
raw_script <<'PY'
def forget():
    subprocess.run(["conntrack", "-D", "-p", "tcp"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

def edited(held, **pair):
    """What had been edited has counts of its own: reset, or right, but no byte may be wrong."""
    p = Pair(**pair)
    p.works()
    if held:
        p.c.send(b"NO")
        p.s.taken()
        p.s.acks()
        p.c.is_acked()
    p.s.text, p.c.text = b"", b""
    forget()
    rest = (b"OP\r\n" if held else b"NOOP\r\n") + b"SYST\r\n"
    p.c.send(rest)
    heard = p.s.taken() + p.c.heard
    p.s.acks()
    p.s.send(b"200 Done\r\n")
    settle()
    whole = b"NOOP\r\nSYST\r\n"
    check(whole.startswith(p.s.text), "garbled: %r" % p.s.text)
    check(b"200 Done\r\n".startswith(p.c.text), "garbled: %r" % p.c.text)
    return p

edited(False)
edited(False, own=os.environ["LONG4"])
edited(True)
edited(True, own=os.environ["LONG4"])
PY
run_in "$RT" conntrack -F 2>/dev/null
all_well
