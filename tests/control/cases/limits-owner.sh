#!/bin/bash
# Who owns a namespace without privilege may ask, listen and lower its limits, not raise them; others may not even ask.
# REQUIRES: ctalg
# shellcheck source=tests/netns/lib.sh
. "$(dirname "$0")/../../netns/lib.sh"

setup_topo none
SCRIPT=$TMP/owner.py
cat >"$SCRIPT" <<'END'
import sys
import genl

own = sys.argv[1] == "own"
family = genl.Family()

def check(true, what):
    if not true:
        sys.exit("FAILED: " + what)

for command in genl.HELPER_GET, genl.FLOW_GET, genl.SESSION_GET, genl.PINHOLE_GET, genl.LIMIT_GET:
    code, _ = genl.refusal(family, command, genl.DUMP, b"")
    check(code == (0 if own else "EPERM"), "command %d: %s" % (command, code))
try:
    family.join()
    joined = True
except PermissionError:
    joined = False
check(joined == own, "joining the events: %s" % joined)

def limit(value):
    return genl.refusal(family, genl.LIMIT_SET, genl.ACK, genl.string(1, "flows") + genl.u64(2, value))

if own:
    check(limit(100)[0] == 0, "lowering a limit is refused")
    check(limit(65536)[0] == 0, "the default is refused")
    code, words = limit(65537)
    check(code == "EPERM" and "initial user namespace" in words, "raising a limit: %s %r" % (code, words))
else:
    check(limit(100)[0] == "EPERM", "somebody without privilege sets a limit")
END
cp "$(dirname "$0")/../genl.py" "$TMP"
chmod -R a+rX "$TMP"
# user COMMAND…: as nobody
user() { setpriv --reuid 65534 --regid 65534 --clear-groups -- env PYTHONDONTWRITEBYTECODE=1 "$@"; }
[ "$(cat /proc/sys/kernel/unprivileged_userns_clone 2>/dev/null || echo 1)" = 1 ] || echo 1 >/proc/sys/kernel/unprivileged_userns_clone
user python3 -S "$SCRIPT" other || fail "as nobody in the first namespace"
user unshare --user --map-root-user --net python3 -S "$SCRIPT" own || fail "as the owner of a namespace"
all_well
