# shellcheck shell=bash
# The checkout's modules and tool, built in the chroot of the kernel's release.

# stage DIR: the checkout without .git and without what builds leave.
stage() {
	mkdir -p "$1"
	( cd "$TOP" && checkout_files | tar -c --null --no-recursion -T - ) | tar -x -C "$1" ||
		die "cannot copy the checkout $TOP"
}

checkout_files() {
	local f
	if git -c safe.directory='*' -C "$TOP" rev-parse --git-dir >/dev/null 2>&1; then
		git -c safe.directory='*' -C "$TOP" ls-files -z --cached --others --exclude-standard --deduplicate
	else
		find . -name .git -prune -o \( -type f -o -type l \) -printf '%P\0'
	fi | while IFS= read -r -d '' f; do
		case $f in
		*.o | *.ko | *.mod | *.mod.c | *.cmd | *.a | *.su | *.gcno | *.gcda | *.pyc | *Module.symvers | *modules.order) continue ;;
		esac
		[ ! -e "$f" ] && [ ! -L "$f" ] || printf '%s\0' "$f"
	done
}

# tree_digest DIR PATH…: of names and contents.
tree_digest() {
	( cd "$1" && shift && find "$@" -type f -print0 2>/dev/null | LC_ALL=C sort -z | xargs -0 -r sha256sum ) | digest
}

BUILD_PARTS=(Kbuild Makefile dkms.conf include src helpers tools)

# build_dir RELEASE: where the checkout is built for it.
build_dir() { echo "$CACHE/build/$(printf '%s' "$TOP" | digest)/$1${BUILD_VARIANT:-}"; }

# sync_tree FROM TO: by content, so that only what really changed gets a new time; what builds made stays.
sync_tree() {
	local keep=()
	for p in '*.o' '*.ko' '*.mod' '*.mod.c' '*.cmd' '*.symvers' 'modules.order' '*.a' '*.d'; do keep+=(--filter="P $p"); done
	mkdir -p "$2"
	rsync -rlpc --delete "${keep[@]}" "$1/" "$2/"
}

