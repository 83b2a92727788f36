#!/bin/bash
# source: a prefix that data may come from; what is beside it stays out; and the peer alone again.
# KERNELS: 7.2
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

case $(this_kernel) in
6.1) modes=(none snat) ;;
*) modes=(snat) ;;
esac
# shellcheck disable=SC2043 # more of them on another kernel
for mode in "${modes[@]}"; do
	setup_topo "$mode"
	ip -n "$OUT" addr add 198.51.100.130/24 dev eth0
	start_server peer
	policy <<END
ftp {
	source 198.51.100.0/25, fd00:2::/64
}
END
	listen "from-$mode"
	ftp_script <<'END'
for target, near, far in (("198.51.100.2", "198.51.100.3", "198.51.100.130"), ("fd00:2::2", "fd00:2::3", None)):
    f = Ftp(target)
    f.active_works()
    f.say("SITE BIND " + near, "200")
    f.active_works()
    check(f.data_from[0] == near, f.data_from)
    if far:
        f.say("SITE BIND " + far, "200")
        f.active_fails()
    f.quit()
END
	hush
	ask <<END
events = those(heard("from-$mode"), "pinhole-open")
froms = [e.get("from") for e in events]
assert froms == ["198.51.100.0/25"] * 3 + ["fd00:2::/64"] * 2, froms
END
	say "the peer alone"
	policy <<'END'
ftp {
	source peer
}
END
	ftp_script <<'END'
f = Ftp()
f.say("SITE BIND 198.51.100.3", "200")
f.active_fails()
f.say("SITE BIND 198.51.100.2", "200")
f.active_works()
f.quit()
END
	no_policy
	stop "$SERVER_PID"
done
all_well
