/* SPDX-License-Identifier: GPL-2.0 */
/* What the system tells in files and by programs. */
#ifndef SYSTEM_H
#define SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first line of a file. Returns false, with an empty @buf, if there is none. */
bool system_text(const char *path, char *buf, size_t size);
/* A number in a file; false if there is none. */
bool system_number(const char *path, uint64_t *n);
/*
 * Runs a program; what it writes to its standard output and error stands in @buf, cut
 * to its size and to one line. Returns its exit status, 127 if it cannot be run.
 */
int system_run(char *const argv[], char *buf, size_t size);
/* The same with all of its standard output, to be freed; NULL if it cannot be run or fails. */
char *system_output(char *const argv[]);
/*
 * From here to its end the program is the only one in this network namespace that changes
 * services: what it has read stays true until it writes.
 */
void system_lock(void);
/* Ends the program unless it is root's. */
void system_need_root(void);

#endif /* SYSTEM_H */
