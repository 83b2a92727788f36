// SPDX-License-Identifier: GPL-2.0
/* May an image be worked with? Nothing of it is followed before it has been looked at. */
#include "grant.h"
#include "policy_image.h"

struct check {
	const void *image;
	const struct ctalg_image_head *head;
	struct ctalg_policy_error *err;
	u32 rule;
	u32 line;
	u32 values;
	u32 text;
	u32 prefixes;
};

#define BIT_OF(x) (1U << (x))

enum {
	REFUSING = BIT_OF(CTALG_ACTION_DENY) | BIT_OF(CTALG_ACTION_DROP) |
		   BIT_OF(CTALG_ACTION_RESET),
	SWITCHING = BIT_OF(CTALG_ACTION_ON) | BIT_OF(CTALG_ACTION_OFF),
	OF_FLOW = BIT_OF(CTALG_FIELD_USER) | BIT_OF(CTALG_FIELD_INSIDE) |
		  BIT_OF(CTALG_FIELD_OUTSIDE) | BIT_OF(CTALG_FIELD_MARK) | BIT_OF(CTALG_FIELD_ZONE),
	OF_REQUEST = OF_FLOW | BIT_OF(CTALG_FIELD_COMMAND) | BIT_OF(CTALG_FIELD_OBJECT),
	OF_EVENT = OF_FLOW | BIT_OF(CTALG_FIELD_OBJECT) | BIT_OF(CTALG_FIELD_EVENT),
};

/* What goes together with a chain. */
static const struct {
	u16 actions;
	u16 fields;
} chains[CTALG_CHAINS] = {
	[CTALG_CHAIN_COMMAND] = { REFUSING | BIT_OF(CTALG_ACTION_ALLOW), OF_REQUEST },
	[CTALG_CHAIN_LIMIT] = { REFUSING, OF_REQUEST },
	[CTALG_CHAIN_STRICT] = { SWITCHING, OF_FLOW },
	[CTALG_CHAIN_HIDE] = { SWITCHING, OF_FLOW },
	[CTALG_CHAIN_LOOSE] = { SWITCHING, OF_FLOW },
	[CTALG_CHAIN_SOURCE] = { SWITCHING, OF_FLOW },
	[CTALG_CHAIN_OPAQUE] = { BIT_OF(CTALG_ACTION_DENY) | BIT_OF(CTALG_ACTION_OFF) |
					 BIT_OF(CTALG_ACTION_RANGE) | BIT_OF(CTALG_ACTION_DETACH),
				 OF_FLOW },
	[CTALG_CHAIN_PORTS] = { SWITCHING, OF_FLOW },
	[CTALG_CHAIN_LOG] = { SWITCHING, OF_EVENT },
	[CTALG_CHAIN_SIZE] = { REFUSING, OF_REQUEST },
	[CTALG_CHAIN_ICE] = { BIT_OF(CTALG_ACTION_ON), OF_FLOW },
	[CTALG_CHAIN_MEDIA] = { SWITCHING, OF_FLOW },
	[CTALG_CHAIN_ENDED] = { SWITCHING, OF_FLOW },
};

static bool wrong(const struct check *c, const char *what)
{
	c->err->what = what;
	c->err->rule = c->rule;
	c->err->line = c->line;
	return false;
}

/* Are @n things from @first on among the @all that there are? */
static bool among(u32 first, u32 n, u32 all)
{
	return first <= all && n <= all - first;
}

static bool string_fits(const struct check *c, u32 ref)
{
	return among(ref >> 8, ref & 255, c->head->strings);
}

static u64 size_of(const struct ctalg_image_head *h)
{
	return sizeof(*h) + (u64)h->sets * sizeof(struct ctalg_image_set) +
	       (u64)h->prefixes * sizeof(struct ctalg_image_prefix) +
	       (u64)h->limits * sizeof(struct ctalg_image_limit) +
	       (u64)h->rules * sizeof(struct ctalg_image_rule) +
	       (u64)h->criteria * sizeof(struct ctalg_image_criterion) +
	       (u64)h->values * sizeof(u32) + h->strings;
}

