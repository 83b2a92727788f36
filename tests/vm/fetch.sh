# shellcheck shell=bash
# Debian's package lists and chroots, from the mirror in the machine's own apt sources.

DAY=1440 # minutes

keyring() {
	local f
	for f in /usr/share/keyrings/debian-archive-keyring.{gpg,pgp}; do
		[ ! -e "$f" ] || { echo "$f"; return; }
	done
	die "no Debian archive keyring: apt-get install debian-archive-keyring"
}

# mirror main|security: the URI, as this machine's apt knows it.
mirror() {
	local own
	own=$(. /etc/os-release; echo "${VERSION_CODENAME:-sid}")
	# shellcheck disable=SC2016
	apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
		awk -v want="$1" -v own="$own" '$4 == "main" {
			sec = $2 ~ /security/ || $3 ~ /security/
			if (want == "security" ? sec : ($2 == own || $3 == own)) { print $1; exit }
		}'
}

# suite_sources SUITE: sources.list lines.
suite_sources() {
	local suite=$1 sign main security
	sign="[signed-by=$(keyring)]"
	main=$(mirror main)
	if [ -z "$main" ]; then
		apt-get update -qq >&2 || true
		main=$(mirror main)
	fi
	[ -n "$main" ] || die "no Debian mirror found in this machine's apt sources"
	security=$(mirror security)
	echo "deb $sign $main $suite main"
	[ "$suite" != sid ] || return 0
	echo "deb $sign $main $suite-updates main"
	echo "deb $sign $main $suite-backports main"
	[ -z "$security" ] || echo "deb $sign $security $suite-security main"
}

# apt options of this machine that matter for reaching its mirror; Release files of old snapshots count as expired.
apt_options() {
	apt-config dump | grep -E '^Acquire::(http|https|ftp|Retries|ForceIPv[46])' || true
	echo 'Acquire::Check-Valid-Until "false";'
	echo 'Acquire::Check-Date "false";'
	echo 'Acquire::Languages "none";'
	echo 'APT::Install-Recommends "false";'
}

# index SUITE: package lists of our own, a day old at most when the mirror answers. apt_in SUITE CMD… uses them.
index_fresh() { [ -n "$(find "$CACHE/apt/$1/fresh" -mmin -$DAY 2>/dev/null)" ]; }
index() { index_fresh "$1" || locked "index-$1" index_locked "$1"; }
apt_in() { local suite=$1; shift; APT_CONFIG=$CACHE/apt/$suite/apt.conf "$@"; }

index_locked() {
	local dir=$CACHE/apt/$1
	! index_fresh "$1" || return 0
	mkdir -p "$dir"/{lists/partial,cache/archives/partial,etc}
	: >"$dir/status"
	suite_sources "$1" >"$dir/etc/sources.list.new"
	mv "$dir/etc/sources.list.new" "$dir/etc/sources.list"
	{
		apt_options
		cat <<-CONF
		Dir::State "$dir"; Dir::State::status "$dir/status"; Dir::State::lists "$dir/lists";
		Dir::Cache "$dir/cache"; Dir::Etc "$dir/etc"; Dir::Etc::sourceparts "/dev/null"; Dir::Etc::parts "/dev/null"; Dir::Etc::main "/dev/null";
		Dir::Etc::preferences "/dev/null"; Dir::Etc::preferencesparts "/dev/null";
		APT::Architecture "amd64"; APT::Architectures { "amd64"; }; APT::Sandbox::User "root";
		CONF
	} >"$dir/apt.conf"
	step "reading Debian's package lists ($1)" "$CACHE/log/index-$1.log" index_update "$1"
}

index_update() {
	local dir=$CACHE/apt/$1
	apt_in "$1" apt-get update || true
	apt_in "$1" apt-cache show linux-headers-cloud-amd64 >/dev/null # lists of an earlier day do, if there are any
	touch "$dir/fresh"
}

# newest_release SUITE SERIES FLAVOUR: the release (uname -r) of the newest packaged kernel, or nothing.
newest_release() {
	local tail=amd64 other='-(cloud|rt)-amd64$'
	[ "$3" = generic ] || { tail=cloud-amd64; other='-rt-amd64$'; }
	apt_in "$1" apt-cache pkgnames "linux-headers-$2." |
		sed -nE "s/^linux-headers-(${2//./\\.}\.[0-9][0-9a-z.+~-]*-$tail)\$/\1/p" |
		{ grep -vE -e "$other" || true; } | sort -V | tail -n 1
}

# suite_newest SUITE FLAVOUR: what the suite's own meta package names.
suite_newest() {
	local tail=amd64
	[ "$2" = generic ] || tail=cloud-amd64
	apt_in "$1" apt-cache show "linux-headers-$tail" |
		grep -oE "linux-headers-[0-9][^ ,]*-$tail" | sed 's/^linux-headers-//' | sort -V | tail -n 1
}

# suite_release SUITE KERNEL FLAVOUR: as newest_release, but sid gives what it has.
suite_release() {
	local release
	index "$1"
	if [ "$3" = debug ]; then
		debug_release "$1" "$2"
		return
	fi
	release=$(newest_release "$@")
	[ -n "$release" ] || [ "$1" != sid ] || release=$(suite_newest sid "$3")
	echo "$release"
}

