/* SPDX-License-Identifier: GPL-2.0 */
/* The noun "policy": what its files share. */
#ifndef POLICY_H
#define POLICY_H

#include <jansson.h>

#include "policy_file.h"

struct options;

/* The policy that is loaded, checked, to be freed; NULL if there is none. */
void *policy_loaded(void);
/* How many rules it has; of those, how many concern a protocol. 0 for NULL. */
uint32_t policy_rules(const void *image);
uint32_t policy_rules_of(const void *image, const struct ctalg_proto *proto);

/* Bytes that somebody chose: as they are if they are UTF-8, else escaped. */
json_t *policy_json_text(const char *text, size_t len);
json_t *policy_json_string(const void *image, u32 ref);
/* A rule in all its parts. */
json_t *policy_json_rule(const void *image, const struct ctalg_image_rule *r);
void policy_show_json(const void *image);

/* ctalg policy test */
void policy_test(const struct options *o);

#endif /* POLICY_H */
