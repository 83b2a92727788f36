/* SPDX-License-Identifier: GPL-2.0 */
/* Reports and edits with the room that they have at first. */
#ifndef CTALG_TESTS_UNIT_ROOMS_H
#define CTALG_TESTS_UNIT_ROOMS_H

#include "include/ctalg/edit.h"
#include "include/ctalg/report.h"

#define ROOMS_REPORT(how, name)                                                                    \
	how struct ctalg_report_small name##_in;                                                   \
	how const struct ctalg_report_room name##_room = CTALG_REPORT_ROOM(name##_in);             \
	how struct ctalg_report name = { .endpoint = name##_in.endpoint,                           \
					 .token = name##_in.token,                                 \
					 .want = name##_in.want,                                   \
					 .room = &name##_room }

#define ROOMS_EDITS(how, name)                                                                     \
	how struct ctalg_edits_small name##_in;                                                    \
	how const struct ctalg_edits_room name##_room = CTALG_EDITS_ROOM(name##_in);               \
	how struct ctalg_edits name = { .most = CTALG_EDITS_GROWTH,                                \
					.edit = name##_in.edit,                                    \
					.text = name##_in.text,                                    \
					.room = &name##_room }

/* struct ctalg_report NAME, of this block, or for good. */
#define REPORT(name) ROOMS_REPORT(, name)
#define STATIC_REPORT(name) ROOMS_REPORT(static, name)
/* struct ctalg_edits NAME */
#define EDITS(name) ROOMS_EDITS(, name)
#define STATIC_EDITS(name) ROOMS_EDITS(static, name)

/* struct ctalg_plan_room NAME, for good. */
#define STATIC_PLAN_ROOM(name)                                                                     \
	static struct ctalg_plan_place name##_place[CTALG_REPORT_ENDPOINTS];                       \
	static struct ctalg_plan_room name = { .place = name##_place }

#endif /* CTALG_TESTS_UNIT_ROOMS_H */
