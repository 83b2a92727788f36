# shellcheck shell=bash
# The steps of the tour: a few words for who never heard of helpers, then a real transfer.

introduce()
{
	heading "ctalg: FTP and TFTP through a Linux NAT router"
	tell "" \
		"    client 10.0.0.2  ────  10.0.0.1 router 198.51.100.1  ────  server 198.51.100.2" "" \
		"The client's address is a private one: the server has no way to it. The router lends the client" \
		"its own address (NAT), and lets in from outside only what belongs to something that was opened" \
		"from inside. Linux $(uname -r); three network namespaces; a real client, real servers."
}

set_up()
{
	# shellcheck disable=SC2034 # for topo.sh
	HELPER=none
	FILE_KB=200
	setup_topo masquerade
	# pinholes are reported though nobody may have listened when their connection began
	run_in "$RT" sh -c 'echo 1 >/proc/sys/net/netfilter/nf_conntrack_events'
	# a user that every Debian has, with a home
	start_server vsftpd ftp_username=daemon log_ftp_protocol=YES xferlog_enable=YES "vsftpd_log_file=$TMP/ftp.log"
	start_server tftpd-hpa
}

step_without()
{
	heading "1  FTP, active mode, and nothing helps"
	tell "To get a file, the client names, in the command PORT, an address where it waits; the server" \
		"calls back there with the file. The router changes packet headers, but not what commands say."
	try ftp none || return 0
	show_control
	shows "the server's way to $IN4" "$(run_in "$OUT" ip -o route get "$IN4" 2>&1 | sed 's/.*RTNETLINK answers: //')"
	[ "${WORKED[ftp.none]}" = yes ] ||
		tell "  The address in the command is of no use outside, and nobody told the router to expect a call."
}

step_mainline()
{
	heading "2  The same with the kernel's own helper (nf_conntrack_ftp, nf_nat_ftp)"
	tell "A helper reads the commands as they pass: it writes the router's address in, and has the router" \
		"let exactly that one call in, through a so-called pinhole (the kernel says: an expectation)."
	try ftp mainline || return 0
	show_control
	show_pinholes
}

step_ctalg()
{
	heading "3  The same with ctalg (ctalg_ftp)"
	try ftp ctalg || return 0
	show_control
	show_pinholes
	show_counters ftp
	[ "$(pinholes | wc -l).$(closed)" != 1.1 ] ||
		tell "  Only that server could use the pinhole, once, and it led to that client alone."
}

step_split()
{
	heading "4  The same, but the PORT command arrives in two pieces"
	tell "TCP may cut its stream anywhere. This client sends \"PORT 10,0,0\", and the rest 50 ms later."
	tell "" "  no helper:"
	! try split none || show_control
	tell "" "  the kernel's own:"
	! try split mainline || { show_control; show_pinholes; }
	tell "" "  ctalg:"
	! try split ctalg || show_split_ctalg
}

show_split_ctalg()
{
	show_control
	show_pinholes
	show_counters ftp
	[ "${WORKED[split.ctalg]}" = no ] || return 0
	[ -z "$(server_heard)" ] || [ "$(client_said | sed 's/  then  //')" != "$(server_heard)" ] ||
		tell "  ctalg let both pieces pass unread and unchanged."
}

step_tftp()
{
	heading "5  TFTP"
	tell "The client asks on port 69; the server answers from another port, so that to the router the" \
		"answer belongs to nothing it knows."
	tell "" "  no helper:"
	! try tftp none || show_pinholes
	tell "" "  the kernel's own (nf_conntrack_tftp, nf_nat_tftp):"
	! try tftp mainline || show_pinholes
	tell "" "  ctalg (ctalg_tftp):"
	! try tftp ctalg || { show_pinholes; show_counters tftp; }
}

conclude()
{
	local key

	heading "What was seen"
	table ftp split tftp
	tell ""
	! not_yet split.ctalg || tell "  * joining the pieces of a message is not expected of this ctalg yet."
	for key in "${!NOTES[@]}"; do
		tell "  – ${NAME[$key]}: ${NOTES[$key]}"
	done | sort
	if [ ${#AMISS[@]} -gt 0 ]; then
		for key in "${!AMISS[@]}"; do
			tell "  ! not as expected, ${NAME[${key#*.}]}, ${TITLE[${key%.*}]}: ${AMISS[$key]}"
		done | sort
		return 1
	fi
	tell "All as expected. Next: \"make test\" proves it on three kernels, \"make install\" puts it on this router."
}
