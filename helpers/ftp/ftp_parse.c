// SPDX-License-Identifier: GPL-2.0
#include <ctalg/scan.h>

#include "ftp_parse.h"

enum {
	FTP_VERB_MAX = 4,
	TLS_HEADER = 5,
	TLS_RECORD_MAX = 16384 + 2048, /* RFC 5246, section 6.2.3 */
};

static const struct {
	char word[FTP_VERB_MAX + 1];
	u8 kind;
} ftp_verbs[] = {
	{ "USER", FTP_USER },	 { "PORT", FTP_PORT },	  { "EPRT", FTP_EPRT },
	{ "PASV", FTP_PASV },	 { "EPSV", FTP_EPSV },	  { "AUTH", FTP_AUTH },
	{ "RETR", FTP_FILE },	 { "STOR", FTP_FILE },	  { "APPE", FTP_FILE },
	{ "STOU", FTP_FILE },	 { "DELE", FTP_FILE },	  { "RNFR", FTP_FILE },
	{ "RNTO", FTP_FILE },	 { "MKD", FTP_FILE },	  { "XMKD", FTP_FILE },
	{ "RMD", FTP_FILE },	 { "XRMD", FTP_FILE },	  { "SIZE", FTP_FILE },
	{ "MDTM", FTP_FILE },	 { "LIST", FTP_FILE },	  { "NLST", FTP_FILE },
	{ "MLSD", FTP_FILE },	 { "MLST", FTP_FILE },	  { "PASS", FTP_COMMAND },
	{ "ACCT", FTP_COMMAND }, { "CWD", FTP_COMMAND },  { "XCWD", FTP_COMMAND },
	{ "CDUP", FTP_COMMAND }, { "XCUP", FTP_COMMAND }, { "PWD", FTP_COMMAND },
	{ "XPWD", FTP_COMMAND }, { "SMNT", FTP_COMMAND }, { "QUIT", FTP_COMMAND },
	{ "REIN", FTP_COMMAND }, { "TYPE", FTP_COMMAND }, { "STRU", FTP_COMMAND },
	{ "MODE", FTP_COMMAND }, { "ALLO", FTP_COMMAND }, { "REST", FTP_COMMAND },
	{ "ABOR", FTP_COMMAND }, { "SITE", FTP_COMMAND }, { "SYST", FTP_COMMAND },
	{ "STAT", FTP_COMMAND }, { "HELP", FTP_COMMAND }, { "NOOP", FTP_COMMAND },
	{ "FEAT", FTP_COMMAND }, { "OPTS", FTP_COMMAND }, { "LANG", FTP_COMMAND },
	{ "HOST", FTP_COMMAND }, { "CLNT", FTP_COMMAND }, { "PBSZ", FTP_COMMAND },
	{ "PROT", FTP_COMMAND }, { "CCC", FTP_COMMAND },  { "ADAT", FTP_COMMAND },
	{ "MIC", FTP_COMMAND },	 { "CONF", FTP_COMMAND }, { "ENC", FTP_COMMAND },
	{ "LPRT", FTP_COMMAND }, { "LPSV", FTP_COMMAND }, { "MFMT", FTP_COMMAND },
	{ "HASH", FTP_COMMAND }, { "CSID", FTP_COMMAND }, { "XCRC", FTP_COMMAND },
};

static const char *const ftp_kinds[] = {
	[FTP_OTHER] = "other",	 [FTP_COMMAND] = "command",   [FTP_REPLY] = "reply",
	[FTP_PORT] = "PORT",	 [FTP_EPRT] = "EPRT",	      [FTP_PASV] = "PASV",
	[FTP_EPSV] = "EPSV",	 [FTP_EPSV_ALL] = "EPSV ALL", [FTP_AUTH] = "AUTH",
	[FTP_USER] = "USER",	 [FTP_FILE] = "file",	      [FTP_REPLY_227] = "227",
	[FTP_REPLY_229] = "229",
};