static bool head_check(const struct check *c, u32 len)
{
	const struct ctalg_image_head *h = c->head;
	u64 size;

	if (len < sizeof(*h) || len > CTALG_IMAGE_MAX || len % 4)
		return wrong(c, "no policy has this length");
	if (h->magic != CTALG_IMAGE_MAGIC)
		return wrong(c, "this is no policy");
	if (h->version != CTALG_IMAGE_VERSION)
		return wrong(c, "the policy is of another version");
	size = size_of(h);
	if (h->size != len || size > len || len - size >= 4)
		return wrong(c, "the policy's parts do not add up to its length");
	if (h->rules > CTALG_IMAGE_RULES)
		return wrong(c, "there are more than 65536 rules");
	if (h->sets > CTALG_IMAGE_RULES)
		return wrong(c, "there are more than 65536 sets");
	return true;
}

static bool prefix_check(const struct check *c, const struct ctalg_image_prefix *p)
{
	struct ctalg_addr a = { .family = p->family };

	if (p->family != CTALG_AF_INET && p->family != CTALG_AF_INET6)
		return wrong(c, "a prefix has no address family");
	if (p->len > 8 * ctalg_addr_len(&a))
		return wrong(c, "a prefix is longer than its address");
	memcpy(a.b, p->addr, sizeof(a.b));
	if (p->zero[0] || p->zero[1] || !ctalg_image_prefix_covers(p, &a))
		return wrong(c, "a prefix has bits behind its end");
	return true;
}

static bool prefixes_check(const struct check *c)
{
	u32 n, i;
	const struct ctalg_image_prefix *p = ctalg_image_prefixes(c->image, &n);

	for (i = 0; i < n; i++)
		if (!prefix_check(c, &p[i]))
			return false;
	return true;
}

static bool set_ascends(const struct ctalg_image_prefix *p, u32 n)
{
	u32 i;

	for (i = 1; i < n; i++) {
		struct ctalg_addr a = { .family = p[i].family };

		memcpy(a.b, p[i].addr, sizeof(a.b));
		if (ctalg_image_prefix_order(&p[i - 1], a.family, a.b) >= 0 ||
		    ctalg_image_prefix_covers(&p[i - 1], &a))
			return false;
	}
	return true;
}

static bool sets_check(struct check *c)
{
	u32 n, all, i;
	const struct ctalg_image_set *sets = ctalg_image_sets(c->image, &n);
	const struct ctalg_image_prefix *p = ctalg_image_prefixes(c->image, &all);

	for (i = 0; i < n; i++) {
		if (!string_fits(c, sets[i].name) || !among(sets[i].prefix, sets[i].n, all))
			return wrong(c, "a set refers to something that is not there");
		if (sets[i].n > CTALG_IMAGE_WORK - c->prefixes)
			return wrong(c, "the sets have more than 1048576 prefixes");
		c->prefixes += sets[i].n;
		if (!set_ascends(p + sets[i].prefix, sets[i].n))
			return wrong(c, "a set's prefixes overlap or are out of order");
	}
	return true;
}

static bool limits_check(const struct check *c)
{
	u32 n, i;
	const struct ctalg_image_limit *l = ctalg_image_limits(c->image, &n);

	for (i = 0; i < n; i++) {
		if (!string_fits(c, l[i].name))
			return wrong(c, "a limit refers to something that is not there");
		if (l[i].per >= CTALG_PERS)
			return wrong(c, "nobody knows of whom a limit counts");
		if (!l[i].period && !l[i].sessions)
			return wrong(c, "a limit limits nothing");
		if (l[i].period && (!l[i].events || !l[i].burst))
			return wrong(c, "a limit lets nothing through");
	}
	return true;
}

static bool is_set(const struct check *c, u32 set)
{
	return set < c->head->sets;
}

static bool value_check(const struct check *c, u8 field, u32 value)
{
	switch (field) {
	case CTALG_FIELD_INSIDE:
	case CTALG_FIELD_OUTSIDE:
		return is_set(c, value) || wrong(c, "a rule names a set that is not there");
	case CTALG_FIELD_ZONE:
		return value <= 0xffff || wrong(c, "a zone is not above 65535");
	case CTALG_FIELD_MARK:
		return true;
	default:
		return string_fits(c, value) || wrong(c, "a rule names a text that is not there");
	}
}

