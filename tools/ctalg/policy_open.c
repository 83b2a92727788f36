// SPDX-License-Identifier: GPL-2.0
/* Policy files: opened, and told of what is wrong with them. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "policy_file.h"
#include "tool.h"

static char *read_all(FILE *f, const char *path, size_t *len)
{
	size_t room = 65536;
	char *text = need(malloc(room));

	*len = 0;
	for (;;) {
		*len += fread(text + *len, 1, room - *len, f);
		if (*len < room)
			break;
		if (room > POLICY_TEXT_MAX)
			fail("%s is longer than %d MiB; that is no policy", path,
			     POLICY_TEXT_MAX >> 20);
		room *= 2;
		text = need(realloc(text, room));
	}
	if (ferror(f))
		fail("%s cannot be read: %s", path, strerror(errno));
	return text;
}

bool policy_file_open(struct policy_file *p, const char *path)
{
	FILE *f = fopen(path, "re");
	char *text;
	size_t len;
	bool ok;

	if (!f)
		fail("%s cannot be read: %s; name a policy file that can", path, strerror(errno));
	text = read_all(f, path, &len);
	fclose(f);
	ok = policy_file_parse(p, text, len);
	free(text);
	return ok;
}

void policy_file_say(const char *path, const struct policy_faults *faults, const char *before)
{
	size_t i;

	for (i = 0; i < faults->n; i++)
		warn("%s:%u:%u: %s%s", path, faults->f[i].line, faults->f[i].column, before,
		     faults->f[i].text);
}

void policy_file_read(struct policy_file *p, const char *path)
{
	struct policy_faults most;
	const struct policy_fault *last;

	if (policy_file_open(p, path))
		return;
	most = p->errors;
	last = &most.f[--most.n];
	policy_file_say(path, &most, "");
	fail("%s:%u:%u: %s%s", path, last->line, last->column, last->text,
	     p->errors.n == POLICY_ERRORS_MAX ? "; there may be more mistakes behind this one"
					      : "");
}