static const char *const ftp_reasons[] = {
	[FTP_R_BAD_PORT - CTALG_R_PRIVATE] = "malformed-port",
	[FTP_R_BAD_EPRT - CTALG_R_PRIVATE] = "malformed-eprt",
	[FTP_R_BAD_227 - CTALG_R_PRIVATE] = "no-address-in-227",
	[FTP_R_BAD_229 - CTALG_R_PRIVATE] = "no-port-in-229",
	[FTP_R_EPSV_ALL - CTALG_R_PRIVATE] = "after-epsv-all",
	[FTP_R_CONTROL_BYTES - CTALG_R_PRIVATE] = "nul-or-telnet-bytes",
	[FTP_R_TLS - CTALG_R_PRIVATE] = "tls-control-channel",
};

static u8 ftp_verb_kind(const struct ctalg_reader *rd, struct ctalg_span verb)
{
	/* A 64 KiB segment may be 32,000 lines of one letter, so most words are dismissed by theirs. */
	u8 first = rd->base[verb.off] & 0xdf;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ftp_verbs); i++)
		if (ftp_verbs[i].word[0] == first && ctalg_span_is(rd, verb, ftp_verbs[i].word))
			return ftp_verbs[i].kind;
	return FTP_OTHER;
}

/* The rest of the line after the reader, as it stands. */
static struct ctalg_span ftp_rest(const struct ctalg_reader *rd)
{
	struct ctalg_span s = { .off = rd->pos, .len = ctalg_rd_left(rd) };

	return s;
}

static bool ftp_at_end(struct ctalg_reader *rd)
{
	ctalg_scan_blanks(rd);
	return !ctalg_rd_left(rd);
}

/* A line without its CR LF, LF, or CR CR LF. */
static void ftp_line(struct ctalg_reader *rd, const u8 *data, u32 len)
{
	while (len && (data[len - 1] == '\n' || data[len - 1] == '\r'))
		len--;
	ctalg_rd_init(rd, data, len);
}

static bool ftp_has_control_bytes(const struct ctalg_reader *rd)
{
	u32 i;

	for (i = 0; i < ctalg_rd_left(rd); i++) {
		int c = ctalg_rd_peek(rd, i);

		if (c == 0 || c == 0xff)
			return true;
	}
	return false;
}

static void ftp_report(struct ctalg_report *r, const struct ctalg_addr *a, u16 port,
		       struct ctalg_span at, u8 form)
{
	int ep = ctalg_report_endpoint(r, a, port, CTALG_L4_TCP);

	ctalg_report_token(r, ep, at, form);
	ctalg_report_want(r, ep);
}

static void ftp_parse_port(struct ctalg_reader *rd, struct ctalg_report *r)
{
	struct ctalg_span at = { .off = rd->pos };
	struct ctalg_addr a;
	u16 port;

	if (!ctalg_scan_hostport(rd, &a, &port)) {
		r->reason = FTP_R_BAD_PORT;
		return;
	}
	at.len = rd->pos - at.off;
	if (ftp_at_end(rd))
		ftp_report(r, &a, port, at, CTALG_FORM_HOSTPORT);
	else
		r->reason = FTP_R_BAD_PORT;
}

/* RFC 2428, section 2: any character from 33 to 126; one that occurs in an address can't divide. */
static bool ftp_is_delimiter(int c)
{
	return c >= 33 && c <= 126 && c != '.' && c != ':' && (c < '0' || c > '9') &&
	       (c < 'A' || c > 'Z') && (c < 'a' || c > 'z');
}

static bool ftp_scan_eprt(struct ctalg_reader *rd, struct ctalg_addr *a, u16 *port)
{
	int d = ctalg_rd_peek(rd, 0);
	u32 af, p;

	if (!ftp_is_delimiter(d) || !ctalg_scan_char(rd, (u8)d) || !ctalg_scan_dec(rd, 2, 1, &af) ||
	    !ctalg_scan_char(rd, (u8)d))
		return false;
	if (af == 1 ? !ctalg_scan_ip4(rd, a) : af != 2 || !ctalg_scan_ip6(rd, a))
		return false;
	if (!ctalg_scan_char(rd, (u8)d) || !ctalg_scan_dec(rd, 65535, 5, &p) ||
	    !ctalg_scan_char(rd, (u8)d))
		return false;
	*port = (u16)p;
	return true;
}

