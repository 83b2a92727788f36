#!/bin/bash
# A policy is replaced 10,000 times while connections work by it: each command meets the one or the other, none is lost.
# REQUIRES: ctalg
# TIME: 200
#
#   REPLACEMENTS=N (10000; on the first and the last kernel 3000)
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

case $(this_kernel) in
6.12) most=10000 ;;
*) most=3000 ;;
esac
[ -z "${FULL:-}" ] || most=10000
setup_topo snat
start_server peer
policy <<'END'
ftp {
	deny DELE answer 550 "One."
}
END
run_in "$RT" "${PYTHON[@]}" "$POLICY_DIR/images.py" get >"$TMP/one"
policy <<'END'
set some { 192.0.2.0/24, 2001:db8::/32 }
ftp {
	deny DELE answer 550 "Two."
	deny STOR inside some
	hide
}
END
run_in "$RT" "${PYTHON[@]}" "$POLICY_DIR/images.py" get >"$TMP/two"
start_script <<'END'
f = [Ftp(), Ftp(), Ftp()]
seen, n = set(), 0
while not os.path.exists(LOGS + "/enough"):
    for one in f:
        one.send("DELE a\r\nNOOP\r\n")
    for one in f:
        seen.add(one.reply("550").strip())
        one.reply("200")
        n += 1
check(seen == {"550 One.", "550 Two."}, seen)
print(n, "commands")
for one in f:
    one.active_works()
    one.quit()
END
say "$(run_in "$RT" "${PYTHON[@]}" "$POLICY_DIR/images.py" replace "${REPLACEMENTS:-$most}" "$TMP/one" "$TMP/two")"
touch "$TMP/logs/enough"
finish_script
say "$(tail -n 1 "$TMP/script.log")"
no_policy
all_well
