// SPDX-License-Identifier: GPL-2.0
#include "echo.h"

bool ctalg_echo_same(const struct ctalg_echo *e, u32 seq, const u8 *data, u32 len)
{
	u32 skip = (s32)(e->seq - seq) > 0 ? e->seq - seq : 0;
	u32 off = seq + skip - e->seq, n;

	if (skip >= len || off >= e->bytes.len)
		return true;
	n = min(len - skip, e->bytes.len - off);
	return !memcmp(e->bytes.p + off, data + skip, n);
}

/* Up to where the receiver has everything, as the sender counts. */
static u32 echo_acked(const struct ctalg_stream *s)
{
	u32 acked = s->r_una == s->r_fwd ? s->s_fwd
					 : ctalg_journal_unmap(&s->journal, s->r_una, false);

	return (s32)(acked - s->s_fwd) > 0 ? s->s_fwd : acked;
}

void ctalg_echo_acked(struct ctalg_echo *e, const struct ctalg_stream *s,
		      const struct ctalg_memory *mem)
{
	u32 n = echo_acked(s) - e->seq;

	if (!e->bytes.len || (s32)n <= 0)
		return;
	n = min(n, e->bytes.len);
	memmove(e->bytes.p, e->bytes.p + n, e->bytes.len - n);
	e->bytes.len -= n;
	e->seq += n;
	if (!e->bytes.len)
		ctalg_buffer_free(&e->bytes, mem);
}

/* While memory is scarce a flow may only keep little. */
static bool echo_room(struct ctalg_echo *e, u32 n, const struct ctalg_memory *mem)
{
	if (e->bytes.len + n > CTALG_HOLD_SCARCE && mem->scarce && mem->scarce(mem->ctx))
		return false;
	return ctalg_buffer_room(&e->bytes, n, CTALG_ECHO_MAX, mem);
}

bool ctalg_echo_said(struct ctalg_echo *e, const struct ctalg_stream *s, u32 seq, const u8 *data,
		     u32 len, const struct ctalg_memory *mem)
{
	u32 next = s->s_next - s->fin, acked = echo_acked(s), end, skip;

	/* Of a segment that was cut short, what was left to the sender has not been said. */
	if ((s32)(seq + len - next) > 0)
		len -= min(len, seq + len - next);
	if (!e->bytes.len)
		e->seq = (s32)(acked - seq) > 0 ? acked : seq;
	end = e->seq + e->bytes.len;
	if ((s32)(seq - end) > 0 || (s32)(end - (seq + len)) >= 0)
		return true;
	skip = end - seq;
	if (!echo_room(e, len - skip, mem))
		return false;
	memcpy(e->bytes.p + e->bytes.len, data + skip, len - skip);
	e->bytes.len += len - skip;
	return true;
}

void ctalg_echo_free(struct ctalg_echo *e, const struct ctalg_memory *mem)
{
	ctalg_buffer_free(&e->bytes, mem);
}
