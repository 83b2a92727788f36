/* SPDX-License-Identifier: GPL-2.0 */
/* Waiting for something, the clock, or the end, which is a good one. */
#ifndef WAITING_H
#define WAITING_H

#include <stdbool.h>

/* From now on a signal to end, or a reader who goes away, is told by wait_for(). */
void waiting_begin(void);

/** enum waited - what has come */
enum waited {
	/** @WAITED_READY: @fd can be read */
	WAITED_READY,
	/** @WAITED_TIME: the time is over */
	WAITED_TIME,
	/** @WAITED_CHILD: a process that was begun has ended */
	WAITED_CHILD,
	/** @WAITED_END: SIGINT, SIGTERM or SIGHUP, or nobody reads our output any more */
	WAITED_END,
};

/* Waits for @fd, or for nothing if it is -1; for at most @ms milliseconds, or for ever if that is -1. */
enum waited wait_for(int fd, int ms);

/* Writes out what was printed. Returns false when nobody reads any more. */
bool flush_output(void);

#endif /* WAITING_H */
