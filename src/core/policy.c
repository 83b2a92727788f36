// SPDX-License-Identifier: GPL-2.0
/*
 * The policy of a namespace: compiled when it is set, for each helper, and replaced as a
 * whole. A packet works with one policy from its beginning to its end.
 */
#include <linux/mm.h>
#include <linux/random.h>

#include "core.h"

static void *policy_memory_alloc(void *ctx, u32 size)
{
	return kvmalloc(size, GFP_KERNEL_ACCOUNT);
}

static void policy_memory_free(void *ctx, void *p, u32 size)
{
	kvfree(p);
}

static const struct ctalg_memory policy_memory = {
	.alloc = policy_memory_alloc,
	.free = policy_memory_free,
};

struct ctalg_net_policy *ctalg_policy_alloc(u32 size)
{
	struct ctalg_net_policy *policy;

	policy = kvzalloc(sizeof(*policy) + size, GFP_KERNEL_ACCOUNT);
	if (policy)
		policy->size = size;
	return policy;
}

/* Nobody reads it any more. */
void ctalg_policy_free(struct ctalg_net_policy *policy)
{
	unsigned int slot;

	if (!policy)
		return;
	for (slot = 0; slot < CTALG_HELPERS; slot++)
		ctalg_rules_free(rcu_dereference_raw(policy->rules[slot]), &policy_memory);
	kvfree(policy);
}

static void policy_free_rcu(struct rcu_head *rcu)
{
	ctalg_policy_free(container_of(rcu, struct ctalg_net_policy, rcu));
}

static int policy_compile(struct ctalg_net_policy *policy, const struct ctalg_live *live,
			  struct ctalg_policy_error *err)
{
	struct ctalg_rules *rules;

	rules = ctalg_rules_compile(policy->image, live->h->proto, &policy_memory, err);
	if (!rules)
		return err->what ? -EINVAL : -ENOMEM;
	rcu_assign_pointer(policy->rules[live->slot], rules);
	return 0;
}

static int policy_build(struct ctalg_net_policy *policy, struct ctalg_policy_error *err)
{
	struct ctalg_live *live;
	int ret;

	policy->inside = ctalg_image_set_find(policy->image, "inside");
	list_for_each_entry(live, &ctalg_lives, node) {
		ret = policy_compile(policy, live, err);
		if (ret)
			return ret;
	}
	return 0;
}

/**
 * ctalg_policy_replace() - a namespace gets another policy
 * @cn: the namespace
 * @new: the policy, its image checked, or NULL for none; is the namespace's afterwards, or freed
 * @err: set if the image cannot be used
 *
 * Context: process.
 * Return: 0, -EINVAL or -ENOMEM; then everything is as it was.
 */
int ctalg_policy_replace(struct ctalg_net *cn, struct ctalg_net_policy *new,
			 struct ctalg_policy_error *err)
{
	struct ctalg_net_policy *old;
	int ret = 0;

	mutex_lock(&ctalg_mutex);
	if (new)
		ret = policy_build(new, err);
	if (!ret) {
		old = rcu_dereference_protected(cn->policy, lockdep_is_held(&ctalg_mutex));
		cn->policies++;
		if (new)
			new->generation = cn->policies;
		rcu_assign_pointer(cn->policy, new);
		new = NULL;
		if (old)
			call_rcu(&old->rcu, policy_free_rcu);
	}
	mutex_unlock(&ctalg_mutex);
	ctalg_policy_free(new);
	return ret;
}

void ctalg_policy_setup(struct ctalg_net *cn)
{
	get_random_bytes(&cn->alias_secret, sizeof(cn->alias_secret));
}

/* The namespace has no packets any more. */
void ctalg_policy_clean(struct ctalg_net *cn)
{
	ctalg_policy_free(rcu_dereference_raw(cn->policy));
	RCU_INIT_POINTER(cn->policy, NULL);
}

/*
 * A helper comes: ctalg_mutex is held. What one namespace has loaded is nobody else's affair:
 * if it cannot be used, the helper's packets are dropped there until another policy is loaded.
 */
