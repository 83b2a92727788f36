// SPDX-License-Identifier: GPL-2.0
/*
 * Chunks of a dialog, each after a byte that tells its direction and length, through FTP's
 * framer and parser. Fewer bytes never make a framer surer: what it says of a message's
 * beginning it says again when there is more.
 */
#include "fuzz_parse.h"
#include "helpers/ftp/ftp_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Returns what is left over. */
static u32 fuzz_chunk(void *state, u8 dir, const u8 *data, u32 len)
{
	u32 done = 0;

	while (done < len) {
		u32 left = len - done, cut = left > 1 ? left / 2 : left;
		struct ctalg_frame f, part;

		part = ftp_proto.frame(state, dir, 0, data + done, cut);
		f = ftp_proto.frame(state, dir, 0, data + done, left);
		must(part.verdict == CTALG_FRAME_MORE || part.verdict == f.verdict);
		if (f.verdict != CTALG_FRAME_MESSAGE && f.verdict != CTALG_FRAME_SKIP)
			break;
		must(part.verdict == CTALG_FRAME_MORE || part.n == f.n);
		must(f.n && (f.verdict == CTALG_FRAME_SKIP || f.n <= left));
		if (f.verdict == CTALG_FRAME_MESSAGE)
			fuzz_message(&ftp_proto, state, dir, data + done, f.n);
		done += min(f.n, left);
	}
	return len - done;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u64 state[CTALG_PROTO_STATE / sizeof(u64)] = { 0 };

	while (size) {
		u8 dir = *data & 1;
		u32 len = (u32)min((size_t)(*data >> 1), --size);

		fuzz_chunk(state, dir, ++data, len);
		data += len;
		size -= len;
	}
	return 0;
}
