// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "change.h"
#include "module.h"
#include "policy.h"
#include "ruleset.h"
#include "text.h"
#include "tool.h"
#include "view.h"

static void __attribute__((format(printf, 4, 5)))
say(struct changes *c, const char *about, const char *what, const char *format, ...)
{
	char says[256];
	va_list args;

	va_start(args, format);
	vsnprintf(says, sizeof(says), format, args);
	va_end(args);
	if (!c->list)
		c->list = need(json_array());
	if (!c->json)
		printf("%s%s: %s\n", c->dry ? "would change " : "", about, says);
	json_array_append_new(c->list,
			      json_pack("{ss ss ss}", "about", about, "what", what, "says", says));
}

bool change_module(struct changes *c, const struct service *s)
{
	char ours[MODULE_SIZE], buf[SENTENCE_SIZE];
	const char *problem;

	module_ours(ours, s);
	if (module_loaded(ours))
		return true;
	problem = c->dry ? module_problem(s, NULL, buf) : module_load(s, buf);
	if (problem) {
		warn("%s: %s", s->name, problem);
		c->failed = true;
		return false;
	}
	say(c, s->name, "module", "module %s loaded", ours);
	return true;
}

/* Notes in @todo what has to be set. */
static void turn(struct changes *c, const struct service *s, const char *what, int was, int wanted,
		 int *todo)
{
	const char *of = strcmp(what, "enabled") ? what : "";

	if (wanted < 0 || was == wanted)
		return;
	*todo = wanted;
	say(c, s->name, what, "%s%sturned %s", of, of[0] ? " " : "", wanted ? "on" : "off");
}

static void ports_text(char buf[ENDPOINT_SIZE], int32_t first, int32_t last)
{
	if (first)
		snprintf(buf, ENDPOINT_SIZE, "%d-%d", first, last);
	else
		snprintf(buf, ENDPOINT_SIZE, "any");
}

static void choose_ports(struct changes *c, const struct service *s, const struct helper *now,
			 const struct policy *wanted, struct policy *todo)
{
	char was[ENDPOINT_SIZE], is[ENDPOINT_SIZE];

	if (wanted->port_first < 0 ||
	    (wanted->port_first == now->port_first && wanted->port_last == now->port_last))
		return;
	todo->port_first = wanted->port_first;
	todo->port_last = wanted->port_last;
	ports_text(was, now->port_first, now->port_last);
	ports_text(is, wanted->port_first, wanted->port_last);
	say(c, s->name, "outside-ports", "outside ports are %s, were %s", is, was);
}

void change_policy(struct changes *c, const struct service *s, const struct helper *now,
		   const struct policy *wanted)
{
	const struct helper fresh = { .lifetime = s->lifetime, .enabled = true };
	struct policy todo = POLICY_AS_IS;
	size_t before = json_array_size(c->list);

	if (!now)
		now = &fresh;
	turn(c, s, "enabled", now->enabled, wanted->enabled, &todo.enabled);
	if (wanted->enabled == 0 && wanted->finishing == 0 && now->finishing) {
		todo.enabled = 0;
		say(c, s->name, "finishing", "flows that there are end now");
	}
	turn(c, s, "loose", now->loose, wanted->loose, &todo.loose);
	turn(c, s, "any-source", now->any_source, wanted->any_source, &todo.any_source);
	turn(c, s, "strict", now->strict, wanted->strict, &todo.strict);
	if (wanted->lifetime >= 0 && wanted->lifetime != now->lifetime) {
		todo.lifetime = wanted->lifetime;
		say(c, s->name, "lifetime", "lifetime is %lld s, was %u s",
		    (long long)wanted->lifetime, now->lifetime);
	}
	choose_ports(c, s, now, wanted, &todo);
	if (todo.enabled == 0)
		todo.finishing = wanted->finishing;
	if (!c->dry && json_array_size(c->list) != before && !kernel_set(s->name, &todo))
		fail("%s: its module has just been unloaded; try again", s->name);
}

static bool is_loaded(const struct loaded *now, const void *image, uint32_t len)
{
	return now->len == len && (!len || !memcmp(now->image, image, len));
}

/* NULL stands for none. */
static uint32_t rules_in(const void *image, uint32_t len)
{
	struct ctalg_policy_error err;

	return image && ctalg_image_check(image, len, &err) ? policy_rules(image) : 0;
}

void change_rulebook(struct changes *c, const void *image, uint32_t len)
{
	struct loaded now = {};
	bool loaded = kernel_has_module();

	if (loaded)
		kernel_policy(&now);
	if (loaded && !now.known && image) {
		warn("policy: the ctalg module that is loaded knows no policy; it is older than this command: load the new one");
		c->failed = true;
	}
	/* Without a module there are no flows; with one come, later, those that are enabled. */
	if ((loaded ? now.known : c->dry) && !is_loaded(&now, image, len)) {
		if (!c->dry)
			kernel_policy_set(image, len);
		if (image)
			say(c, "policy", "policy", "rules of the file loaded: %u, were %u",
			    rules_in(image, len), rules_in(now.image, now.len));
		else
			say(c, "policy", "policy", "rules taken away: %u",
			    rules_in(now.image, now.len));
	}
	free(now.image);
}

void change_limit(struct changes *c, const struct limit *now, uint64_t wanted)
{
	if (wanted == now->value)
		return;
	say(c, "limits", now->name, "%s is %llu, was %llu", now->name, (unsigned long long)wanted,
	    (unsigned long long)now->value);
	if (!c->dry && !kernel_limit_set(now->name, wanted))
		fail("limits: the module has just been unloaded; try again");
}

static void say_rules(struct changes *c, const struct attachments *of,
		      const struct attachments *unless, const char *end)
{
	char l4[ENDPOINT_SIZE];
	size_t i;

	for (i = 0; i < of->n; i++) {
		const struct attachment *a = &of->a[i];

		if (!attachments_have(unless, a->service, a->port))
			say(c, a->service->name, "rule", "%s port %u %s the helper",
			    transports_text(l4, a->service->l4, service_transport(a->service, 1)),
			    a->port, end);
	}
}

void change_rules(struct changes *c, const struct attachments *wanted)
{
	struct attachments now;
	enum found found = ruleset_read(&now);
	size_t before = json_array_size(c->list);
	bool anew = found == TABLE_ALTERED || (found == TABLE_OURS && !now.n) ||
		    (found == TABLE_NONE && wanted->n);

	say_rules(c, &now, wanted, "no longer gets");
	say_rules(c, wanted, &now, "gets");
	if (json_array_size(c->list) == before && anew)
		say(c, "rules", "table", "table inet ctalg %s",
		    wanted->n ? "written anew" : "deleted");
	if (json_array_size(c->list) != before && !c->dry)
		ruleset_load(wanted);
	attachments_free(&now);
}

void change_end(const struct changes *c)
{
	if (c->json)
		json_print(c->list ? json_incref(c->list) : json_array());
	else if (!c->list && !c->failed)
		puts("nothing to change");
}
