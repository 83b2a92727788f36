#!/bin/sh
# Every file that an installation may touch and its removal must leave as it was:
# not the indexes that depmod writes, not logs, not the signing key that DKMS makes.
find /etc /usr /var/lib/dkms /lib/modules/*/updates ! -type d ! -path '/usr/lib/modules/*/modules.*' \
	! -name 'mok.*' ! -name __pycache__ ! -name '*.pyc' 2> /dev/null | sort
