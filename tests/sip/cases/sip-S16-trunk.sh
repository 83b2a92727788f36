#!/bin/bash
# S16, S2: a trunk between two sipps: a thousand calls on one flow (a hundred on kernels other than 6.12), none of them answered before
# all have rung, and none ended before all are up. Some of them, taken at random, talk both ways, RTP and RTCP.
# REQUIRES: tool:sipp
# KERNELS: 6.12
# TIME: 300
# shellcheck source=tests/sip/lib.sh
. "$(dirname "$0")/../lib.sh"
# shellcheck source=tests/sip/programs.sh
. "$SIP_DIR/programs.sh"

TRUNK=100 TRUNK_SECONDS=10
[ "${KERNEL:-$(this_kernel)}" != 6.12 ] && [ -z "${FULL:-}" ] || TRUNK=1000 TRUNK_SECONDS=15
[ "$HELPER" = ctalg ] || TRUNK=20 TRUNK_LIMIT=30
export TRUNK
room_for_trunks
cat >"$TMP/script.py" <<'END'
import random

N = int(os.environ["TRUNK"])
seed = random.randrange(1 << 30)


def descriptions(log):
    """Of each call the first description of either kind, by INVITE and 200, and where in the log they are."""
    found = {}
    with open(os.environ["LOGS"] + "/" + log) as f:
        messages = f.read().split("\n-----")
    for number, text in enumerate(messages):
        first = re.search(r"^(INVITE|SIP/2.0 200).*?^Call-ID: (\S+).*?^c=IN IP4 (\S+).*?^m=audio (\d+)", text, re.M | re.S)
        if first:
            found.setdefault((first[2], first[1]), (number, (first[3], int(first[4]))))
    return found


inner, outer = descriptions("uac.msg"), descriptions("uas.msg")
ids = sorted({call for call, _ in outer})

with case("S16", "sipp-trunk-pending", "no answer before the last INVITE"):
    offers = [at for (_, kind), (at, _) in outer.items() if kind == "INVITE"]
    answers = [at for (_, kind), (at, _) in outer.items() if kind != "INVITE"]
    check(len(offers) == len(answers) == N, "%d INVITEs and %d answers, not %d" % (len(offers), len(answers), N))
    check(max(offers) < min(answers), "an answer before the last INVITE")

with case("S16", "sipp-trunk-media", "those taken at random talk"):
    # the sipps themselves have the first call's ports
    whole = [call for call in ids if all((call, kind) in side for kind in ("INVITE", "SIP/2.0 200") for side in (inner, outer))]
    ids = [call for call in whole if inner[call, "INVITE"][1][1] > 20002 and outer[call, "SIP/2.0 200"][1][1] > 30002]
    check(len(ids) >= N - 2, "%d calls" % len(ids))
    for call in random.Random(seed).sample(ids, 12):
        (ip, port), (ip2, port2) = outer[call, "INVITE"][1], outer[call, "SIP/2.0 200"][1]
        mine, its = Media(inside, inner[call, "INVITE"][1][1]), Media(outside, port2)
        check(ip == inside.other and inner[call, "INVITE"][1][0] == inside.own, "seed %d: %s offers %s" % (seed, call, ip))
        check(inner[call, "SIP/2.0 200"][1] == (ip2, port2), "seed %d: the answer to %s is changed" % (seed, call))
        mine.place.learn(OUTSIDE, port)
        try:
            talk_with_rtcp(mine, its)
        except Failed as e:
            raise Failed("seed %d, %s: %s" % (seed, call, e)) from None
END
sip_topo snat
sipp_trunk "$TRUNK"
trunk_up "$TRUNK"
script "$TMP/script.py"
nothing_refused
works S16-sipp-trunk-ends trunk_ended
all_cases
