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
	index sid
	dir=$CACHE/root/$( { echo "${ROOT_PACKAGES[@]}" "${ROOT_UNPACKED[@]}" "${ROOT_BESIDE[@]}" "$KAMAILIO_MODULES" "$ASTERISK_MODULES"
		root_versions; declare -f debootstrap root_make root_fill root_asterisk root_trim; } | digest)
	[ -d "$dir" ] || locked root root_make_once "$dir"
	touch "$dir"
	echo "$dir"
}

# Of the programs under test, the versions; the rest may age with the image.
root_versions() {
	apt_in bookworm apt-cache policy vsftpd proftpd-core pure-ftpd tftpd-hpa atftpd dnsmasq-base lftp curl nftables \
		openvswitch-switch iproute2 sip-tester baresip-core kamailio | grep -E '^[a-z]|Candidate'
	apt_in sid apt-cache policy asterisk | grep -E '^[a-z]|Candidate'
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
	root_asterisk "$new/debs" "$tree/opt/asterisk"
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

ASTERISK_MODULES="app_dial bridge_simple chan_pjsip codec_ulaw pbx_config res_pjproject res_pjsip res_pjsip_authenticator_digest
	res_pjsip_endpoint_identifier_user res_pjsip_pubsub res_pjsip_registrar res_pjsip_sdp_rtp res_pjsip_session res_rtp_asterisk
	res_sorcery_astdb res_sorcery_config res_sorcery_memory res_timing_timerfd"

# root_asterisk DEBS DIR: only sid has Asterisk, so it comes with the libraries of sid, which no other program may see; and
# with the few of its modules that a call needs.
root_asterisk() {
	local debs=$1/sid dir=$2 lib=$1/sid/tree/usr/lib/x86_64-linux-gnu deb names m
	mkdir "$debs"
	mapfile -t names < <(apt_in sid apt-get install -qq --no-install-recommends --print-uris asterisk |
		sed -nE "s/^'[^']*' ((asterisk|asterisk-modules|zlib1g|lib[^_]*)_).*/\1/p" | tr -d _ | grep -v perl)
	[ ${#names[@]} -gt 0 ] || { echo "sid has no Asterisk that can be installed"; return 0; }
	( cd "$debs" && apt_in sid apt-get download -qq "${names[@]}" )
	for deb in "$debs"/*.deb; do unpack "$deb" "$debs/tree"; done
	mkdir -p "$dir"/{usr/sbin,lib,modules,documentation}
	mv "$debs/tree/usr/sbin/asterisk" "$dir/asterisk"
	for m in $ASTERISK_MODULES; do mv "$lib/asterisk/modules/$m.so" "$dir/modules"; done
	mv "$debs"/tree/usr/share/asterisk/documentation/core-en_US.xml "$dir/documentation"
	for m in "$dir/asterisk" "$dir"/modules/*; do
		"$lib/ld-linux-x86-64.so.2" --library-path "$lib" --list "$m"
	done >"$debs/needed"
	! grep "not found" "$debs/needed" || return 1
	cp -L "$lib/ld-linux-x86-64.so.2" "$dir/lib"
	sed -n 's/.* => \([^ ]*\) .*/\1/p' "$debs/needed" | sort -u | xargs cp -L -t "$dir/lib"
	printf '#!/bin/sh\nexec %s/lib/ld-linux-x86-64.so.2 --library-path %s/lib %s/asterisk "$@"\n' /opt/asterisk{,,} >"$dir/usr/sbin/asterisk"
	chmod +x "$dir/usr/sbin/asterisk"
}

KAMAILIO_MODULES="auth corex maxfwd path pv registrar rr siputils sl textops tm tmx usrloc xlog"

root_trim() {
	local tree=${1:?} m
	rm -rf "$tree"/usr/share/{man,doc,info,locale,zoneinfo,bug,lintian}/* "$tree"/var/cache/apt/* "$tree"/var/lib/apt/lists/* \
		"$tree"/usr/sbin/policy-rc.d "${tree:?}"/dev/* "${tree:?}"/tmp/* "$tree"/usr/share/{baresip,kamailio}
	for m in "$tree"/usr/lib/x86_64-linux-gnu/kamailio/modules/*.so; do
		[[ " $KAMAILIO_MODULES " == *" $(basename "$m" .so) "* ]] || rm "$m"
	done
}
