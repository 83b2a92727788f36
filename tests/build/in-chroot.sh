#!/bin/bash
# Run by altered-header in a release's build chroot, in a copy of the checkout.
set -u
cd "$(dirname "$0")/../.." || exit 2
failed=0

# build [VARIABLE=VALUE]...: what a build for the newest kernel here says, without make's own lines
build() {
	make -C "$kdir" M="$PWD" -j2 "$@" modules 2>&1 | grep -vE '^make|^  [A-Z]'
}

# says WORDS VARIABLE=VALUE...: the build stops with this sentence, said once and alone
says() {
	local words=$1 said
	shift
	said=$(build "$@")
	if [[ $said != *"*** ctalg: $words"* ]] || [ "$(echo "$said" | wc -l)" != 1 ]; then
		printf '%s: expected one line with "ctalg: %s", got:\n%s\n' "$kdir" "$words" "$(echo "$said" | head -n 20)"
		failed=1
	fi
}

# altered HEADER SED-PROGRAM: a copy of the header, changed, that the compiler finds first
altered() {
	rm -rf /altered
	mkdir -p "/altered/$(dirname "$1")"
	sed "$2" "$common/include/$1" > "/altered/$1"
	if cmp -s "/altered/$1" "$common/include/$1"; then
		echo "$kdir: '$2' changes nothing in $1"
		failed=1
	fi
}

for kdir in /lib/modules/*/build; do
	kdir=$(realpath "$kdir")
	common=$(sed -n 's,^include \(.*\)/Makefile$,\1,p' "$kdir/Makefile")
	cc=$(make -s -C "$kdir" M="$PWD" -pn 2> /dev/null | sed -n 's/^CC = .*\(gcc-[0-9]*\)$/\1/p' | head -n 1)
	helper=net/netfilter/nf_conntrack_helper.h

	altered $helper 's/^\(int nf_conntrack_helper_register(.*\));/\1, int flags);/'
	says 'cannot tell how nf_conntrack_helper_register() is called in ' CC="$cc -I/altered"
	altered $helper 's/nf_conntrack_helper_unregister/nf_conntrack_helper_remove/'
	says 'cannot tell how nf_conntrack_helper_unregister() is called in ' CC="$cc -I/altered"
	altered net/netfilter/nf_conntrack_expect.h 's/^\tu32 timeout;/\tu64 timeout;/'
	says 'cannot tell how the lifetime of an expectation is kept in ' CC="$cc -I/altered"

	altered $helper 's/^struct nf_conntrack_helper {/struct nf_conntrack_helper {{/'
	says "the compiler '$cc' does not get through this kernel's headers" CC="$cc -I/altered"
	says "the compiler 'gcc-99' does not get through this kernel's headers" CC=gcc-99
	[ "$failed" = 0 ] || exit 1
done
