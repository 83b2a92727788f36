# shellcheck shell=bash
# What phones register with: Kamailio and Asterisk. Both know every phone by the same password.

PASSWORD=secret

# start_kamailio: registrar, which asks for a password, and proxy of example.org, on the outside host's first address.
start_kamailio()
{
	cat >"$TMP/kamailio.cfg" <<-END
		#!KAMAILIO
		debug=1
		log_stderror=yes
		fork=yes
		children=1
		tcp_children=1
		auto_aliases=no
		listen=udp:$OUT4:5060
		listen=tcp:$OUT4:5060
		mpath="/usr/lib/x86_64-linux-gnu/kamailio/modules/"
		loadmodule "tm.so"
		loadmodule "sl.so"
		loadmodule "rr.so"
		loadmodule "pv.so"
		loadmodule "maxfwd.so"
		loadmodule "textops.so"
		loadmodule "siputils.so"
		loadmodule "usrloc.so"
		loadmodule "registrar.so"
		loadmodule "auth.so"
		modparam("usrloc", "db_mode", 0)
		request_route {
			if (!mf_process_maxfwd_header("10")) exit;
			if (is_method("REGISTER")) {
				if (!pv_www_authenticate("example.org", "$PASSWORD", "0")) {
					www_challenge("example.org", "0");
					exit;
				}
				save("location");
				exit;
			}
			if (has_totag()) {
				if (loose_route() || is_method("ACK")) t_relay();
				exit;
			}
			if (is_method("CANCEL")) {
				t_relay();
				exit;
			}
			record_route();
			if (!lookup("location")) {
				sl_send_reply("404", "Not Found");
				exit;
			}
			t_relay();
		}
	END
	start_in "$OUT" kamailio kamailio -f "$TMP/kamailio.cfg" -DD -E -m 32 -M 4 -w "$TMP" -Y "$TMP" -P "$TMP/kamailio.pid"
	wait_for 20 "Kamailio listening" listens "$OUT" udp 5060
}

# start_asterisk: on the outside host's first address; it answers every call itself and makes another, so that media goes through it.
start_asterisk()
{
	local dir=$TMP/asterisk name

	mkdir -p "$dir"/{etc,keys,spool,run,log}
	cat >"$dir/etc/asterisk.conf" <<-END
		[directories]
		astetcdir => $dir/etc
		astmoddir => /opt/asterisk/modules
		astdatadir => /opt/asterisk
		astvarlibdir => $dir
		astdbdir => $dir
		astkeydir => $dir/keys
		astagidir => $dir
		astspooldir => $dir/spool
		astrundir => $dir/run
		astlogdir => $dir/log
	END
	{
		printf '[modules]\nautoload=no\n'
		for name in /opt/asterisk/modules/*.so; do echo "load=${name##*/}"; done
	} >"$dir/etc/modules.conf"
	printf '[general]\n[logfiles]\nconsole => notice,warning,error\n' >"$dir/etc/logger.conf"
	printf '[general]\nrtpstart=20000\nrtpend=20100\n' >"$dir/etc/rtp.conf"
	# shellcheck disable=SC2016 # Asterisk's
	printf '[phones]\nexten => _[a-z].,1,Dial(PJSIP/${EXTEN})\n' >"$dir/etc/extensions.conf"
	{
		for name in udp tcp; do printf '[%s]\ntype=transport\nprotocol=%s\nbind=%s:5060\n' "$name" "$name" "$OUT4"; done
		for name in alice bob carol; do asterisk_phone "$name"; done
	} >"$dir/etc/pjsip.conf"
	start_in "$OUT" asterisk "$(find_program asterisk)" -f -n -C "$dir/etc/asterisk.conf"
	wait_for 40 "Asterisk" grep -q "Asterisk Ready" "$TMP/asterisk.log"
}

asterisk_phone()
{
	cat <<-END
		[$1]
		type=endpoint
		context=phones
		disallow=all
		allow=ulaw
		direct_media=no
		aors=$1
		auth=$1
		[$1]
		type=aor
		max_contacts=1
		[$1]
		type=auth
		auth_type=userpass
		username=$1
		password=$PASSWORD
	END
}
