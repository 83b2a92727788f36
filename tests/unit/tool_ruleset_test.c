// SPDX-License-Identifier: GPL-2.0
/* The table of rules, read back: which ports it serves, and whether it is what we would write. */
#include "unit.h"

#include <jansson.h>

#include "tools/ctalg/nft.h"
#include "tools/ctalg/ruleset.h"

/* There is no kernel here whose table could be read or loaded. */
json_t *nft_list(const char *command)
{
	fail_msg("nothing here asks for \"%s\"", command);
	return NULL;
}

void nft_run(const char *commands)
{
	fail_msg("nothing here loads \"%s\"", commands);
}

#define HOOK(name)                                                                                 \
	"{\"chain\":{\"name\":\"" name "\",\"hook\":\"" name "\",\"prio\":-150}},"                 \
	"{\"rule\":{\"chain\":\"" name "\",\"expr\":[{\"jump\":{\"target\":\"attach\"}}]}}"

#define RULE(l4, port, object)                                                                     \
	",{\"rule\":{\"chain\":\"attach\",\"expr\":[{\"match\":{}},"                               \
	"{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"" l4 "\","                \
	"\"field\":\"dport\"}},\"right\":" #port "}},{\"ct helper\":\"" object "\"}]}}"

/* A table with our hooks and these rules. */
static enum found parse(struct attachments *all, const char *rules)
{
	char text[4096];
	enum found found;
	json_t *list;

	snprintf(text, sizeof(text), "[%s%s]", HOOK("prerouting") "," HOOK("output"), rules);
	list = json_loads(text, 0, NULL);
	assert_non_null(list);
	found = ruleset_parse(all, list);
	json_decref(list);
	return found;
}

static void both_transports_are_one_attachment(void **unused)
{
	struct attachments all;

	(void)unused;
	assert_int_equal(parse(&all, RULE("tcp", 21, "ftp") RULE("udp", 5060, "sip")
					     RULE("tcp", 5060, "sip-tcp")),
			 TABLE_OURS);
	assert_int_equal(all.n, 2);
	assert_true(attachments_have(&all, service_of("ftp"), 21));
	assert_true(attachments_have(&all, service_of("sip"), 5060));
	attachments_free(&all);
}

static void what_we_would_not_write_is_altered(void **unused)
{
	static const struct {
		const char *rules;
		size_t served;
	} rows[] = {
		{ RULE("udp", 5060, "sip"), 1 },
		{ RULE("tcp", 5060, "sip-tcp"), 1 },
		{ RULE("udp", 5060, "sip") RULE("tcp", 5061, "sip-tcp"), 2 },
		{ RULE("udp", 5060, "sip") RULE("tcp", 5060, "sip-tcp")
			  RULE("tcp", 5060, "sip-tcp"),
		  1 },
		{ RULE("tcp", 5060, "sip"), 0 },
		{ RULE("udp", 21, "ftp"), 0 },
		{ RULE("tcp", 21, "ftp-tcp"), 0 },
		{ RULE("tcp", 0, "ftp"), 0 },
	};
	struct attachments all;
	size_t i;

	(void)unused;
	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		assert_int_equal(parse(&all, rows[i].rules), TABLE_ALTERED);
		assert_int_equal(all.n, rows[i].served);
		attachments_free(&all);
	}
}

static void no_table_is_none(void **unused)
{
	struct attachments all;

	(void)unused;
	assert_int_equal(ruleset_parse(&all, NULL), TABLE_NONE);
	assert_int_equal(all.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(both_transports_are_one_attachment),
		cmocka_unit_test(what_we_would_not_write_is_altered),
		cmocka_unit_test(no_table_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
