// SPDX-License-Identifier: GPL-2.0
/* A body: its Content-Type in the first line, and behind it what is of that type. */
#include "fuzz_parse.h"

#include <ctalg/mime.h>

#include "tests/unit/sdp_marked.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* In memory that ends where it ends. */
static unsigned int parse(const u8 *data, u32 len, struct ctalg_report *r, bool *found)
{
	const u8 *end = len ? memchr(data, '\n', len) : NULL;
	struct ctalg_span type = { .len = end ? (u32)(end - data) : 0 };
	struct ctalg_span body = { .off = end ? type.len + 1 : 0 };
	u8 *copy = malloc(len ? len : 1);
	unsigned int result;

	must(copy);
	if (len)
		memcpy(copy, data, len);
	body.len = len - body.off;
	ctalg_report_init(r);
	result = ctalg_mime_parse(copy, len, type, body, r, found);
	marked_safe(copy, len, r);
	free(copy);
	return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	STATIC_REPORT(r);
	unsigned int result;
	bool found;

	if (size >= 65536)
		return 0;
	result = parse(data, (u32)size, &r, &found);
	must(result == CTALG_R_NONE || result == CTALG_R_MALFORMED);
	must(found || !(r.n_wants + r.n_tokens + r.n_lengths + r.n_endpoints));
	must(!r.n_tokens || r.n_endpoints);
	return 0;
}
