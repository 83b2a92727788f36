# shellcheck shell=bash
# The guest's root filesystem: one erofs image of bookworm with real programs, for every kernel.

ROOT_PACKAGES=(python3 python3-scapy nftables iptables iproute2 conntrack kmod procps psmisc mount ethtool tcpdump
	netcat-openbsd socat iputils-ping curl lftp tnftp ncftp vsftpd tftpd-hpa tftp-hpa atftp dnsmasq-base
	openvswitch-switch busybox-static jq openssl iperf3 libmnl0 libjansson4 libpcap0.8 libconfuse2 firewalld xz-utils file less
	libhiredis0.14 libmemcached11 libmemcachedutil2 libpcre2-posix3 libsodium23 libcap2-bin
	libgsl27 libsctp1 libpcre3)
# They conflict with vsftpd as packages, not as files; or want sound and video that no test has.
ROOT_UNPACKED=(proftpd-core pure-ftpd pure-ftpd-common sip-tester baresip-core libre0 librem0 kamailio)
ROOT_BESIDE=(atftpd)                                    # /opt/NAME: its files are tftpd-hpa's too

# root_dir: the directory with root.erofs and busybox in it.
root_dir() {
	local dir
	index bookworm
	dir=$CACHE/root/$( { echo "${ROOT_PACKAGES[@]}" "${ROOT_UNPACKED[@]}" "${ROOT_BESIDE[@]}"; root_versions
		declare -f debootstrap root_make root_fill root_trim; } | digest)
	[ -d "$dir" ] || locked root root_make_once "$dir"
	touch "$dir"
	echo "$dir"
}

# Of the programs under test, the versions; the rest may age with the image.
root_versions() {
	apt_in bookworm apt-cache policy vsftpd proftpd-core pure-ftpd tftpd-hpa atftpd dnsmasq-base lftp curl nftables \
		openvswitch-switch iproute2 sip-tester baresip-core kamailio | grep -E '^[a-z]|Candidate'
}

root_make_once() {
	[ ! -d "$1" ] || return 0
	mkdir -p "$CACHE/root"
	step "making the guest's root filesystem (bookworm, ${#ROOT_PACKAGES[@]} packages)" \
		"$CACHE/log/root-$(basename "$1").log" root_make "$1"
	prune "$CACHE/root" "$(basename "$1")"
}

root_make() {
	local new=$1.new tree=$1.new/tree
	rm -rf "$new"
	mkdir -p "$new"
	debootstrap bookworm "$tree" "$(IFS=,; echo "${ROOT_PACKAGES[*]}")"
	mkdir "$new/debs"
	root_fill "$new" "$tree"
	root_trim "$tree"
	cp "$tree/bin/busybox" "$new/busybox"
	mkfs.erofs "$new/root.erofs" "$tree" >/dev/null
	rm -rf "$tree" "$new/debs"
	mv "$new" "$1"
}

# unpack DEB DIR: as dpkg -x, but through the symlinks /bin, /lib and /sbin.
unpack() { mkdir -p "$2"; dpkg-deb --fsys-tarfile "$1" | tar -x -C "$2" --keep-directory-symlink; }

root_fill() {
	local debs=$1/debs tree=$2 p deb
	( cd "$debs" && apt_in bookworm apt-get download -qq "${ROOT_UNPACKED[@]}" "${ROOT_BESIDE[@]}" )
	for p in "${ROOT_UNPACKED[@]}"; do unpack "$debs/$p"_*.deb "$tree"; done
	for p in "${ROOT_BESIDE[@]}"; do unpack "$debs/$p"_*.deb "$tree/opt/$p"; done
	# bookworm's tc cannot give act_ct a helper; backports' can, and runs on bookworm's libraries
	if ( cd "$debs" && rm -f iproute2_* && apt_in bookworm apt-get download -qq iproute2/bookworm-backports ); then
		deb=$(echo "$debs"/iproute2_*.deb)
		unpack "$deb" "$tree/opt/newtc"
	fi
	chroot "$tree" sh -ec '
		id ftp >/dev/null 2>&1 || useradd --system --home /srv/ftp --shell /usr/sbin/nologin ftp
		id proftpd >/dev/null 2>&1 || useradd --system --home /run/proftpd --shell /usr/sbin/nologin -g nogroup proftpd
		mkdir -p /srv/ftp /srv/tftp /mnt/ctalg /mnt/share /run/proftpd
		if LD_LIBRARY_PATH=/usr/lib/proftpd ldd /usr/sbin/proftpd /usr/sbin/pure-ftpd /usr/bin/sipp /usr/bin/baresip /usr/sbin/kamailio /opt/*/sbin/* /opt/*/usr/sbin/* 2>/dev/null |
			grep "not found"; then exit 1; fi
	'
	echo ctalg >"$tree/etc/hostname"
	printf '127.0.0.1 localhost ctalg\n::1 localhost\n' >"$tree/etc/hosts"
	: >"$tree/etc/resolv.conf"
}

KAMAILIO_MODULES="corex maxfwd path pv registrar rr siputils sl textops tm tmx usrloc xlog"

root_trim() {
	local tree=${1:?} m
	rm -rf "$tree"/usr/share/{man,doc,info,locale,zoneinfo,bug,lintian}/* "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/* \
		"$tree"/usr/sbin/policy-rc.d "${tree:?}"/dev/* "${tree:?}"/tmp/* "$tree"/usr/share/{baresip,kamailio}
	for m in "$tree"/usr/lib/x86_64-linux-gnu/kamailio/modules/*.so; do
		[[ " $KAMAILIO_MODULES " == *" $(basename "$m" .so) "* ]] || rm "$m"
	done
}
