# shellcheck shell=bash
# Kernels ready to boot, the guest's start, QEMU, and the verdict on what the guest's kernel said.

# kernel_dir KERNEL FLAVOUR: a directory with vmlinuz, initrd, modules.erofs, tree/ (its modules, unpacked) and release.
kernel_dir() {
	local found root chroot dir
	found=$(kernel_find "$1" "$2")
	[[ ${found#* } == "$1".* ]] || say "${found% *} has no $1 any more: taking its ${found#* }"
	chroot=$(kernel_chroot "$1" "$2")
	root=$(root_dir)
	dir=$CACHE/kernel/${found#* }-$( { echo "$chroot" "$root"; declare -f kernel_make kernel_initrd initrd_start; } | digest)
	[ -d "$dir" ] || locked "kernel-${found#* }" kernel_make_once "$dir" "${found#* }" "$chroot" "$root"
	touch "$dir"
	echo "$dir"
}

kernel_make_once() {
	[ ! -d "$1" ] || return 0
	mkdir -p "$CACHE/kernel"
	step "preparing kernel $2" "$CACHE/log/kernel-$2.log" kernel_make "$@"
	prune "$CACHE/kernel" "$(basename "$1")"
}

kernel_make() {
	local new=$1.new release=$2 chroot=$3 root=$4 modules=$1.new/tree/usr/lib/modules
	rm -rf "$new"
	mkdir -p "$modules"
	ln -s usr/lib "$new/tree/lib"
	cp "$chroot/boot/vmlinuz-$release" "$new/vmlinuz"
	cp -a "$chroot/lib/modules/$release" "$modules/"
	rm -f "$modules/$release"/{build,source}
	# unpacked here, not at every modprobe under emulation
	find "$modules" -name '*.ko.xz' -print0 | xargs -0 -r -n 64 -P 2 xz -d
	find "$modules" -name '*.ko.zst' -print0 | xargs -0 -r -n 64 -P 2 zstd -dq --rm
	depmod -b "$new/tree" "$release"
	mkfs.erofs "$new/modules.erofs" "$new/tree" >/dev/null
	kernel_initrd "$new" "$modules/$release" "$root"
	echo "$release" >"$new/release"
	mv "$new" "$1"
}

# The initramfs: busybox, and the modules between it and the disks.
kernel_initrd() {
	local new=$1 modules=$2 root=$3 dir=$1/initrd.d m f
	mkdir -p "$dir"/{bin,modules,dev,proc,sys,low/{0,1,2},over,new}
	cp "$root/busybox" "$dir/bin/busybox"
	for m in virtio_pci virtio_blk erofs overlay; do
		modprobe -d "$new/tree" -S "$(basename "$modules")" --show-depends "$m"
	done | awk '$1 == "insmod" && !seen[$2]++ { print $2 }' >"$new/order"
	while read -r f; do
		cp "$f" "$dir/modules/"
		basename "$f"
	done <"$new/order" >"$dir/modules/order"
	initrd_start >"$dir/init"
	chmod 755 "$dir/init"
	( cd "$dir" && find . | "$root/busybox" cpio -o -H newc ) | gzip -1 >"$new/initrd"
	rm -rf "$dir" "$new/order"
}

initrd_start() {
	cat <<-'INIT'
	#!/bin/busybox sh
	b=/bin/busybox
	$b mount -t proc proc /proc
	$b mount -t devtmpfs dev /dev
	while read -r m; do $b insmod "/modules/$m" || echo "lab: insmod $m failed"; done </modules/order
	n=0
	while [ ! -b /dev/vdd ]; do
		n=$((n + 1)); [ $n -lt 500 ] || { echo "lab: no disks"; $b poweroff -f; }
		$b usleep 20000
	done
	$b mount -t erofs -o ro /dev/vda /low/0
	$b mount -t erofs -o ro /dev/vdb /low/1
	$b mount -t erofs -o ro /dev/vdc /low/2
	$b mount -t tmpfs -o size=75% over /over
	$b mkdir /over/up /over/work
	$b mount -t overlay -o lowerdir=/low/2:/low/1:/low/0,upperdir=/over/up,workdir=/over/work root /new
	$b mount --move /dev /new/dev
	$b mount --move /proc /new/proc
	exec $b switch_root /new /lab/init
	INIT
}

# guest_files DIR TIMEOUT COMMAND…: what the guest reads under /lab.
guest_files() {
	local dir=$1/lab timeout=$2
	shift 2
	mkdir -p "$dir"
	install -m 755 "$LAB/guest-init" "$dir/init"
	echo "$timeout" >"$dir/timeout"
	stty -F /dev/tty size 2>/dev/null >"$dir/size" || true
	[ $# = 0 ] || printf '%s\0' "$@" >"$dir/command"
}

# boot KERNELDIR ROOTDIR RUNDIR SMP COUNT SECONDS TERMINAL: QEMU; RUNDIR has payload.erofs, gets kernel.log and result.
boot() {
	local kernel=$1 root=$2 run=$3 smp=$4 count=$5 seconds=$6 terminal=$7 disk status=0 mem=2048 args=${LAB_KERNEL_ARGS:-}
	[ "$smp" = 1 ] || mem=3072
	[[ $(<"$kernel/release") != *-debug ]] || mem=$((mem + 1024)) # an eighth is shadow, more is quarantine
	[ "$count" = 0 ] || args+=" nokaslr norandmaps random.trust_cpu=off" # each time the same
	truncate -s 16G "$run/result"
	# no complaints about time: an emulated processor may stand still for as long as its host is busy
	local -a q=(qemu-system-x86_64 -nodefaults -no-user-config -no-reboot -display none -M q35 -cpu max -smp "$smp" -m "$mem"
		-accel "tcg$([ "$smp" = 1 ] || echo ,thread=multi)" -kernel "$kernel/vmlinuz" -initrd "$kernel/initrd"
		-append "console=ttyS1 loglevel=7 panic=-1 mitigations=off nowatchdog rcupdate.rcu_cpu_stall_suppress=1 tsc=reliable no_timer_check cryptomgr.notests net.ifnames=0 printk.devkmsg=on $args")
	[ "$count" = 0 ] || q+=(-icount "shift=0,sleep=off" -rtc "base=2026-01-01,clock=vm")
	if [ "$terminal" = 1 ]; then
		q+=(-chardev "stdio,id=out,mux=on,signal=off")
	else
		q+=(-chardev "file,id=out,path=/dev/fd/3")
	fi
	q+=(-serial chardev:out -serial "file:$run/kernel.log")
	for disk in "$root/root.erofs" "$kernel/modules.erofs" "$run/payload.erofs"; do
		q+=(-drive "file=$disk,if=virtio,format=raw,readonly=on")
	done
	q+=(-drive "file=$run/result,if=virtio,format=raw,cache=unsafe")
	if [ "$terminal" = 1 ]; then
		setpriv --pdeathsig KILL "${q[@]}" || status=$?
		return "$status"
	fi
	mkfifo "$run/out"
	cat "$run/out" &
	local cat=$!
	# a limit of the host's own: the guest keeps the limit itself as long as it is alive
	setpriv --pdeathsig TERM timeout -k 3 "$seconds" setpriv --pdeathsig KILL "${q[@]}" \
		3>"$run/out" </dev/null 2>"$run/qemu.log" &
	QEMU=$!
	wait "$QEMU" || status=$?
	QEMU=
	wait "$cat" || true
	return "$status"
}
QEMU=
stop_qemu() { [ -z "$QEMU" ] || kill "$QEMU" 2>/dev/null || true; }

# What a healthy kernel never says. The message starts after the time stamp (and the caller, where there is one).
SPLAT='^(\[[^]]*\] *)*(WARNING: |BUG: |kernel BUG |Oops|general protection fault|Kernel panic|INFO: (task|rcu|lockdep|possible|trying|suspicious)|rcu: INFO|watchdog: BUG|UBSAN: |KASAN: |KCSAN: |KFENCE: |ref_tracker: |refcount_t: |------------\[ cut here|==+$|=+\[|Call Trace:|kmemleak: [0-9]+ new|unreferenced object|list_(add|del) corruption|unregister_netdevice: waiting|.*(circular locking|inconsistent lock state|suspicious RCU usage|sleeping function called))'

# splat LOG: the first lines from there on, if there is one.
splat() { tr -d '\r' <"$1" | grep -aE -m1 -A 40 "$SPLAT"; }

# verdict RUNDIR QEMUSTATUS SECONDS: leaves the lab, with the command's status or one of its own and a sentence.
verdict() {
	local run=$1 qemu=$2 seconds=$3 status taint
	status=$(cat "$run/lab/status" 2>/dev/null || true)
	# what a hung guest was made to print at its end is no complaint
	[ "$status" != hang ] || sed -i '/sysrq: Show Blocked State/q' "$run/kernel.log"
	if splat "$run/kernel.log" >"$run/splat"; then
		cat "$run/splat" >&2
		die "$E_KERNEL" "the guest's kernel complained (above): the run fails, whatever the command returned"
	fi
	if [ "$qemu" = 124 ] || [ "$qemu" = 137 ] || [ "$status" = hang ]; then
		[ "$status" = hang ] || tail -n 15 "$run/kernel.log" >&2
		die "$E_HANG" "no end within $seconds s: the run hung"
	fi
	if [ -z "$status" ]; then
		tail -n 15 "$run/kernel.log" "$run/qemu.log" >&2 || true
		die "$E_DIED" "the guest ended without a result (its last kernel messages are above)"
	fi
	taint=$(cat "$run/lab/taint")
	[ $((taint & ~(1 << 12 | 1 << 13))) = 0 ] ||
		die "$E_KERNEL" "the guest's kernel is tainted ($taint) by more than out-of-tree, unsigned modules: the run fails"
	exit "$status"
}
