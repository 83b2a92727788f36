/* SPDX-License-Identifier: GPL-2.0 */
/* Making the system what it should be, saying what is changed and changing nothing else. */
#ifndef CHANGE_H
#define CHANGE_H

#include <jansson.h>

#include "kernel.h"
#include "service.h"

/**
 * struct changes - what has been changed, or would be
 * @dry: it only would be
 * @json: it is not said line by line, but all in @list at the end
 * @list: of objects
 * @failed: something could not be changed, and that has been said
 */
struct changes {
	bool dry;
	bool json;
	json_t *list;
	bool failed;
};

/* Returns false, having said why, if the service's module can't be had. */
bool change_module(struct changes *c, const struct service *s);
/* @now: NULL if its module is not loaded, which happens only if @c->dry. */
void change_policy(struct changes *c, const struct service *s, const struct helper *now,
		   const struct policy *wanted);
/* Loads the rules of a policy file, if they are not there. */
void change_rulebook(struct changes *c, const void *image, uint32_t len);
void change_limit(struct changes *c, const struct limit *now, uint64_t wanted);
void change_rules(struct changes *c, const struct attachments *wanted);

/* Says that there was nothing to change, or prints @list. */
void change_end(const struct changes *c);

#endif /* CHANGE_H */
