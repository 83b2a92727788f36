// SPDX-License-Identifier: GPL-2.0
#include "policy_crowd.h"
#include "unit.h"

const char *const crowd_names[CROWDS] = {
	[CROWD_USERS] = "other users",	      [CROWD_SUFFIXES] = "files that end otherwise",
	[CROWD_PREFIXES] = "files elsewhere", [CROWD_INSIDE] = "other inside hosts",
	[CROWD_COMMANDS] = "other commands",  [CROWD_MIX] = "all of these",
};

static void crowd_host(struct image_builder *b, u32 i)
{
	char name[32], net[32];

	snprintf(name, sizeof(name), "host%u", i);
	snprintf(net, sizeof(net), "10.1.%u.%u", i / 250, i % 250);
	image_set(b, name, net);
	image_where(b, CTALG_FIELD_INSIDE, name);
}

static void crowd_rule(struct image_builder *b, enum crowd of, u32 i)
{
	char word[32];

	image_rule(b, "toy", CTALG_CHAIN_COMMAND, CTALG_ACTION_DENY);
	image_where(b, CTALG_FIELD_COMMAND, of == CROWD_COMMANDS ? "RETR DELE" : "STOR");
	switch (of) {
	case CROWD_USERS:
		snprintf(word, sizeof(word), "user%u", i);
		image_where(b, CTALG_FIELD_USER, word);
		break;
	case CROWD_SUFFIXES:
		snprintf(word, sizeof(word), "*.%u.exe", i);
		image_where(b, CTALG_FIELD_OBJECT, word);
		break;
	case CROWD_PREFIXES:
		snprintf(word, sizeof(word), "/users/%u/*", i);
		image_where(b, CTALG_FIELD_OBJECT, word);
		break;
	case CROWD_INSIDE:
		crowd_host(b, i);
		break;
	default:
		snprintf(word, sizeof(word), "user%u", i);
		image_where_not(b, CTALG_FIELD_USER, word);
	}
}

void *crowd_image(enum crowd of, u32 rules, u32 *len)
{
	struct image_builder *b = image_begin();
	u32 i;

	for (i = 0; i < rules; i++)
		crowd_rule(b, of == CROWD_MIX ? i % CROWD_MIX : of, i);
	return image_finish(b, len);
}

void crowd_subject(struct ctalg_subject *s)
{
	memset(s, 0, sizeof(*s));
	s->inside = addr_of("10.200.0.1");
	s->outside = addr_of("192.0.2.1");
	s->command = 3;
	s->user = (const u8 *)"alice";
	s->user_len = 5;
	s->object = (const u8 *)"/pub/report.pdf";
	s->object_len = 15;
}
