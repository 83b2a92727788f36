// SPDX-License-Identifier: GPL-2.0
/* What would become of a command, without traffic. */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <ctalg/proto.h>

#include "../../src/engine/judge.h"
#include "policy.h"
#include "service.h"
#include "text.h"
#include "tool.h"
#include "view.h"

/**
 * struct trial - a question and its answer
 * @command: as somebody wrote it
 * @told: what the client would be told, or empty
 * @rules: compiled
 */
struct trial {
	const struct ctalg_proto *proto;
	const char *command;
	struct ctalg_subject s;
	struct ctalg_report report;
	struct ctalg_verdict v;
	char told[4 * CTALG_ANSWER_MAX + 1];
	void *image;
	struct ctalg_rules *rules;
};

static uint16_t command_of(const struct ctalg_proto *proto, const char *name)
{
	uint16_t i;

	for (i = 1; i < proto->n_commands; i++)
		if (!strcasecmp(proto->commands[i].name, name))
			return i;
	return 0;
}

static const char *command_name(const struct trial *t)
{
	if (t->s.command < t->proto->n_commands)
		return t->proto->commands[t->s.command].name;
	return "other";
}

static void address_option(const struct options *o, const char *name, struct ctalg_addr *a)
{
	const char *text = option_value(o, name);

	if (!text)
		return;
	if (inet_pton(AF_INET, text, a->b) == 1)
		a->family = CTALG_AF_INET;
	else if (inet_pton(AF_INET6, text, a->b) == 1)
		a->family = CTALG_AF_INET6;
	else
		misused("\"%s\" is no address; --%s is one host, such as 10.0.0.2", text, name);
}

/* A number, decimal or with 0x, or 0. */
static uint32_t number_option(const struct options *o, const char *name, uint32_t most)
{
	const char *text = option_value(o, name);
	char *end;
	unsigned long long n;

	if (!text)
		return 0;
	n = strtoull(text, &end, text[0] == '0' && text[1] == 'x' ? 16 : 10);
	if (text[0] < '0' || text[0] > '9' || *end || n > most)
		misused("\"%s\" is not a number of at most %u; see \"ctalg policy --help\"", text,
			most);
	return (uint32_t)n;
}

static const u8 *bytes_option(const struct options *o, const char *name, u32 *len)
{
	const char *text = option_value(o, name);

	if (text && strlen(text) > CTALG_PATTERN_MAX)
		misused("--%s is longer than %u bytes, more than is looked at", name,
			CTALG_PATTERN_MAX);
	*len = text ? (u32)strlen(text) : 0;
	return (const u8 *)text;
}

static void ask(struct trial *t, const struct options *o)
{
	u8 flags;

	t->proto = service_named(o->argv[1])->proto;
	t->command = o->argv[2];
	t->s.command = command_of(t->proto, t->command);
	t->s.user = bytes_option(o, "user", &t->s.user_len);
	t->s.object = bytes_option(o, "object", &t->s.object_len);
	address_option(o, "inside", &t->s.inside);
	address_option(o, "outside", &t->s.outside);
	t->s.mark = number_option(o, "mark", UINT32_MAX);
	t->s.size = number_option(o, "size", CTALG_MESSAGE_MAX);
	t->s.zone = (u16)number_option(o, "zone", UINT16_MAX);
	t->report.command = t->s.command;
	flags = t->s.command < t->proto->n_commands ? t->proto->commands[t->s.command].flags : 0;
	t->report.ops = flags & CTALG_COMMAND_TELLS ? CTALG_OP_TELLS : CTALG_OP_ASKS;
	/* A message that says who it is. */
	if (flags & CTALG_COMMAND_USER)
		t->report.user.len = t->s.user_len;
}

static void compile(struct trial *t)
{
	struct ctalg_policy_error err = {};

	if (!t->image)
		return;
	t->rules = ctalg_rules_compile(t->image, t->proto, &policy_memory, &err);
	if (!t->rules)
		fail("the policy cannot be used for %s: %s (line %u)", t->proto->name,
		     err.what ? err.what : "there is not enough memory", err.line);
}

