#!/bin/bash
# Usage: in-chroot.sh KERNEL. Run by tests/dkms/kernel-*: leaves what DKMS
# installed for KERNEL in /mnt/share/modules.
set -eu
cd "$(dirname "$0")/../.."
kernel=$1
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)
release=$(basename "$(echo /lib/modules/"$kernel".*/)")

fail() { echo "$kernel: $*"; exit 1; }

make dkms KVER="$release"
[[ $(dkms status "ctalg/$version" -k "$release") == *installed* ]] || fail "DKMS does not call it installed"
[ ! -e "/usr/src/ctalg-$version/tests" ] || fail "tests are in the DKMS source set"
make dkms KVER="$release" > /tmp/again
! grep -q Building /tmp/again || fail "a second make dkms builds again"

mkdir -p /mnt/share/modules
cp "/lib/modules/$release"/updates/dkms/ctalg*.ko* /mnt/share/modules/
[ "$(find /mnt/share/modules -type f | wc -l)" = "$(grep -c '^BUILT_MODULE_NAME' dkms.conf)" ] ||
	fail "not every module was installed"

# A kernel that is not for us is skipped: neither DKMS at boot nor the hook that
# every kernel package runs may fail because of it.
# fake RELEASE: headers of a kernel like the real one, but for its name
fake() {
	mkdir -p "/lib/modules/$1" "/fake/$1/include/config"
	cp -r "/lib/modules/$release/build/." "/fake/$1/"
	ln -sfn "/fake/$1" "/lib/modules/$1/build"
	echo "$1" > "/fake/$1/include/config/kernel.release"
}

# skipped RELEASE
skipped() {
	local status=0
	dkms build "ctalg/$version" -k "$1" > /tmp/said 2>&1 || status=$?
	[ "$status" = 77 ] || { cat /tmp/said; fail "dkms build for $1 ends with $status, not 77 (skipped)"; }
	dkms autoinstall -k "$1" > /tmp/said 2>&1 || { cat /tmp/said; fail "dkms autoinstall fails for $1"; }
	/etc/kernel/postinst.d/dkms "$1" > /tmp/said 2>&1 || { cat /tmp/said; fail "installing kernel $1 fails"; }
	[ -z "$(find "/lib/modules/$1/" -name 'ctalg*')" ] || fail "modules of ours are installed for $1"
}

fake 5.10.0-99-amd64
skipped 5.10.0-99-amd64
fake "$kernel.0-99-lacking"
sed -i '/^CONFIG_NF_NAT=/d' "/fake/$kernel.0-99-lacking/.config" "/fake/$kernel.0-99-lacking/include/config/auto.conf"
skipped "$kernel.0-99-lacking"

dkms remove "ctalg/$version" --all > /dev/null
[ -z "$(find "/lib/modules/$release/updates" -name 'ctalg*' 2> /dev/null)" ] || fail "dkms remove leaves modules"