void ctalg_policy_enter(struct ctalg_net *cn, const struct ctalg_live *live)
{
	struct ctalg_net_policy *policy;
	struct ctalg_policy_error err = {};

	policy = rcu_dereference_protected(cn->policy, lockdep_is_held(&ctalg_mutex));
	if (!policy || !policy_compile(policy, live, &err))
		return;
	set_bit(live->slot, policy->unusable);
	pr_warn_ratelimited(
		"helper \"%s\": in a namespace, by line %u of the policy that is loaded, %s; its packets are dropped there until a policy is loaded that suits this version\n",
		live->h->proto->name, err.line, err.what ? err.what : "memory is missing");
}

/* A helper goes, and with it its rules: ctalg_mutex is held, no packet comes to it any more. */
void ctalg_policy_leave(struct ctalg_net *cn, const struct ctalg_live *live)
{
	struct ctalg_net_policy *policy;
	struct ctalg_rules *rules;

	policy = rcu_dereference_protected(cn->policy, lockdep_is_held(&ctalg_mutex));
	if (!policy)
		return;
	clear_bit(live->slot, policy->unusable);
	rules = rcu_dereference_protected(policy->rules[live->slot], lockdep_is_held(&ctalg_mutex));
	if (!rules)
		return;
	RCU_INIT_POINTER(policy->rules[live->slot], NULL);
	synchronize_rcu();
	ctalg_rules_free(rules, &policy_memory);
}

/* The policy of the packet's namespace, as it is now. Under RCU. False if it cannot be used. */
bool ctalg_policy_find(struct ctalg_packet *p)
{
	p->policy = rcu_dereference(p->cn->policy);
	if (!p->policy)
		return true;
	p->rules = rcu_dereference(p->policy->rules[p->live->slot]);
	return !test_bit(p->live->slot, p->policy->unusable);
}

static bool is_inside(const struct ctalg_net_policy *policy, const struct ctalg_addr *a)
{
	return policy->inside != CTALG_IMAGE_ANY &&
	       ctalg_image_set_has(policy->image, policy->inside, a);
}

/*
 * Inside is the side whose address NAT translates: for SNAT who began, for DNAT who was
 * meant. With neither or both the set of inside hosts tells, or else it is who began.
 */
static u8 policy_inside(const struct ctalg_packet *p, const struct ctalg_addr *orig,
			const struct ctalg_addr *reply)
{
	unsigned long nat = p->ct->status & IPS_NAT_MASK;

	if (nat == IPS_SRC_NAT)
		return CTALG_DIR_ORIG;
	if (nat == IPS_DST_NAT)
		return CTALG_DIR_REPLY;
	return !is_inside(p->policy, orig) && is_inside(p->policy, reply) ? CTALG_DIR_REPLY
									  : CTALG_DIR_ORIG;
}

/* Which end of the packet's flow is inside, enum ctalg_side, if NAT or the set of inside hosts tells. */
u8 ctalg_policy_side(const struct ctalg_packet *p)
{
	unsigned long nat = p->ct->status & IPS_NAT_MASK;
	struct ctalg_addr end[2];
	u8 dir;

	if (nat == IPS_SRC_NAT || nat == IPS_DST_NAT)
		return (nat == IPS_SRC_NAT) == (p->dir == CTALG_DIR_ORIG) ? CTALG_SIDE_SENDER
									  : CTALG_SIDE_RECEIVER;
	if (!p->policy)
		return CTALG_SIDE_NEITHER;
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++)
		ctalg_addr_of(&end[dir], &p->ct->tuplehash[dir].tuple.src.u3, nf_ct_l3num(p->ct));
	if (is_inside(p->policy, &end[0]) == is_inside(p->policy, &end[1]))
		return CTALG_SIDE_NEITHER;
	return is_inside(p->policy, &end[p->dir]) ? CTALG_SIDE_SENDER : CTALG_SIDE_RECEIVER;
}

