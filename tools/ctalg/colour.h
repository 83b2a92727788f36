/* SPDX-License-Identifier: GPL-2.0 */
/* Colour for people: on a terminal only, and not where NO_COLOR is set. */
#ifndef COLOUR_H
#define COLOUR_H

/** enum paint - what a piece of text means */
enum paint {
	/** @PAINT_END: nothing any more; ends every other */
	PAINT_END,
	/** @PAINT_GOOD: as it should be */
	PAINT_GOOD,
	/** @PAINT_WARNING: to be looked at */
	PAINT_WARNING,
	/** @PAINT_BAD: wrong */
	PAINT_BAD,
	/** @PAINT_STRONG: to be seen first */
	PAINT_STRONG,
	/** @PAINT_FAINT: to be seen last */
	PAINT_FAINT,
};

/* What to print before such text, and with PAINT_END after it; empty where colour is not wanted. */
const char *paint(enum paint p);

#endif /* COLOUR_H */
