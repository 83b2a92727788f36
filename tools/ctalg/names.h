/* SPDX-License-Identifier: GPL-2.0 */
/* The words for the numbers of include/uapi/ctalg.h, as its spec has them. */
#ifndef NAMES_H
#define NAMES_H

#include <stdint.h>

/* Each is "unknown" for a number that a newer kernel module may know. */
const char *event_kind_name(uint32_t kind);
const char *session_state_name(uint32_t state);
const char *pinhole_state_name(uint32_t state);
const char *stream_mode_name(uint32_t mode);

/* How many kinds of events there are. */
uint32_t event_kinds(void);

#endif /* NAMES_H */
