// SPDX-License-Identifier: GPL-2.0
#include "glob.h"

enum glob_sort { GLOB_LITERAL, GLOB_ONE, GLOB_MANY };

struct glob_item {
	u8 sort;
	u8 c;
	u32 next;
};

/* The item at @at, which is inside. A "\" at the very end means itself. */
static struct glob_item item_at(const char *pattern, u32 n, u32 at)
{
	struct glob_item i = { .sort = GLOB_LITERAL, .c = (u8)pattern[at], .next = at + 1 };

	if (i.c == '*') {
		i.sort = GLOB_MANY;
	} else if (i.c == '?') {
		i.sort = GLOB_ONE;
	} else {
		if (i.c == '\\' && i.next < n)
			i.c = (u8)pattern[i.next++];
		i.c = ctalg_fold(i.c);
	}
	return i;
}

/*
 * Only the latest "*" is ever tried again: whatever an earlier one could take besides, this one
 * can as well.
 */
bool ctalg_glob_match(const char *pattern, u32 n, const u8 *text, u32 len)
{
	u32 p = 0, t = 0, again_p = 0, again_t = 0;
	bool star = false;

	while (t < len || p < n) {
		struct glob_item i = { .sort = GLOB_LITERAL };

		if (p < n)
			i = item_at(pattern, n, p);
		if (p < n && i.sort == GLOB_MANY) {
			star = true;
			p = again_p = i.next;
			again_t = t;
			if (p == n)
				return true;
		} else if (p < n && t < len && (i.sort == GLOB_ONE || i.c == ctalg_fold(text[t]))) {
			p = i.next;
			t++;
		} else if (star && t < len) {
			p = again_p;
			t = ++again_t;
		} else {
			return false;
		}
	}
	return true;
}

struct ctalg_glob_literal ctalg_glob_literal(const char *pattern, u32 n)
{
	struct ctalg_glob_literal head = { .kind = CTALG_GLOB_EXACT }, tail = { .from = 0 };
	u32 at = 0;

	while (at < n) {
		struct glob_item i = item_at(pattern, n, at);

		at = i.next;
		if (i.sort != GLOB_LITERAL) {
			head.kind = CTALG_GLOB_PREFIX;
			tail.from = at;
			tail.len = 0;
			continue;
		}
		head.len += head.kind == CTALG_GLOB_EXACT;
		tail.len++;
	}
	if (head.kind == CTALG_GLOB_EXACT || (head.len && head.len >= tail.len))
		return head;
	tail.kind = tail.len ? CTALG_GLOB_SUFFIX : CTALG_GLOB_ANY;
	return tail;
}

void ctalg_glob_copy(const char *pattern, u32 n, const struct ctalg_glob_literal *l, u8 *out)
{
	u32 at = l->from, k;

	for (k = 0; k < l->len; k++) {
		struct glob_item i = item_at(pattern, n, at);

		out[k] = i.c;
		at = i.next;
	}
}

bool ctalg_glob_equal(const char *pattern, u32 n, u32 from, const u8 *text, u32 len)
{
	u32 k;

	for (k = 0; k < len; k++) {
		struct glob_item i = item_at(pattern, n, from);

		if (i.c != ctalg_fold(text[k]))
			return false;
		from = i.next;
	}
	return true;
}
