// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "tool.h"
#include "waiting.h"

static int signals = -1;

void waiting_begin(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGCHLD);
	signal(SIGPIPE, SIG_IGN);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signals = signalfd(-1, &set, SFD_CLOEXEC);
	if (signals < 0)
		fail("signals cannot be waited for: %s", strerror(errno));
}

static enum waited signal_read(void)
{
	struct signalfd_siginfo info;

	if (read(signals, &info, sizeof(info)) == sizeof(info) && info.ssi_signo == SIGCHLD)
		return WAITED_CHILD;
	return WAITED_END;
}

enum waited wait_for(int fd, int ms)
{
	/* Of the output nothing is asked but whether it has a reader. */
	struct pollfd fds[] = { { .fd = signals, .events = POLLIN },
				{ .fd = STDOUT_FILENO },
				{ .fd = fd, .events = POLLIN } };
	int n = poll(fds, 3, ms);

	if (n < 0 && errno != EINTR)
		fail("nothing can be waited for: %s", strerror(errno));
	if (n <= 0)
		return WAITED_TIME;
	if (fds[1].revents & (POLLERR | POLLHUP))
		return WAITED_END;
	if (fds[0].revents)
		return signal_read();
	return fds[2].revents ? WAITED_READY : WAITED_TIME;
}

bool flush_output(void)
{
	if (!fflush(stdout) && !ferror(stdout))
		return true;
	if (errno != EPIPE)
		fail("the output cannot be written: %s", strerror(errno));
	/* What nobody reads is not an error that is met again at the end. */
	__fpurge(stdout);
	clearerr(stdout);
	return false;
}
