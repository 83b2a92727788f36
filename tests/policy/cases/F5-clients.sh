#!/bin/bash
# F5 with curl and vsftpd in true TLS: refused, the client goes on in clear text or gives up; with a range, data flow through it.
# KERNELS: 6.12
# REQUIRES: tool:vsftpd tool:curl tool:openssl
# shellcheck source=tests/policy/lib.sh
. "$(dirname "$0")/../lib.sh"

setup_topo snat
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=peer \
	-keyout "$TMP/key" -out "$TMP/crt" 2>"$TMP/openssl.log"
start_server vsftpd ssl_enable=YES allow_anon_ssl=YES force_anon_logins_ssl=NO force_anon_data_ssl=NO \
	require_ssl_reuse=NO "rsa_cert_file=$TMP/crt" "rsa_private_key_file=$TMP/key" pasv_max_port=30007

# tls_fetch OPTION…: curl's status is in $rc
tls_fetch()
{
	rm -f "$TMP/got"
	rc=0
	client curl -sS -k --disable-epsv "$@" -o "$TMP/got" "ftp://$(url_target)/file" 2>"$TMP/curl.log" || rc=$?
}

say "refused"
policy <<'END'
ftp {
	opaque deny
}
END
FETCH_TIME=20 tls_fetch --ssl-reqd
[ "$rc" = 64 ] || fail "curl --ssl-reqd gave $rc, not 64: $(<"$TMP/curl.log")"
tls_fetch --ssl
[ "$rc" = 0 ] || fail "curl --ssl gave $rc: $(<"$TMP/curl.log")"
same_bytes "$TMP/ftp/file" "$TMP/got"

say "with a range"
policy <<'END'
ftp {
	opaque passive-range 30000-30007
}
END
for n in 1 2 3; do
	tls_fetch --ssl-reqd --ftp-skip-pasv-ip
	[ "$rc" = 0 ] || fail "curl gave $rc: $(<"$TMP/curl.log")"
	same_bytes "$TMP/ftp/file" "$TMP/got"
done

say "closed"
policy <<'END'
ftp {
	opaque closed
}
END
FETCH_TIME=6 tls_fetch --ssl-reqd --ftp-skip-pasv-ip
[ "$rc" != 0 ] || fail "data flowed that nobody could know of"
all_well
