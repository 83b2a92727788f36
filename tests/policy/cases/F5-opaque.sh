#!/bin/bash
# F5: AUTH TLS refused, let alone, let go, or with a range of the server's ports for what cannot be read.
# REQUIRES: tool:openssl
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

case $(this_kernel) in
6.12) nat=snat ;;
*) nat=dnat ;;
esac
setup_topo "$nat"
start_server peer

say "refused"
policy <<'END'
ftp {
	opaque deny
}
END
ftp_script <<'END'
f = Ftp()
f.start_log()
f.say("AUTH TLS", "534")
f.say("AUTH SSL", "534")
f.active_works()
f.quit()
END
counted ftp policy-opaque 2

say "closed"
policy <<'END'
ftp {
	opaque closed
}
END
ftp_script <<'END'
from tls_like import Records
f = Ftp()
f.start_tls(Records())
check(f.say_in_tls("NOOP").startswith("200"), "NOOP")
where = address_in(f.say_in_tls("PASV"), TARGET)
f.blocked((TARGET, where[1]))
f.clear()
f.passive_works()
f.quit()
END

say "a range"
policy <<'END'
ftp {
	opaque passive-range 40000-40003
}
END
ftp_script <<'END'
from tls_like import Records

f, g = Ftp(), Ftp()
f.start_tls(Records())
g.start_tls(Records())
for port in 40000, 40003, 40000, 40001, 40002, 40002:
    f.retr_in_tls(port)
g.retr_in_tls(40003)
f.send(f.tls.seal(b"QUIT\r\n"))
f.sock.close()
time.sleep(1) # what both had is the other's now
g.retr_in_tls(40000)
check(g.say_in_tls("SITE LISTEN 40004").startswith("200"), "LISTEN")
g.say_in_tls("EPSV")
g.blocked((TARGET, 40004))
END

say "let go"
policy <<'END'
ftp {
	opaque detach
}
END
listen gone
ftp_script <<'END'
from tls_like import Records
f = Ftp()
f.start_tls(Records())
check(f.say_in_tls("NOOP").startswith("200"), "NOOP")
check(f.say_in_tls("NOOP").startswith("200"), "NOOP")
END
wait_heard gone detach
hush
all_well