static bool criterion_check(struct check *c, const struct ctalg_image_criterion *cr)
{
	u32 all, i;
	const u32 *values = ctalg_image_values(c->image, &all);

	if (cr->negate > 1)
		return wrong(c, "a criterion is negated or it is not");
	if (!cr->n || (cr->field == CTALG_FIELD_MARK && cr->n % 2))
		return wrong(c, "a criterion lacks values");
	if (!among(cr->values, cr->n, all))
		return wrong(c, "a criterion has values that are not there");
	if (cr->n > CTALG_IMAGE_WORK - c->values)
		return wrong(c, "the rules have more than 1048576 values");
	c->values += cr->n;
	for (i = 0; i < cr->n; i++) {
		if (!value_check(c, cr->field, values[cr->values + i]))
			return false;
		if (cr->field == CTALG_FIELD_USER || cr->field == CTALG_FIELD_OBJECT)
			c->text += values[cr->values + i] & 0xff;
	}
	return c->text <= CTALG_IMAGE_TEXT ||
	       wrong(c, "the rules' patterns have more than 16777216 bytes");
}

static bool criteria_check(struct check *c, const struct ctalg_image_rule *r)
{
	u32 all, i, seen = 0;
	const struct ctalg_image_criterion *cr = ctalg_image_criteria(c->image, &all);

	if (r->n_criteria > CTALG_IMAGE_CRITERIA)
		return wrong(c, "a rule has more criteria than there are");
	if (!among(r->criteria, r->n_criteria, all))
		return wrong(c, "a rule has criteria that are not there");
	for (i = 0; i < r->n_criteria; i++) {
		u8 field = cr[r->criteria + i].field;

		if (field >= CTALG_FIELDS)
			return wrong(c, "nobody knows what a criterion looks at");
		if (!(chains[r->chain].fields & BIT_OF(field)))
			return wrong(c, "a rule of this kind cannot look at that");
		if (seen & BIT_OF(field))
			return wrong(c, "a rule has two criteria of one kind");
		seen |= BIT_OF(field);
		if (!criterion_check(c, &cr[r->criteria + i]))
			return false;
	}
	return true;
}

static bool range_check(const struct check *c, u32 range)
{
	u32 first = range >> 16, last = range & 0xffff;

	if (first < CTALG_IMAGE_PORT_MIN)
		return wrong(c, "ports below 1024 are not given away");
	return first <= last || wrong(c, "a range of ports ends before it begins");
}

/* The kernel's expectations know a single prefix of a family. */
static bool source_check(const struct check *c, u32 set)
{
	u32 n;
	const struct ctalg_image_set *s = ctalg_image_sets(c->image, &n) + set;
	const struct ctalg_image_prefix *p = ctalg_image_prefixes(c->image, &n) + s->prefix;

	if (!s->n || s->n > 2 || (s->n == 2 && p[0].family == p[1].family))
		return wrong(c, "a set for sources has one prefix, or one of each family");
	return true;
}

static const struct ctalg_image_criterion *set_of_blocks(const struct check *c,
							 const struct ctalg_image_rule *r)
{
	u32 n, i;
	const struct ctalg_image_criterion *cr = ctalg_image_criteria(c->image, &n) + r->criteria;

	for (i = 0; i < r->n_criteria; i++)
		if (cr[i].field == CTALG_FIELD_INSIDE && !cr[i].negate && cr[i].n == 1)
			return &cr[i];
	return NULL;
}

static bool blocks_check(const struct check *c, const struct ctalg_image_rule *r)
{
	u32 n, i, left = ((r->arg[0] & 0xffff) - (r->arg[0] >> 16) + 1) / r->arg[1];
	const struct ctalg_image_criterion *cr = set_of_blocks(c, r);
	const struct ctalg_image_prefix *p = ctalg_image_prefixes(c->image, &n);
	const struct ctalg_image_set *s = ctalg_image_sets(c->image, &n);

	if (!cr)
		return wrong(c, "blocks of ports are for one set of inside hosts");
	s += ctalg_image_values(c->image, &n)[cr->values];
	p += s->prefix;
	for (i = 0; i < s->n; i++) {
		if (p[i].family != CTALG_AF_INET)
			return wrong(c, "blocks of ports are for IPv4 addresses");
		if (ctalg_image_prefix_hosts(&p[i]) > left)
			return wrong(c, "there are fewer blocks of ports than inside hosts");
		left -= ctalg_image_prefix_hosts(&p[i]);
	}
	return true;
}

