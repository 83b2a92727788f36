#!/bin/bash
# A port is announced twice: without NAT nothing is rewritten and the latest one works, with NAT each gets one of its own.
# REQUIRES: ctalg
. "$(dirname "$0")/../lib.sh"

setup_topo none
start_server peer
ftp_script <<'END'
f, g = Ftp(), Ftp()
where = f.listen()
f.say(fill("PORT {hp}", where), "200")
g.start_log()
g.say(fill("PORT {hp}", where), "200")
g.same_on_both_sides()
g.listener = f.listener
g.retr(g.accept)
f.active_works()
f.quit()
g.quit()
END
counted ftp edit 0
counted ftp no-free-port 0
all_well

TAG=nat-$RANDOM
setup_topo snat
start_server peer
ftp_script <<'END'
f, g = Ftp(), Ftp()
where = f.listen()
g.listener = f.listener
for one in f, g:
    one.say(fill("PORT {hp}", where), "200")
for one in f, g:
    one.retr(one.accept)
    one.quit()
END
counted ftp edit 2
counted ftp pinhole-used 2

ftp_script <<'END'
f, g = Ftp(), Ftp()
first = f.listen()
kept = f.listener
g.say(fill("PORT {hp}", first), "200")
f.start_log()
f.say(fill("PORT {hp}", first), "200")
with open("%s/%s.rx" % (LOGS, f.log)) as seen:
    other = numbers(seen.readline())[4:]
port = other[0] * 256 + other[1]
check(port != int(first["{p}"]), "two connections have the same port")
# now what the first pinhole is called outside is announced itself
f.listener = socket.socket()
f.listener.bind((f.own, port))
f.listener.listen(4)
f.say(fill("PORT {hp}", places(f.own, port)), "200")
with open("%s/%s.rx" % (LOGS, f.log)) as seen:
    check(numbers(seen.readlines()[1])[4:] != other, "the second pinhole took the place of the first")
f.retr(f.accept)
g.listener = kept
g.retr(g.accept)
f.quit()
g.quit()
END
opened=$(counter ftp pinhole-opened)
[ "$opened" = 5 ] || fail "$opened pinholes were opened"
counted ftp pinhole-used 4
all_well
