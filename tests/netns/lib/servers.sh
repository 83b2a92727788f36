# shellcheck shell=bash
# Real servers. They serve $TMP/ftp, which holds "file"; "up" below it takes uploads.

FILE_KB=${FILE_KB:-200}

make_files()
{
	[ ! -d "$TMP/ftp" ] || return 0
	mkdir -p "$TMP/ftp/up" "$TMP/empty"
	head -c "${FILE_KB}k" /dev/urandom >"$TMP/ftp/file"
	chmod 777 "$TMP/ftp/up"
	chmod 755 "$TMP/ftp"
}

# start_server KIND [OPTION…] in namespace $SRV_IN (default $SRV); waits until it listens. Sets SERVER_PID.
start_server()
{
	local kind=$1

	shift
	make_files
	"server_${kind//-/_}" "$@"
	SERVER_PID=$!
	case $kind in
	*tftpd* | dnsmasq) wait_for 20 "$kind listening" listens "${SRV_IN:-$SRV}" udp 69 ;;
	*) wait_for 20 "$kind listening" listens "${SRV_IN:-$SRV}" tcp 21 ;;
	esac
}

# listens NS tcp|udp PORT: something is bound there, on IPv4 or IPv6.
listens()
{
	local hex

	hex=$(printf ':%04X 0' "$3")
	case $2 in
	tcp) run_in "$1" grep -qs "$hex.* 0A " /proc/net/tcp /proc/net/tcp6 ;;
	udp) run_in "$1" grep -qs "$hex" /proc/net/udp /proc/net/udp6 ;;
	esac
}

server() { start_in "${SRV_IN:-$SRV}" "$@"; }

# server_vsftpd [LINE…]: further lines for its configuration, such as pasv_address=…
server_vsftpd()
{
	cat >"$TMP/vsftpd.conf" <<-END
		listen=NO
		listen_ipv6=YES
		background=NO
		anonymous_enable=YES
		no_anon_password=YES
		anon_root=$TMP/ftp
		allow_writeable_chroot=YES
		write_enable=YES
		anon_upload_enable=YES
		anon_other_write_enable=YES
		anon_umask=022
		connect_from_port_20=YES
		secure_chroot_dir=$TMP/empty
		seccomp_sandbox=NO
		isolate=NO
		isolate_network=NO
		pasv_min_port=30000
		max_per_ip=0
		max_clients=0
		accept_timeout=10
		connect_timeout=10
	END
	printf '%s\n' "$@" >>"$TMP/vsftpd.conf"
	server vsftpd vsftpd "$TMP/vsftpd.conf"
}

# server_proftpd [LINE…]: further lines for its configuration, such as "MasqueradeAddress …"
server_proftpd()
{
	local program top

	program=$(find_program proftpd)
	top=${program%/usr/sbin/proftpd}
	cat >"$TMP/proftpd.conf" <<-END
		ServerType standalone
		DefaultServer on
		UseIPv6 on
		Port 21
		User ftp
		Group nogroup
		ModulePath $top/usr/lib/proftpd
		ScoreboardFile $TMP/scoreboard
		PidFile $TMP/proftpd.pid
		DelayTable none
		UseReverseDNS off
		WtmpLog off
		TransferLog none
		RequireValidShell off
		AuthOrder mod_auth_unix.c
		<Anonymous $TMP/ftp>
		  User ftp
		  Group nogroup
		  UserAlias anonymous ftp
		  AllowOverwrite on
		  <Limit WRITE>
		    AllowAll
		  </Limit>
		</Anonymous>
	END
	printf '%s\n' "$@" >>"$TMP/proftpd.conf"
	server proftpd env LD_LIBRARY_PATH="$(unpacked_libraries "$top")" \
		"$program" -n -c "$TMP/proftpd.conf"
}

# An unpacked daemon finds the libraries that were unpacked with it.
unpacked_libraries()
{
	local d path

	path=$1/usr/lib/proftpd
	[ -z "$1" ] || for d in "$1"/usr/lib/*-linux-gnu "${1%/*}"/*/usr/lib/*-linux-gnu; do
		[ ! -d "$d" ] || path+=:$d
	done
	printf '%s\n' "$path"
}

# pure-ftpd serves the home of the user "ftp": mount our directory there, in a mount namespace.
server_pure_ftpd()
{
	local home program

	home=$(getent passwd ftp | cut -d: -f6)
	program=$(find_program pure-ftpd)
	[ -d "$home" ] || mkdir -p "$home"
	# shellcheck disable=SC2016 # expanded by the inner shell
	server pure-ftpd unshare -m sh -c 'mount --bind "$1" "$2" && shift 2 && exec "$@"' sh \
		"$TMP/ftp" "$home" "$program" -e -H -S 21 -M -p 30000:60000 "$@"
}

server_tftpd_hpa()
{
	server tftpd-hpa in.tftpd -L -c -u root -s "$TMP/ftp" "$@"
}

server_atftpd()
{
	server atftpd "$(find_unpacked in.tftpd)" --daemon --no-fork --user root \
		--logfile /dev/null "$@" "$TMP/ftp"
}

server_dnsmasq()
{
	server dnsmasq dnsmasq -k -p0 --enable-tftp --tftp-root="$TMP/ftp" --user=root \
		--conf-file=/dev/null --pid-file= "$@"
}

# The scripted server, see peer_ftpd.py.
server_peer()
{
	mkdir -p "$TMP/logs"
	server peer "${PYTHON[@]}" "$NETNS_DIR/peer_ftpd.py" "$TMP/ftp/file" "$TMP/ftp/up" "$TMP/logs" "$@"
}

# start_ovs: a virtual switch of our own in the router, with bridge br0 of in0 (port 1) and out0 (port 2).
start_ovs()
{
	local s

	modprobe openvswitch
	OVS=$TMP/ovs
	mkdir "$OVS"
	export OVS_RUNDIR=$OVS OVS_LOGDIR=$OVS OVS_DBDIR=$OVS
	s=$(find_program ovs-vsctl)
	ovsdb-tool create "$OVS/db" "${OVS_SCHEMA:-/usr/share/openvswitch/vswitch.ovsschema}"
	SRV_IN=$RT server ovsdb ovsdb-server "$OVS/db" "--remote=punix:$OVS/db.sock"
	wait_for 20 "OVS database" test -S "$OVS/db.sock"
	SRV_IN=$RT server vswitchd ovs-vswitchd "unix:$OVS/db.sock"
	run_in "$RT" "$s" --timeout=30 "--db=unix:$OVS/db.sock" add-br br0 -- set-fail-mode br0 secure -- \
		add-port br0 in0 -- set interface in0 ofport_request=1 -- \
		add-port br0 out0 -- set interface out0 ofport_request=2
	wait_for 20 "bridge" test -S "$OVS/br0.mgmt"
	at_exit stop_ovs
}

# The datapath is the kernel's, not the daemon's.
stop_ovs()
{
	run_in "$RT" "$(find_program ovs-dpctl)" del-dp ovs-system 2>/dev/null
}
