// SPDX-License-Identifier: GPL-2.0
/* Rules as JSON. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../../src/engine/grant.h"
#include "policy.h"
#include "tool.h"
#include "view.h"

static const char *const chains[CTALG_CHAINS] = {
	[CTALG_CHAIN_COMMAND] = "command", [CTALG_CHAIN_LIMIT] = "limit",
	[CTALG_CHAIN_STRICT] = "strict",   [CTALG_CHAIN_HIDE] = "hide",
	[CTALG_CHAIN_LOOSE] = "loose",	   [CTALG_CHAIN_SOURCE] = "source",
	[CTALG_CHAIN_OPAQUE] = "opaque",   [CTALG_CHAIN_PORTS] = "outside-ports",
	[CTALG_CHAIN_LOG] = "log",	   [CTALG_CHAIN_SIZE] = "size",
	[CTALG_CHAIN_ICE] = "ice",	   [CTALG_CHAIN_MEDIA] = "media",
	[CTALG_CHAIN_ENDED] = "ended",
};

static const char *const actions[CTALG_ACTIONS] = {
	[CTALG_ACTION_ALLOW] = "allow", [CTALG_ACTION_DENY] = "deny",
	[CTALG_ACTION_DROP] = "drop",	[CTALG_ACTION_RESET] = "reset",
	[CTALG_ACTION_ON] = "on",	[CTALG_ACTION_OFF] = "off",
	[CTALG_ACTION_RANGE] = "range", [CTALG_ACTION_DETACH] = "detach",
};

static const char *const fields[CTALG_FIELDS] = {
	[CTALG_FIELD_COMMAND] = "command", [CTALG_FIELD_USER] = "user",
	[CTALG_FIELD_OBJECT] = "object",   [CTALG_FIELD_INSIDE] = "inside",
	[CTALG_FIELD_OUTSIDE] = "outside", [CTALG_FIELD_MARK] = "mark",
	[CTALG_FIELD_ZONE] = "zone",	   [CTALG_FIELD_EVENT] = "event",
};

static const char *const pers[CTALG_PERS] = {
	[CTALG_PER_NET] = "net",
	[CTALG_PER_HOST] = "host",
	[CTALG_PER_USER] = "user",
};

/* Of CTALG_CHAIN_ICE. */
static const char *const ices[CTALG_GRANT_ICES] = {
	[CTALG_GRANT_ICE_AUTO] = "auto",
	[CTALG_GRANT_ICE_LEAVE] = "leave",
	[CTALG_GRANT_ICE_REWRITE] = "rewrite",
};

json_t *policy_json_text(const char *text, size_t len)
{
	json_t *as_is = json_stringn(text, len);
	char *buf;
	size_t i, at = 0;

	if (as_is)
		return as_is;
	buf = need(malloc(4 * len + 1));
	for (i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c >= ' ' && c <= '~' && c != '\\')
			buf[at++] = (char)c;
		else
			at += (size_t)snprintf(buf + at, sizeof("\\xHH"), "\\x%02x", c);
	}
	as_is = need(json_stringn(buf, at));
	free(buf);
	return as_is;
}

json_t *policy_json_string(const void *image, u32 ref)
{
	u32 len;
	const char *text = ctalg_image_string(image, ref, &len);

	return len ? policy_json_text(text, len) : json_null();
}

static void put_prefixes(json_t *to, const void *image, const struct ctalg_image_set *set)
{
	u32 n, i;
	const struct ctalg_image_prefix *p = ctalg_image_prefixes(image, &n) + set->prefix;
	char text[64];

	for (i = 0; i < set->n; i++) {
		struct ctalg_addr a = { .family = p[i].family };
		u32 len;

		memcpy(a.b, p[i].addr, sizeof(a.b));
		len = ctalg_addr_write(&a, text, 40);
		snprintf(text + len, sizeof(text) - len, "/%u", p[i].len);
		json_array_append_new(to, json_string(text));
	}
}

/* Sets by their names; of one without, its prefixes. */
static void put_set(json_t *to, const void *image, u32 number)
{
	u32 n;
	const struct ctalg_image_set *set = ctalg_image_sets(image, &n) + number;

	if (set->name & 255)
		json_array_append_new(to, policy_json_string(image, set->name));
	else
		put_prefixes(to, image, set);
}

static json_t *places_json(const void *image, u32 set)
{
	json_t *all;

	if (set == CTALG_IMAGE_ANY)
		return json_null();
	all = need(json_array());
	put_set(all, image, set);
	return all;
}

static void put_command(json_t *to, const void *image, u32 ref)
{
	u32 len;
	const char *text = ctalg_image_string(image, ref, &len);
	bool class = len && text[0] == '@';

	json_array_append_new(to, policy_json_text(text + class, len - class));
}

static void put_mark(json_t *to, const u32 *value)
{
	char text[32];

	snprintf(text, sizeof(text), "0x%x/0x%x", value[0], value[1]);
	json_array_append_new(to, json_string(text));
}

static void put_value(json_t *to, const void *image, u8 field, const u32 *value)
{
	switch (field) {
	case CTALG_FIELD_COMMAND:
		put_command(to, image, *value);
		break;
	case CTALG_FIELD_INSIDE:
	case CTALG_FIELD_OUTSIDE:
		put_set(to, image, *value);
		break;
	case CTALG_FIELD_MARK:
		put_mark(to, value);
		break;
	case CTALG_FIELD_ZONE:
		json_array_append_new(to, json_number(*value));
		break;
	default:
		json_array_append_new(to, policy_json_string(image, *value));
	}
}

