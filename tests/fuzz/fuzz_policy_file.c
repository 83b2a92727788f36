// SPDX-License-Identifier: GPL-2.0
/* Any bytes as a policy file. What is read is an image that the kernel takes, and what is printed of it is read as the same. */
#include <stdio.h>

#include "fuzz_parse.h"
#include "tools/ctalg/policy_file.h"
#include "tools/ctalg/tool.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void *need(void *memory)
{
	must(memory);
	return memory;
}

static void check_faults(const struct policy_faults *faults)
{
	size_t i;

	for (i = 0; i < faults->n; i++) {
		must(faults->f[i].line && faults->f[i].column && faults->f[i].text[0]);
		must(!i || faults->f[i].line >= faults->f[i - 1].line);
	}
}

static char *printed(const void *image, size_t *len)
{
	char *text;
	FILE *to = open_memstream(&text, len);

	must(to);
	policy_print(to, image);
	fclose(to);
	return text;
}

/* But for the lines in which the rules stand. */
static void must_be_same(const struct policy_file *a, const struct policy_file *b)
{
	struct ctalg_image_rule *x, *y;
	u32 n, i;

	must(a->len == b->len);
	x = (struct ctalg_image_rule *)(uintptr_t)ctalg_image_rules(a->image, &n);
	y = (struct ctalg_image_rule *)(uintptr_t)ctalg_image_rules(b->image, &n);
	for (i = 0; i < n; i++)
		y[i].line = x[i].line;
	must(!memcmp(a->image, b->image, a->len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *text = malloc(size ? size : 1);
	struct ctalg_policy_error err;
	struct policy_file p, again;

	must(text);
	if (size)
		memcpy(text, data, size);
	must(policy_file_parse(&p, text, size) == !p.errors.n);
	must(p.errors.n <= POLICY_ERRORS_MAX && !(p.errors.n && p.image));
	check_faults(&p.errors);
	check_faults(&p.warnings);
	free(text);
	if (p.image) {
		must(ctalg_image_check(p.image, p.len, &err));
		text = printed(p.image, &size);
		must(policy_file_parse(&again, text, size));
		must_be_same(&p, &again);
		policy_file_free(&again);
		free(text);
	}
	policy_file_free(&p);
	return 0;
}