static void ftp_parse_eprt(struct ctalg_reader *rd, struct ctalg_report *r)
{
	struct ctalg_span at = { .off = rd->pos };
	struct ctalg_addr a;
	u16 port;

	if (!ftp_scan_eprt(rd, &a, &port)) {
		r->reason = FTP_R_BAD_EPRT;
		return;
	}
	at.len = rd->pos - at.off;
	if (ftp_at_end(rd))
		ftp_report(r, &a, port, at, CTALG_FORM_EPRT);
	else
		r->reason = FTP_R_BAD_EPRT;
}

static void ftp_parse_argument(struct ftp_state *st, struct ctalg_reader *rd,
			       struct ctalg_report *r)
{
	struct ctalg_span word;

	switch (r->kind) {
	case FTP_PORT:
	case FTP_EPRT:
		if (st->epsv_all)
			r->reason = FTP_R_EPSV_ALL;
		else if (r->kind == FTP_PORT)
			ftp_parse_port(rd, r);
		else
			ftp_parse_eprt(rd, r);
		break;
	case FTP_EPSV:
		if (ctalg_scan_alpha(rd, 3, &word) && ctalg_span_is(rd, word, "ALL")) {
			r->kind = FTP_EPSV_ALL;
			st->epsv_all = true;
		}
		break;
	case FTP_USER:
		r->user = ftp_rest(rd);
		break;
	case FTP_FILE:
		r->object = ftp_rest(rd);
		break;
	default:
		break;
	}
}

static void ftp_parse_command(struct ftp_state *st, struct ctalg_reader *rd, struct ctalg_report *r)
{
	struct ctalg_span verb;
	u32 blanks;

	ctalg_scan_blanks(rd);
	if (!ctalg_scan_alpha(rd, FTP_VERB_MAX, &verb))
		return;
	blanks = ctalg_scan_blanks(rd);
	if (!blanks && ctalg_rd_left(rd))
		return;
	r->kind = ftp_verb_kind(rd, verb);
	ftp_parse_argument(st, rd, r);
	/* A request that was not understood has no pinhole that its refusal could close. */
	st->last = r->reason ? FTP_COMMAND : (u8)r->kind;
}

/* 227: RFC 1123 has a client look for the digits; so does whatever reads the reply after us. */
static bool ftp_parse_227(struct ctalg_reader *rd, struct ctalg_report *r)
{
	struct ctalg_addr a;
	bool fresh = true;
	u16 port;
	int c;

	for (; (c = ctalg_rd_peek(rd, 0)) >= 0; ctalg_rd_skip(rd, 1)) {
		bool digit = c >= '0' && c <= '9';
		struct ctalg_span at = { .off = rd->pos };

		if (digit && fresh && ctalg_scan_hostport(rd, &a, &port)) {
			if (ctalg_rd_peek(rd, 0) == ',')
				return false;
			at.len = rd->pos - at.off;
			ftp_report(r, &a, port, at, CTALG_FORM_HOSTPORT);
			return true;
		}
		fresh = !digit && c != ',';
	}
	return false;
}

static bool ftp_parse_229(struct ctalg_reader *rd, struct ctalg_report *r)
{
	struct ctalg_span at;
	u32 port;
	int d;

	for (; (d = ctalg_rd_peek(rd, 0)) >= 0; ctalg_rd_skip(rd, 1)) {
		struct ctalg_reader try = *rd;

		if (!ftp_is_delimiter(d) || ctalg_rd_peek(rd, 1) != d || ctalg_rd_peek(rd, 2) != d)
			continue;
		ctalg_rd_skip(&try, 3);
		at.off = try.pos;
		if (!ctalg_scan_dec(&try, 65535, 5, &port) || ctalg_rd_peek(&try, 0) != d)
			continue;
		at.len = try.pos - at.off;
		if (!port)
			r->reason = CTALG_R_PORT_ZERO;
		else
			ftp_report(r, NULL, (u16)port, at, CTALG_FORM_PORT);
		return true;
	}
	return false;
}

