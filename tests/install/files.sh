#!/bin/sh
# Every file that an installation may touch and its removal must leave as it was:
# no kernel's own files, no index that depmod writes, no signing key that DKMS makes.
find /etc /usr /var/lib/dkms /lib/modules/*/updates \
	'(' -path '/usr/src/linux-*' -o -path '/usr/lib/linux-*' -o -path '/usr/lib/modules/*/[!u]*' ')' -prune -o \
	! -type d ! -name 'mok.*' ! -name '*.pyc' ! -name 'ld.so.cache' -print 2> /dev/null | sort
