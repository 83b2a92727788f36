#!/bin/bash
# ABOR in mid-transfer, then REST and the rest of the file, active and passive on one session.
# REQUIRES: tool:vsftpd
. "$(dirname "$0")/../lib.sh"

setup_topo snat
FILE_KB=4000
start_server vsftpd trans_chunk_size=4096
ftp_script <<'END'
f = Ftp()
half = len(WANTED) // 2
for opened, prepare in (f.accept, f.announce), (f.connect, f.ask):
    prepare()
    s = opened() if opened == f.connect else None
    f.say("RETR file", "150")
    s = s or opened()
    check(s.recv(1000), "no data")
    f.send("ABOR\r\n")
    s.close()
    f.reply("426", "225", "226")
    if f.code == "426":
        f.reply("225", "226")
    prepare()
    f.say("REST %d" % half, "350")
    f.retr(opened, wanted=WANTED[half:])
f.quit()
END
counted ftp pinhole-used 4
all_well
