# shellcheck shell=bash
# The tour on the running kernel: can it load modules, what to build and bring, and how to leave it as it was.

# why_no_modules: fails, saying why in one sentence, if this kernel cannot load modules of ours.
why_no_modules()
{
	if [ ! -e /proc/modules ]; then
		echo "The running kernel $(uname -r) cannot load modules."
	elif [ "$(cat /proc/sys/kernel/modules_disabled 2>/dev/null)" = 1 ]; then
		echo "Loading modules is switched off on this machine (kernel.modules_disabled)."
	elif ! may_load_modules; then
		echo "This is a container that may not load modules into its host's kernel."
	elif grep -qsE '\[(integrity|confidentiality)\]' /sys/kernel/security/lockdown ||
		[ "$(cat /sys/module/module/parameters/sig_enforce 2>/dev/null)" = Y ]; then
		echo "The running kernel is locked: it loads signed modules only."
	elif ! unshare --net true 2>/dev/null; then
		echo "This machine does not let us make network namespaces."
	else
		return 0
	fi
	return 1
}

# CAP_SYS_MODULE is bit 16.
may_load_modules()
{
	local caps

	caps=$(sed -n 's/^CapEff:[[:space:]]*//p' /proc/self/status)
	(((16#$caps >> 16) & 1))
}

# prepare_host: modules and programs for the tour, else a sentence in WHY.
prepare_host()
{
	local kdir

	kdir=/lib/modules/$(uname -r)/build
	lsmod | awk 'NR > 1 { print $1 }' >"$TMP/modules-before"
	if [ ! -e "$kdir/Makefile" ] && ! need_packages "linux-headers-$(uname -r)" 2>"$TMP/headers.log"; then
		WHY="There are no headers of the running kernel $(uname -r) to build modules with."
	elif ! WHY=$("$TOP/include/compat/supported" "$kdir"); then
		WHY="The running kernel does not serve: ${WHY#ctalg: }"
	elif ! need_programs make:make gcc:gcc ip:iproute2 nft:nftables conntrack:conntrack curl:curl \
		python3:python3 insmod:kmod; then
		WHY="Some programs that the tour needs are missing here."
	elif ! bring_daemons >"$TMP/daemons.log" 2>&1; then
		WHY="The servers vsftpd and tftpd-hpa cannot be had from this machine's package sources."
	elif ! build_here; then
		WHY="The modules could not be built for the running kernel $(uname -r)."
	else
		return 0
	fi
	return 1
}

# In a copy: the checkout stays as it is. The command is a convenience: the tour does without it.
build_here()
{
	echo "Building the modules for the running kernel…"
	mkdir -p "$TMP/src"
	(cd "$TOP" && tar -c --exclude='*.o' --exclude='*.ko' --exclude='*.cmd' Kbuild Makefile dkms.conf include src \
		helpers tools) | tar -x -C "$TMP/src"
	if ! make -C "$TMP/src" modules >"$TMP/build.log" 2>&1; then
		tail -n 8 "$TMP/build.log" >&2
		return 1
	fi
	! make -C "$TMP/src" tool >>"$TMP/build.log" 2>&1 || PATH=$TMP/src/tools/ctalg:$PATH
}

# The servers are unpacked in a folder of the tour, not installed: nothing starts, nothing stays.
bring_daemons()
{
	local deb

	! { command -v vsftpd && command -v in.tftpd; } || return 0
	echo "Fetching the servers vsftpd and tftpd-hpa (they are not installed)…" >&3
	mkdir -p "$TMP/debs/partial" "$TMP/daemons"
	apt-get update -qq || return 1
	apt-get install -y -qq --download-only --no-install-recommends -o "Dir::Cache::archives=$TMP/debs" \
		vsftpd tftpd-hpa || return 1
	for deb in "$TMP"/debs/*.deb; do
		dpkg-deb -x "$deb" "$TMP/daemons" || return 1
	done
	PATH=$TMP/daemons/usr/sbin:$PATH
	LD_LIBRARY_PATH=$(find "$TMP/daemons" -path '*/lib/*-linux-gnu' | paste -sd:)
	export PATH LD_LIBRARY_PATH
}
exec 3>&1

# host_restore: ends what still runs, removes the kernel modules that came during the tour, and the files.
host_restore()
{
	trap '' INT TERM HUP
	if [ -n "${CHILD:-}" ]; then
		kill -TERM "$CHILD" 2>/dev/null || true
		wait "$CHILD" || true
	fi
	[ ! -e "$TMP/modules-before" ] || remove_new_modules || true
	rm -rf "${TMP:?}"
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
}

# Firewall modules that the tour's rules pulled in and nobody uses: again and again, for each may free others.
remove_new_modules()
{
	local m again=1

	# somebody's first rules meanwhile: leave them all their modules
	grep -qx nf_tables "$TMP/modules-before" || [ -z "$(nft list ruleset 2>/dev/null)" ] || return 0
	while [ "$again" = 1 ]; do
		again=0
		for m in $(new_unused_modules); do
			! rmmod "$m" 2>/dev/null || again=1
		done
	done
}

new_unused_modules()
{
	lsmod | awk -v known="$TMP/modules-before" '
		BEGIN { while ((getline m < known) > 0) had[m] = 1 }
		NR > 1 && $3 == 0 && !($1 in had) && $1 ~ /^(ctalg|nf_|nft_|nfnetlink|veth$)/ { print $1 }'
}
