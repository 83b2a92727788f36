// SPDX-License-Identifier: GPL-2.0
/*
 * Room to work on one message in: more than a stack has, and needed only while the message is
 * in hand. Each CPU has one, of which a packet makes use under its flow's lock, with softirqs
 * off; what it sends meanwhile goes out later.
 *
 * It holds what all but a few messages name. For those there is one large room, which holds whatever
 * a packet can: it is taken when the small one is full, under a lock that nothing else takes, and given
 * back when the packet has been dealt with.
 */
#include <linux/mm.h>
#include <linux/percpu.h>
#include <linux/topology.h>

#include "core.h"

/**
 * struct ctalg_scratch_small - one CPU's room
 * @of: what works in it
 * @report_room: describes @report
 * @edits_room: describes @edits
 * @report: for the report
 * @edits: for the edits
 * @place: for the plan
 * @theirs: for the lines of a call
 * @mine: likewise
 * @flags: likewise
 */
struct ctalg_scratch_small {
	struct ctalg_scratch of;
	struct ctalg_report_room report_room;
	struct ctalg_edits_room edits_room;
	struct ctalg_report_small report;
	struct ctalg_edits_small edits;
	struct ctalg_plan_place place[CTALG_REPORT_ENDPOINTS];
	struct ctalg_pinhole *theirs[CTALG_REPORT_WANTS];
	struct ctalg_pinhole *mine[CTALG_REPORT_WANTS];
	u8 flags[CTALG_REPORT_WANTS];
};

/**
 * struct ctalg_large - the large room
 * @lock: whose it is
 * @report_room: describes @report
 * @edits_room: describes @edits
 * @report: for the report
 * @edits: for the edits
 * @place: for the plan
 * @theirs: for the lines of a call
 * @mine: likewise
 * @flags: likewise
 */
struct ctalg_large {
	spinlock_t lock;
	struct ctalg_report_room report_room;
	struct ctalg_edits_room edits_room;
	struct ctalg_report_large report;
	struct ctalg_edits_large edits;
	struct ctalg_plan_place place[CTALG_REPORT_PLACES];
	struct ctalg_pinhole *theirs[CTALG_REPORT_LINES];
	struct ctalg_pinhole *mine[CTALG_REPORT_LINES];
	u8 flags[CTALG_REPORT_LINES];
};

static DEFINE_PER_CPU(struct ctalg_scratch_small *, ctalg_scratches);

/* There once a protocol needs it, and then to stay. */
static struct ctalg_large *large_room;

/* Softirqs are off until the caller is done with it. */
struct ctalg_scratch *ctalg_scratch(void)
{
	return &this_cpu_read(ctalg_scratches)->of;
}

/* The large room is this packet's until ctalg_scratch_done(). False if there is none. */
static bool scratch_enlarge(struct ctalg_scratch *s)
{
	struct ctalg_large *large = smp_load_acquire(&large_room);

	if (s->large || !large)
		return s->large;
	spin_lock(&large->lock);
	/* For who checks that each function gives back what it takes. */
	__release(&large->lock);
	s->large = large;
	return true;
}

static bool scratch_grow_report(struct ctalg_report *r)
{
	struct ctalg_scratch *s = container_of(r, struct ctalg_scratch, report);

	if (r->room != &s->small->report_room || !scratch_enlarge(s))
		return false;
	ctalg_report_move(r, &s->large->report_room);
	return true;
}

static bool scratch_grow_edits(struct ctalg_edits *e)
{
	struct ctalg_scratch *s = container_of(e, struct ctalg_scratch, edits);

	if (e->room != &s->small->edits_room || !scratch_enlarge(s))
		return false;
	ctalg_edits_move(e, &s->large->edits_room);
	return true;
}

/* What stands in the place of a datagram has to be made again each time. */
struct ctalg_report *ctalg_scratch_spare(struct ctalg_scratch *s)
{
	s->spare.room = (struct ctalg_report_room)CTALG_REPORT_ROOM(s->spare.in);
	s->spare.report.grow = NULL;
	ctalg_report_use(&s->spare.report, &s->spare.room);
	return &s->spare.report;
}

/* How many m= lines the message has: those of one description follow each other. */
static u16 report_lines(const struct ctalg_report *r)
{
	u16 i = r->n_wants;

	while (i--)
		if (r->want[i].kind == CTALG_WANT_MEDIA)
			return min_t(u32, r->want[i].line + 1u, CTALG_REPORT_LINES);
	return 0;
}

/* A message has been read: what else is needed for it gets as much room as its report has. */
void ctalg_scratch_parsed(struct ctalg_scratch *s)
{
	bool large = s->report.room != &s->small->report_room;
	struct ctalg_lines *l = &s->lines;

	s->plan.place = large ? s->large->place : s->small->place;
	l->theirs = large ? s->large->theirs : s->small->theirs;
	l->mine = large ? s->large->mine : s->small->mine;
	l->flags = large ? s->large->flags : s->small->flags;
	l->n = report_lines(&s->report);
	memset(l->theirs, 0, l->n * sizeof(l->theirs[0]));
	memset(l->mine, 0, l->n * sizeof(l->mine[0]));
	memset(l->flags, 0, l->n * sizeof(l->flags[0]));
}

/* The packet has been dealt with. */
void ctalg_scratch_done(struct ctalg_scratch *s)
{
	if (!s->large)
		return;
	ctalg_report_use(&s->report, &s->small->report_room);
	ctalg_edits_use(&s->edits, &s->small->edits_room);
	__acquire(&s->large->lock);
	spin_unlock(&s->large->lock);
	s->large = NULL;
}

static void scratch_setup(struct ctalg_scratch_small *small)
{
	struct ctalg_scratch *s = &small->of;

	small->report_room = (struct ctalg_report_room)CTALG_REPORT_ROOM(small->report);
	small->edits_room = (struct ctalg_edits_room)CTALG_EDITS_ROOM(small->edits);
	s->small = small;
	s->report.grow = scratch_grow_report;
	s->edits.grow = scratch_grow_edits;
	ctalg_report_use(&s->report, &small->report_room);
	ctalg_edits_use(&s->edits, &small->edits_room);
}

/* Messages are going to come that may name any number of places. */
int ctalg_scratch_prepare(void)
{
	struct ctalg_large *large;

	if (smp_load_acquire(&large_room))
		return 0;
	large = kvzalloc(sizeof(*large), GFP_KERNEL);
	if (!large)
		return -ENOMEM;
	spin_lock_init(&large->lock);
	large->report_room = (struct ctalg_report_room)CTALG_REPORT_ROOM(large->report);
	large->edits_room = (struct ctalg_edits_room)CTALG_EDITS_ROOM(large->edits);
	/* Another helper may have been as quick. */
	if (cmpxchg(&large_room, NULL, large))
		kvfree(large);
	return 0;
}

void ctalg_scratch_fini(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		kvfree(per_cpu(ctalg_scratches, cpu));
		per_cpu(ctalg_scratches, cpu) = NULL;
	}
	kvfree(large_room);
	large_room = NULL;
}

int ctalg_scratch_init(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct ctalg_scratch_small *s;

		s = kvzalloc_node(sizeof(*s), GFP_KERNEL, cpu_to_node(cpu));
		if (!s) {
			ctalg_scratch_fini();
			return -ENOMEM;
		}
		scratch_setup(s);
		per_cpu(ctalg_scratches, cpu) = s;
	}
	return 0;
}
