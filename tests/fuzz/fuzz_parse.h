/* SPDX-License-Identifier: GPL-2.0 */
/* What must hold for any bytes at all: the parts of a fuzzer that each protocol shares. */
#ifndef CTALG_TESTS_FUZZ_PARSE_H
#define CTALG_TESTS_FUZZ_PARSE_H

#include <stdlib.h>

#include <ctalg/proto.h>

#include "tests/unit/rooms.h"

static inline void must(bool ok)
{
	if (!ok)
		abort();
}

static inline bool span_fits(struct ctalg_span at, u32 len)
{
	return at.off <= len && at.len <= len - at.off;
}

/* Who asks is not who answers; what is not an answer is not part of one, nor its end. */
static inline void fuzz_ops(const struct ctalg_proto *p, u8 dir, const struct ctalg_report *r)
{
	static const u32 answers = CTALG_OP_ANSWERS | CTALG_OP_ANSWERED | CTALG_OP_ANSWERED_ALL |
				   CTALG_OP_OPAQUE | CTALG_OP_PART | CTALG_OP_WITHDRAW;

	must(r->command < p->n_commands && (!r->command || r->ops & CTALG_OP_ASKS));
	must(dir == CTALG_DIR_ORIG ? !(r->ops & answers) : !(r->ops & CTALG_OP_ASKS));
	must(!(r->ops & (CTALG_OP_ANSWERED_ALL | CTALG_OP_OPAQUE)) || r->ops & CTALG_OP_ANSWERED);
	must(!(r->ops & CTALG_OP_WITHDRAW) || r->ops & CTALG_OP_ANSWERED);
}

/* One whole message, in memory that ends where it ends. Returns what it does. */
static inline u32 fuzz_message(const struct ctalg_proto *p, void *state, u8 dir, const u8 *data,
			       u32 len)
{
	STATIC_REPORT(r);
	struct ctalg_message m = { .len = len, .dir = dir };
	u8 *copy = malloc(len ? len : 1);
	u16 i;

	must(copy);
	if (len)
		memcpy(copy, data, len);
	m.data = copy;
	ctalg_report_init(&r);
	p->parse(state, &m, &r);
	must(r.kind < p->n_kinds && !(r.reason && r.n_endpoints));
	must(span_fits(r.user, len) && span_fits(r.object, len));
	for (i = 0; i < r.n_tokens; i++)
		must(span_fits(r.token[i].at, len) && r.token[i].endpoint < r.n_endpoints);
	for (i = 0; i < r.n_wants; i++)
		must(r.want[i].endpoint < r.n_endpoints);
	fuzz_ops(p, dir, &r);
	free(copy);
	return r.ops;
}

#endif /* CTALG_TESTS_FUZZ_PARSE_H */
