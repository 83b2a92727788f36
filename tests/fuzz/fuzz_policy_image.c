// SPDX-License-Identifier: GPL-2.0
/*
 * Bytes as an image: if it passes its check and compiles, the same rules match as if each had
 * been tried. The first bytes make up the subject.
 */
#include "fuzz_parse.h"
#include "tests/unit/policy_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Two bytes choose a text of the image, so that it is one that rules may know. */
static u32 fuzz_text(const void *image, const u8 *choice, const u8 **text)
{
	const struct ctalg_image_head *h = image;
	u32 n, from = h->strings ? choice[0] % h->strings : 0;

	*text = (const u8 *)ctalg_image_string(image, from << 8, &n);
	n = choice[1] % 24;
	return min(n, h->strings - from);
}

/* One of the image's own addresses, or 16 bytes as they are. */
static struct ctalg_addr fuzz_addr(const void *image, u8 choice)
{
	struct ctalg_addr a = { .family = choice & 1 ? CTALG_AF_INET : CTALG_AF_INET6 };
	u32 n;
	const struct ctalg_image_prefix *p = ctalg_image_prefixes(image, &n);

	memset(a.b, choice, ctalg_addr_len(&a));
	if (!n || choice < 64)
		return a;
	a.family = p[choice % n].family;
	memcpy(a.b, p[choice % n].addr, sizeof(a.b));
	return a;
}

static void fuzz_subject(const void *image, const struct ctalg_rules *rules, const u8 *choice)
{
	static const char *const events[] = { NULL, "denied", "reset", "policy-denied" };
	struct ctalg_subject s = { .mark = choice[0],
				   .zone = choice[1],
				   .command = choice[2] % 8,
				   .event = events[choice[3] & 3],
				   .reason = events[choice[3] >> 2 & 3] };
	u32 n, i;
	const u32 *value = ctalg_image_values(image, &n);

	if (n && choice[3] & 0x80) {
		s.mark = value[choice[0] % n];
		s.zone = (u16)value[choice[1] % n];
	}
	s.inside = fuzz_addr(image, choice[4]);
	s.outside = fuzz_addr(image, choice[5]);
	s.user_len = fuzz_text(image, choice + 6, &s.user);
	s.object_len = fuzz_text(image, choice + 8, &s.object);
	must(model_agrees(image, &policy_toy, rules, &s));
	for (i = 0; i < CTALG_CHAINS; i++) {
		const struct ctalg_image_rule *r;
		u16 first, last;

		must(ctalg_rules_any(rules, (u8)i) ||
		     !model_match(image, &policy_toy, (u8)i, &s, NULL));
		r = ctalg_rules_match(rules, (u8)i, &s, NULL);
		if (!r || r->chain != CTALG_CHAIN_PORTS || r->action != CTALG_ACTION_ON)
			continue;
		first = ctalg_rules_ports(rules, r, &s.inside, &last);
		must(first >= r->arg[0] >> 16 && first <= last && last <= (r->arg[0] & 0xffff));
	}
}

static void *fuzz_alloc(void *ctx, u32 size)
{
	(void)ctx;
	return malloc(size);
}

static void fuzz_free(void *ctx, void *p, u32 size)
{
	(void)ctx;
	(void)size;
	free(p);
}

/* The image's own idea of its length and what it begins with is not left to chance. */
static void fuzz_head(u32 *image, u32 len)
{
	if (len < sizeof(struct ctalg_image_head))
		return;
	image[0] = CTALG_IMAGE_MAGIC;
	image[1] = CTALG_IMAGE_VERSION;
	image[2] = len;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct ctalg_memory memory = { .alloc = fuzz_alloc, .free = fuzz_free };
	struct ctalg_policy_error err = { .what = NULL };
	struct ctalg_rules *rules;
	u32 len;
	u8 *image;

	if (size < 20)
		return 0;
	len = (u32)(size - 20);
	image = malloc(len ? len : 1);
	must(image);
	memcpy(image, data + 20, len);
	fuzz_head((u32 *)(void *)image, len);
	if (!ctalg_image_check(image, len, &err)) {
		must(err.what);
		free(image);
		return 0;
	}
	rules = ctalg_rules_compile(image, &policy_toy, &memory, &err);
	if (rules) {
		fuzz_subject(image, rules, data);
		fuzz_subject(image, rules, data + 10);
	}
	must(rules || err.what);
	ctalg_rules_free(rules, &memory);
	free(image);
	return 0;
}