# kernel_find KERNEL FLAVOUR: prints "SUITE RELEASE".
kernel_find() {
	local suite suites release=
	case $1 in
	6.1) suites=bookworm ;;
	6.12) suites="bookworm trixie" ;;
	7.2) suites=sid ;;
	*) die "unknown kernel $1: one of ${KERNELS[*]}" ;;
	esac
	for suite in $suites; do
		release=$(suite_release "$suite" "$1" "$2")
		[ -z "$release" ] || break
	done
	[ -n "$release" ] || die "no Debian suite of this mirror has kernel $1"
	echo "$suite $release"
}

# suite_releases SUITE FLAVOUR: every kernel release its build chroot holds.
suite_releases() {
	local kernel
	case $1 in
	bookworm) set -- "$@" 6.1 6.12 ;;
	trixie) set -- "$@" 6.12 ;;
	sid) set -- "$@" 7.2 ;;
	*) die "unknown suite $1: one of bookworm, trixie, sid" ;;
	esac
	for kernel in "${@:3}"; do
		suite_release "$1" "$kernel" "$2"
	done
}

# debootstrap SUITE DIR INCLUDE [mmdebstrap options…]
# shellcheck disable=SC2016 # the hooks and scripts are for another shell
debootstrap() {
	local suite=$1 dir=$2 include=$3 options line
	shift 3
	options=$dir.options
	apt_options >"$options"
	local -a sources=()
	while read -r line; do sources+=("$line"); done <"$CACHE/apt/$suite/etc/sources.list"
	rm -rf "$dir"
	mmdebstrap --variant=apt --architectures=amd64 --aptopt="$options" --include="$include" \
		--dpkgopt=force-unsafe-io --dpkgopt='path-exclude=/usr/share/man/*' \
		--dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
		--dpkgopt='path-exclude=/etc/kernel/postinst.d/initramfs-tools' \
		--setup-hook='mkdir -p "$1/usr/sbin"; printf "#!/bin/sh\nexit 101\n" >"$1/usr/sbin/policy-rc.d"; chmod 755 "$1/usr/sbin/policy-rc.d"' \
		"$@" --customize-hook='rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/* "$1"/etc/apt/apt.conf.d/99mmdebstrap' \
		"$suite" "$dir" "${sources[@]}"
	rm -f "$options"
}

# prune DIR KEEP: drop what other versions left there and nothing has used for a week.
prune() { find "$1" -mindepth 1 -maxdepth 1 ! -name "$2" -mtime +7 -exec rm -rf {} +; }

CHROOT_PACKAGES=make,gcc,libc6-dev,kmod,dkms,sparse,libmnl-dev,libjansson-dev,libpcap-dev,libconfuse-dev,libnftables-dev,pkg-config,xz-utils,file,patch,git

# chroot_dir SUITE FLAVOUR: the directory of the suite's build chroot, made if it is not there.
chroot_dir() {
	local suite=$1 flavour=$2 release include=$CHROOT_PACKAGES dir
	index "$suite"
	for release in $(suite_releases "$suite" "$flavour"); do
		include+=",linux-image-$release,linux-headers-$release"
	done
	dir=$CACHE/chroot/$suite-$flavour-$( { echo "$include"; declare -f debootstrap; } | digest)
	[ -d "$dir" ] || locked "chroot-$suite-$flavour" chroot_make "$suite" "$dir" "$include"
	touch "$dir"
	echo "$dir"
}

# kernel_chroot KERNEL FLAVOUR: where that kernel is, and is built for.
kernel_chroot() {
	local suite
	suite=$(kernel_find "$1" "$2")
	suite=${suite% *}
	if [ "$2" = debug ]; then debug_dir "$suite" "$1"; else chroot_dir "$suite" "$2"; fi
}

chroot_kernels() { tr , "\n" <<<"$1" | sed -n "s/^linux-headers-//p" | paste -sd" "; }

chroot_make() {
	[ ! -d "$2" ] || return 0
	mkdir -p "$CACHE/chroot"
	step "making the $1 chroot (compiler, dkms, kernels $(chroot_kernels "$3"))" "$CACHE/log/chroot-$(basename "$2").log" \
		debootstrap "$1" "$2.new" "$3"
	mv "$2.new" "$2"
	prune "$CACHE/chroot" "$(basename "$2")"
}

# in_chroot [--throwaway] DIR [FROM:TO]… -- CMD…: CMD in DIR, with /proc, /dev and the bind mounts.
# shellcheck disable=SC2016
in_chroot() {
	mkdir -p "$CACHE/tmp/throwaway"
	THROWAWAY=$CACHE/tmp/throwaway unshare --mount --pid --fork --kill-child bash -euc '
		if [ "$1" = --throwaway ]; then
			shift
			t=$THROWAWAY # a mount point only this process sees mounted
			mount -t tmpfs tmpfs "$t"
			mkdir "$t/upper" "$t/work" "$t/root"
			mount -t overlay -o "lowerdir=$1,upperdir=$t/upper,workdir=$t/work" overlay "$t/root"
			root=$t/root
		else
			root=$1
		fi
		shift
		while [ "$1" != -- ]; do
			mkdir -p "$root/${1#*:}"
			mount --bind "${1%%:*}" "$root/${1#*:}"
			shift
		done
		shift
		mount -t proc proc "$root/proc"
		mount --rbind /dev "$root/dev"
		exec chroot "$root" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
			HOME=/root LC_ALL=C.UTF-8 "$@"
	' in_chroot "$@"
}
