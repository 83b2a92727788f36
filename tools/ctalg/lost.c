// SPDX-License-Identifier: GPL-2.0
#include "lost.h"

enum {
	PATIENCE = 64,
};

void lost_arrived(struct lost *l, uint64_t seq)
{
	if (l->begun && seq < l->next) {
		l->missing -= l->missing > 0;
		return;
	}
	if (l->begun && seq > l->next) {
		if (!l->missing)
			l->patience = seq + PATIENCE;
		l->missing += seq - l->next;
	}
	l->begun = true;
	l->next = seq + 1;
}

uint64_t lost_told(struct lost *l, bool quiet)
{
	uint64_t n = quiet || l->next > l->patience ? l->missing : 0;

	l->missing -= n;
	return n;
}
