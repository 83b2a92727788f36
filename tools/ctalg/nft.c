// SPDX-License-Identifier: GPL-2.0
/* The one file that knows libnftables. */
#include <stdio.h>
#include <string.h>

#include <nftables/libnftables.h>

#include "nft.h"
#include "tool.h"

static struct nft_ctx *open_nft(unsigned int flags)
{
	struct nft_ctx *nft = need(nft_ctx_new(NFT_CTX_DEFAULT));

	nft_ctx_output_set_flags(nft, flags);
	if (nft_ctx_buffer_output(nft) || nft_ctx_buffer_error(nft))
		need(NULL);
	return nft;
}

/* The flags of a table as its text says them. */
static json_t *flags_of(const json_t *table)
{
	struct nft_ctx *nft = open_nft(NFT_CTX_OUTPUT_TERSE);
	const char *text, *family, *name;
	json_t *flags = NULL;
	char command[512];

	if (!json_unpack((json_t *)table, "{s:s, s:s}", "family", &family, "name", &name)) {
		snprintf(command, sizeof(command), "list table %s %s", family, name);
		text = nft_run_cmd_from_buffer(nft, command) ? "" : nft_ctx_get_output_buffer(nft);
		text += strcspn(text, "\n");
		if (!strncmp(text, "\n\tflags ", strlen("\n\tflags "))) {
			text += strlen("\n\tflags ");
			flags = json_stringn(text, strcspn(text, "\n;"));
		}
	}
	nft_ctx_free(nft);
	return flags;
}

/* In JSON libnftables 1.0.6 says a lone flag out of memory that it has freed. */
static void mend_flags(json_t *list)
{
	json_t *object, *table;
	size_t i;

	json_array_foreach(list, i, object) {
		table = json_object_get(object, "table");
		if (json_object_get(table, "flags"))
			json_object_set_new(table, "flags", flags_of(table));
	}
}

json_t *nft_list(const char *command)
{
	struct nft_ctx *nft = open_nft(NFT_CTX_OUTPUT_JSON | NFT_CTX_OUTPUT_NUMERIC_ALL);
	json_t *answer = NULL, *list;

	if (!nft_run_cmd_from_buffer(nft, command))
		answer = json_loads(nft_ctx_get_output_buffer(nft), 0, NULL);
	nft_ctx_free(nft);
	list = json_incref(json_object_get(answer, "nftables"));
	json_decref(answer);
	mend_flags(list);
	return list;
}

/* libnftables shows the place below its first line; that line says it all. */
static void __attribute__((noreturn)) fail_as_nft_said(const char *said)
{
	const char *error = strstr(said, "Error: ");

	error = error ? error + strlen("Error: ") : said;
	fail("nftables refuses the rules: %.*s; \"ctalg rules --iptables\" prints them for iptables",
	     (int)strcspn(error, "\n"), error);
}

void nft_run(const char *commands)
{
	struct nft_ctx *nft = open_nft(0);

	if (nft_run_cmd_from_buffer(nft, commands))
		fail_as_nft_said(nft_ctx_get_error_buffer(nft));
	nft_ctx_free(nft);
}
