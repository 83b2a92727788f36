// SPDX-License-Identifier: GPL-2.0
/* One datagram, from either side. */
#include "fuzz_parse.h"
#include "helpers/tftp/tftp_parse.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	u64 state[CTALG_PROTO_STATE / sizeof(u64)] = { 0 };

	if (size && size < 65536)
		fuzz_message(&tftp_proto, state, *data & 1, data + 1, (u32)size - 1);
	return 0;
}
