#!/bin/bash
# Where there are rules, nothing goes around them unread: not the protocol, too long, from the middle, over a limit, unfinished.
# KERNELS: 7.2
# REQUIRES: ctalg
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo snat
start_server peer
policy <<'END'
ftp {
	deny DELE
}
END
ftp_script <<'END'
def seen(f):
    """What the server has got since start_log(); its file comes after its answer."""
    name = "%s/%s.rx" % (LOGS, f.log)
    while not os.path.exists(name):
        time.sleep(0.05)
    with open(name, "rb") as log:
        return log.read()

def cut_off(f, data):
    """The connection ends, and the server has not got what was sent behind."""
    f.start_log() if f.log is None else None
    try:
        f.send(data)
        while f.more():
            pass
    except (ConnectionResetError, BrokenPipeError, socket.timeout, Failed):
        pass
    check(b"DELE" not in seen(f), "the server got it")

# a first line that is not FTP's
s = socket.create_connection((TARGET, PORT), 5)
s.recv(100)
s.sendall(b"XYZZY 1\r\nUSER a\r\nDELE b\r\n")
try:
    check(not s.recv(100), "an answer")
except ConnectionResetError:
    pass
# a command with more blanks than can be held
f = Ftp()
cut_off(f, "DELE " + " " * 70000 + "a\r\n")
# one without its end
f = Ftp()
f.start_log()
f.send("DELE a")
f.sock.shutdown(socket.SHUT_WR)
try:
    while f.more():
        pass
except (ConnectionResetError, Failed):
    pass
check(b"DELE" not in seen(f), "the server got it")
# control bytes before and in it
f = Ftp()
f.start_log()
f.send(b"\xff\xf1DELE a\r\n")
f.reply("550", "501")
f.send(b"DE\0LE a\r\n")
f.reply("550", "501")
f.send(b"\xff\xf4\xff\xf2ABOR\r\n")
f.reply("226", "225", "500") # as the server takes it
f.say("dele\ta", "550")
f.say("  DELE a", "550")
f.say("NOOP", "200")
check(b"LE a" not in seen(f), "the server got it")
f.quit()
END
[ "$(counter ftp connection-reset)" -ge 2 ] || fail "only $(counter ftp connection-reset) were reset"

say "what some servers take for the end of a line, and for another user"
policy <<'END'
ftp {
	deny DELE
	allow STOR user "admin"
	deny STOR
}
END
ftp_script <<'END'
f = Ftp(login=False)
f.start_log()
f.say("USER bob", "331")
f.say("PASS x", "230")
f.answer("530 Can't change to another user.\r\n")
f.say("USER admin", "530")
f.say("STOR a", "550")
f.answer("230 Already logged in.\r\n")
f.say("PASS x", "230")
f.say("STOR a", "550")
f.say("NOOP\rDELE x", "501", "550")
f.send("DELE x\n")
f.reply("501", "550")
f.send("\r\n")
f.reply("501", "550")
f.say("DELE\x0bx", "501", "550")
f.say("P@SW", "500")
f.say("NOOP", "200")
with open("%s/%s.rx" % (LOGS, f.log), "rb") as seen:
    got = seen.read()
check(b"DELE" not in got and b"STOR" not in got, "the server got it: %r" % got)
f.quit()
END

say "from the middle"
start_script <<'END'
f = Ftp()
f.sock.settimeout(2)
step("begun")
try:
    f.say("DELE a")
    check(False, "an answer")
except (OSError, Failed):
    pass
END
wait_for 10 "connection" test -e "$TMP/logs/begun"
run_in "$RT" conntrack -D -p tcp --dport 21 >>"$TMP/conntrack.log" 2>&1
touch "$TMP/logs/after-begun"
finish_script

say "over a limit"
on_router limits flows 1
ftp_script <<'END'
# Two at a time are one too many, if those that have ended are not too many already.
held = []
for i in range(2):
    try:
        s = socket.create_connection((TARGET, PORT), 3)
        check(s.recv(100), "an end")
        held.append(s)
    except OSError:
        pass
check(len(held) < 2, "a connection over the limit")
END
all_well
