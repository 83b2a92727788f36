// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include "system.h"
#include "tool.h"

bool system_text(const char *path, char *buf, size_t size)
{
	FILE *f = fopen(path, "re");

	if (!f || !fgets(buf, (int)size, f))
		buf[0] = 0;
	buf[strcspn(buf, "\n")] = 0;
	if (f)
		fclose(f);
	return buf[0];
}

bool system_number(const char *path, uint64_t *n)
{
	char text[64], *end;

	if (!system_text(path, text, sizeof(text)))
		return false;
	*n = strtoull(text, &end, 10);
	return end != text;
}

static void __attribute__((noreturn)) become(char *const argv[], int out, bool with_errors)
{
	dup2(out, STDOUT_FILENO);
	if (with_errors)
		dup2(out, STDERR_FILENO);
	else if (!freopen("/dev/null", "w", stderr))
		_exit(127);
	execvp(argv[0], argv);
	if (with_errors)
		dprintf(out, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

/* Returns where to read what it writes. */
static FILE *start(char *const argv[], bool with_errors, pid_t *pid)
{
	int fds[2];
	FILE *from;

	if (pipe(fds))
		fail("no pipe can be had: %s", strerror(errno));
	fflush(NULL);
	*pid = fork();
	if (*pid < 0)
		fail("no program can be started: %s", strerror(errno));
	if (!*pid) {
		close(fds[0]);
		become(argv, fds[1], with_errors);
	}
	close(fds[1]);
	from = need(fdopen(fds[0], "r"));
	return from;
}

static int status_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			return 127;
	return WIFEXITED(status) ? WEXITSTATUS(status) : 127;
}

/* All that comes, to be freed. */
static char *drain(FILE *from)
{
	char *text = NULL, block[4096];
	size_t size, n;
	FILE *to = need(open_memstream(&text, &size));

	while ((n = fread(block, 1, sizeof(block), from)) > 0)
		fwrite(block, 1, n, to);
	fclose(from);
	need(fclose(to) ? NULL : text);
	return text;
}

int system_run(char *const argv[], char *buf, size_t size)
{
	pid_t pid;
	char *text = drain(start(argv, true, &pid));

	snprintf(buf, size, "%s", text);
	buf[strcspn(buf, "\n")] = 0;
	free(text);
	return status_of(pid);
}

char *system_output(char *const argv[])
{
	pid_t pid;
	char *text = drain(start(argv, false, &pid));

	if (!status_of(pid))
		return text;
	free(text);
	return NULL;
}

/* The namespace itself carries the lock, for as long as the program runs. */
void system_lock(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return; /* no /proc: nobody who could be in the way either */
	while (flock(fd, LOCK_EX))
		if (errno != EINTR)
			return;
}

void system_need_root(void)
{
	if (geteuid())
		fail("this needs CAP_NET_ADMIN in the network namespace; run it as root");
}
