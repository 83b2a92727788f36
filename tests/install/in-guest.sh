#!/bin/bash
# Run by on-a-router in the guest: enters the root filesystem with DKMS and goes
# through the life of an installation there.
set -eu
root=/run/root
mkdir -p /run/ro /run/rw $root
modprobe loop
mount -t tmpfs rw /run/rw
mkdir /run/rw/up /run/rw/work
mount -t erofs -o loop,ro /mnt/share/root.erofs /run/ro
mount -t overlay -o lowerdir=/run/ro,upperdir=/run/rw/up,workdir=/run/rw/work root $root
for dir in proc dev sys; do mount --rbind /$dir $root/$dir; done
mount --bind /mnt/ctalg $root/mnt/ctalg
cp /mnt/share/pristine $root/tmp/
cp /mnt/share/tool/*.o $root/mnt/ctalg/tools/ctalg/
cp /mnt/share/tool/ctalg $root/mnt/ctalg/tools/ctalg/
rm -r /mnt/share/* # or the lab would carry it back

# That root has no nft; ours is of the same release.
cp /usr/sbin/nft $root/usr/sbin/
ldd /usr/sbin/nft | sed -n 's,.* => \(/[^ ]*\) .*,\1,p' | while read -r lib; do
	[ -e "$root$lib" ] || cp -L "$lib" $root/usr/local/lib/
done
chroot $root ldconfig

chroot $root env -i PATH="$PATH" HOME=/root LC_ALL=C.UTF-8 bash /mnt/ctalg/tests/install/life.sh