static json_t *criterion_json(const void *image, const struct ctalg_image_criterion *c)
{
	json_t *values = need(json_array());
	u32 n, i;
	const u32 *value = ctalg_image_values(image, &n) + c->values;

	for (i = 0; i < c->n; i += c->field == CTALG_FIELD_MARK ? 2 : 1)
		put_value(values, image, c->field, &value[i]);
	return need(json_pack("{sb so}", "not", c->negate, "values", values));
}

static json_t *criteria_json(const void *image, const struct ctalg_image_rule *r)
{
	json_t *o = need(json_object());
	u32 n, i;
	const struct ctalg_image_criterion *c = ctalg_image_criteria(image, &n) + r->criteria;

	for (i = 0; i < r->n_criteria; i++)
		json_object_set_new(o, fields[c[i].field], criterion_json(image, &c[i]));
	return o;
}

static json_t *limit_json(const void *image, const struct ctalg_image_limit *l)
{
	json_t *o = need(json_object());

	json_object_set_new(o, "name", policy_json_string(image, l->name));
	if (l->period) {
		json_object_set_new(o, "requests", json_number(l->events));
		json_object_set_new(o, "milliseconds", json_number(l->period));
		json_object_set_new(o, "burst", json_number(l->burst));
	} else {
		json_object_set_new(o, "sessions", json_number(l->sessions));
	}
	json_object_set_new(o, "per", json_string(pers[l->per]));
	return o;
}

static void put_answer(json_t *o, const void *image, const struct ctalg_image_rule *r)
{
	u32 n;

	if (r->action == CTALG_ACTION_DENY) {
		json_object_set_new(o, "code", r->arg[0] ? json_number(r->arg[0]) : json_null());
		json_object_set_new(o, "answer", policy_json_string(image, r->arg[1]));
	}
	if (r->chain == CTALG_CHAIN_LIMIT)
		json_object_set_new(o, "limit",
				    limit_json(image, &ctalg_image_limits(image, &n)[r->arg[2]]));
	if (r->chain == CTALG_CHAIN_SIZE)
		json_object_set_new(o, "bytes", json_number(r->arg[2]));
}

static void put_ports(json_t *o, u32 range)
{
	json_object_set_new(o, "first", json_number(range >> 16));
	json_object_set_new(o, "last", json_number(range & 0xffff));
}

static void put_log(json_t *o, const void *image, const struct ctalg_image_rule *r)
{
	bool kernel = r->arg[0] == CTALG_IMAGE_ANY;

	json_object_set_new(o, "group", kernel ? json_null() : json_number(r->arg[0]));
	json_object_set_new(o, "level", kernel ? json_number(r->arg[1]) : json_null());
	json_object_set_new(o, "prefix", policy_json_string(image, r->arg[2]));
}

static void put_arguments(json_t *o, const void *image, const struct ctalg_image_rule *r)
{
	bool on = r->action == CTALG_ACTION_ON;

	if (ctalg_chain_refuses(r->chain)) {
		put_answer(o, image, r);
	} else if ((r->chain == CTALG_CHAIN_LOOSE || r->chain == CTALG_CHAIN_SOURCE) && on) {
		json_object_set_new(o, "within", places_json(image, r->arg[0]));
	} else if (r->action == CTALG_ACTION_RANGE) {
		put_ports(o, r->arg[0]);
	} else if (r->chain == CTALG_CHAIN_PORTS && on) {
		put_ports(o, r->arg[0]);
		json_object_set_new(o, "block", r->arg[1] ? json_number(r->arg[1]) : json_null());
	} else if (r->chain == CTALG_CHAIN_LOG && on) {
		put_log(o, image, r);
	} else if (r->chain == CTALG_CHAIN_ICE) {
		json_object_set_new(o, "with_ice", json_string(ices[r->arg[0]]));
	}
}

static json_t *text_json(const void *image, const struct ctalg_image_rule *r)
{
	char *text;
	size_t size;
	FILE *to = need(open_memstream(&text, &size));
	json_t *all;

	policy_print_rule(to, image, r);
	fclose(to);
	all = policy_json_text(text, size);
	free(text);
	return all;
}

json_t *policy_json_rule(const void *image, const struct ctalg_image_rule *r)
{
	json_t *o = need(json_object());

	json_object_set_new(o, "line", json_number(r->line));
	json_object_set_new(o, "helper", policy_json_string(image, r->helper));
	json_object_set_new(o, "chain", json_string(chains[r->chain]));
	json_object_set_new(o, "action", json_string(actions[r->action]));
	json_object_set_new(o, "text", text_json(image, r));
	json_object_set_new(o, "criteria", criteria_json(image, r));
	put_arguments(o, image, r);
	return o;
}

void policy_show_json(const void *image)
{
	u32 n = 0, i;
	const struct ctalg_image_rule *r = image ? ctalg_image_rules(image, &n) : NULL;
	json_t *all = need(json_array());

	for (i = 0; i < n; i++)
		json_array_append_new(all, policy_json_rule(image, &r[i]));
	json_print(all);
}
