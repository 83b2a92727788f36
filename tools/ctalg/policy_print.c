// SPDX-License-Identifier: GPL-2.0
/* An image as a file that says the same. */
#include <string.h>

#include "../../src/engine/grant.h"
#include "policy_file.h"

enum {
	/* A list goes on in another line behind this column. */
	WIDTH = 90,
};

/**
 * struct printer - what is being printed
 * @column: where the line is, roughly
 * @indent: how far lines of lists are indented; none are begun if it is negative
 */
struct printer {
	FILE *to;
	const void *image;
	int column;
	int indent;
};

static void say(struct printer *p, const char *text)
{
	fputs(text, p->to);
	p->column += (int)strlen(text);
}

static void say_number(struct printer *p, u32 n)
{
	p->column += fprintf(p->to, "%u", n);
}

static void begin(struct printer *p, u32 i)
{
	if (!i)
		return;
	if (p->indent < 0 || p->column < WIDTH) {
		say(p, ", ");
		return;
	}
	fputs(",\n", p->to);
	for (p->column = 0; p->column < p->indent; p->column += 8)
		putc('\t', p->to);
}

static void say_string(struct printer *p, u32 ref)
{
	u32 len;
	const char *text = ctalg_image_string(p->image, ref, &len);

	p->column += fprintf(p->to, "%.*s", (int)len, text);
}

/* What a file cannot say, for no file has made it, becomes "?", which matches it too. */
static void say_quoted(struct printer *p, u32 ref)
{
	u32 len, i;
	const char *text = ctalg_image_string(p->image, ref, &len);

	putc('"', p->to);
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			putc('\\', p->to);
		putc(c < ' ' || c == 0x7f ? '?' : c, p->to);
	}
	putc('"', p->to);
	p->column += (int)len + 2;
}

static void say_address(struct printer *p, const struct ctalg_image_prefix *prefix)
{
	struct ctalg_addr a = { .family = prefix->family };
	char text[64];

	memcpy(a.b, prefix->addr, sizeof(a.b));
	text[ctalg_addr_write(&a, text, sizeof(text) - 1)] = 0;
	say(p, text);
	if (prefix->len == 8 * ctalg_addr_len(&a))
		return;
	say(p, "/");
	say_number(p, prefix->len);
}

static void say_prefixes(struct printer *p, const struct ctalg_image_set *set)
{
	u32 n, i;
	const struct ctalg_image_prefix *prefix = ctalg_image_prefixes(p->image, &n) + set->prefix;

	for (i = 0; i < set->n; i++) {
		begin(p, i);
		say_address(p, &prefix[i]);
	}
}

static void say_set(struct printer *p, u32 number)
{
	u32 n;
	const struct ctalg_image_set *set = ctalg_image_sets(p->image, &n) + number;

	if (set->name & 255)
		say_string(p, set->name);
	else
		say_prefixes(p, set);
}

static void say_mark(struct printer *p, const u32 *value)
{
	p->column += fprintf(p->to, "0x%x", value[0]);
	if (value[1] != 0xffffffff)
		p->column += fprintf(p->to, "/0x%x", value[1]);
}

static void say_command(struct printer *p, u32 ref)
{
	u32 len;
	const char *text = ctalg_image_string(p->image, ref, &len);

	if (len && text[0] == '@')
		p->column += fprintf(p->to, "%.*s", (int)len - 1, text + 1);
	else
		say_string(p, ref);
}

static void say_value(struct printer *p, u8 field, const u32 *value)
{
	switch (field) {
	case CTALG_FIELD_COMMAND:
		say_command(p, *value);
		break;
	case CTALG_FIELD_EVENT:
		say_string(p, *value);
		break;
	case CTALG_FIELD_USER:
	case CTALG_FIELD_OBJECT:
		say_quoted(p, *value);
		break;
	case CTALG_FIELD_MARK:
		say_mark(p, value);
		break;
	case CTALG_FIELD_ZONE:
		say_number(p, *value);
		break;
	default:
		say_set(p, *value);
	}
}

static void say_values(struct printer *p, const struct ctalg_image_criterion *c)
{
	u32 size = c->field == CTALG_FIELD_MARK ? 2 : 1, n, i;
	const u32 *value = ctalg_image_values(p->image, &n) + c->values;

	for (i = 0; i < c->n; i += size) {
		begin(p, i);
		say_value(p, c->field, &value[i]);
	}
}

static const struct ctalg_image_criterion *criterion_of(struct printer *p,
							const struct ctalg_image_rule *r, u8 field)
{
	u32 n, i;
	const struct ctalg_image_criterion *c = ctalg_image_criteria(p->image, &n) + r->criteria;

	for (i = 0; i < r->n_criteria; i++)
		if (c[i].field == field)
			return &c[i];
	return NULL;
}

