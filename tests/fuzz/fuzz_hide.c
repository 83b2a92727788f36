// SPDX-License-Identifier: GPL-2.0
/* A text that leaves: no inside address is in it afterwards, and it is longer by what the edits say. */
#include "fuzz_parse.h"
#include "src/engine/hide.h"

enum { TEXT_MAX = 4096 };

static const struct ctalg_report nothing;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 10.0.0.0/8 and fd00::/8. */
static bool is_inside(void *ctx, const struct ctalg_addr *a)
{
	(void)ctx;
	return a->b[0] == (a->family == CTALG_AF_INET ? 10 : 0xfd);
}

static const struct ctalg_hide hosts[] = {
	{ .self = { CTALG_AF_INET, { 10, 0, 0, 2 } },
	  .shown = { CTALG_AF_INET, { 198, 51, 100, 1 } },
	  .inside = is_inside },
	{ .self = { CTALG_AF_INET6, { 0xfd, [15] = 2 } },
	  .shown = { CTALG_AF_INET6, { 0x20, 0x01, 0x0d, 0xb8, [15] = 1 } },
	  .inside = is_inside },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static u8 out[TEXT_MAX + CTALG_EDITS_TEXT];
	struct ctalg_message m;
	EDITS(e);
	u8 *copy;

	if (size < 2 || size > TEXT_MAX)
		return 0;
	m = (struct ctalg_message){ .len = (u32)size - 1 };
	copy = malloc(m.len);
	must(copy);
	memcpy(copy, data + 1, m.len);
	m.data = copy;
	ctalg_edits_init(&e);
	if (!ctalg_hide_message(&hosts[data[0] & 1], &m, &nothing, &e)) {
		u32 n = ctalg_edits_apply(&e, m.data, m.len, out, sizeof(out));

		must(n == (u32)((s32)m.len + ctalg_edits_delta(&e)));
		m.data = out;
		m.len = n;
		ctalg_edits_init(&e);
		must(!ctalg_hide_message(&hosts[data[0] & 1], &m, &nothing, &e) && !e.n);
	} else {
		must(!e.n && !e.used);
	}
	free(copy);
	return 0;
}
