// SPDX-License-Identifier: GPL-2.0
/* Children: begun, waited for without waiting, and what became of them. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "alarm_command.h"
#include "tool.h"

struct alarm_waiting {
	struct alarm_waiting *next;
	struct alarm_facts facts;
};

static bool is_fact(const char *variable)
{
	unsigned int i;
	size_t len;

	for (i = 0; i < ALARM_FACTS; i++) {
		len = strlen(alarm_fact_name(i));
		if (!strncmp(variable, alarm_fact_name(i), len) && variable[len] == '=')
			return true;
	}
	return false;
}

/* The variables, and our environment but for what is called as they are. */
static char **environment_of(const struct alarm_facts *f)
{
	size_t n = 0, i;
	char **all;

	while (environ[n])
		n++;
	all = need(calloc(n + ALARM_FACTS + 1, sizeof(*all)));
	for (n = 0; n < ALARM_FACTS; n++)
		if (asprintf(&all[n], "%s=%s", alarm_fact_name((unsigned int)n), f->value[n]) < 0)
			need(NULL);
	for (i = 0; environ[i]; i++)
		if (!is_fact(environ[i]))
			all[n++] = environ[i];
	return all;
}

static void environment_free(char **all)
{
	size_t i;

	for (i = 0; i < ALARM_FACTS; i++)
		free(all[i]);
	free(all);
}

/* Signals as they are for everybody, and not those that a terminal sends us. */
static void attributes_set(posix_spawnattr_t *a)
{
	sigset_t none, all;

	sigemptyset(&none);
	sigfillset(&all);
	posix_spawnattr_init(a);
	posix_spawnattr_setsigmask(a, &none);
	posix_spawnattr_setsigdefault(a, &all);
	posix_spawnattr_setpgroup(a, 0);
	posix_spawnattr_setflags(a, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF |
					    POSIX_SPAWN_SETPGROUP);
}

/* Our output is our reader's, who wants lines of ours in it. */
static void files_set(posix_spawn_file_actions_t *files)
{
	posix_spawn_file_actions_init(files);
	posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_adddup2(files, STDERR_FILENO, STDOUT_FILENO);
	posix_spawn_file_actions_addclosefrom_np(files, STDERR_FILENO + 1);
}

/* Returns 0 or an errno. */
static int spawn(pid_t *pid, char **words, char **environment)
{
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attributes;
	int error;

	files_set(&files);
	attributes_set(&attributes);
	error = posix_spawnp(pid, words[0], &files, &attributes, words, environment);
	posix_spawn_file_actions_destroy(&files);
	posix_spawnattr_destroy(&attributes);
	return error;
}

static void begin(struct alarm_runner *r, const struct alarm_facts *f)
{
	char **words = alarm_command_words(r->command, f), **environment = environment_of(f);
	int error = spawn(&r->pid, words, environment);

	if (error)
		warn("the command of the alarm \"%s\" cannot be run: %s: %s", r->name, words[0],
		     strerror(error));
	if (error)
		r->pid = 0;
	environment_free(environment);
	free(words);
}

/* Until one runs. */
static void begin_next(struct alarm_runner *r)
{
	struct alarm_waiting *w;

	while (!r->pid && r->first) {
		w = r->first;
		r->first = w->next;
		r->n--;
		begin(r, &w->facts);
		free(w);
	}
}

static void leave_out(struct alarm_runner *r)
{
	if (!r->left_out++)
		warn("the command of the alarm \"%s\" still runs and %d more wait; until it has ended "
		     "others are left out",
		     r->name, ALARM_WAITING);
}

void alarm_run(struct alarm_runner *r, const struct alarm_facts *f)
{
	struct alarm_waiting *w;

	if (r->n >= ALARM_WAITING) {
		leave_out(r);
		return;
	}
	w = need(malloc(sizeof(*w)));
	w->next = NULL;
	w->facts = *f;
	if (r->first)
		r->last->next = w;
	else
		r->first = w;
	r->last = w;
	r->n++;
	begin_next(r);
}

static void say_end(const struct alarm_runner *r, int status)
{
	if (WIFSIGNALED(status))
		warn("the command of the alarm \"%s\" was ended by signal %d (%s)", r->name,
		     WTERMSIG(status), strsignal(WTERMSIG(status)));
	else if (WEXITSTATUS(status))
		warn("the command of the alarm \"%s\" failed with status %d", r->name,
		     WEXITSTATUS(status));
	if (r->left_out)
		warn("the command of the alarm \"%s\" was left out %llu times", r->name,
		     (unsigned long long)r->left_out);
}

void alarm_reap(struct alarm_runner *r)
{
	pid_t ended;
	int status;

	if (!r->pid)
		return;
	ended = waitpid(r->pid, &status, WNOHANG);
	if (!ended || (ended < 0 && errno == EINTR))
		return;
	if (ended > 0)
		say_end(r, status);
	r->left_out = 0;
	r->pid = 0;
	begin_next(r);
}
