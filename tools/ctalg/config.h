/* SPDX-License-Identifier: GPL-2.0 */
/* What /etc/ctalg.conf says. */
#ifndef CONFIG_H
#define CONFIG_H

#include "kernel.h"
#include "service.h"

#define CONFIG_FILE "/etc/ctalg.conf"

enum {
	SERVICES_MAX = 16,
	LIMITS_MAX = 16,
};

/**
 * struct config - how the administrator wants it
 * @enabled: by service as services[] has them
 * @policy: the same; what it may do, and -1 or 0 as struct policy says for what is to be as it is by itself
 * @attach: the ports of the services that are enabled
 * @limit: 0 for what it is by itself; by limit as limit_names[] has them
 */
struct config {
	bool enabled[SERVICES_MAX];
	struct policy policy[SERVICES_MAX];
	struct attachments attach;
	uint64_t limit[LIMITS_MAX];
};

/* Names of limits, up to NULL. */
extern const char *const limit_names[];

struct alarm_rule;

/* Gives each alarm of it to @add, or ends the program with the line that is wrong. */
void config_read_alarms(const char *file, void (*add)(const struct alarm_rule *r));
/* Reads all of it, or ends the program with the line that is wrong. */
void config_read(struct config *c, const char *file);

#endif /* CONFIG_H */