static bool ports_check(const struct check *c, const struct ctalg_image_rule *r)
{
	return range_check(c, r->arg[0]) && (!r->arg[1] || blocks_check(c, r));
}

static bool log_check(const struct check *c, const struct ctalg_image_rule *r)
{
	if (r->arg[0] > 0xffff && r->arg[0] != CTALG_IMAGE_ANY)
		return wrong(c, "a group of the log is not above 65535");
	if (r->arg[1] > 7)
		return wrong(c, "a level of the log is not above 7");
	return string_fits(c, r->arg[2]) || wrong(c, "a rule names a text that is not there");
}

static bool answer_check(const struct check *c, const struct ctalg_image_rule *r)
{
	if (r->arg[0] > 0xffff)
		return wrong(c, "the code of an answer is not above 65535");
	if (!string_fits(c, r->arg[1]))
		return wrong(c, "a rule names a text that is not there");
	if (r->chain == CTALG_CHAIN_LIMIT && r->arg[2] >= c->head->limits)
		return wrong(c, "a rule names a limit that is not there");
	if (r->chain == CTALG_CHAIN_SIZE && !r->arg[2])
		return wrong(c, "a limit lets nothing through");
	return true;
}

static bool arg_check(const struct check *c, const struct ctalg_image_rule *r)
{
	bool on = r->action == CTALG_ACTION_ON;

	switch (r->chain) {
	case CTALG_CHAIN_COMMAND:
	case CTALG_CHAIN_LIMIT:
	case CTALG_CHAIN_SIZE:
		return answer_check(c, r);
	case CTALG_CHAIN_LOOSE:
	case CTALG_CHAIN_SOURCE:
		if (!on || r->arg[0] == CTALG_IMAGE_ANY)
			return true;
		if (!is_set(c, r->arg[0]))
			return wrong(c, "a rule names a set that is not there");
		return r->chain == CTALG_CHAIN_LOOSE || source_check(c, r->arg[0]);
	case CTALG_CHAIN_OPAQUE:
		if (r->action != CTALG_ACTION_RANGE)
			return true;
		if ((r->arg[0] & 0xffff) - (r->arg[0] >> 16) >= CTALG_IMAGE_RANGE)
			return wrong(c, "a passive range has 1 to 64 ports");
		return range_check(c, r->arg[0]);
	case CTALG_CHAIN_PORTS:
		return !on || ports_check(c, r);
	case CTALG_CHAIN_LOG:
		return !on || log_check(c, r);
	case CTALG_CHAIN_ICE:
		return r->arg[0] < CTALG_GRANT_ICES ||
		       wrong(c, "nobody knows what becomes of descriptions with ICE");
	default:
		return true;
	}
}

static bool rules_check(struct check *c)
{
	u32 n, i;
	const struct ctalg_image_rule *r = ctalg_image_rules(c->image, &n);

	for (i = 0; i < n; i++) {
		c->rule = i;
		c->line = r[i].line;
		if (!string_fits(c, r[i].helper))
			return wrong(c, "a rule names a protocol that is not there");
		if (r[i].chain >= CTALG_CHAINS)
			return wrong(c, "nobody knows what a rule is about");
		if (r[i].action >= CTALG_ACTIONS ||
		    !(chains[r[i].chain].actions & BIT_OF(r[i].action)))
			return wrong(c, "a rule of this kind cannot say that");
		if (!criteria_check(c, &r[i]) || !arg_check(c, &r[i]))
			return false;
	}
	return true;
}

bool ctalg_image_check(const void *image, u32 len, struct ctalg_policy_error *err)
{
	struct check c = { .image = image, .head = image, .err = err, .rule = CTALG_IMAGE_ANY };

	return head_check(&c, len) && prefixes_check(&c) && sets_check(&c) && limits_check(&c) &&
	       rules_check(&c);
}
