// SPDX-License-Identifier: GPL-2.0
/* The one file that knows libconfuse. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <confuse.h>

#include "alarm_rule.h"
#include "config.h"
#include "tool.h"

const char *const limit_names[] = {
	"flows",       "pinholes",	   "memory",	    "host-flows", "host-pinholes",
	"host-memory", "session-pinholes", "flow-pinholes", "meters",	  NULL
};

enum {
	/* Ports below are not given to pinholes. */
	OUTSIDE_LEAST = 1024,
	LIFETIME_MOST = 86400,
	/* The kernel's own bound. */
	LIMIT_MOST = 1 << 24,
};

static cfg_opt_t service_options[] = {
	CFG_BOOL("enabled", cfg_true, CFGF_NONE),  CFG_INT_LIST("ports", NULL, CFGF_NONE),
	CFG_BOOL("loose", cfg_false, CFGF_NONE),   CFG_BOOL("any-source", cfg_false, CFGF_NONE),
	CFG_BOOL("strict", cfg_false, CFGF_NONE),  CFG_INT("lifetime", 0, CFGF_NONE),
	CFG_STR("outside-ports", NULL, CFGF_NONE), CFG_END(),
};

static cfg_opt_t alarm_options[] = {
	CFG_STR("event", NULL, CFGF_NONE),
	CFG_STR("rate", NULL, CFGF_NONE),
	CFG_STR("per", NULL, CFGF_NONE),
	CFG_STR("run", NULL, CFGF_NONE),
	CFG_END(),
};

/* The section has been there already, by its place among the root's options. */
static bool seen[SERVICES_MAX + 2];

/* "enabled, ports, loose" */
static void names_of(const cfg_t *cfg, char *buf, size_t size)
{
	const cfg_opt_t *o;

	buf[0] = 0;
	for (o = cfg->opts; o->name; o++) {
		strncat(buf, o == cfg->opts ? "" : ", ", size - strlen(buf) - 1);
		strncat(buf, o->name, size - strlen(buf) - 1);
	}
}

static const char *advice(const char *said)
{
	if (strstr(said, "boolean"))
		return "; write true or false";
	if (strstr(said, "integer"))
		return "; write a whole number";
	if (strstr(said, "equal sign"))
		return "; write NAME = VALUE";
	if (strstr(said, "opening brace"))
		return "; write NAME { ... }";
	if (strstr(said, "missing title"))
		return "; write alarm NAME { ... }";
	if (strstr(said, "duplicate title"))
		return "; give each alarm a name of its own";
	if (strstr(said, "premature end") || strstr(said, "unterminated"))
		return "; something is not closed";
	return "";
}

static void __attribute__((format(printf, 2, 0)))
on_error(cfg_t *cfg, const char *format, va_list args)
{
	char said[256], names[256];

	vsnprintf(said, sizeof(said), format, args);
	names_of(cfg, names, sizeof(names));
	if (strstr(said, "no such option"))
		fail("%s:%d: %s; there are: %s", cfg->filename, cfg->line, said, names);
	fail("%s:%d: %s%s", cfg->filename, cfg->line, said, advice(said));
}

static int check_ports(cfg_t *cfg, cfg_opt_t *opt)
{
	unsigned int last = cfg_opt_size(opt) - 1, i;
	long port = cfg_opt_getnint(opt, last);

	if (port < 1 || port > 65535)
		cfg_error(cfg, "%ld is not a port; ports are 1 to 65535", port);
	if (last >= PORTS_MAX)
		cfg_error(cfg, "there are more than %d ports", PORTS_MAX);
	for (i = 0; i < last; i++)
		if (cfg_opt_getnint(opt, i) == port)
			cfg_error(cfg, "port %ld stands there twice", port);
	return 0;
}

static int check_lifetime(cfg_t *cfg, cfg_opt_t *opt)
{
	long seconds = cfg_opt_getnint(opt, 0);

	if (seconds < 1 || seconds > LIFETIME_MOST)
		cfg_error(cfg, "a lifetime is 1 to %d seconds, not %ld", LIFETIME_MOST, seconds);
	return 0;
}

static bool range_of(const char *text, int32_t *first, int32_t *last)
{
	unsigned int a, b;
	int end = 0;

	if (sscanf(text, "%5u-%5u%n", &a, &b, &end) != 2 || text[end])
		return false;
	*first = (int32_t)a;
	*last = (int32_t)b;
	return a >= OUTSIDE_LEAST && a <= b && b <= 65535;
}

static int check_outside(cfg_t *cfg, cfg_opt_t *opt)
{
	const char *text = cfg_opt_getnstr(opt, 0);
	int32_t first, last;

	if (!range_of(text, &first, &last))
		cfg_error(
			cfg,
			"\"%s\" is not a range of ports from %d to 65535; write it as \"40000-49999\"",
			text, OUTSIDE_LEAST);
	return 0;
}