/* A rule has the values of these right behind its own words. */
static void say_list_of(struct printer *p, const struct ctalg_image_rule *r, u8 field)
{
	const struct ctalg_image_criterion *c = criterion_of(p, r, field);

	if (!c)
		return;
	say(p, " ");
	say_values(p, c);
}

static void say_criteria(struct printer *p, const struct ctalg_image_rule *r)
{
	static const char *const words[CTALG_FIELDS] = {
		[CTALG_FIELD_USER] = " user ",	   [CTALG_FIELD_OBJECT] = " object ",
		[CTALG_FIELD_INSIDE] = " inside ", [CTALG_FIELD_OUTSIDE] = " outside ",
		[CTALG_FIELD_MARK] = " mark ",	   [CTALG_FIELD_ZONE] = " zone ",
	};
	u8 field;

	for (field = 0; field < CTALG_FIELDS; field++) {
		const struct ctalg_image_criterion *c = criterion_of(p, r, field);

		if (!c || !words[field])
			continue;
		say(p, words[field]);
		say(p, c->negate ? "not " : "");
		say_values(p, c);
	}
}

static void say_answer(struct printer *p, const struct ctalg_image_rule *r)
{
	if (r->action != CTALG_ACTION_DENY || (!r->arg[0] && !(r->arg[1] & 255)))
		return;
	say(p, " answer");
	if (r->arg[0]) {
		say(p, " ");
		say_number(p, r->arg[0]);
	}
	if (r->arg[1] & 255) {
		say(p, " ");
		say_quoted(p, r->arg[1]);
	}
}

static const char *const verdicts[CTALG_ACTIONS] = {
	[CTALG_ACTION_ALLOW] = "allow",
	[CTALG_ACTION_DENY] = "deny",
	[CTALG_ACTION_DROP] = "drop",
	[CTALG_ACTION_RESET] = "reset",
};

static void say_request(struct printer *p, const struct ctalg_image_rule *r)
{
	bool limit = r->chain != CTALG_CHAIN_COMMAND;
	u32 n;

	say(p, limit ? "limit " : verdicts[r->action]);
	if (r->chain == CTALG_CHAIN_SIZE) {
		say(p, "size ");
		say_number(p, r->arg[2]);
	}
	if (r->chain == CTALG_CHAIN_LIMIT)
		say_string(p, ctalg_image_limits(p->image, &n)[r->arg[2]].name);
	say_list_of(p, r, CTALG_FIELD_COMMAND);
	say_criteria(p, r);
	if (limit && r->action != CTALG_ACTION_DENY) {
		say(p, " else ");
		say(p, verdicts[r->action]);
	}
	say_answer(p, r);
}

static void say_ports(struct printer *p, u32 range)
{
	say(p, " ");
	say_number(p, range >> 16);
	say(p, "-");
	say_number(p, range & 0xffff);
}

static void say_loose(struct printer *p, const struct ctalg_image_rule *r)
{
	if (r->action != CTALG_ACTION_ON || r->arg[0] == CTALG_IMAGE_ANY)
		return;
	say(p, " to ");
	say_set(p, r->arg[0]);
}

static void say_source(struct printer *p, const struct ctalg_image_rule *r)
{
	say(p, " ");
	if (r->action != CTALG_ACTION_ON)
		say(p, "peer");
	else if (r->arg[0] == CTALG_IMAGE_ANY)
		say(p, "any");
	else
		say_set(p, r->arg[0]);
}

static void say_opaque(struct printer *p, const struct ctalg_image_rule *r)
{
	static const char *const words[CTALG_ACTIONS] = {
		[CTALG_ACTION_DENY] = " deny",
		[CTALG_ACTION_OFF] = " closed",
		[CTALG_ACTION_DETACH] = " detach",
		[CTALG_ACTION_RANGE] = " passive-range",
	};

	say(p, words[r->action]);
	if (r->action == CTALG_ACTION_RANGE)
		say_ports(p, r->arg[0]);
}

static void say_outside_ports(struct printer *p, const struct ctalg_image_rule *r)
{
	if (r->action != CTALG_ACTION_ON)
		return;
	say_ports(p, r->arg[0]);
	if (!r->arg[1])
		return;
	say(p, " block ");
	say_number(p, r->arg[1]);
}

static void say_log(struct printer *p, const struct ctalg_image_rule *r)
{
	static const char *const levels[] = { "emerg",	 "alert",  "crit", "err",
					      "warning", "notice", "info", "debug" };

	say_list_of(p, r, CTALG_FIELD_EVENT);
	if (r->action != CTALG_ACTION_ON)
		return;
	if (r->arg[0] == CTALG_IMAGE_ANY) {
		say(p, " level ");
		say(p, levels[r->arg[1] & 7]);
	} else {
		say(p, " group ");
		say_number(p, r->arg[0]);
	}
	if (!(r->arg[2] & 255))
		return;
	say(p, " prefix ");
	say_quoted(p, r->arg[2]);
}