static void ftp_parse_passive(struct ftp_state *st, struct ctalg_reader *rd, u32 code, bool final,
			      struct ctalg_report *r)
{
	bool got;

	r->kind = code == 227 ? FTP_REPLY_227 : FTP_REPLY_229;
	if (code == 227 && st->epsv_all) {
		r->reason = FTP_R_EPSV_ALL;
		return;
	}
	got = code == 227 ? ftp_parse_227(rd, r) : ftp_parse_229(rd, r);
	st->found |= got;
	if (final && !st->found)
		r->reason = code == 227 ? FTP_R_BAD_227 : FTP_R_BAD_229;
}

/* What the last line of a reply means for the command that it answers, if that is the latest. */
static void ftp_reply_ends(struct ftp_state *st, u32 code, struct ctalg_report *r)
{
	if (code < 200)
		return;
	st->found = false;
	if (st->pending > 1) {
		st->pending--;
		return;
	}
	if (code >= 400 && (st->last == FTP_PORT || st->last == FTP_EPRT))
		r->ops |= CTALG_OP_WITHDRAW;
	if (code >= 400 && st->last == FTP_EPSV_ALL)
		st->epsv_all = false;
	if (code == 234 && st->last == FTP_AUTH) {
		st->tls = FTP_TLS_ON;
		r->reason = FTP_R_TLS;
	}
	st->pending = 0;
	st->last = FTP_OTHER;
}

static bool ftp_scan_code(struct ctalg_reader *rd, u32 *code)
{
	struct ctalg_reader save = *rd;

	/* With a comma it is an address at the beginning of a line. */
	if (ctalg_scan_dec(rd, 599, 3, code) && *code >= 100 && ctalg_rd_peek(rd, 0) != ',')
		return true;
	*rd = save;
	return false;
}

/* RFC 959, section 4.2: "ddd-" opens a reply of several lines, the same "ddd " ends it. */
static void ftp_parse_reply(struct ftp_state *st, struct ctalg_reader *rd, struct ctalg_report *r)
{
	bool coded, final;
	u32 code = 0;

	r->kind = FTP_REPLY;
	coded = ftp_scan_code(rd, &code);
	if (!st->multi && !coded)
		return;
	final = coded && (!st->multi || code == st->multi) && ctalg_rd_peek(rd, 0) != '-';
	if (!st->multi && !final)
		st->multi = (u16)code;
	if (!final)
		code = st->multi;
	if (code == 227 || code == 229)
		ftp_parse_passive(st, rd, code, final, r);
	if (final) {
		st->multi = 0;
		ftp_reply_ends(st, code, r);
	}
}

static void ftp_parse(void *state, const struct ctalg_message *m, struct ctalg_report *r)
{
	struct ftp_state *st = state;
	struct ctalg_reader rd;

	ftp_line(&rd, m->data, m->len);
	st->anchored[m->dir] = true;
	if (m->dir == CTALG_DIR_ORIG && ctalg_rd_left(&rd) && st->pending < 255)
		st->pending++;
	if (ftp_has_control_bytes(&rd)) {
		r->reason = FTP_R_CONTROL_BYTES;
		return;
	}
	if (m->dir == CTALG_DIR_ORIG)
		ftp_parse_command(st, &rd, r);
	else
		ftp_parse_reply(st, &rd, r);
}

/* A web page can have its browser send any verb; the line then ends so (RFC 9112, section 3). */
static bool ftp_is_http(const struct ctalg_reader *rd)
{
	struct ctalg_span tail = { .off = rd->end - 8, .len = 7 };

	return rd->end >= 8 && ctalg_span_is(rd, tail, "HTTP/1.");
}

