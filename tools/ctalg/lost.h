/* SPDX-License-Identifier: GPL-2.0 */
/* How many events did not arrive: their numbers tell. */
#ifndef LOST_H
#define LOST_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct lost - what is known of events that have not arrived
 * @begun: one has arrived
 * @next: number of the one to arrive next
 * @missing: how many before that have not, and have not been told
 * @patience: once @next is behind this, they are lost. Two processors may send in another order than
 *	they number
 */
struct lost {
	bool begun;
	uint64_t next;
	uint64_t missing;
	uint64_t patience;
};

/* One has arrived. */
void lost_arrived(struct lost *l, uint64_t seq);
/* How many are lost for good, which are then told; @quiet: nothing is under way. */
uint64_t lost_told(struct lost *l, bool quiet);

#endif /* LOST_H */
