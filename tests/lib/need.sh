# shellcheck shell=sh
# need_programs PROGRAM:PACKAGE... installs the Debian packages of the programs
# that this machine does not have, or says in one sentence which to install.
need_programs() {
	need_missing=
	for need_pair in "$@"; do
		PATH=$PATH:/usr/sbin:/sbin command -v "${need_pair%%:*}" > /dev/null ||
			need_missing="$need_missing ${need_pair#*:}"
	done
	# shellcheck disable=SC2086 # a list of words
	need_install $need_missing
}

# need_packages PACKAGE... does the same for packages that bring no program.
need_packages() {
	need_missing=
	for need_package in "$@"; do
		dpkg-query -W -f '${Status}' "$need_package" 2> /dev/null | grep -q ' installed$' ||
			need_missing="$need_missing $need_package"
	done
	# shellcheck disable=SC2086
	need_install $need_missing
}

need_install() {
	[ $# -gt 0 ] || return 0
	if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
		echo "These packages are missing; install them and try again: $*" >&2
		return 1
	fi
	echo "Installing packages: $*" >&2
	need_log=$(mktemp)
	if { apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
		apt-get install -y -qq --no-install-recommends "$@"; } > "$need_log" 2>&1 < /dev/null; then
		rm -f "$need_log"
		return 0
	fi
	tail -n 5 "$need_log" >&2
	echo "These packages could not be installed (the whole log is $need_log): $*" >&2
	return 1
}
