/* SPDX-License-Identifier: GPL-2.0 */
/*
 * All that a helper module needs: a protocol and a descriptor. The core does the
 * rest: connection tracking, NAT, pinholes, streams, counters, namespaces.
 */
#ifndef CTALG_HELPER_H
#define CTALG_HELPER_H

#include <linux/module.h>
#include <linux/netfilter/nf_conntrack_common.h>

#include <ctalg/proto.h>

struct ctalg_live;
struct nf_conn;
struct sk_buff;

/**
 * struct ctalg_helper - a helper, as its module describes it
 * @proto: the protocol
 * @lifetime: seconds that a pinhole waits for its data flow
 * @owner: the module; set by CTALG_HELPER_MODULE()
 * @entry: the module's packet entry; set by CTALG_HELPER_MODULE()
 * @live: the core's side while registered
 */
struct ctalg_helper {
	const struct ctalg_proto *proto;
	unsigned int lifetime;
	struct module *owner;
	int (*entry)(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,
		     enum ip_conntrack_info ctinfo);
	struct ctalg_live *live;
};

/**
 * ctalg_helper_register() - begin to serve a protocol, in all namespaces
 * @h: the helper; must stay until it is unregistered
 *
 * The helper registers with the kernel under its protocol's name, for IPv4 and
 * IPv6. Which flows get it is for the ruleset to say.
 *
 * Context: process; may sleep.
 * Return: 0, -EBUSY when another module holds the name or the port (the log says
 * which and what to do), -EINVAL for a descriptor that breaks its contract, -ENOSPC
 * when too many helpers are registered, -ENOMEM.
 */
int ctalg_helper_register(struct ctalg_helper *h);

/**
 * ctalg_helper_unregister() - stop serving a protocol
 * @h: the helper
 *
 * Its pinholes close, its flows go on without it. When this returns no CPU runs
 * the helper's code and nothing refers to it.
 *
 * Context: process; may sleep.
 */
void ctalg_helper_unregister(struct ctalg_helper *h);

/**
 * ctalg_helper_packet() - a packet of a flow that has this helper
 * @h: the helper
 * @skb: the packet
 * @protoff: offset of the transport header
 * @ct: its connection
 * @ctinfo: its place in the connection
 *
 * Context: softirq or process, under rcu_read_lock().
 * Return: NF_ACCEPT or NF_DROP.
 */
int ctalg_helper_packet(const struct ctalg_helper *h, struct sk_buff *skb, unsigned int protoff,
			struct nf_conn *ct, enum ip_conntrack_info ctinfo);

/**
 * CTALG_HELPER_MODULE() - everything of a helper module that is not its descriptor
 * @h: a struct ctalg_helper, static, in this file
 * @name: the protocol's name, a string literal: rules that ask for a helper of this
 *	name load the module
 */
#define CTALG_HELPER_MODULE(h, name)                                                               \
	static int h##_entry(struct sk_buff *skb, unsigned int protoff, struct nf_conn *ct,        \
			     enum ip_conntrack_info ctinfo)                                        \
	{                                                                                          \
		return ctalg_helper_packet(&(h), skb, protoff, ct, ctinfo);                        \
	}                                                                                          \
	static int __init h##_init(void)                                                           \
	{                                                                                          \
		(h).owner = THIS_MODULE;                                                           \
		(h).entry = h##_entry;                                                             \
		return ctalg_helper_register(&(h));                                                \
	}                                                                                          \
	static void __exit h##_exit(void)                                                          \
	{                                                                                          \
		ctalg_helper_unregister(&(h));                                                     \
	}                                                                                          \
	module_init(h##_init);                                                                     \
	module_exit(h##_exit);                                                                     \
	MODULE_ALIAS("nfct-helper-" name);                                                         \
	MODULE_ALIAS("ip_nat_" name);                                                              \
	MODULE_ALIAS("ctalg-helper-" name)

#endif /* CTALG_HELPER_H */
