// SPDX-License-Identifier: GPL-2.0
#include <ctalg/port.h>
#include <ctalg/reason.h>

static const char *const reason_names[CTALG_R_SHARED_MAX] = {
#define CTALG_REASON_NAME(id, name) [CTALG_R_##id] = (name),
	CTALG_REASONS(CTALG_REASON_NAME)
#undef CTALG_REASON_NAME
};

const char *ctalg_reason_name(unsigned int reason)
{
	return reason < ARRAY_SIZE(reason_names) ? reason_names[reason] : NULL;
}
