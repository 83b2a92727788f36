// SPDX-License-Identifier: GPL-2.0
/* The command: which noun, in which namespace, in which form. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tool.h"

static const struct noun *const nouns[] = {
	&status_noun,  &sessions_noun, &pinholes_noun, &flows_noun,   &stats_noun,   &monitor_noun,
	&helpers_noun, &set_noun,      &limits_noun,   &enable_noun,  &disable_noun, &apply_noun,
	&policy_noun,  &rules_noun,    &doctor_noun,   &explain_noun, &version_noun,
};

enum {
	NOUNS = sizeof(nouns) / sizeof(nouns[0]),
};

void (*before_saying)(void);

static void say(const char *format, va_list args)
{
	if (before_saying)
		before_saying();
	fputs("ctalg: ", stderr);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
}

void warn(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
}

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	exit(EXIT_ERROR);
}

void misused(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	say(format, args);
	va_end(args);
	exit(EXIT_USAGE);
}

void *need(void *memory)
{
	if (!memory)
		fail("there is not enough memory");
	return memory;
}

static void usage(FILE *to)
{
	unsigned int i;

	fputs("Usage: ctalg [OPTION...] NOUN [ARGUMENT...]\n\n", to);
	for (i = 0; i < NOUNS; i++)
		fprintf(to, "  %-10s  %s\n", nouns[i]->name, nouns[i]->about);
	fputs("\n"
	      "  --json      print JSON\n"
	      "  -n NETNS    in this network namespace, as \"ip netns\" names it\n"
	      "  -h, --help  this, or after a noun, about it\n"
	      "  --version   the same as the noun\n",
	      to);
}

static bool is_letter(const struct noun_option *o)
{
	return !o->name[1];
}

static const char *dashes(const struct noun_option *o)
{
	return is_letter(o) ? "-" : "--";
}

static void noun_help(const struct noun *n)
{
	const struct noun_option *o;
	int column;

	column = printf("Usage: ctalg [OPTION...] %s", n->name);
	for (o = n->options; o && o->name; o++) {
		if (column > 60)
			column = printf("\n      ") - 1;
		column += printf(" [%s%s%s%s]", dashes(o), o->name, o->value ? " " : "",
				 o->value ? o->value : "");
	}
	printf("%s%s\n\n%s", n->args ? " " : "", n->args ? n->args : "", n->help);
}

static const struct noun *noun_of(const char *name)
{
	unsigned int i;

	for (i = 0; i < NOUNS; i++)
		if (!strcmp(nouns[i]->name, name))
			return nouns[i];
	misused("there is no \"%s\"; see \"ctalg --help\"", name);
}

static void enter_netns(const char *name)
{
	char path[256];
	int fd;

	if (!name[0] || strchr(name, '/') || name[0] == '.')
		misused("\"%s\" is not the name of a network namespace", name);
	if (snprintf(path, sizeof(path), "/run/netns/%s", name) >= (int)sizeof(path))
		misused("the name of the network namespace is too long");
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 && errno == ENOENT)
		fail("there is no network namespace \"%s\"; \"ip netns\" lists those there are",
		     name);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		fail("the network namespace \"%s\" cannot be entered (%s); run this as root", name,
		     strerror(errno));
	close(fd);
}

enum {
	/* No letter has these. */
	LONG_JSON = 256,
	LONG_NETNS,
	LONG_HELP,
	LONG_VERSION,
	/* And on: the options of nouns. */
	LONG_NOUNS,
	LONG_MAX = 64,
};

static const struct option shared_options[] = {
	{ "json", no_argument, NULL, LONG_JSON },
	{ "netns", required_argument, NULL, LONG_NETNS },
	{ "help", no_argument, NULL, LONG_HELP },
	{ "version", no_argument, NULL, LONG_VERSION },
};

/**
 * struct known - all options that there are
 * @shorts: as getopt_long() wants them
 * @longs: the same
 * @own: those of nouns, from LONG_NOUNS on
 * @n: how many @longs
 * @n_own: how many @own
 */
struct known {
	char shorts[LONG_MAX];
	struct option longs[LONG_MAX];
	const struct noun_option *own[LONG_MAX];
	int n;
	int n_own;
};

/**
 * struct line - the command line
 * @o: what the noun gets to see
 * @netns: the namespace to enter, or NULL
 * @help: help is wanted
 * @version: the option that stands for the noun of this name
 */
struct line {
	struct options o;
	const char *netns;
	bool help;
	bool version;
};

/* What getopt_long() did not like: a short option by its letter, a long one as it stands there. */
static void misread(int c, const char *word)
{
	char letter[] = { '-', (char)optopt, 0 };

	if (optopt > 0 && optopt < LONG_JSON)
		word = letter;
	if (c == ':')
		misused("\"%s\" wants a value; see \"ctalg --help\"", word);
	misused("there is no option \"%s\"; see \"ctalg --help\"", word);
}

