// SPDX-License-Identifier: GPL-2.0
#include "tool.h"
static void doctor_main(const struct options *o)
{
	(void)o;
}
const struct noun doctor_noun = {
	.name = "doctor", .run = doctor_main, .about = "find out why it does not work", .help = ""
};
