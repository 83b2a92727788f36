// SPDX-License-Identifier: GPL-2.0
/*
 * Chunks of a dialog, each after a byte that tells its direction and length, through FTP's
 * framer and parser. Fewer bytes never make a framer surer: what it says of a message's
 * beginning it says again when there is more. Requests and answers are counted alike.
 */
#include "fuzz_parse.h"
#include "helpers/ftp/ftp_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* @asked: requests without an answer, by what the reports say. */
struct flow {
	struct ftp_state state;
	u32 asked;
};

/* The parser's own count is what its reports add up to. */
static void fuzz_line(struct flow *flow, u8 dir, const u8 *data, u32 len)
{
	u32 ops = fuzz_message(&ftp_proto, &flow->state, dir, data, len);

	must(!(ops & (CTALG_OP_ANSWERS | CTALG_OP_ANSWERED)) || flow->asked);
	if (ops & CTALG_OP_ANSWERED_ALL)
		flow->asked = 0;
	else if (ops & CTALG_OP_ANSWERED)
		flow->asked--;
	flow->asked += !!(ops & CTALG_OP_ASKS);
	must(flow->asked == flow->state.pending);
}

/* Returns what is left over. */
static u32 fuzz_chunk(struct flow *flow, u8 dir, const u8 *data, u32 len)
{
	u32 done = 0;

	while (done < len) {
		u32 left = len - done, cut = left > 1 ? left / 2 : left;
		struct ctalg_frame f, part;

		part = ftp_proto.frame(&flow->state, dir, 0, data + done, cut);
		f = ftp_proto.frame(&flow->state, dir, 0, data + done, left);
		must(part.verdict == CTALG_FRAME_MORE || part.verdict == f.verdict);
		if (f.verdict != CTALG_FRAME_MESSAGE && f.verdict != CTALG_FRAME_SKIP)
			break;
		must(part.verdict == CTALG_FRAME_MORE || part.n == f.n);
		must(f.n && (f.verdict == CTALG_FRAME_SKIP || f.n <= left));
		if (f.verdict == CTALG_FRAME_MESSAGE)
			fuzz_line(flow, dir, data + done, f.n);
		done += min(f.n, left);
	}
	return len - done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct flow flow = { .asked = 0 };

	while (size) {
		u8 dir = *data & 1;
		u32 len = (u32)min((size_t)(*data >> 1), --size);

		fuzz_chunk(&flow, dir, ++data, len);
		data += len;
		size -= len;
	}
	return 0;
}
