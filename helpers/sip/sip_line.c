// SPDX-License-Identifier: GPL-2.0
#include "sip_line.h"

#define NAME(text, compact, id)                                                                    \
	{                                                                                          \
		text, sizeof(text) - 1, compact, SIP_HEADER_##id                                   \
	}

/* RFC 3261, 3262, 3325, 3326, 3327, 3515, 3608, 3892, 4028, 5806, 7044, and what phones send. */
static const struct {
	const char *name;
	u8 len;
	char compact;
	u8 id;
} headers[] = {
	NAME("AUTHORIZATION", 0, AUTHORIZATION),
	NAME("CALL-ID", 'I', CALL_ID),
	NAME("CALL-INFO", 0, STRIP),
	NAME("CONTACT", 'M', CONTACT),
	NAME("CONTENT-ENCODING", 'E', CONTENT_ENCODING),
	NAME("CONTENT-LENGTH", 'L', CONTENT_LENGTH),
	NAME("CONTENT-TYPE", 'C', CONTENT_TYPE),
	NAME("CSEQ", 0, CSEQ),
	NAME("DIVERSION", 0, NAME),
	NAME("EXPIRES", 0, EXPIRES),
	NAME("FROM", 'F', FROM),
	NAME("GEOLOCATION", 0, STRIP),
	NAME("HISTORY-INFO", 0, NAME),
	NAME("ORGANIZATION", 0, STRIP),
	NAME("P-ACCESS-NETWORK-INFO", 0, STRIP),
	NAME("P-ASSERTED-IDENTITY", 0, ASSERTED),
	NAME("P-PREFERRED-IDENTITY", 0, PATH),
	NAME("PATH", 0, PATH),
	NAME("PROXY-AUTHORIZATION", 0, AUTHORIZATION),
	NAME("RECORD-ROUTE", 0, PATH),
	NAME("REFER-TO", 'R', PATH),
	NAME("REFERRED-BY", 'B', PATH),
	NAME("REMOTE-PARTY-ID", 0, NAME),
	NAME("REPLY-TO", 0, PATH),
	NAME("REQUIRE", 0, REQUIRE),
	NAME("ROUTE", 0, PATH),
	NAME("SERVER", 0, STRIP),
	NAME("SERVICE-ROUTE", 0, PATH),
	NAME("SESSION-EXPIRES", 'X', SESSION_EXPIRES),
	NAME("TO", 'T', TO),
	NAME("USER-AGENT", 0, STRIP),
	NAME("VIA", 'V', VIA),
};

#undef NAME

u8 sip_header_of(const struct ctalg_reader *rd, struct ctalg_span name)
{
	struct ctalg_reader at;
	u32 i, first;

	ctalg_rd_sub(&at, rd, name);
	/* Names begin with letters: the compare below is for those whose letter and length agree. */
	first = (u32)ctalg_rd_peek(&at, 0) & 0xdf;
	for (i = 0; i < ARRAY_SIZE(headers); i++) {
		if (name.len == 1 ? first == (u32)headers[i].compact
				  : name.len == headers[i].len && first == (u8)*headers[i].name &&
					    ctalg_span_is(rd, name, headers[i].name))
			return headers[i].id;
	}
	return SIP_HEADER_OTHER;
}

static bool is_blank(int c)
{
	return c == ' ' || c == '\t';
}

static bool is_lws(int c)
{
	return is_blank(c) || c == '\r' || c == '\n';
}

/* Consumes all up to a line end that no fold follows, and that. */
static bool scan_to_end(struct ctalg_reader *rd)
{
	struct ctalg_span part;

	do {
		if (!ctalg_scan_until(rd, '\n', &part)) {
			ctalg_rd_skip(rd, ctalg_rd_left(rd));
			return false;
		}
		ctalg_rd_skip(rd, 1);
	} while (is_blank(ctalg_rd_peek(rd, 0)));
	return true;
}

static struct ctalg_span trimmed(const struct ctalg_reader *rd, struct ctalg_span at)
{
	struct ctalg_reader sub;

	ctalg_rd_sub(&sub, rd, at);
	sip_scan_lws(&sub);
	while (ctalg_rd_left(&sub) && is_lws(ctalg_rd_peek(&sub, ctalg_rd_left(&sub) - 1)))
		sub.end--;
	at.off = sub.pos;
	at.len = ctalg_rd_left(&sub);
	return at;
}

static bool scan_line_end(struct ctalg_reader *rd)
{
	if (ctalg_rd_peek(rd, 0) == '\r' && ctalg_rd_peek(rd, 1) == '\n')
		ctalg_rd_skip(rd, 1);
	return ctalg_scan_char(rd, '\n');
}

enum sip_line_kind sip_scan_line(struct ctalg_reader *rd, struct sip_line *line)
{
	u32 from = rd->pos;
	bool named;

	memset(line, 0, sizeof(*line));
	if (scan_line_end(rd))
		return SIP_LINE_BLANK;
	named = sip_scan_token(rd, &line->name);
	ctalg_scan_blanks(rd);
	named = named && ctalg_scan_char(rd, ':');
	line->value.off = rd->pos;
	if (!scan_to_end(rd))
		return SIP_LINE_CUT;
	line->whole = sip_since(rd, from);
	line->value = trimmed(rd, sip_since(rd, line->value.off));
	return named ? SIP_LINE_HEADER : SIP_LINE_ODD;
}

u32 sip_scan_blank_lines(struct ctalg_reader *rd)
{
	u32 from = rd->pos;

	while (ctalg_rd_peek(rd, 0) == '\r' || ctalg_rd_peek(rd, 0) == '\n')
		ctalg_rd_skip(rd, 1);
	return rd->pos - from;
}

bool sip_scan_first_line(struct ctalg_reader *rd, struct ctalg_span *at)
{
	if (!ctalg_scan_until(rd, '\n', at))
		return false;
	ctalg_rd_skip(rd, 1);
	if (at->len && rd->base[at->off + at->len - 1] == '\r')
		at->len--;
	return true;
}
