// SPDX-License-Identifier: GPL-2.0
/* After a byte of settings, a capture. */
#include "fuzz_parse.h"
#include "tests/unit/policy_random.h"
#include "tools/ctalg/explain.h"
#include "tools/ctalg/tool.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

void *need(void *memory)
{
	must(memory);
	return memory;
}

void fail(const char *format, ...)
{
	(void)format;
	abort();
}

enum {
	POLICIES = 3,
};

/* Some rules, always the same. */
static const void *policy_of(u8 number)
{
	static void *images[POLICIES];
	u64 seed = 1 + number;
	u32 len;

	if (number >= POLICIES)
		return NULL;
	if (!images[number])
		images[number] = random_image(&seed, 8u << (2 * number), &len);
	return images[number];
}

static void settings_of(struct explain_settings *set, u8 byte)
{
	static FILE *nowhere;

	if (!nowhere)
		nowhere = fopen("/dev/null", "w");
	must(nowhere);
	memset(set, 0, sizeof(*set));
	set->policy = byte & 7;
	set->quiet = byte & 8;
	set->json = byte & 16;
	set->out = nowhere;
	set->image = policy_of(byte >> 6);
	if (byte & 32) {
		set->inside[0] = (struct prefix){ { CTALG_AF_INET, { 10 } }, 8 };
		set->inside[1] = (struct prefix){ { CTALG_AF_INET6, { 0xfd } }, 8 };
		set->n_inside = 2;
		set->outside[0] = (struct ctalg_addr){ CTALG_AF_INET, { 198, 51, 100, 1 } };
		set->outside[1] = (struct ctalg_addr){ CTALG_AF_INET6, { 0x20, 1 } };
		set->n_outside = 2;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char error[EXPLAIN_ERROR_SIZE] = "";
	struct explain_settings set;
	struct explain *e;
	FILE *in;

	if (size < 2)
		return 0;
	settings_of(&set, data[0]);
	in = fmemopen((void *)(uintptr_t)(data + 1), size - 1, "r");
	must(in);
	e = explain_new(&set);
	must(explain_capture(e, in, error) || error[0]);
	explain_end(e);
	must(e->sums.used + e->sums.unused <= e->sums.opened);
	explain_free(e);
	return 0;
}
