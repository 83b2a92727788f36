// SPDX-License-Identifier: GPL-2.0
#include <ctalg/proto.h>

struct ctalg_frame ctalg_frame_line(const u8 *data, u32 len)
{
	struct ctalg_frame f = { .verdict = CTALG_FRAME_MORE };
	u32 i;

	for (i = 0; i < len; i++) {
		if (data[i] == '\n') {
			f.verdict = CTALG_FRAME_MESSAGE;
			f.n = i + 1;
			break;
		}
	}
	return f;
}