/* An answer as text: an ERROR of TFTP by its parts, else its first line. */
static void tell(struct trial *t, const u8 *b, u32 len)
{
	size_t at = 0;
	u32 i = 0;

	if (!strcmp(t->proto->name, "tftp") && len > 4) {
		at = (size_t)snprintf(t->told, sizeof(t->told), "ERROR %u ", b[2] << 8 | b[3]);
		i = 4;
		len -= !b[len - 1];
	}
	for (; i < len && b[i] != '\r' && b[i] != '\n'; i++) {
		if (b[i] >= ' ' && b[i] <= '~')
			t->told[at++] = (char)b[i];
		else
			at += (size_t)snprintf(t->told + at, sizeof("\\xHH"), "\\x%02x", b[i]);
	}
	t->told[at] = 0;
}

static void find_answer(struct trial *t)
{
	const struct ctalg_report reply = { .ops = CTALG_OP_ANSWERS | CTALG_OP_ANSWERED };
	char buf[CTALG_ANSWER_MAX];

	if (t->v.action == CTALG_ACTION_DENY && t->proto->answer)
		tell(t, (const u8 *)buf,
		     t->proto->answer(t->proto->l4 == CTALG_L4_TCP ? &reply : &t->report, NULL,
				      &t->v.answer, buf, sizeof(buf)));
}

static void judge(struct trial *t)
{
	static const struct ctalg_judge_ops ops = {};

	ctalg_judge_message(t->rules, t->proto, &t->report, &t->s, &ops, NULL, &t->v);
	find_answer(t);
}

static const struct ctalg_image_rule *rule_of(const struct trial *t, u8 chain)
{
	return ctalg_rules_match(t->rules, chain, &t->s, NULL);
}

static bool goes_on(const struct trial *t)
{
	return t->v.action == CTALG_ACTION_ALLOW;
}

/* The rule by which it is logged that this was denied. */
static const struct ctalg_image_rule *log_rule(const struct trial *t)
{
	struct ctalg_subject s = t->s;

	if (goes_on(t))
		return NULL;
	s.event = "denied";
	s.reason = ctalg_reason_name(t->v.reason);
	return ctalg_rules_match(t->rules, CTALG_CHAIN_LOG, &s, NULL);
}

static const struct {
	const char *name;
	u8 chain;
	const char *without;
	/* only in protocols that have calls */
	bool call;
} settings[] = {
	{ "strict", CTALG_CHAIN_STRICT, "as \"ctalg set\" has it", false },
	{ "hide", CTALG_CHAIN_HIDE, "off", false },
	{ "loose", CTALG_CHAIN_LOOSE, "as \"ctalg set\" has it", false },
	{ "source", CTALG_CHAIN_SOURCE, "as \"ctalg set\" has it", false },
	{ "opaque", CTALG_CHAIN_OPAQUE, "allowed", false },
	{ "outside-ports", CTALG_CHAIN_PORTS, "as \"ctalg set\" has it", false },
	{ "ice", CTALG_CHAIN_ICE, "auto", true },
	{ "media", CTALG_CHAIN_MEDIA, "direct", true },
	{ "ended", CTALG_CHAIN_ENDED, "keep", true },
};

enum {
	SETTINGS = sizeof(settings) / sizeof(settings[0]),
};

static bool has_setting(const struct trial *t, unsigned int i)
{
	return !settings[i].call || policy_has(t->proto, CTALG_COMMAND_CALLS);
}

static void print_rule(const struct trial *t, const char *name, const struct ctalg_image_rule *r)
{
	printf("  %-13s  line %u: ", name, r->line);
	policy_print_rule(stdout, t->image, r);
	putchar('\n');
}

static bool own_ports(const struct trial *t, const struct ctalg_image_rule *r, u16 *first,
		      u16 *last)
{
	if (!r || r->chain != CTALG_CHAIN_PORTS || r->action != CTALG_ACTION_ON)
		return false;
	*first = ctalg_rules_ports(t->rules, r, &t->s.inside, last);
	return true;
}

static void print_setting(const struct trial *t, unsigned int i)
{
	const struct ctalg_image_rule *r = rule_of(t, settings[i].chain);
	u16 first, last;

	if (r)
		print_rule(t, settings[i].name, r);
	else
		printf("  %-13s  %s\n", settings[i].name, settings[i].without);
	if (own_ports(t, r, &first, &last) && r->arg[1])
		printf("  %-13s  %u-%u\n", "  its block", first, last);
}

