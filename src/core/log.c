// SPDX-License-Identifier: GPL-2.0
/*
 * Events to the kernel's packet log, and so to journald, ulogd and netlink groups, as rules
 * of CTALG_CHAIN_LOG say.
 */
#include <linux/kmod.h>
#include <linux/ktime.h>
#include <linux/netdevice.h>
#include <linux/netfilter/nf_log.h>
#include <net/dst.h>
#include <net/netfilter/nf_log.h>

#include "core.h"

enum {
	/* So many lines in a second and, after a rest, at once. */
	LOG_RATE = 100,
	LOG_PRICE = NSEC_PER_SEC / LOG_RATE,
};

/* Is there room for a line more? As meters know it: by when all that was written is paid for. */
static bool log_within(struct ctalg_net *cn)
{
	s64 now = ktime_get_ns(), paid = atomic64_read(&cn->logged), due;

	do {
		due = max(paid, now) + LOG_PRICE;
		if (due > now + (s64)NSEC_PER_SEC)
			return false;
	} while (!atomic64_try_cmpxchg(&cn->logged, &paid, due));
	return true;
}

/**
 * struct line - what stands before the packet in the log
 * @len: bytes used
 * @text: them; what does not fit is left out
 */
struct line {
	u32 len;
	char text[NF_LOG_PREFIXLEN - 1];
};

/* Whoever named it, it is one word to those who read the log. */
static char printable(u8 c)
{
	return c > ' ' && c < 0x7f && c != '"' ? c : c == ' ' ? ' ' : '?';
}

static void line_add(struct line *l, const char *text, u32 len)
{
	u32 i;

	for (i = 0; i < len && l->len < sizeof(l->text); i++)
		l->text[l->len++] = printable(text[i]);
}

static void line_word(struct line *l, const char *word)
{
	if (!word)
		return;
	line_add(l, word, strlen(word));
	line_add(l, " ", 1);
}

/* In quotation marks, and cut before the second is. */
static void line_quoted(struct line *l, const char *name, const u8 *text, u32 len)
{
	u32 room = sizeof(l->text) - l->len, frame = strlen(name) + 3;

	if (!len || room <= frame)
		return;
	line_add(l, name, strlen(name));
	l->text[l->len++] = '"';
	line_add(l, text, min(len, room - frame));
	l->text[l->len++] = '"';
	l->text[l->len++] = ' ';
}

/* What says most stands first. */
static void line_fill(struct line *l, const struct ctalg_proto *proto, const char *prefix,
		      u32 prefix_len, const struct ctalg_subject *s)
{
	l->len = 0;
	line_add(l, prefix, prefix_len);
	line_word(l, proto->name);
	line_word(l, s->reason ?: s->event);
	if (s->command && s->command < proto->n_commands)
		line_word(l, proto->commands[s->command].name);
	line_quoted(l, "user=", s->user, s->user_len);
	line_quoted(l, "object=", s->object, s->object_len);
}

/**
 * struct place - where the packet is, as the log tells it
 * @hook: enum nf_inet_hooks
 * @in: where it came from, or NULL
 * @out: where it goes, or NULL
 */
struct place {
	unsigned int hook;
	const struct net_device *in;
	const struct net_device *out;
};

/* What is received here has a route that ends at loopback; a bridge or OVS gives none. Under RCU. */
static void place_of(struct place *at, const struct ctalg_packet *p)
{
	const struct dst_entry *dst = skb_dst(p->skb);

	at->hook = NF_INET_POST_ROUTING;
	at->in = p->skb->skb_iif ? dev_get_by_index_rcu(p->cn->net, p->skb->skb_iif) : NULL;
	at->out = dst ? dst->dev : p->skb->dev;
	if (at->in && at->out && at->out->flags & IFF_LOOPBACK) {
		at->hook = NF_INET_LOCAL_IN;
		at->out = NULL;
	}
}

static void loginfo_of(struct nf_loginfo *li, const struct ctalg_image_rule *rule)
{
	memset(li, 0, sizeof(*li));
	if (rule->arg[0] == CTALG_IMAGE_ANY) {
		li->type = NF_LOG_TYPE_LOG;
		li->u.log.level = rule->arg[1];
		return;
	}
	li->type = NF_LOG_TYPE_ULOG;
	li->u.ulog.group = rule->arg[0];
	/* Each line leaves at once. */
	li->u.ulog.qthreshold = 1;
}

static void log_write(const struct ctalg_packet *p, const struct ctalg_image_rule *rule,
		      const struct line *l)
{
	struct nf_loginfo li;
	struct place at;

	loginfo_of(&li, rule);
	place_of(&at, p);
	nf_log_packet(p->cn->net, nf_ct_l3num(p->ct), at.hook, p->skb, at.in, at.out, &li, "%.*s",
		      l->len, l->text);
}

/**
 * ctalg_log() - something has happened that rules may want in the log
 * @p: the packet
 * @f: its flow, whose lock is held, or NULL
 * @rules: the rules, or NULL
 * @s: who and what; its event and, if it has one, its reason are set
 *
 * Context: softirq, under RCU. What writes the log takes locks of its own only.
 */
void ctalg_log(const struct ctalg_packet *p, const struct ctalg_flow *f,
	       const struct ctalg_rules *rules, const struct ctalg_subject *s)
{
	const struct ctalg_image_rule *rule;
	const char *prefix;
	struct line l;
	u32 len;

	if (!ctalg_rules_any(rules, CTALG_CHAIN_LOG))
		return;
	rule = ctalg_rules_match(rules, CTALG_CHAIN_LOG, s, NULL);
	if (!rule || rule->action != CTALG_ACTION_ON)
		return;
	if (!log_within(p->cn)) {
		ctalg_count(p->nh, p->dir, CTALG_R_LOG_LIMITED);
		return;
	}
	prefix = ctalg_image_string(ctalg_rules_image(rules), rule->arg[2], &len);
	if (!len) {
		prefix = "ctalg: ";
		len = strlen(prefix);
	}
	line_fill(&l, p->live->h->proto, prefix, len, s);
	log_write(p, rule, &l);
}

/**
 * ctalg_log_prepare() - have what writes the log at hand, before an image is used
 * @image: a checked image
 *
 * Context: process, sleeps: modules may be loaded.
 * Return: 0, or -ENOENT if the kernel has nothing that writes what a rule asks for.
 */
int ctalg_log_prepare(const void *image)
{
	const struct ctalg_image_rule *rule;
	enum nf_log_type type;
	u32 n, i;
	int err;

	rule = ctalg_image_rules(image, &n);
	for (i = 0; i < n; i++) {
		if (rule[i].chain != CTALG_CHAIN_LOG || rule[i].action != CTALG_ACTION_ON)
			continue;
		type = rule[i].arg[0] == CTALG_IMAGE_ANY ? NF_LOG_TYPE_LOG : NF_LOG_TYPE_ULOG;
		err = nf_logger_find_get(NFPROTO_INET, type);
		if (err) {
			request_module("%s",
				       type == NF_LOG_TYPE_LOG ? "nf_log_syslog" : "nfnetlink_log");
			err = nf_logger_find_get(NFPROTO_INET, type);
		}
		if (err)
			return err;
		nf_logger_put(NFPROTO_INET, type);
	}
	return 0;
}
