// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <string.h>

#include <ctalg.h>

#include "names.h"

#define NAME_IN(table, number) name_in(table, sizeof(table) / sizeof((table)[0]), number)

static const char *name_in(const char *const *table, size_t n, uint32_t number)
{
	return number < n && table[number] ? table[number] : "unknown";
}

static const char *const kinds[] = {
	[CTALG_EVENT_KIND_SESSION_BEGIN] = "session-begin",
	[CTALG_EVENT_KIND_SESSION_CHANGE] = "session-change",
	[CTALG_EVENT_KIND_SESSION_END] = "session-end",
	[CTALG_EVENT_KIND_PINHOLE_OPEN] = "pinhole-open",
	[CTALG_EVENT_KIND_PINHOLE_USED] = "pinhole-used",
	[CTALG_EVENT_KIND_PINHOLE_CLOSED] = "pinhole-closed",
	[CTALG_EVENT_KIND_PINHOLE_REFUSED] = "pinhole-refused",
	[CTALG_EVENT_KIND_EDIT] = "edit",
	[CTALG_EVENT_KIND_MALFORMED] = "malformed",
	[CTALG_EVENT_KIND_UNREAD] = "unread",
	[CTALG_EVENT_KIND_LIMIT] = "limit",
	[CTALG_EVENT_KIND_DETACH] = "detach",
	[CTALG_EVENT_KIND_HANDOVER] = "handover",
	[CTALG_EVENT_KIND_RESET] = "reset",
	[CTALG_EVENT_KIND_DENIED] = "denied",
};

const char *event_kind_name(uint32_t kind)
{
	return NAME_IN(kinds, kind);
}

uint32_t event_kinds(void)
{
	return sizeof(kinds) / sizeof(kinds[0]);
}

static bool is_kind(const char *name, const char *word)
{
	size_t len = strlen(word);

	return len && !strncmp(name, word, len) && (!name[len] || name[len] == '-');
}

uint64_t event_kinds_of(const char *word)
{
	uint64_t bits = 0;
	uint32_t i;

	for (i = 0; i < event_kinds(); i++)
		if (is_kind(kinds[i], word))
			bits |= UINT64_C(1) << i;
	return bits;
}

bool event_kind_among(uint32_t kind, uint64_t bits)
{
	return bits >> (kind < 63 ? kind : 63) & 1;
}

const char *session_state_name(uint32_t state)
{
	static const char *const states[] = {
		[CTALG_SESSION_STATE_IDLE] = "idle",
		[CTALG_SESSION_STATE_WAITING] = "waiting",
		[CTALG_SESSION_STATE_ACTIVE] = "active",
	};

	return NAME_IN(states, state);
}

const char *pinhole_state_name(uint32_t state)
{
	static const char *const states[] = {
		[CTALG_PINHOLE_STATE_OPEN] = "open",
		[CTALG_PINHOLE_STATE_USED] = "used",
	};

	return NAME_IN(states, state);
}

const char *stream_mode_name(uint32_t mode)
{
	static const char *const modes[] = {
		[CTALG_STREAM_MODE_IDLE] = "idle",
		[CTALG_STREAM_MODE_READING] = "reading",
		[CTALG_STREAM_MODE_DEAF] = "deaf",
	};

	return NAME_IN(modes, mode);
}
