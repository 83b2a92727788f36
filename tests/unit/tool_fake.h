/* SPDX-License-Identifier: GPL-2.0 */
/* A kernel that always says the same, and a command line: the command's nouns without either. */
#ifndef CTALG_TESTS_TOOL_FAKE_H
#define CTALG_TESTS_TOOL_FAKE_H

#include <stdbool.h>

/* The command's own, not cmocka's. */
#undef fail

#include "tools/ctalg/kernel.h"
#include "tools/ctalg/tool.h"

/**
 * struct fake - the kernel
 * @loaded: the module is there
 * @empty: and nothing else
 * @version: the module's
 * @set: what was set, in words, one after the other
 * @warned: the warnings, a line each
 * @policy: the one that is loaded, or NULL
 */
extern struct fake {
	bool loaded;
	bool empty;
	const char *version;
	char set[512];
	char warned[1024];
	void *policy;
	uint32_t policy_len;
} fake;

void fake_reset(void);
struct address fake_address(const char *host);

/**
 * struct outcome - what became of a command
 * @status: its exit status
 * @out: what it printed
 * @said: its one sentence, if it failed
 */
struct outcome {
	int status;
	char *out;
	char said[512];
};

/* Runs "ctalg NOUN WORD…"; the words are separated by blanks. The last outcome's texts go. */
const struct outcome *outcome_of(const struct noun *n, const char *words, bool json);
/* What @print prints. To be freed. */
char *printed_by(void (*print)(void));
/* @text is what tests/unit/golden/@name holds; with UPDATE=1 it is from now on. */
void assert_golden(const char *name, const char *text);

#endif /* CTALG_TESTS_TOOL_FAKE_H */
