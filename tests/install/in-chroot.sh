#!/bin/bash
# Usage: in-chroot.sh KERNEL. Run by on-a-router: leaves a root filesystem in
# /mnt/share/tree that has the modules built but not installed for KERNEL, in
# /mnt/share/pristine the list of its files before that, and the built command
# in /mnt/share/tool.
set -eu
cd "$(dirname "$0")/../.."
release=$(basename "$(echo /lib/modules/"$1".*/)")

tests/install/files.sh > /mnt/share/pristine
make dkms KVER="$release"
version=$(sed -n 's/^PACKAGE_VERSION="\(.*\)"$/\1/p' dkms.conf)
dkms uninstall "ctalg/$version" -k "$release" > /dev/null
make tool
mkdir /mnt/share/tool
cp tools/ctalg/ctalg tools/ctalg/*.o /mnt/share/tool/

# All but what the guest has itself and the other kernels here.
exclude=(./proc ./dev ./sys ./mnt ./boot ./tmp)
for dir in /lib/modules/* /usr/src/linux-headers-*; do
	[[ $dir == *"${release%-cloud*}"-* ]] || exclude+=(".$dir" "./usr$dir")
done
mkdir -p /mnt/share/tree/{proc,dev,sys,mnt/ctalg,boot,tmp}
tar -c --one-file-system -C / "${exclude[@]/#/--exclude=}" . | tar -x -C /mnt/share/tree