# build_modules KERNEL FLAVOUR STAGE OUT SPARSE [EXTRA…]: OUT gets the .ko files; returns at once if nothing changed.
build_modules() {
	local kernel=$1 flavour=$2 found release
	found=$(kernel_find "$kernel" "$flavour")
	release=${found#* }
	BUILD=$(build_dir "$release")
	BUILD_LOG=$BUILD/log
	if [ ! -e "$3/Kbuild" ] && [ $# -lt 6 ]; then
		say "no Kbuild in this checkout yet: no modules of ours in the guest"
		return
	fi
	local chroot
	chroot=$(kernel_chroot "$kernel" "$flavour")
	locked "build-$(printf '%s' "$BUILD" | digest)" build_locked "$release" "$chroot" "${@:3}"
}

build_locked() {
	local release=$1 chroot=$2 stage=$3 out=$4 sparse=$5 key e name
	shift 5
	key=$( { echo "$chroot $sparse"; tree_digest "$stage" "${BUILD_PARTS[@]}"
		for e in "$@"; do echo "$e"; tree_digest "$e" .; done; } | digest)
	if [ "$(cat "$BUILD/key" 2>/dev/null)" != "$key" ] || [ -n "${BUILD_VARIANT:-}" ]; then
		[ -z "${BUILD_VARIANT:-}" ] || rm -rf "$BUILD"
		mkdir -p "$BUILD"
		rm -f "$BUILD/key"
		sync_tree "$stage" "$BUILD/src"
		rm -rf "$BUILD/ko"
		mkdir -p "$BUILD/ko" "$BUILD/extra"
		step "building modules for $release" "$BUILD_LOG" make_all "$release" "$chroot" "$sparse" "$@"
		echo "$key" >"$BUILD/key"
	fi
	mkdir -p "$out"
	find "$BUILD/ko" -name '*.ko' -exec cp -t "$out" {} +
}

make_all() {
	local release=$1 chroot=$2 sparse=$3 e name
	shift 3
	local -a args=(W=1)
	[ "$sparse" = 0 ] || args+=(C=2 KBUILD_CHECKSRC=2 "CHECK=sparse" "CF=-D__CHECK_ENDIAN__")
	if [ -e "$BUILD/src/Kbuild" ]; then
		make_in "$release" "$chroot" /build "${args[@]}"
		cp "$BUILD"/src/*.ko "$BUILD/ko/"
	fi
	for e in "$@"; do
		name=$(basename "$e")
		sync_tree "$e" "$BUILD/extra/$name"
		[ ! -e "$BUILD/src/Module.symvers" ] || args+=(KBUILD_EXTRA_SYMBOLS=/build/Module.symvers)
		make_in "$release" "$chroot" "/extra/$name" CTALG=/build "${args[@]}"
		find "$BUILD/extra/$name" -name '*.ko' -exec cp -t "$BUILD/ko" {} +
	done
}

make_in() {
	local release=$1 chroot=$2 where=$3
	shift 3
	in_chroot "$chroot" "$BUILD/src:/build" "$BUILD/extra:/extra" -- \
		make -C "/usr/src/linux-headers-$release" -j2 "M=$where" "$@" modules
}

# build_tool STAGE OUT: the userspace program, built where the guest's libraries are.
build_tool() {
	local stage=$1 out=$2 chroot
	grep -qs '^tool:' "$stage/Makefile" || return 0
	chroot=$(chroot_dir bookworm cloud)
	locked "build-tool-$(printf '%s' "$TOP" | digest)" build_tool_locked "$stage" "$out" "$chroot"
}

build_tool_locked() {
	local stage=$1 out=$2 chroot=$3 dir key
	dir=$(build_dir tool)
	key=$( { echo "$chroot"; tree_digest "$stage" Makefile dkms.conf include src helpers tools; } | digest)
	if [ "$(cat "$dir/key" 2>/dev/null)" != "$key" ]; then
		mkdir -p "$dir"
		rm -f "$dir/key"
		sync_tree "$stage" "$dir/src"
		step "building the tool" "$dir/log" in_chroot "$chroot" "$dir/src:/build" -- make -C /build tool
		echo "$key" >"$dir/key"
	fi
	mkdir -p "$out"
	find "$dir/src" -name ctalg -type f -perm -u+x -exec cp -t "$out" {} \;
}

# ours LOG: compiler, sparse and modpost messages that name a file of ours.
ours() {
	grep -aE '(warning|error|note): |(WARNING|ERROR): modpost' "$1" |
		grep -aE '(^|[ ["/])(build/|extra/|src/|helpers/|include/ctalg/|include/compat/|tools/|tests/)[^ :]*\.[cho]\b|ctalg[a-z_0-9]*\.(o|ko|mod)' || true
}

# guest_modules KERNELDIR PAYLOAD FROM SUBDIR: FROM's .ko files under updates/SUBDIR, with the module indexes of the whole.
guest_modules() {
	local kernel=$1 payload=$2 from=$3 sub=$4 release tmp
	[ -n "$(find "$from" -name '*.ko*' -print -quit)" ] || return 0
	release=$(cat "$kernel/release")
	mkdir -p "$CACHE/tmp"
	find "$CACHE/tmp" -mindepth 1 -maxdepth 1 -name "depmod.*" -mmin "+$DAY" -exec rm -rf {} +
	tmp=$(mktemp -d "$CACHE/tmp/depmod.XXXXXX")
	cp -al "$kernel/tree/." "$tmp/"
	local to=$tmp/usr/lib/modules/$release out=$payload/usr/lib/modules/$release
	rm -f "$to"/modules.{dep,alias,symbols,softdep,devname,builtin.bin,builtin.alias.bin}* # hard links of the cache's
	if [ -d "$from/$release" ]; then
		( cd "$from/$release" && find . \( -path ./kernel -o -name build -o -name source \) -prune -o -type f -name '*.ko*' -print0 |
			tar -c --null -T - ) | { mkdir -p "$to" "$out"; tee >(tar -x -C "$out") | tar -x -C "$to"; }
	else
		mkdir -p "$to/updates/$sub" "$out/updates/$sub"
		find "$from" -name '*.ko*' -exec cp -t "$to/updates/$sub" {} +
		cp "$to/updates/$sub"/* "$out/updates/$sub/" 2>/dev/null || true
	fi
	depmod -b "$tmp" "$release"
	cp "$to"/modules.* "$out/"
	rm -rf "$tmp"
}
