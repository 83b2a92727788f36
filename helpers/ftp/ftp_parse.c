// SPDX-License-Identifier: GPL-2.0
#include <ctalg/scan.h>

#include "ftp_parse.h"

enum {
	FTP_OPENER_MAX = 4, /* a verb that a flow may begin with */
	FTP_VERB_MAX = 7,
	/* A command and the longest name that Linux knows. */
	FTP_LINE_SAFE = 8 + 4096,
	TLS_HEADER = 5,
	TLS_RECORD_MAX = 16384 + 2048, /* RFC 5246, section 6.2.3 */
};

/* What follows a verb. */
enum ftp_argument {
	ARG_NONE,
	ARG_USER,
	ARG_NAME,
	/* a word, and then the name */
	ARG_WORD_NAME,
	/* a name, or a time and then the name, which sets that time */
	ARG_TIME_NAME,
};

/* clang-format off */
/* RFC 959, 775, 2228, 2389, 2428, 2640, 3659, 7151, and what servers know besides. */
#define FTP_VERBS(X)							\
	X(USER, FTP_USER, ARG_USER, CTALG_COMMAND_USER)			\
	X(PASS, FTP_COMMAND, ARG_NONE, 0)				\
	X(ACCT, FTP_COMMAND, ARG_NONE, 0)				\
	X(HOST, FTP_COMMAND, ARG_NONE, 0)				\
	X(REIN, FTP_COMMAND, ARG_NONE, 0)				\
	X(QUIT, FTP_COMMAND, ARG_NONE, 0)				\
	X(CWD, FTP_COMMAND, ARG_NAME, 0)				\
	X(XCWD, FTP_COMMAND, ARG_NAME, 0)				\
	X(CDUP, FTP_COMMAND, ARG_NONE, 0)				\
	X(XCUP, FTP_COMMAND, ARG_NONE, 0)				\
	X(PWD, FTP_COMMAND, ARG_NONE, 0)				\
	X(XPWD, FTP_COMMAND, ARG_NONE, 0)				\
	X(SMNT, FTP_COMMAND, ARG_NAME, 0)				\
	X(PORT, FTP_PORT, ARG_NONE, 0)					\
	X(EPRT, FTP_EPRT, ARG_NONE, 0)					\
	X(PASV, FTP_PASV, ARG_NONE, 0)					\
	X(EPSV, FTP_EPSV, ARG_NONE, 0)					\
	X(LPRT, FTP_COMMAND, ARG_NONE, 0)				\
	X(LPSV, FTP_COMMAND, ARG_NONE, 0)				\
	X(TYPE, FTP_COMMAND, ARG_NONE, 0)				\
	X(STRU, FTP_COMMAND, ARG_NONE, 0)				\
	X(MODE, FTP_COMMAND, ARG_NONE, 0)				\
	X(ALLO, FTP_COMMAND, ARG_NONE, 0)				\
	X(REST, FTP_COMMAND, ARG_NONE, 0)				\
	X(RANG, FTP_COMMAND, ARG_NONE, 0)				\
	X(ABOR, FTP_COMMAND, ARG_NONE, 0)				\
	X(RETR, FTP_FILE, ARG_NAME, 0)					\
	X(STOR, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(STOU, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(APPE, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(DELE, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(RNFR, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(RNTO, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(MKD, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(XMKD, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(RMD, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(XRMD, FTP_FILE, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(RMDA, FTP_COMMAND, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(COMB, FTP_COMMAND, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(SITE, FTP_COMMAND, ARG_NAME, CTALG_COMMAND_WRITES)		\
	X(MFMT, FTP_COMMAND, ARG_WORD_NAME, CTALG_COMMAND_WRITES)	\
	X(MFCT, FTP_COMMAND, ARG_WORD_NAME, CTALG_COMMAND_WRITES)	\
	X(MFF, FTP_COMMAND, ARG_WORD_NAME, CTALG_COMMAND_WRITES)	\
	X(SIZE, FTP_FILE, ARG_NAME, 0)					\
	X(MDTM, FTP_FILE, ARG_TIME_NAME, 0)				\
	X(LIST, FTP_FILE, ARG_NAME, 0)					\
	X(NLST, FTP_FILE, ARG_NAME, 0)					\
	X(MLSD, FTP_FILE, ARG_NAME, 0)					\
	X(MLST, FTP_FILE, ARG_NAME, 0)					\
	X(STAT, FTP_COMMAND, ARG_NAME, 0)				\
	X(AVBL, FTP_COMMAND, ARG_NAME, 0)				\
	X(DSIZ, FTP_COMMAND, ARG_NAME, 0)				\
	X(HASH, FTP_COMMAND, ARG_NAME, 0)				\
	X(MD5, FTP_COMMAND, ARG_NAME, 0)				\
	X(MMD5, FTP_COMMAND, ARG_NAME, 0)				\
	X(XCRC, FTP_COMMAND, ARG_NAME, 0)				\
	X(XMD5, FTP_COMMAND, ARG_NAME, 0)				\
	X(XSHA, FTP_COMMAND, ARG_NAME, 0)				\
	X(XSHA1, FTP_COMMAND, ARG_NAME, 0)				\
	X(XSHA256, FTP_COMMAND, ARG_NAME, 0)				\
	X(XSHA512, FTP_COMMAND, ARG_NAME, 0)				\
	X(SYST, FTP_COMMAND, ARG_NONE, 0)				\
	X(HELP, FTP_COMMAND, ARG_NONE, 0)				\
	X(NOOP, FTP_COMMAND, ARG_NONE, 0)				\
	X(FEAT, FTP_COMMAND, ARG_NONE, 0)				\
	X(OPTS, FTP_COMMAND, ARG_NONE, 0)				\
	X(LANG, FTP_COMMAND, ARG_NONE, 0)				\
	X(CLNT, FTP_COMMAND, ARG_NONE, 0)				\
	X(CSID, FTP_COMMAND, ARG_NONE, 0)				\
	X(AUTH, FTP_AUTH, ARG_NONE, CTALG_COMMAND_ENCRYPTS)		\
	X(ADAT, FTP_COMMAND, ARG_NONE, 0)				\
	X(PBSZ, FTP_COMMAND, ARG_NONE, 0)				\
	X(PROT, FTP_COMMAND, ARG_NONE, 0)				\
	X(CCC, FTP_COMMAND, ARG_NONE, 0)				\
	X(MIC, FTP_COMMAND, ARG_NONE, 0)				\
	X(CONF, FTP_COMMAND, ARG_NONE, 0)				\
	X(ENC, FTP_COMMAND, ARG_NONE, 0)
/* clang-format on */

enum ftp_verb {
	VERB_OTHER,
#define FTP_VERB_ENUM(name, kind, arg, flags) VERB_##name,
	FTP_VERBS(FTP_VERB_ENUM)
#undef FTP_VERB_ENUM
};

static const struct ctalg_command ftp_commands[] = { { "other", 0 },
#define FTP_VERB_COMMAND(name, kind, arg, flags) { #name, flags },
						     FTP_VERBS(FTP_VERB_COMMAND)
#undef FTP_VERB_COMMAND
};

static const struct {
	u8 kind;
	u8 arg;
} ftp_verbs[] = { { FTP_OTHER, ARG_NONE },
#define FTP_VERB_MEANS(name, kind, arg, flags) { kind, arg },
		  FTP_VERBS(FTP_VERB_MEANS)
#undef FTP_VERB_MEANS
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

static u16 ftp_verb(const struct ctalg_reader *rd, struct ctalg_span verb)
{
	/* A 64 KiB segment may be 32,000 lines of one letter, so most words are dismissed by theirs. */
	u8 first = rd->base[verb.off] & 0xdf;
	u16 i;

	/* So it is called where a firewall was to be got around, and servers know it. */
	if (first == 'P' && ctalg_span_is(rd, verb, "P@SW"))
		return VERB_PASV;
	for (i = 1; i < ARRAY_SIZE(ftp_commands); i++)
		if ((u8)ftp_commands[i].name[0] == first &&
		    ctalg_span_is(rd, verb, ftp_commands[i].name))
			return i;
	return VERB_OTHER;
}

static u8 ftp_verb_kind(const struct ctalg_reader *rd, struct ctalg_span verb)
{
	return ftp_verbs[ftp_verb(rd, verb)].kind;
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

static bool ftp_is_letter(int c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

static bool ftp_is_digit(int c)
{
	return c >= '0' && c <= '9';
}

/* White space as C libraries know it. */
static bool ftp_is_space(int c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool ftp_is_verb_byte(int c)
{
	return ftp_is_letter(c) || c == '@';
}

static bool ftp_scan_verb(struct ctalg_reader *rd, u16 *verb)
{
	struct ctalg_span at;

	ctalg_scan_blanks(rd);
	at.off = rd->pos;
	while (ftp_is_verb_byte(ctalg_rd_peek(rd, 0)) ||
	       (rd->pos > at.off && ftp_is_digit(ctalg_rd_peek(rd, 0))))
		ctalg_rd_skip(rd, 1);
	at.len = rd->pos - at.off;
	if (!at.len || (!ctalg_scan_blanks(rd) && ctalg_rd_left(rd)))
		return false;
	*verb = ftp_verb(rd, at);
	return true;
}

/*
 * The verb that a server may find in a line that is not clean text: some pass over what Telnet
 * puts in between, with or without the option that follows, and some end a word at any white space. Policy must not be led past one.
 */
static u16 ftp_verb_loose(struct ctalg_reader *rd, bool options)
{
	struct ctalg_span at = { .len = 0 };
	u8 word[FTP_VERB_MAX];
	struct ctalg_reader w;
	int c, last = 0;

	for (; (c = ctalg_rd_peek(rd, 0)) >= 0; last = c, ctalg_rd_skip(rd, 1)) {
		if (ftp_is_verb_byte(c) || (at.len && ftp_is_digit(c))) {
			if (at.len == sizeof(word))
				return VERB_OTHER;
			word[at.len++] = (u8)c;
		} else if (at.len && ftp_is_space(c)) {
			break;
		} else if (c > ' ' && c < 0x7f) {
			return VERB_OTHER;
		} else if (options && last == 0xff && c >= 251 && c <= 254) {
			ctalg_rd_skip(rd, 1);
		}
	}
	ctalg_rd_init(&w, word, at.len);
	return at.len ? ftp_verb(&w, at) : (u16)VERB_OTHER;
}

static void ftp_scan_loose(struct ctalg_reader *rd, struct ctalg_report *r)
{
	struct ctalg_reader save = *rd;

	r->command = ftp_verb_loose(rd, false);
	if (r->command)
		return;
	*rd = save;
	r->command = ftp_verb_loose(rd, true);
}

/* The name behind a word of at least @digits digits; behind any if that is 0. */
static bool ftp_scan_second(const struct ctalg_reader *rd, u32 digits, struct ctalg_span *name)
{
	struct ctalg_reader at = *rd;
	u32 n = 0;

	while (ftp_is_digit(ctalg_rd_peek(&at, n)))
		n++;
	if (n < digits)
		return false;
	while (ctalg_rd_left(&at) && !ftp_is_space(ctalg_rd_peek(&at, 0)))
		ctalg_rd_skip(&at, 1);
	if (!ctalg_scan_blanks(&at) || !ctalg_rd_left(&at))
		return false;
	*name = ftp_rest(&at);
	return true;
}

/* Who, or about what; @rd stands behind the verb. */
static void ftp_parse_subject(const struct ctalg_reader *rd, struct ctalg_report *r)
{
	switch (ftp_verbs[r->command].arg) {
	case ARG_USER:
		r->user = ftp_rest(rd);
		break;
	case ARG_NAME:
		r->object = ftp_rest(rd);
		break;
	case ARG_WORD_NAME:
		if (!ftp_scan_second(rd, 0, &r->object))
			r->object = ftp_rest(rd);
		break;
	case ARG_TIME_NAME:
		/* Some servers let MDTM set the time, which is what MFMT is for. */
		if (ftp_scan_second(rd, 8, &r->object))
			r->command = VERB_MFMT;
		else
			r->object = ftp_rest(rd);
		break;
	default:
		break;
	}
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
	default:
		break;
	}
}

/*
 * Some servers end a line at a CR or a NUL, some pass over Telnet's bytes, and some take others
 * for blanks. Before the command Telnet's are the custom (RFC 959, section 4.1.3, ABOR).
 */
static bool ftp_is_ambiguous(struct ctalg_reader rd)
{
	int c;

	while (ctalg_rd_peek(&rd, 0) > 0xf0)
		ctalg_rd_skip(&rd, 1);
	for (; (c = ctalg_rd_peek(&rd, 0)) >= 0; ctalg_rd_skip(&rd, 1))
		if ((c < ' ' && c != '\t') || c == 0x7f || c == 0xff)
			return true;
	return false;
}

/*
 * Nor is a line that ends with LF alone the end of a request to everybody, nor an empty one
 * nothing, nor a very long one to be read at once.
 */
static bool ftp_is_odd_line(const struct ctalg_message *m)
{
	return m->len < 3 || m->len > FTP_LINE_SAFE || m->data[m->len - 1] != '\n' ||
	       m->data[m->len - 2] != '\r';
}

/*
 * Who is logged in shows in the answer: of two that are under way, nobody could tell whose
 * it is.
 */
static void ftp_note_login(struct ftp_state *st, struct ctalg_report *r)
{
	if (r->command == VERB_USER && st->login)
		r->ops |= CTALG_OP_AMBIGUOUS;
	if (r->command == VERB_USER || r->command == VERB_PASS || r->command == VERB_ACCT)
		st->login = st->pending;
}

static void ftp_parse_command(struct ftp_state *st, struct ctalg_reader *rd, struct ctalg_report *r)
{
	struct ctalg_reader line = *rd;

	if (!ctalg_rd_left(rd))
		return;
	r->ops |= CTALG_OP_ASKS;
	if (ftp_is_ambiguous(line))
		r->ops |= CTALG_OP_AMBIGUOUS;
	if (st->pending < ~0U)
		st->pending++;
	if (!r->reason && ftp_scan_verb(rd, &r->command)) {
		r->kind = ftp_verbs[r->command].kind;
	} else {
		*rd = line;
		ftp_scan_loose(rd, r);
		ctalg_scan_blanks(rd);
	}
	st->abor = r->command == VERB_ABOR;
	ftp_note_login(st, r);
	ftp_parse_subject(rd, r);
	ftp_parse_argument(st, rd, r);
	/* A request that was not understood has no pinhole that its refusal could close. */
	st->last = r->reason || !r->kind ? FTP_COMMAND : (u8)r->kind;
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
	if ((code == 230 || code == 232) && st->login)
		r->ops |= CTALG_OP_LOGIN;
	if (code >= 400 && st->login == 1)
		r->ops |= CTALG_OP_NO_LOGIN;
	if (r->ops & CTALG_OP_ANSWERED_ALL)
		st->pending = 1;
	st->login = st->pending > 1 && st->login ? st->login - 1 : 0;
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
		r->ops |= CTALG_OP_OPAQUE;
	}
	st->pending = 0;
	st->last = FTP_OTHER;
	st->abor = false;
}

static bool ftp_is_completion(u32 code)
{
	return code == 225 || code == 226;
}

/*
 * Does this line belong to an answer? The greeting does not. Nor does ABOR's own, if the one
 * before it has been taken for both: a transfer and the ABOR behind it are owed one each (RFC
 * 959, section 4.1.3), but there are servers that answer once.
 */
static bool ftp_is_answer(const struct ftp_state *st, u32 code)
{
	bool abors = ftp_is_completion(code) || code == 500 || code == 502;

	return st->pending && (st->greeted || (code != 120 && code != 220)) &&
	       !(st->aborted && abors);
}

static void ftp_reply_counts(struct ftp_state *st, u32 code, bool final, struct ctalg_report *r)
{
	bool answer = ftp_is_answer(st, code), ends = final && code >= 200;

	/* The connection closes with 421, whoever had asked for what. */
	if (answer && code != 421)
		r->ops |= CTALG_OP_ANSWERS;
	if (answer && (st->multi || !final))
		r->ops |= CTALG_OP_PART;
	if (answer && ends)
		r->ops |= CTALG_OP_ANSWERED;
	if (answer && ends && st->abor && st->pending == 2 && ftp_is_completion(code))
		r->ops |= CTALG_OP_ANSWERED_ALL;
	if (!final)
		return;
	st->multi = 0;
	st->aborted = r->ops & CTALG_OP_ANSWERED_ALL;
	if (!ends)
		return;
	st->found = false;
	st->greeted = true;
	if (answer)
		ftp_reply_ends(st, code, r);
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
	bool coded, final, first = !st->multi;
	u32 code = 0;

	r->kind = r->reason ? FTP_OTHER : FTP_REPLY;
	coded = ftp_scan_code(rd, &code);
	if (first && !coded)
		return;
	final = coded && (first || code == st->multi) && ctalg_rd_peek(rd, 0) != '-';
	if (!final && !first)
		code = st->multi;
	if (!r->reason && (code == 227 || code == 229))
		ftp_parse_passive(st, rd, code, final, r);
	ftp_reply_counts(st, code, final, r);
	if (!final)
		st->multi = (u16)code;
}

static void ftp_parse(void *state, const struct ctalg_message *m, struct ctalg_report *r)
{
	struct ftp_state *st = state;
	struct ctalg_reader rd;

	ftp_line(&rd, m->data, m->len);
	st->anchored[m->dir] = true;
	if (ftp_has_control_bytes(&rd))
		r->reason = FTP_R_CONTROL_BYTES;
	if (m->dir == CTALG_DIR_ORIG && ftp_is_odd_line(m))
		r->ops |= CTALG_OP_AMBIGUOUS;
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
	return ctalg_scan_alpha(&rd, FTP_OPENER_MAX, &verb) &&
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
		       (ctalg_scan_alpha(&rd, FTP_OPENER_MAX, &verb) &&
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

static u32 ftp_harmless(char *buf, u32 cap)
{
	static const char noop[] = "NOOP\r\n";

	if (cap < sizeof(noop) - 1)
		return 0;
	memcpy(buf, noop, sizeof(noop) - 1);
	return sizeof(noop) - 1;
}

static bool ftp_is_login(u16 command)
{
	return command == VERB_USER || command == VERB_PASS || command == VERB_ACCT;
}

/* A code of the rule's own has to be one of a refusal. */
static u32 ftp_answer_code(const struct ctalg_answer *a)
{
	if (a->code >= 400 && a->code <= 599)
		return a->code;
	if (a->reason == CTALG_R_POLICY_MALFORMED)
		return 501;
	if (a->reason == CTALG_R_POLICY_SIZE)
		return 500; /* RFC 959, section 4.2.2: "such as command line too long" */
	if (a->reason == CTALG_R_POLICY_RATE)
		return 450;
	if (a->reason == CTALG_R_POLICY_SESSIONS || ftp_is_login(a->command))
		return 530;
	if (a->reason == CTALG_R_POLICY_OPAQUE || a->command == VERB_AUTH)
		return 534; /* RFC 2228, section 5: "Request denied for policy reasons" */
	return 550;
}

static const char *ftp_answer_words(const struct ctalg_answer *a)
{
	switch (a->reason) {
	case CTALG_R_POLICY_MALFORMED:
		return "Refused by policy: this cannot be understood.";
	case CTALG_R_POLICY_RATE:
		return "Refused by policy: too often. Try again later.";
	case CTALG_R_POLICY_SESSIONS:
		return "Refused by policy: too many sessions. Close one first.";
	case CTALG_R_POLICY_OPAQUE:
		return "Refused by policy: go on without encryption.";
	case CTALG_R_POLICY_HIDE:
		return "Refused by policy: this names an inside address.";
	case CTALG_R_POLICY_SIZE:
		return "Refused by policy: this is too long.";
	case CTALG_R_POLICY_USER:
		return "Refused by policy: the user name is too long.";
	default:
		return "Refused by policy: this is not permitted here.";
	}
}

/* Text cannot end the line. */
static u32 ftp_put(char *buf, u32 cap, u32 n, const char *text, u32 len)
{
	u32 i;

	for (i = 0; i < len && text[i] && n < cap; i++)
		buf[n++] = text[i] >= ' ' && text[i] <= '~' ? text[i] : '?';
	return n;
}

static u32 ftp_answer(const struct ctalg_report *r, const struct ctalg_message *m,
		      const struct ctalg_answer *a, char *buf, u32 cap)
{
	u32 code = ftp_answer_code(a), n = 4;
	u32 len = min((u32)a->len, (u32)CTALG_ANSWER_TEXT);

	(void)m;
	if (!(r->ops & CTALG_OP_ANSWERS) || cap < CTALG_ANSWER_MAX)
		return 0;
	buf[0] = (char)('0' + code / 100);
	buf[1] = (char)('0' + code / 10 % 10);
	buf[2] = (char)('0' + code % 10);
	buf[3] = r->ops & CTALG_OP_ANSWERED ? ' ' : '-';
	n = len ? ftp_put(buf, cap - 2, n, a->text, len)
		: ftp_put(buf, cap - 2, n, ftp_answer_words(a), CTALG_ANSWER_TEXT);
	buf[n++] = '\r';
	buf[n++] = '\n';
	return n;
}

const struct ctalg_proto ftp_proto = {
	.name = "ftp",
	.l4 = CTALG_L4_TCP,
	.port = 21,
	.text = true,
	.state_size = sizeof(struct ftp_state),
	.max_message = 65535,
	.session = "login",
	.kinds = ftp_kinds,
	.n_kinds = ARRAY_SIZE(ftp_kinds),
	.unread = 1u << (FTP_R_TLS - CTALG_R_PRIVATE),
	.reasons = ftp_reasons,
	.n_reasons = ARRAY_SIZE(ftp_reasons),
	.commands = ftp_commands,
	.n_commands = ARRAY_SIZE(ftp_commands),
	.frame = ftp_frame,
	.parse = ftp_parse,
	.harmless = ftp_harmless,
	.answer = ftp_answer,
};