static void say_ice(struct printer *p, const struct ctalg_image_rule *r)
{
	static const char *const words[CTALG_GRANT_ICES] = {
		[CTALG_GRANT_ICE_AUTO] = " auto",
		[CTALG_GRANT_ICE_LEAVE] = " leave",
		[CTALG_GRANT_ICE_REWRITE] = " rewrite",
	};

	say(p, words[r->arg[0]]);
}

static void say_media(struct printer *p, const struct ctalg_image_rule *r)
{
	say(p, r->action == CTALG_ACTION_ON ? " hairpin" : " direct");
}

static void say_ended(struct printer *p, const struct ctalg_image_rule *r)
{
	say(p, r->action == CTALG_ACTION_ON ? " cut" : " keep");
}

/* Of these, "no" says the opposite; others have a word for it. */
static bool has_no(u8 chain)
{
	return chain == CTALG_CHAIN_STRICT || chain == CTALG_CHAIN_HIDE ||
	       chain == CTALG_CHAIN_LOOSE || chain == CTALG_CHAIN_PORTS || chain == CTALG_CHAIN_LOG;
}

static void say_setting(struct printer *p, const struct ctalg_image_rule *r)
{
	static const struct {
		const char *word;
		void (*say)(struct printer *p, const struct ctalg_image_rule *r);
	} settings[CTALG_CHAINS] = {
		[CTALG_CHAIN_STRICT] = { "strict", NULL },
		[CTALG_CHAIN_HIDE] = { "hide", NULL },
		[CTALG_CHAIN_LOOSE] = { "loose", say_loose },
		[CTALG_CHAIN_SOURCE] = { "source", say_source },
		[CTALG_CHAIN_OPAQUE] = { "opaque", say_opaque },
		[CTALG_CHAIN_PORTS] = { "outside-ports", say_outside_ports },
		[CTALG_CHAIN_LOG] = { "log", say_log },
		[CTALG_CHAIN_ICE] = { "ice", say_ice },
		[CTALG_CHAIN_MEDIA] = { "media", say_media },
		[CTALG_CHAIN_ENDED] = { "ended", say_ended },
	};

	say(p, has_no(r->chain) && r->action == CTALG_ACTION_OFF ? "no " : "");
	say(p, settings[r->chain].word);
	if (settings[r->chain].say)
		settings[r->chain].say(p, r);
	say_criteria(p, r);
}

static void say_rule(struct printer *p, const struct ctalg_image_rule *r)
{
	if (ctalg_chain_refuses(r->chain))
		say_request(p, r);
	else
		say_setting(p, r);
}

void policy_print_rule(FILE *to, const void *image, const struct ctalg_image_rule *rule)
{
	struct printer p = { .to = to, .image = image, .indent = -1 };

	say_rule(&p, rule);
}

static void say_limit(struct printer *p, const struct ctalg_image_limit *l)
{
	static const char *const pers[CTALG_PERS] = {
		[CTALG_PER_HOST] = " per host", [CTALG_PER_USER] = " per user"
	};

	say(p, "limit ");
	say_string(p, l->name);
	say(p, " ");
	if (l->period) {
		say_number(p, l->events);
		say(p, l->period == 1000      ? "/second"
		       : l->period == 60000   ? "/minute"
		       : l->period == 3600000 ? "/hour"
					      : "/day");
		say(p, " burst ");
		say_number(p, l->burst);
	} else {
		say_number(p, l->sessions);
		say(p, " sessions");
	}
	say(p, pers[l->per] ? pers[l->per] : "");
	say(p, "\n");
}

static void say_definitions(struct printer *p)
{
	u32 n, i;
	const struct ctalg_image_set *sets = ctalg_image_sets(p->image, &n);
	const struct ctalg_image_limit *limits;

	for (i = 0; i < n; i++) {
		if (!(sets[i].name & 255))
			continue;
		p->column = 0;
		say(p, "set ");
		say_string(p, sets[i].name);
		say(p, " { ");
		say_prefixes(p, &sets[i]);
		say(p, " }\n");
	}
	limits = ctalg_image_limits(p->image, &n);
	for (i = 0; i < n; i++)
		say_limit(p, &limits[i]);
}

static void say_sections(struct printer *p)
{
	u32 n, i;
	const struct ctalg_image_rule *r = ctalg_image_rules(p->image, &n);

	for (i = 0; i < n; i++) {
		if (!i || r[i].helper != r[i - 1].helper) {
			say(p, i ? "}\n" : "");
			if (r[i].helper & 255)
				say_string(p, r[i].helper);
			else
				say(p, "any");
			say(p, " {\n");
		}
		p->column = 8;
		fputs("\t", p->to);
		say_rule(p, &r[i]);
		fprintf(p->to, "  # line %u\n", r[i].line);
	}
	say(p, n ? "}\n" : "");
}

void policy_print(FILE *to, const void *image)
{
	struct printer p = { .to = to, .image = image, .indent = 16 };

	say_definitions(&p);
	say_sections(&p);
}
