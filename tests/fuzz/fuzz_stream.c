// SPDX-License-Identifier: GPL-2.0
/* The input is the schedule of a model dialog: who acts, what gets lost, where segments are cut. */
#include "tests/unit/stream_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct tally t = { .dialogs = 0 };

	chance_bytes(data, (u32)min(size, (size_t)65536));
	model_run(&t);
	return 0;
}
