#!/bin/bash
# The log: a denial reaches a netlink group with its words before the packet, whatever its user and object are made of; another
# rule's prefix; what is not wanted is not there; no more than a hundred lines a second.
# KERNELS: 6.1
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

logged() { grep -c "$1" "$TMP/group7.log"; }
is_logged() { [ "$(logged "$1")" -ge "${2:-1}" ]; }
group_ready() { grep -q ready "$TMP/group7.log"; }

setup_topo snat
start_server peer
start_in "$RT" group7 "${PYTHON[@]}" "$POLICY_DIR/log_group.py" 7
wait_for 10 "group 7" group_ready
policy <<'END'
ftp {
	deny DELE answer 550
	deny RMD
	no log denied object "secret"
	log policy-denied group 7 prefix "removal " object "r*"
	log denied group 7
}
END
ftp_script <<'END'
f = Ftp(login=False)
f.say("USER ann\"\x80 x", "331")
f.say("DELE my file\x81", "550")
f.say("DELE secret", "550")
f.say("DELE r", "550")
f.say("MKD no", "500")
f.say("DELE " + "z" * 200, "550")
f.quit()
END
wait_for 10 "lines" is_logged zzz
ask <<'END'
lines = [l.rstrip("\n").split("|", 4) for l in open(os.environ["TOLD"] + "/group7.log") if "|" in l]
assert len(lines) == 3, lines
for hook, came, goes, payload, words in lines:
    assert (hook, came, goes, payload) == ("4", "1", "1", "1"), lines
assert lines[0][4] == 'ctalg: ftp policy-denied DELE user="ann?? x" object="my file?" ', lines[0]
assert lines[1][4] == 'removal ftp policy-denied DELE user="ann?? x" object="r" ', lines[1]
assert lines[2][4].endswith('z" ') and len(lines[2][4]) == 127, lines[2]
END

say "what would be too much"
policy <<'END'
ftp {
	deny DELE
	log denied group 7
}
END
ftp_script <<'END'
f = [Ftp() for i in range(6)]
for one in f:
    one.send("DELE burst\r\n" * 50)
for one in f:
    for n in range(50):
        one.reply("550")
END
limited=$(counter ftp log-limited)
[ "$limited" -gt 0 ] || fail "the log took all lines"
seen() { [ "$(logged burst)" = $((300 - limited)) ]; }
wait_for 10 "as many lines as are not counted as left out" seen
[ "$(logged burst)" -ge 100 ] || fail "only $(logged burst) lines"

say "IPv6"
policy <<'END'
ftp {
	deny DELE
	log denied group 7
}
END
ftp_script <<'END'
for target in os.environ["TARGETS"].split():
    f = Ftp(target)
    f.say("DELE both", "550")
    f.quit()
END
wait_for 10 "lines" is_logged both 2
no_policy
all_well