static int check_limit(cfg_t *cfg, cfg_opt_t *opt)
{
	bool bytes = strstr(opt->name, "memory");
	long limit = cfg_opt_getnint(opt, 0);

	if (limit < 1 || (!bytes && limit > LIMIT_MOST))
		cfg_error(cfg, bytes ? "%s is 1 or more bytes" : "%s is 1 to %d", opt->name,
			  LIMIT_MOST);
	return 0;
}

static int check_section(cfg_t *cfg, cfg_opt_t *opt)
{
	bool *was = &seen[opt - cfg->opts];

	if (*was)
		cfg_error(cfg, "\"%s\" ends here for the second time; write all of it in one place",
			  opt->name);
	*was = true;
	return 0;
}

/* One line of an alarm. */
static int check_alarm_line(cfg_t *cfg, cfg_opt_t *opt)
{
	static const struct {
		const char *name;
		bool (*read)(struct alarm_rule *r, const char *word, char *said);
	} lines[] = { { "event", alarm_event_read },
		      { "rate", alarm_rate_read },
		      { "per", alarm_per_read },
		      { "run", alarm_command_read } };
	char said[ALARM_ERROR_SIZE];
	struct alarm_rule r = {};
	size_t i;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		if (!strcmp(lines[i].name, opt->name) &&
		    !lines[i].read(&r, cfg_opt_getnstr(opt, 0), said))
			cfg_error(cfg, "%s", said);
	free(r.command);
	return 0;
}

static int check_alarm(cfg_t *cfg, cfg_opt_t *opt)
{
	cfg_t *sec = cfg_opt_getnsec(opt, cfg_opt_size(opt) - 1);
	const char *name = cfg_title(sec);

	if (strlen(name) >= ALARM_NAME_SIZE)
		cfg_error(cfg, "the name of an alarm has less than %d bytes", ALARM_NAME_SIZE);
	if (!cfg_getstr(sec, "event") || !cfg_getstr(sec, "rate"))
		cfg_error(cfg, "the alarm \"%s\" ends here without %s", name,
			  cfg_getstr(sec, "event") ? "a rate; write rate = \"20/minute\""
						   : "an event; write event = \"denied\"");
	return 0;
}

static void check_alarms(cfg_t *cfg)
{
	const cfg_opt_t *o;
	char path[64];

	for (o = alarm_options; o->name; o++) {
		snprintf(path, sizeof(path), "alarm|%s", o->name);
		cfg_set_validate_func(cfg, path, check_alarm_line);
	}
	cfg_set_validate_func(cfg, "alarm", check_alarm);
}

static void check_service(cfg_t *cfg, const char *name)
{
	char path[128];

	snprintf(path, sizeof(path), "%s|ports", name);
	cfg_set_validate_func(cfg, path, check_ports);
	snprintf(path, sizeof(path), "%s|lifetime", name);
	cfg_set_validate_func(cfg, path, check_lifetime);
	snprintf(path, sizeof(path), "%s|outside-ports", name);
	cfg_set_validate_func(cfg, path, check_outside);
	cfg_set_validate_func(cfg, name, check_section);
}

static cfg_t *grammar(void)
{
	static cfg_opt_t root[SERVICES_MAX + 3], limits[LIMITS_MAX + 1];
	const cfg_opt_t end = CFG_END();
	const struct service *s;
	char path[64];
	size_t i;
	cfg_t *cfg;

	for (i = 0; limit_names[i]; i++)
		limits[i] = (cfg_opt_t)CFG_INT(limit_names[i], 0, CFGF_NONE);
	limits[i] = end;
	for (s = services, i = 0; s->name; s++, i++)
		root[i] = (cfg_opt_t)CFG_SEC(s->name, service_options, CFGF_NODEFAULT);
	root[i++] = (cfg_opt_t)CFG_SEC("limits", limits, CFGF_NODEFAULT);
	root[i++] = (cfg_opt_t)CFG_SEC("alarm", alarm_options,
				       CFGF_MULTI | CFGF_TITLE | CFGF_NO_TITLE_DUPES);
	root[i] = end;
	cfg = need(cfg_init(root, CFGF_NONE));
	cfg_set_error_function(cfg, on_error);
	for (s = services; s->name; s++)
		check_service(cfg, s->name);
	for (i = 0; limit_names[i]; i++) {
		snprintf(path, sizeof(path), "limits|%s", limit_names[i]);
		cfg_set_validate_func(cfg, path, check_limit);
	}
	cfg_set_validate_func(cfg, "limits", check_section);
	check_alarms(cfg);
	return cfg;
}

static void read_policy(struct policy *p, const struct service *s, cfg_t *sec)
{
	const char *outside = cfg_getstr(sec, "outside-ports");
	long lifetime = cfg_getint(sec, "lifetime");

	p->enabled = cfg_getbool(sec, "enabled");
	p->loose = cfg_getbool(sec, "loose");
	p->any_source = cfg_getbool(sec, "any-source");
	p->strict = cfg_getbool(sec, "strict");
	p->lifetime = lifetime ? lifetime : s->lifetime;
	p->port_first = p->port_last = 0;
	if (outside)
		range_of(outside, &p->port_first, &p->port_last);
}

