#!/bin/bash
# What rules match: commands, users, objects, hosts, marks and zones; what they do: answer, drop, reset. And what is told of it.
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo snat
run_in "$RT" nft -f - <<-END
	table inet marks {
		chain pre {
			type filter hook prerouting priority -140
			tcp dport 21 ip saddr $IN4 ct mark set 0x25
		}
	}
END
start_server peer

say "users"
policy <<'END'
ftp {
	allow USER user "anonymous", "ann*"
	deny USER answer "Who are you?"
	allow DELE user "annette"
	deny DELE, other
}
END
listen users
ftp_script <<'END'
f = Ftp(login=False)
f.start_log()
check("Who are you" in f.say("USER bob", "530"), "the words")
f.say("USER Anna", "331")
f.say("PASS x", "230")
f.say("DELE a", "550")
f.say("XQQZ a", "550")
f.say("USER annette", "331")
f.say("DELE a", "550") # she has not been let in yet
f.say("PASS y", "230")
f.say("DELE a", "500") # the server's own answer
f.say("NOOP", "200")
with open("%s/%s.rx" % (LOGS, f.log), "rb") as seen:
    got = seen.read()
differ("the server", b"NOOP\r\nUSER Anna\r\nPASS x\r\nNOOP\r\nNOOP\r\nUSER annette\r\nNOOP\r\nPASS y\r\nDELE a\r\nNOOP\r\n", got)
f.say("USER " + "a" * 64, "530")
f.quit()
END
wait_heard users denied 5
hush
ask <<'END'
events = heard("users")
first, second, third, _, fourth = those(events, "denied")
has(first, helper="ftp", command="USER", reason="policy-denied", rule=3, direction="orig")
has(second, command="DELE", object="a", user="Anna", rule=5)
has(third, command="other", rule=5)
has(fourth, command="USER", reason="policy-user-too-long")
assert "rule" not in fourth
END
counted ftp policy-denied 4
counted ftp policy-user-too-long 1

say "objects, hosts, marks"
policy <<'END'
set us { 10.0.0.0/24 }
set them { 198.51.100.2, fd00:2::2 }
set others { 198.51.100.3 }
ftp {
	deny RETR, SIZE object "*.exe", "/secret/*"
	deny CWD object not "pub*"
	deny MKD inside not us
	deny RMD inside us outside them answer 553 "a"
	deny RNFR outside others
	deny SITE mark 0x20/0xf0
	deny STAT mark 0x24
	deny HELP zone 0
	deny SYST zone 1, 7
}
END
ftp_script <<'END'
f = Ftp()
f.say("RETR a.EXE", "550")
f.say("SIZE /secret/b", "550")
f.say("SIZE a.exe.txt", "500")
f.say("CWD pub/a", "500")
f.say("CWD /", "550")
f.say("MKD a", "500")
f.say("RMD a", "553")
f.say("RNFR a", "500")
f.say("SITE PACE 0", "550")
f.say("STAT", "500")
f.say("HELP", "550")
f.say("SYST", "215")
f.active_works()
f.passive_works()
f.quit()
END

say "drop and reset"
policy <<'END'
ftp {
	drop DELE
	reset MKD
}
END
ftp_script <<'END'
f = Ftp()
f.sock.settimeout(2)
f.send("DELE a\r\n")
try:
    check(False, f.more())
except socket.timeout:
    pass
g = Ftp()
g.sock.settimeout(5)
g.send("MKD a\r\n")
try:
    g.more()
    check(False, "an answer")
except ConnectionResetError:
    pass
END
counted ftp connection-reset 1

say "strict"
policy <<'END'
ftp {
	strict
}
END
ftp_script <<'END'
f = Ftp()
f.start_log()
f.say("PORT 1,2,3", "501")
f.say("EPRT |1|a|b|", "501")
f.answer("227 Nothing here\r\n")
f.say("PASV", "451", "550", "425", "501")
f.active_works()
f.passive_works()
f.quit()
END
no_policy
ftp_script <<'END'
f = Ftp()
f.say("DELE a", "500")
f.say("PORT 1,2,3", "200")
f.active_works()
f.quit()
END
all_well
