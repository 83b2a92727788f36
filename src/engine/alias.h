/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Names that stand for hidden text, and tell it to who knows a secret:
 *
 *	h5f0c2d1e9a7b3c4d5e6f708192a3.invalid
 *
 * Behind the ``h``, in hexadecimal digits of either case, a seal over the text and the text itself,
 * encrypted under that seal. The same text has always the same name, and nothing needs to
 * be remembered. No host is called so (RFC 6761, section 6.4).
 */
#ifndef CTALG_ENGINE_ALIAS_H
#define CTALG_ENGINE_ALIAS_H

#include <ctalg/edit.h>
#include <ctalg/proto.h>

/** define CTALG_ALIAS_TEXT - most bytes of text that a name can stand for: any address, in brackets or not */
#define CTALG_ALIAS_TEXT 48
/** define CTALG_ALIAS_MAX - no name is longer than this */
#define CTALG_ALIAS_MAX 120

/**
 * struct ctalg_alias - who makes such names, and knows them
 * @seal: a keyed hash of @len bytes that nobody outside can compute
 * @ctx: handed to it
 */
struct ctalg_alias {
	u64 (*seal)(void *ctx, const u8 *data, u32 len);
	void *ctx;
};

/**
 * struct ctalg_alias_found - a name of ours in a message
 * @at: the name
 * @len: bytes of @text
 * @text: what it stands for
 */
struct ctalg_alias_found {
	struct ctalg_span at;
	u8 len;
	char text[CTALG_ALIAS_TEXT];
};

/**
 * ctalg_alias_write() - a name for some text
 * @al: whose name
 * @text: the text, without zero bytes
 * @len: how many, 1 to CTALG_ALIAS_TEXT
 * @buf: where to write, CTALG_ALIAS_MAX bytes; no NUL is added
 *
 * All IPv4 addresses have names of one length.
 *
 * Return: bytes written; 0 if there is no name for it.
 */
u32 ctalg_alias_write(const struct ctalg_alias *al, const u8 *text, u32 len, char *buf);

/**
 * ctalg_alias_find() - the first of our names in a part of a message
 * @al: whose names
 * @m: the message
 * @in: the part, inside the message; no name ends right before it
 * @f: receives what was found
 *
 * One is no name where ctalg_hide_message() would not find its text again as an address that stands
 * alone, nor is one of two with nothing but dots and colons between.
 *
 * Work is linear in the length of the part that is looked at.
 *
 * Return: false if there is none.
 */
bool ctalg_alias_find(const struct ctalg_alias *al, const struct ctalg_message *m,
		      struct ctalg_span in, struct ctalg_alias_found *f);

/**
 * ctalg_alias_resolve() - put back what our names in a message stand for
 * @al: whose names
 * @m: the message
 * @in: the part of it that comes back
 * @e: the message's edits so far; receives more
 *
 * Return: CTALG_R_NONE; CTALG_R_LIMIT_EDITS if there are more than can be replaced: @e is then as
 * it was.
 */
unsigned int ctalg_alias_resolve(const struct ctalg_alias *al, const struct ctalg_message *m,
				 struct ctalg_span in, struct ctalg_edits *e);

#endif /* CTALG_ENGINE_ALIAS_H */
