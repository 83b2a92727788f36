/* SPDX-License-Identifier: GPL-2.0 */
/* The words for the numbers of include/uapi/ctalg.h, as its spec has them. */
#ifndef NAMES_H
#define NAMES_H

#include <stdbool.h>
#include <stdint.h>

/* Each is "unknown" for a number that a newer kernel module may know. */
const char *event_kind_name(uint32_t kind);
const char *session_state_name(uint32_t state);
const char *pinhole_state_name(uint32_t state);
const char *stream_mode_name(uint32_t mode);

/* How many kinds of events there are. */
uint32_t event_kinds(void);
/* A bit for each kind that a word stands for: "pinhole" is all that begin with "pinhole-". 0 if there is none. */
uint64_t event_kinds_of(const char *word);
/* Is a kind among them? The last bit is for all kinds that we do not know. */
bool event_kind_among(uint32_t kind, uint64_t bits);

#endif /* NAMES_H */
