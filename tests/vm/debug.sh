# shellcheck shell=bash
# The debug kernel (flavour "debug"): Debian's packaged source of a kernel, built with what finds faults.

DEBUG_CONFIG=$LAB/debug.config
DEBUG_PACKAGES=make,gcc,libc6-dev,kmod,sparse,xz-utils,file,flex,bison,bc,libelf-dev,cpio,rsync

# debug_source SUITE KERNEL: the version of its source package.
debug_source() { apt_in "$1" apt-cache policy "linux-source-$2" | sed -n 's/^ *Candidate: //p'; }

# debug_release SUITE KERNEL: what uname -r will say, or nothing.
debug_release() {
	local version
	index "$1"
	version=$(debug_source "$@")
	[[ ! $version =~ ^[0-9]+\.[0-9]+(\.[0-9]+)? ]] || echo "${BASH_REMATCH[0]}-debug"
}

# debug_settings: the configuration without what does not change the kernel.
debug_settings() { grep '^CONFIG_' "$DEBUG_CONFIG" | sort; }

# debug_dir SUITE KERNEL: as chroot_dir, with the kernel built in it.
debug_dir() {
	local suite=$1 kernel=$2 dir release
	release=$(debug_release "$suite" "$kernel")
	dir=$CACHE/chroot/$suite-debug-$release-$( { debug_source "$suite" "$kernel"; debug_settings; echo "$DEBUG_PACKAGES"; } | digest)
	[ -d "$dir" ] || locked "chroot-$suite-debug" debug_make_once "$dir" "$suite" "$kernel" "$release"
	touch "$dir"
	echo "$dir"
}

debug_make_once() {
	local dir=$1 suite=$2 kernel=$3 release=$4 log
	[ ! -d "$dir" ] || return 0
	log=$CACHE/log/chroot-$(basename "$dir")
	mkdir -p "$CACHE/chroot"
	step "making the chroot for kernel $release (compiler, Debian's source)" "$log.log" \
		debootstrap "$suite" "$dir.new" "$DEBUG_PACKAGES,linux-source-$kernel"
	exec {DEBUG_SAY}>&2
	step "building kernel $release (many minutes, once)" "$log-build.log" debug_build "$dir.new" "$kernel" "$release"
	exec {DEBUG_SAY}>&-
	mv "$dir.new" "$dir"
	prune "$CACHE/chroot" "$(basename "$dir")"
}

# debug_build DIR KERNEL RELEASE: laid out as the packages of Debian's kernels are.
# shellcheck disable=SC2016 # for the shell inside
debug_build() {
	local dir=$1 kernel=$2 release=$3 src=/usr/src/linux-headers-$3
	mkdir "$dir$src"
	tar -xJf "$dir/usr/src/linux-source-$kernel.tar.xz" -C "$dir$src" --strip-components=1
	rm "$dir/usr/src/linux-source-$kernel.tar.xz"
	cp "$DEBUG_CONFIG" "$dir$src/debug.config"
	in_chroot "$dir" -- nice -n 5 sh -euc '
		cd "$1"
		make KCONFIG_ALLCONFIG=debug.config allnoconfig
		grep ^CONFIG_ debug.config | grep -vxFf .config | sed "s/^/not taken: /"
		make -j"$(nproc)" bzImage modules
		[ "$(make -s kernelrelease)" = "$2" ]
		make INSTALL_MOD_STRIP=1 modules_install
		cp arch/x86/boot/bzImage "/boot/vmlinuz-$2"
	' build "$src" "$release" 2>&1 | debug_tell
	debug_trim "$dir$src"
}

# debug_tell: hands the build's output on, and says once a minute how far it is.
debug_tell() {
	local line compiled=0 minutes=0 next=$((SECONDS + 60))
	while IFS= read -r line; do
		printf '%s\n' "$line"
		[[ $line != '  CC '* ]] || compiled=$((compiled + 1))
		[ "$SECONDS" -ge "$next" ] || continue
		next=$((next + 60)) minutes=$((minutes + 1))
		say "$minutes min: $compiled of some 1570 files" 2>&"$DEBUG_SAY"
	done
}

# debug_trim TREE: keep what building modules needs.
debug_trim() {
	find "$1" \( -path "$1/scripts" -o -path "$1/tools" \) -prune -o -type f \
		\( -name '*.[oa]' -o -name '*.ko' -o -name '*.mod' -o -name '*.mod.c' -o -name '.*.cmd' \) -exec rm -f {} +
	rm -rf "$1"/{Documentation,drivers,fs,samples,sound,vmlinux,vmlinux.o}
	find "$1/arch" -mindepth 1 -maxdepth 1 -type d ! -name x86 -exec rm -rf {} +
}
