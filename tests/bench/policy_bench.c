// SPDX-License-Identifier: GPL-2.0
/*
 * Usage: policy_bench CROWD RULES: compiles so many rules, none of which concerns a message,
 * and judges the message once in bench_judge(), whose instructions somebody else counts.
 * policy_bench alone: the names of the crowds, one a line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "src/engine/judge.h"
#include "tests/unit/policy_crowd.h"
#include "tests/unit/policy_model.h"

void bench_judge(const struct ctalg_rules *rules, const struct ctalg_report *r,
		 const struct ctalg_subject *s, struct ctalg_verdict *v);

void __attribute__((noinline))
bench_judge(const struct ctalg_rules *rules, const struct ctalg_report *r,
	    const struct ctalg_subject *s, struct ctalg_verdict *v)
{
	const struct ctalg_judge_ops ops = { .strict = false };

	ctalg_judge_message(rules, &policy_toy, r, s, &ops, NULL, v);
}

static void *bench_alloc(void *ctx, u32 size)
{
	(void)ctx;
	return malloc(size);
}

static void bench_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	(void)size;
	free(p);
}

static int bench(enum crowd of, u32 rules_n)
{
	const struct ctalg_memory memory = { .alloc = bench_alloc, .free = bench_free };
	struct ctalg_report r = { .command = 3, .ops = CTALG_OP_ASKS };
	struct ctalg_policy_error err = { .what = NULL };
	struct ctalg_rules *rules = NULL;
	struct ctalg_subject s;
	struct ctalg_verdict v;
	u32 len;
	void *image = crowd_image(of, rules_n, &len);

	if (ctalg_image_check(image, len, &err))
		rules = ctalg_rules_compile(image, &policy_toy, &memory, &err);
	if (!rules) {
		fprintf(stderr, "policy_bench: %s\n", err.what ? err.what : "no memory");
		return 1;
	}
	crowd_subject(&s);
	bench_judge(rules, &r, &s, &v);
	ctalg_rules_free(rules, &memory);
	free(image);
	return v.action != CTALG_ACTION_ALLOW;
}

int main(int argc, char **argv)
{
	u32 i;

	for (i = 0; i < CROWDS; i++) {
		if (argc != 3)
			puts(crowd_names[i]);
		else if (!strcmp(argv[1], crowd_names[i]))
			return bench(i, (u32)atoi(argv[2]));
	}
	return argc == 3;
}
