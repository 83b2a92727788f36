#!/bin/bash
# S17: several calls, on several flows, name one place for their media: it stays open for each as long as that call lasts, whichever
# of the others end, and in which order.
# REQUIRES: ctalg
# KERNELS: 6.12
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"

scripted none <<'END'
with case("S17", "one-place-of-three-calls"):
    its = Media(callee)
    first = Call(*udp_flow(caller, callee))
    first.up(None, its)
    a, b = udp_flow(caller, callee)
    second, third = Call(a, b), Call(a, b)
    second.up(None, its)
    third.up(None, its)
    # what is open is looked at every two seconds
    for over in second, first:
        over.bye()
        time.sleep(5)
    # what the place lets in is seen alone, without what the other side sends
    sender, data = Stranger(caller), packet("a")
    sender.sock.sendto(data, its.where(caller.side))
    check(select.select([its.sock], [], [], WAIT)[0] and heard(its, data), "the place has shut")
    third.bye()
END
all_cases
