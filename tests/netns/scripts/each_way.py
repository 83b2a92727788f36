"""Active and passive once, for each of TARGETS."""
for target in os.environ["TARGETS"].split():
    f = Ftp(target)
    f.active_works()
    f.passive_works()
    f.quit()