static const char *const verdicts[CTALG_ACTIONS] = {
	[CTALG_ACTION_ALLOW] = "allow",
	[CTALG_ACTION_DENY] = "deny",
	[CTALG_ACTION_DROP] = "drop",
	[CTALG_ACTION_RESET] = "reset",
};

static void print_limits(const struct trial *t)
{
	const struct ctalg_image_rule *r = NULL;

	while (goes_on(t) && (r = ctalg_rules_match(t->rules, CTALG_CHAIN_LIMIT, &t->s, r)))
		print_rule(t, "counted by", r);
}

static void print_text(const struct trial *t)
{
	const struct ctalg_image_rule *log = log_rule(t);
	unsigned int i;

	printf("%s: %s %s", verdicts[t->v.action], t->proto->name,
	       t->s.command ? command_name(t) : t->command);
	if (t->proto->n_commands && !t->s.command)
		printf(", which is one of the \"%s\" commands", command_name(t));
	putchar('\n');
	if (t->v.rule)
		print_rule(t, "by", t->v.rule);
	else if (goes_on(t))
		printf("  %-13s  no rule is about it\n", "by");
	if (t->v.reason)
		printf("  %-13s  %s\n", "reason", ctalg_reason_name(t->v.reason));
	if (t->told[0])
		printf("  %-13s  %s\n", "answer", t->told);
	if (log)
		print_rule(t, "logged by", log);
	print_limits(t);
	for (i = 0; i < SETTINGS; i++)
		if (has_setting(t, i))
			print_setting(t, i);
}

static json_t *rule_json(const struct trial *t, const struct ctalg_image_rule *r)
{
	return r ? policy_json_rule(t->image, r) : json_null();
}

static json_t *limits_json(const struct trial *t)
{
	const struct ctalg_image_rule *r = NULL;
	json_t *all = need(json_array());

	while (goes_on(t) && (r = ctalg_rules_match(t->rules, CTALG_CHAIN_LIMIT, &t->s, r)))
		json_array_append_new(all, policy_json_rule(t->image, r));
	return all;
}

static json_t *settings_json(const struct trial *t)
{
	json_t *all = need(json_object());
	unsigned int i;
	u16 first, last;

	for (i = 0; i < SETTINGS; i++) {
		const struct ctalg_image_rule *r = rule_of(t, settings[i].chain);
		json_t *o;

		if (!has_setting(t, i))
			continue;
		o = rule_json(t, r);

		if (own_ports(t, r, &first, &last)) {
			json_object_set_new(o, "own_first", json_number(first));
			json_object_set_new(o, "own_last", json_number(last));
		}
		json_object_set_new(all, settings[i].name, o);
	}
	return all;
}

static void print_json(const struct trial *t)
{
	json_t *o = need(json_object());

	json_object_set_new(o, "helper", json_string(t->proto->name));
	json_object_set_new(o, "command", json_string(command_name(t)));
	json_object_set_new(o, "verdict", json_string(verdicts[t->v.action]));
	json_object_set_new(o, "rule", rule_json(t, t->v.rule));
	json_object_set_new(o, "reason",
			    t->v.reason ? json_string(ctalg_reason_name(t->v.reason))
					: json_null());
	json_object_set_new(o, "answer", json_text(t->told));
	json_object_set_new(o, "log", rule_json(t, log_rule(t)));
	json_object_set_new(o, "limits", limits_json(t));
	json_object_set_new(o, "settings", settings_json(t));
	json_print(o);
}

static void *image_of(const char *file)
{
	struct policy_file p;
	void *image;

	if (!file)
		return policy_loaded();
	policy_file_read(&p, file);
	image = p.image;
	p.image = NULL;
	policy_file_free(&p);
	return image;
}

void policy_test(const struct options *o)
{
	struct trial t = {};

	ask(&t, o);
	t.image = image_of(option_value(o, "file"));
	compile(&t);
	judge(&t);
	if (o->json)
		print_json(&t);
	else
		print_text(&t);
	ctalg_rules_free(t.rules, &policy_memory);
	free(t.image);
}