static bool is_known(const struct known *k, const char *name)
{
	int i;

	for (i = 0; i < k->n; i++)
		if (!strcmp(k->longs[i].name, name))
			return true;
	return false;
}

static void know(struct known *k, const struct noun_option *o)
{
	for (; o && o->name; o++) {
		if (is_known(k, o->name) || k->n == LONG_MAX - 1)
			continue;
		k->longs[k->n++] =
			(struct option){ o->name, o->value ? 1 : 0, NULL, LONG_NOUNS + k->n_own };
		k->own[k->n_own++] = o;
		if (is_letter(o))
			k->shorts[strlen(k->shorts)] = o->name[0];
	}
}

/* The noun's option that a letter stands for, or NULL. */
static const struct noun_option *own_letter(const struct known *k, int c)
{
	int i;

	for (i = 0; i < k->n_own; i++)
		if (is_letter(k->own[i]) && k->own[i]->name[0] == c)
			return k->own[i];
	return NULL;
}

static void know_all(struct known *k)
{
	unsigned int i;

	snprintf(k->shorts, sizeof(k->shorts), ":hn:");
	memcpy(k->longs, shared_options, sizeof(shared_options));
	k->n = sizeof(shared_options) / sizeof(shared_options[0]);
	for (i = 0; i < NOUNS; i++)
		know(k, nouns[i]->options);
}

static void give(struct options *o, const struct noun_option *option, const char *value)
{
	if (o->n_given == GIVEN_MAX)
		misused("there are more than %d options", GIVEN_MAX);
	o->given[o->n_given].option = option;
	o->given[o->n_given].value = value ? value : "";
	o->n_given++;
}

const char *option_value(const struct options *o, const char *name)
{
	unsigned int i;

	for (i = 0; i < o->n_given; i++)
		if (!strcmp(o->given[i].option->name, name))
			return o->given[i].value;
	return NULL;
}

/* Options may stand anywhere; what is left comes to stand at the end of @argv. */
static void read_line(struct line *l, int argc, char **argv)
{
	struct known k = {};
	int c;

	know_all(&k);
	opterr = 0;
	while ((c = getopt_long(argc, argv, k.shorts, k.longs, NULL)) != -1) {
		if (c == LONG_JSON)
			l->o.json = true;
		else if (c == 'n' || c == LONG_NETNS)
			l->netns = optarg;
		else if (c == 'h' || c == LONG_HELP)
			l->help = true;
		else if (c == LONG_VERSION)
			l->version = true;
		else if (c >= LONG_NOUNS)
			give(&l->o, k.own[c - LONG_NOUNS], optarg);
		else if (own_letter(&k, c))
			give(&l->o, own_letter(&k, c), NULL);
		else
			misread(c, argv[optind - 1]);
	}
	l->o.argc = argc - optind;
	l->o.argv = argv + optind;
}

static bool has_option(const struct noun *n, const char *name)
{
	const struct noun_option *o;

	for (o = n->options; o && o->name; o++)
		if (!strcmp(o->name, name))
			return true;
	return false;
}

static void run(const struct noun *n, const struct line *l)
{
	unsigned int i;

	for (i = 0; i < l->o.n_given; i++) {
		const struct noun_option *o = l->o.given[i].option;

		if (!has_option(n, o->name))
			misused("\"%s\" has no option \"%s%s\"; see \"ctalg %s --help\"", n->name,
				dashes(o), o->name, n->name);
	}
	if (l->o.argc && !n->args)
		misused("\"%s\" wants nothing after it; see \"ctalg %s --help\"", n->name, n->name);
	if (l->netns)
		enter_netns(l->netns);
	n->run(&l->o);
}

int main(int argc, char **argv)
{
	const struct noun *n = NULL;
	struct line l = {};

	read_line(&l, argc, argv);
	if (l.o.argc && !strcmp(l.o.argv[0], "help")) {
		l.help = true;
		l.o.argc--;
		l.o.argv++;
	}
	if (l.o.argc) {
		n = noun_of(l.o.argv[0]);
		l.o.argc--;
		l.o.argv++;
	}
	if (!n && l.version)
		n = noun_of("version");
	if (!n && !l.help) {
		usage(stderr);
		return EXIT_USAGE;
	}
	if (!l.help)
		run(n, &l);
	else if (n)
		noun_help(n);
	else
		usage(stdout);
	if (fflush(stdout) || ferror(stdout))
		fail("the output cannot be written: %s", strerror(errno));
	return EXIT_OK;
}
