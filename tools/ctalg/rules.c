// SPDX-License-Identifier: GPL-2.0
#include "config.h"
#include "ruleset.h"
#include "text.h"
#include "tool.h"
#include "view.h"

static void print_json(const struct attachments *all)
{
	json_t *list = need(json_array());
	char text[ENDPOINT_SIZE];
	unsigned int n;
	uint8_t l4;
	size_t i;

	for (i = 0; i < all->n; i++)
		for (n = 0; (l4 = service_transport(all->a[i].service, n)); n++)
			json_array_append_new(
				list, json_pack("{ss ss si}", "helper", all->a[i].service->name,
						"l4", l4_text(text, l4), "port", all->a[i].port));
	json_print(list);
}

static void rules_main(const struct options *o)
{
	const char *file = option_value(o, "config");
	struct config c;

	if (option_value(o, "nft") && option_value(o, "iptables"))
		misused("the rules are either nftables' or iptables'; leave out --nft or --iptables");
	config_read(&c, file ? file : CONFIG_FILE);
	if (o->json)
		print_json(&c.attach);
	else if (option_value(o, "iptables"))
		ruleset_iptables(stdout, &c.attach);
	else
		ruleset_nft(stdout, &c.attach);
	attachments_free(&c.attach);
}

static const struct noun_option options[] = {
	{ "nft", NULL },
	{ "iptables", NULL },
	{ "config", "FILE" },
	{},
};

const struct noun rules_noun = {
	.name = "rules",
	.run = rules_main,
	.options = options,
	.about = "print the rules that the configuration asks for",
	.help = "What \"ctalg apply\" would load, for those who keep their rules themselves.\n"
		"Nothing is changed, and no privilege is needed.\n"
		"\n"
		"  --nft          for \"nft -f\"; so it is without any option\n"
		"  --iptables     a shell script of iptables and ip6tables commands\n"
		"  --config FILE  instead of " CONFIG_FILE "\n"
		"  --json         which helper is attached to which port\n"
		"\n"
		"  $ ctalg rules --iptables | sh\n",
};