/* Is this whole line one that an FTP client or server begins with? */
static bool ftp_line_opens(u8 dir, const u8 *data, u32 len)
{
	struct ctalg_span verb;
	struct ctalg_reader rd;
	u32 code;

	ftp_line(&rd, data, len);
	if (dir == CTALG_DIR_REPLY)
		return ftp_scan_code(&rd, &code) &&
		       (!ctalg_rd_left(&rd) || ctalg_rd_peek(&rd, 0) == ' ' ||
			ctalg_rd_peek(&rd, 0) == '-');
	ctalg_scan_blanks(&rd);
	return ctalg_scan_alpha(&rd, FTP_VERB_MAX, &verb) &&
	       (ctalg_scan_blanks(&rd) || !ctalg_rd_left(&rd)) &&
	       ftp_verb_kind(&rd, verb) != FTP_OTHER && !ftp_is_http(&rd);
}

/* Can an unfinished line become one that FTP begins with? What can't is not worth waiting for. */
static bool ftp_line_may_open(u8 dir, const u8 *data, u32 len)
{
	struct ctalg_span verb;
	struct ctalg_reader rd;
	u32 digits;

	ctalg_rd_init(&rd, data, len);
	if (dir == CTALG_DIR_ORIG) {
		ctalg_scan_blanks(&rd);
		return !ctalg_rd_left(&rd) ||
		       (ctalg_scan_alpha(&rd, FTP_VERB_MAX, &verb) &&
			(!ctalg_rd_left(&rd) || ftp_verb_kind(&rd, verb) != FTP_OTHER));
	}
	for (digits = 0; digits < min(len, 3U); digits++)
		if (data[digits] < '0' || data[digits] > '9')
			return false;
	return len < 4 || data[3] == ' ' || data[3] == '-' || data[3] == '\r';
}

static struct ctalg_frame ftp_frame_first(u8 dir, u32 seen, const u8 *data, u32 len)
{
	struct ctalg_frame f = ctalg_frame_line(data, len);
	bool ours = f.verdict == CTALG_FRAME_MESSAGE ? ftp_line_opens(dir, data, f.n)
						     : ftp_line_may_open(dir, data, len);

	if (seen || !ours)
		f.verdict = CTALG_FRAME_NOT_OURS;
	return f;
}

/* RFC 5246, section 6.2.1: type, version, length. No line of FTP begins like that. */
static struct ctalg_frame ftp_frame_tls(u32 seen, const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };
	struct ctalg_reader rd;

	if (seen) {
		f.verdict = CTALG_FRAME_OPAQUE;
		return f;
	}
	if (data[0] < 20 || data[0] > 24)
		return ctalg_frame_line(data, len);
	if (len < TLS_HEADER)
		return f;
	ctalg_rd_init(&rd, data, len);
	ctalg_rd_skip(&rd, 3);
	f.n = TLS_HEADER + (u32)ctalg_rd_be16(&rd);
	f.verdict = data[1] == 3 && f.n <= TLS_HEADER + TLS_RECORD_MAX ? CTALG_FRAME_SKIP
								       : CTALG_FRAME_OPAQUE;
	return f;
}

static struct ctalg_frame ftp_frame(const void *state, u8 dir, u32 seen, const u8 *data, u32 len)
{
	const struct ftp_state *st = state;

	if (!st->anchored[dir])
		return ftp_frame_first(dir, seen, data, len);
	if (st->tls == FTP_TLS_ON)
		return ftp_frame_tls(seen, data, len);
	return ctalg_frame_line(data, len);
}

const struct ctalg_proto ftp_proto = {
	.name = "ftp",
	.l4 = CTALG_L4_TCP,
	.port = 21,
	.state_size = sizeof(struct ftp_state),
	.max_message = 65535,
	.session = "login",
	.kinds = ftp_kinds,
	.n_kinds = ARRAY_SIZE(ftp_kinds),
	.unread = 1u << (FTP_R_TLS - CTALG_R_PRIVATE),
	.reasons = ftp_reasons,
	.n_reasons = ARRAY_SIZE(ftp_reasons),
	.frame = ftp_frame,
	.parse = ftp_parse,
};
