// SPDX-License-Identifier: GPL-2.0
#include <ctalg/helper.h>

#include "meet_parse.h"

static struct ctalg_helper meet_helper = {
	.proto = &meet_proto,
	.lifetime = 60,
};

CTALG_HELPER_MODULE(meet_helper, "meet");
MODULE_DESCRIPTION("MEET, the worked example of a ctalg helper");
MODULE_LICENSE("GPL");