static void read_service(struct config *c, const struct service *s, cfg_t *sec)
{
	size_t at = (size_t)(s - services);
	unsigned int i, n = cfg_size(sec, "ports");

	read_policy(&c->policy[at], s, sec);
	c->enabled[at] = cfg_getbool(sec, "enabled");
	if (!c->enabled[at])
		return;
	if (!n && (cfg_getopt(sec, "ports")->flags & CFGF_MODIFIED))
		fail("%s: %s has no ports; to turn it off write enabled = false", sec->filename,
		     s->name);
	if (!n)
		attachments_add(&c->attach, s, s->port);
	for (i = 0; i < n; i++)
		attachments_add(&c->attach, s, (uint16_t)cfg_getnint(sec, "ports", i));
}

/* Skips what stands between @open, which has been read, and its end. Returns false if that never comes. */
static bool skip(FILE *f, int open)
{
	int c, before = 0;

	while ((c = getc(f)) != EOF) {
		if (open == '#' && c == '\n')
			return true;
		if (open == '*' && before == '*' && c == '/')
			return true;
		if ((open == '"' || open == '\'') && before != '\\' && c == open)
			return true;
		before = c;
	}
	return open == '#';
}

/* libconfuse takes the end of the file for the end of all that is open. */
static bool is_closed(FILE *f)
{
	int c, before = 0, depth = 0;
	bool closed = true;

	while (closed && (c = getc(f)) != EOF) {
		depth += (c == '{') - (c == '}');
		if (c == '"' || c == '\'' || c == '#')
			closed = skip(f, c);
		else if (before == '/' && (c == '*' || c == '/'))
			closed = skip(f, c == '*' ? '*' : '#');
		before = c;
	}
	return closed && !depth;
}

static void check_closed(const char *file)
{
	FILE *f = fopen(file, "re");

	if (f && !is_closed(f))
		fail("%s: something is open at the end; close each brace, quotation and comment",
		     file);
	if (f)
		fclose(f);
}

static void check_any(const cfg_t *cfg, const char *file)
{
	size_t i;

	for (i = 0; cfg->opts[i].name; i++)
		if (seen[i])
			return;
	fail("%s names no service; write \"ftp { enabled = true }\", or the same with false", file);
}

static cfg_t *parse(const char *file)
{
	cfg_t *cfg = grammar();
	struct stat st;

	if (!stat(file, &st) && !S_ISREG(st.st_mode))
		fail("%s is no regular file; write the configuration into one", file);
	memset(seen, 0, sizeof(seen));
	check_closed(file);
	if (cfg_parse(cfg, file) != CFG_SUCCESS)
		fail("%s cannot be read: %s; --config names another file", file, strerror(errno));
	return cfg;
}

void config_read(struct config *c, const char *file)
{
	cfg_t *cfg = parse(file), *sec;
	const struct service *s;
	size_t i;

	check_any(cfg, file);
	memset(c, 0, sizeof(*c));
	for (s = services; s->name; s++) {
		c->policy[s - services] = POLICY_AS_IS;
		c->policy[s - services].enabled = 0;
		sec = cfg_size(cfg, s->name) ? cfg_getsec(cfg, s->name) : NULL;
		if (sec)
			read_service(c, s, sec);
	}
	sec = cfg_size(cfg, "limits") ? cfg_getsec(cfg, "limits") : NULL;
	for (i = 0; sec && limit_names[i]; i++)
		c->limit[i] = (uint64_t)cfg_getint(sec, limit_names[i]);
	cfg_free(cfg);
}

/* What is wrong with it has been found by check_alarm(). */
static void read_alarm(struct alarm_rule *r, cfg_t *sec)
{
	const char *per = cfg_getstr(sec, "per"), *run = cfg_getstr(sec, "run");
	char said[ALARM_ERROR_SIZE];

	memset(r, 0, sizeof(*r));
	snprintf(r->name, sizeof(r->name), "%s", cfg_title(sec));
	alarm_event_read(r, cfg_getstr(sec, "event"), said);
	alarm_rate_read(r, cfg_getstr(sec, "rate"), said);
	if (per)
		alarm_per_read(r, per, said);
	if (run)
		alarm_command_read(r, run, said);
}

void config_read_alarms(const char *file, void (*add)(const struct alarm_rule *r))
{
	cfg_t *cfg = parse(file);
	unsigned int i, n = cfg_size(cfg, "alarm");
	struct alarm_rule r;

	if (!n)
		fail("%s has no alarm; write alarm guessing { event = \"denied\" rate = \"20/minute\" }",
		     file);
	for (i = 0; i < n; i++) {
		read_alarm(&r, cfg_getnsec(cfg, "alarm", i));
		add(&r);
	}
	cfg_free(cfg);
}
