"""Every way to open a data connection, on one session per family, each direction, several times."""
for target in os.environ["TARGETS"].split():
    f = Ftp(target)
    for again in 1, 2:
        f.active_works()
        f.passive_works()
    f.announce()
    f.stor(f.accept)
    f.ask()
    f.stor(f.connect)
    f.active_works("EPRT {e}\r\n")
    f.passive_works("EPSV")
    f.quit()