static u32 ct_mark(const struct nf_conn *ct)
{
#ifdef CONFIG_NF_CONNTRACK_MARK
	return READ_ONCE(ct->mark);
#else
	return 0;
#endif
}

/**
 * ctalg_policy_subject() - whom rules are held against
 * @p: the packet, whose namespace has a policy
 * @f: its flow, whose lock is held, or NULL
 * @s: the answer, without a command, an object and an event
 */
void ctalg_policy_subject(const struct ctalg_packet *p, const struct ctalg_flow *f,
			  struct ctalg_subject *s)
{
	const struct ctalg_session *session = f ? f->own : NULL;
	const struct ctalg_user *user;
	struct ctalg_addr end[2];
	u8 inside, dir;

	memset(s, 0, sizeof(*s));
	for (dir = 0; dir < IP_CT_DIR_MAX; dir++)
		ctalg_addr_of(&end[dir], &p->ct->tuplehash[dir].tuple.src.u3, nf_ct_l3num(p->ct));
	inside = policy_inside(p, &end[CTALG_DIR_ORIG], &end[CTALG_DIR_REPLY]);
	s->inside = end[inside];
	s->outside = end[!inside];
	s->mark = ct_mark(p->ct);
	s->zone = nf_ct_zone(p->ct)->id;
	if (session) {
		user = session->login.len ? &session->login : &session->user;
		s->user = user->name;
		s->user_len = user->len;
	}
}

bool ctalg_policy_is_strict(const struct ctalg_packet *p, const struct ctalg_flow *f)
{
	bool standard = READ_ONCE(p->nh->policy) & CTALG_POLICY_STRICT;
	struct ctalg_subject s;

	if (!ctalg_rules_any(p->rules, CTALG_CHAIN_STRICT))
		return standard;
	ctalg_policy_subject(p, f, &s);
	return ctalg_judge_is_strict(p->rules, &s, standard);
}

/* May the packet's flow not go by unread? Then there is something in it to be refused. */
bool ctalg_policy_must_read(const struct ctalg_packet *p, const struct ctalg_flow *f)
{
	return ctalg_rules_refuse(p->rules) || ctalg_rules_any(p->rules, CTALG_CHAIN_HIDE) ||
	       ctalg_policy_is_strict(p, f);
}

static bool hides_inside(void *ctx, const struct ctalg_addr *a)
{
	return is_inside(ctx, a);
}

static u64 policy_seal(void *ctx, const u8 *data, u32 len)
{
	const struct ctalg_net *cn = ctx;

	return siphash(data, len, &cn->alias_secret);
}

/* Who makes, and knows, the names that stand for what a namespace hides. */
void ctalg_policy_alias(struct ctalg_net *cn, struct ctalg_alias *al)
{
	al->seal = policy_seal;
	al->ctx = cn;
}

/* Are inside addresses kept from the outside of whom rules are held against? */
bool ctalg_policy_conceals(const struct ctalg_packet *p, const struct ctalg_subject *s)
{
	const struct ctalg_image_rule *rule;

	if (!ctalg_rules_any(p->rules, CTALG_CHAIN_HIDE))
		return false;
	rule = ctalg_rules_match(p->rules, CTALG_CHAIN_HIDE, s, NULL);
	return rule && rule->action == CTALG_ACTION_ON;
}

/**
 * ctalg_policy_hides() - is there anything to hide in what the packet brings
 * @p: the packet
 * @s: whom rules are held against
 * @v: the flow, seen from its sender
 * @h: what is to be hidden, without its @alias
 *
 * Return: false if the packet comes from outside, or may tell.
 */
bool ctalg_policy_hides(const struct ctalg_packet *p, const struct ctalg_subject *s,
			const struct ctalg_view *v, struct ctalg_hide *h)
{
	if (!ctalg_addr_eq(&s->inside, &v->self) || !ctalg_policy_conceals(p, s))
		return false;
	h->self = v->self;
	h->shown = v->self_out;
	h->inside = hides_inside;
	h->ctx = (void *)p->policy;
	return true;
}
