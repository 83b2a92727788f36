/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The language of policy files: text to an image of src/engine/policy.h, and back. Nothing
 * here talks to the kernel.
 */
#ifndef POLICY_FILE_H
#define POLICY_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../../src/engine/policy.h"

#define POLICY_FILE "/etc/ctalg.policy"

enum {
	/* A file is not longer. */
	POLICY_TEXT_MAX = 16 << 20,
	/* So many mistakes are told of at once. */
	POLICY_ERRORS_MAX = 10,
};

/**
 * struct policy_fault - a mistake, or what may be one
 * @line: where, from 1 on
 * @column: byte of the line, from 1 on
 * @text: what is wrong, and what to write instead
 */
struct policy_fault {
	uint32_t line;
	uint32_t column;
	char *text;
};

struct policy_faults {
	struct policy_fault *f;
	size_t n;
};

/**
 * struct policy_file - what a file says
 * @image: NULL if there are errors, or nothing stands in the file
 * @len: its length
 * @errors: by line; POLICY_ERRORS_MAX at most
 * @warnings: by line
 */
struct policy_file {
	void *image;
	uint32_t len;
	struct policy_faults errors;
	struct policy_faults warnings;
};

/* Has a protocol such a command? CTALG_COMMAND_USER: has it users? CTALG_COMMAND_CALLS: has it calls? */
bool policy_has(const struct ctalg_proto *proto, uint8_t flag);

/* Memory for the engine; it never lacks any. */
extern const struct ctalg_memory policy_memory;

/* Reads all of @text. Returns false if there are errors. */
bool policy_file_parse(struct policy_file *p, const char *text, size_t len);
void policy_file_free(struct policy_file *p);

/* The same with a file; ends the program if it cannot be read. */
bool policy_file_open(struct policy_file *p, const char *path);
/* Says each fault in a line of its own: "FILE:LINE:COLUMN: TEXT". */
void policy_file_say(const char *path, const struct policy_faults *faults, const char *before);
/* Reads a file that is free of errors, or ends the program having told them. */
void policy_file_read(struct policy_file *p, const char *path);

/* Writes a checked image as a file that says the same. */
void policy_print(FILE *to, const void *image);
/* Writes a rule as it stands in its protocol's section, without an end of line. */
void policy_print_rule(FILE *to, const void *image, const struct ctalg_image_rule *rule);

#endif /* POLICY_FILE_H */
