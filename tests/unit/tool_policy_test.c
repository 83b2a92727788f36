// SPDX-License-Identifier: GPL-2.0
/* The language of policy files: what is wrong in them, what becomes of them, and how they are printed. */
#include "unit.h"

#include <unistd.h>

#include "tests/unit/tool_fake.h"
#include "tools/ctalg/policy_file.h"

static struct policy_file parsed(const char *text)
{
	struct policy_file p;

	policy_file_parse(&p, text, strlen(text));
	return p;
}

static void say_faults(FILE *to, const char *kind, const struct policy_faults *faults)
{
	size_t i;

	for (i = 0; i < faults->n; i++)
		fprintf(to, "%s %u:%u: %s\n", kind, faults->f[i].line, faults->f[i].column,
			faults->f[i].text);
}

/* Each text, and what is said of it. */
static char *said_of(const char *const *texts, size_t n)
{
	char *all;
	size_t size, i;
	FILE *to = open_memstream(&all, &size);

	for (i = 0; i < n; i++) {
		struct policy_file p = parsed(texts[i]);

		assert_false(p.errors.n && p.image);
		fprintf(to, "---\n%s\n", texts[i]);
		say_faults(to, "error", &p.errors);
		say_faults(to, "warning", &p.warnings);
		if (!p.errors.n && !p.warnings.n)
			fputs("nothing\n", to);
		policy_file_free(&p);
	}
	fclose(to);
	return all;
}

static void mistakes(void **unused)
{
	static const char *const texts[] = {
		/* words */
		"set a { \"x\\n\" }",
		"set a \"x",
		"ftp { deny object \"x\ny\" }",
		"ftp { deny object \"a\tb\" }",
		"\001",
		"s\xc3\xa4t",
		"set a = 5",
		"a (b)\nset b { 10.0.0.1 }\nc !",
		/* sections */
		"fpt { }",
		"{ }",
		"}",
		"\"ftp\" { }",
		"ftp deny",
		"ftp\n{ }",
		"ftp {\n deny\n",
		"ftp { } tftp { }",
		"ftp { allow } }\nset a { 1.2.3.4/33 }",
		/* sets */
		"set",
		"set {",
		"set not { 10.0.0.1 }",
		"set 5a { 10.0.0.1 }",
		"set a* { 10.0.0.1 }",
		"set a 10.0.0.1",
		"set a { }",
		"set a { 10.0.0.1 10.0.0.2 }",
		"set a { , }",
		"set a { 10.0.0.1; 10.0.0.2 }",
		"set a { b }",
		"set a { a }",
		"set a { 10.0.0.1 }\nset a { 10.0.0.2 }",
		"set a { 10.0.0 }",
		"set a { 10.0.0.256 }",
		"set a { 10.0.0.0/33 }",
		"set a { 10.0.0.0/ }",
		"set a { 10.0.0.1/24 }",
		"set a { 2001:db8::1/32 }",
		"set a { 2001:db8::/129 }",
		"set a { 10.0.0.9-10.0.0.1 }",
		"set a { 10.0.0.1-::1 }",
		"set a { 10.0.0.1- }",
		"set a { 10.0.0.1-10.0.0.5/8 }",
		"set a { fe80::1%eth0 }",
		"set a { 1111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111111 }",
		"set a { 10.0.0.0/33\n ftp { deny }",
		/* limits */
		"limit",
		"limit any 3 sessions",
		"limit a",
		"limit a 3",
		"limit a 0 sessions",
		"limit a 1000001 sessions",
		"limit a 3/week",
		"limit a x/second",
		"limit a 0/second",
		"limit a 11111111111111111111/second",
		"limit a 3/second burst",
		"limit a 3/second burst 0",
		"limit a 3 sessions per flow",
		"limit a 3 sessions per user user",
		"limit a 3 sessions\nlimit a 4 sessions",
		/* commands */
		"ftp { deny FOO }",
		"ftp { deny stor }",
		"ftp { deny STOR, }",
		"ftp { deny STOR DELE }",
		"tftp { deny STOR }",
		"any { deny FOO }",
		"ftp { permit STOR }",
		"ftp { set a { 10.0.0.1 } }\ntftp { nothing }",
		"ftp { no deny }",
		/* what a rule asks for */
		"ftp { deny inside }",
		"ftp { deny inside x }",
		"ftp { deny inside not }",
		"ftp { deny inside 10.0.0.1, }\nftp { deny outside \"10.0.0.1\" }",
		"ftp { deny user a user b }",
		"ftp { deny user }",
		"ftp { deny user outside 10.0.0.1 }",
		"ftp { deny user \"\" }",
		"ftp { deny object \"a\\\\\" }",
		"ftp { deny mark x }",
		"ftp { deny mark 0x100000000 }",
		"ftp { deny mark 0x10/0x0f }",
		"ftp { deny mark 0/0 }",
		"ftp { deny mark 1/ }",
		"ftp { deny zone 65536 }",
		"ftp { deny zone -1 }",
		"ftp { strict object x }",
		"ftp { hide STOR }",
		"ftp { source any object x }",
		/* answers */
		"ftp { deny answer }",
		"ftp { deny answer 230 }",
		"ftp { deny answer 600 \"x\" }",
		"any { deny answer 550 }",
		"tftp { deny answer 1000 }",
		"ftp { deny answer \"\" }",
		"ftp { deny answer \"\xc3\xa4\" }",
		"ftp { deny answer 550 \"x\" answer \"y\" }",
		"ftp { drop answer 550 }",
		"ftp { allow answer \"x\" }",
		"ftp { strict answer \"x\" }",
		"limit a 3 sessions\nftp { limit a else drop answer \"x\" }",
		/* limits in sections */
		"ftp { limit a }",
		"ftp { limit }",
		"limit a 3 sessions\nftp { limit a else allow }",
		"limit a 3 sessions\nftp { limit a else }",
		/* settings */
		"tftp { anonymous-only }",
		"ftp { loose to }",
		"ftp { loose to x }",
		"ftp { no loose to 10.0.0.1 }",
		"ftp { limit size }",
		"ftp { limit size 0 }",
		"ftp { limit size 65537 }",
		"ftp { limit size 8k }",
		"ftp { limit size 9 sessions }",
		"ftp { limit size 9 else allow }",
		"ftp { limit size 9 else drop answer 500 }",
		"limit size 3 sessions\nftp { limit size x }",
		"ftp { ice leave }",
		"tftp { media hairpin }",
		"ftp { ended cut }",
		"sip { deny STOR }",
		"sip { deny writes }",
		"sip { read-only }",
		"sip { anonymous-only }",
		"sip { deny INVITE answer 302 }",
		"sip { deny INVITE answer 700 }",
		"sip { ice rewrite INVITE }",
		"any { ice }",
		"any { ice never }",
		"any { media }",
		"any { media any }",
		"any { ended }",
		"any { ended now }",
		"any { no ice leave }",
		"any { ice leave object x }",
		"ftp { source }",
		"ftp { source x }",
		"ftp { source 10.0.0.1, 10.0.0.5 }",
		"set a { 10.0.0.0/24, 10.0.2.0/24 }\nftp { source a }",
		"ftp { opaque }",
		"ftp { opaque allow }",
		"ftp { opaque passive-range }",
		"ftp { opaque passive-range 1023-1030 }",
		"ftp { opaque passive-range 50000-50064 }",
		"ftp { opaque passive-range 50001-50000 }",
		"ftp { opaque passive-range 123456789-50000 }",
		"ftp { outside-ports any }",
		"ftp { outside-ports 40000 }",
		"ftp { outside-ports 40000-65536 }",
		"ftp { outside-ports 40000-49999 block }",
		"ftp { outside-ports 40000-49999 block 0 }",
		"ftp { outside-ports 40000-49999 block 16 }",
		"ftp { outside-ports 40000-49999 block 16 inside not 10.0.0.1 }",
		"set a { 10.0.0.1 }\nftp { outside-ports 40000-49999 block 16 inside a, 10.0.0.2 }",
		"ftp { outside-ports 40000-49999 block 16 inside 10.0.0.1, ::1 }",
		"ftp { outside-ports 40000-49999 block 16 inside 10.0.0.0/22 }",
		"ftp { outside-ports 40000-49999 block 16 inside ::/0 }",
		"ftp { no outside-ports 40000-49999 }",
		"ftp { log }",
		"ftp { log something }",
		"ftp { log session-end }",
		"tftp { log bad-port }",
		"ftp { log denied level high }",
		"ftp { log denied level }",
		"ftp { log denied group x }",
		"ftp { log denied group 65536 }",
		"ftp { log denied prefix x }",
		"ftp { log denied level info group 5 }",
		"ftp { log denied group 5 group 6 }",
		"ftp { log denied prefix \"a\" user x prefix \"b\" }",
		"ftp { deny block 5 }",
		"ftp { outside-ports 40000-49999 block 5 block 6 inside 10.0.0.1 }",
		"ftp { log denied STOR }",
		"ftp { no log denied group 5 }",
		/* no more than ten are told of */
		"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl",
	};
	char *all = said_of(texts, sizeof(texts) / sizeof(texts[0]));

	(void)unused;
	assert_golden("policy-mistakes", all);
	free(all);
}

static void oddities(void **unused)
{
	static const char *const texts[] = {
		"set a { 10.0.0.1 }\nset inside { 10.0.0.0/8 }",
		"set a { 10.0.0.1 }\nset b { a }\nftp { deny inside b }",
		"limit a 3 sessions",
		"tftp { deny user x\n drop }",
		"any { deny user x }",
		"ftp { allow }",
		"ftp { allow STOR }\ntftp { deny }",
		"ftp { allow STOR }\nany { deny }",
		"any { allow STOR }\nftp { deny }",
		"ftp { deny\n deny STOR }",
		"any { deny }\nftp { drop STOR }",
		"ftp { deny }\nany { drop STOR }",
		"ftp { deny STOR, DELE inside 10.0.0.1\n deny DELE, STOR inside 10.0.0.1 user x }",
		"ftp { deny inside 10.0.0.1\n deny inside not 10.0.0.1 }",
		"ftp { deny STOR\n strict\n hide\n no strict inside 10.0.0.1\n no hide }",
		"limit a 3 sessions\nftp { limit a\n limit a }",
		"ftp { log denied\n log denied group 5 user x }",
		"ftp { deny STOR\n deny\n allow }",
		"ftp { limit size 9\n limit size 5 STOR\n limit size 9 STOR }",
		"any { ice leave\n ice rewrite inside 10.0.0.1\n media direct\n media hairpin\n ended keep }",
		"sip { deny user x\n opaque deny\n opaque passive-range 50000-50001 }",
		"tftp { opaque deny }",
		"tftp { opaque passive-range 50000-50001 }",
	};
	char *all = said_of(texts, sizeof(texts) / sizeof(texts[0]));

	(void)unused;
	assert_golden("policy-oddities", all);
	free(all);
}

static char *printed(const void *image)
{
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	policy_print(to, image);
	fclose(to);
	return text;
}

/* What is printed says the same, and is printed the same; only its lines are others. */
static void assert_returns(const struct policy_file *p)
{
	struct ctalg_policy_error err;
	struct ctalg_image_rule *a, *b;
	char *text = printed(p->image);
	struct policy_file again = parsed(text);
	u32 n, i;

	if (!again.image)
		fprintf(stderr, "%s\n%u:%u %s\n", text, again.errors.f[0].line,
			again.errors.f[0].column, again.errors.f[0].text);
	assert_non_null(again.image);
	assert_int_equal(again.len, p->len);
	assert_true(ctalg_image_check(again.image, again.len, &err));
	a = (struct ctalg_image_rule *)(uintptr_t)ctalg_image_rules(p->image, &n);
	b = (struct ctalg_image_rule *)(uintptr_t)ctalg_image_rules(again.image, &n);
	for (i = 0; i < n; i++)
		b[i].line = a[i].line;
	assert_memory_equal(again.image, p->image, p->len);
	policy_file_free(&again);
	free(text);
}

/* Each text, and what is printed of it. */
static void canonical(void **unused)
{
	static const char *const texts[] = {
		"set a{10.0.0.0/24,10.0.1.0/24}",
		"set a { 10.0.0.0-10.0.0.255, 10.0.0.7 }\nset b { a, ::1,\n 10.0.1.1\n, a,\n}",
		"set a { 10.0.1.0-10.0.1.99, 255.255.255.255, 0.0.0.0 }",
		"set a { 0.0.0.0-255.255.255.255, ::-ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff }",
		"set a { 0.0.0.0/0, 10.0.0.1, ::/0 }",
		"set a { 10.0.0.255-10.0.1.0, 2001:db8::f-2001:db8::10 }",
		"limit a 3 session per user; limit b 20/second; limit c 5/day burst 7 per host",
		"limit a 1/hour; limit b 2/minute",
		"ftp{deny}# a comment }\ntftp\t{\r\n\treset;drop\r\n}",
		"ftp { deny DELE, STOR, DELE,\n # a comment\n RETR\n deny STOR, DELE }",
		"ftp { read-only; anonymous-only inside 10.0.0.1 answer 530 }",
		"ftp { deny user a\\b }",
		"ftp { deny user \"a\\\"\\\\b\", x*y?, ~/@+-_.% object not not }",
		"ftp { deny user \"not\", \"b c\" object not \"\xc3\xa4\" }",
		"set s { 10.0.0.1 }\nftp { deny zone 3,1 mark 16/0xff, 16, 0x10/255 inside not ::1, s, 10.0.0.1 }",
		"ftp { deny inside 10.0.0.1\n deny outside 10.0.0.1 STOR }",
		"ftp { deny answer \"No\" inside 10.0.0.1 }",
		"any { deny other, writes, RRQ answer \"No\" }",
		"limit a 3 sessions\nftp { limit a STOR else reset user x\n limit a answer 421 \"x\" }",
		"ftp { no strict; no hide; no loose; no outside-ports; no log denied; source peer }",
		"set s { 10.0.0.1 }\nftp { loose; loose to s; loose to s, 10.0.0.0; source any; source s; source ::1, 10.0.0.1 }",
		"ftp { opaque deny; opaque closed; opaque detach; opaque passive-range 50000-50063 inside ::1 }",
		"ftp { outside-ports 1024-65535; outside-ports 40000-40016 block 16 inside 10.0.0.1 mark 5 }",
		"ftp { log denied inside 10.0.0.1 group 5 user group prefix \"x\"; outside-ports 4000-4999 inside 10.0.0.1 block 9 }",
		"ftp { log denied, third-party-address level debug prefix \"a \" user x object y\n log reset group 0 }",
		"ftp { strict } ; any { hide } ; ftp { hide user x }",
		"ftp { deny object \"0123456789012345678901234567890123456789\", \"1123456789012345678901234567890123456789\", \"2123456789012345678901234567890123456789\" answer 550 \"x\" }",
		"set inside { 10.0.0.0/8 }\nftp { deny inside inside outside not inside }",
		"ftp { limit size 65536; limit size 0x200 STOR, RETR user not x else drop; limit size 1 answer 552 \"No\" object y }",
		"sip { deny other, REFER user not alice answer 403; limit size 8192 INVITE else reset; ice leave; media hairpin; ended cut; hide }",
		"limit size 3 sessions\nftp { limit size; limit size STOR; limit size 3 }",
		"any { ice auto; ice leave inside 10.0.0.1; ice rewrite user x mark 5 zone 1; media direct outside ::1; media hairpin; ended keep user not y; ended cut }",
	};
	char *all;
	size_t size, i;
	FILE *to = open_memstream(&all, &size);

	(void)unused;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct policy_file p = parsed(texts[i]);
		char *text = p.image ? printed(p.image) : NULL;

		fprintf(to, "---\n%s\n", texts[i]);
		say_faults(to, "error", &p.errors);
		fprintf(to, "->\n%s", text ? text : "none\n");
		if (p.image)
			assert_returns(&p);
		free(text);
		policy_file_free(&p);
	}
	fclose(to);
	assert_golden("policy-canonical", all);
	free(all);
}

static void nothing_says_nothing(void **unused)
{
	static const char *const texts[] = { "",      "\n\n",	 "# set a { 10.0.0.1 }",
					     ";;\n;", "ftp { }", "any {\n\n}\nftp {;}" };
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		struct policy_file p = parsed(texts[i]);

		assert_int_equal(p.errors.n, 0);
		assert_null(p.image);
		assert_int_equal(p.len, 0);
		policy_file_free(&p);
	}
}

/* Equal sets without a name are one, equal strings as well. */
static void nothing_stands_twice(void **unused)
{
	struct policy_file p = parsed("ftp { deny STOR inside 10.0.0.0/8 outside 10.0.0.0/8\n"
				      "deny DELE user STOR inside 10.0.0.0-10.255.255.255\n"
				      "loose to 10.0.0.0/9, 10.128.0.0/9\n"
				      "deny DELE user STOR outside 10.0.0.0/8, 11.0.0.0/8 }");
	u32 n;

	(void)unused;
	assert_int_equal(p.errors.n, 0);
	ctalg_image_sets(p.image, &n);
	assert_int_equal(n, 2);
	ctalg_image_prefixes(p.image, &n);
	assert_int_equal(n, 2);
	assert_int_equal(((const struct ctalg_image_head *)p.image)->strings,
			 (strlen("ftpSTORDELE") + 3) / 4 * 4);
	policy_file_free(&p);
}

static void lines_are_those_of_the_file(void **unused)
{
	struct policy_file p =
		parsed("# a\n\nftp {\n deny STOR,\n DELE\n\n\n deny RETR; deny SIZE }");
	const struct ctalg_image_rule *r;
	u32 n;

	(void)unused;
	r = ctalg_image_rules(p.image, &n);
	assert_int_equal(n, 3);
	assert_int_equal(r[0].line, 4);
	assert_int_equal(r[1].line, 8);
	assert_int_equal(r[2].line, 8);
	policy_file_free(&p);
}

/* A random policy is put together here. */
struct writer {
	FILE *to;
	u64 seed;
	u32 n_sets;
	u32 n_limits;
};

static u32 below(struct writer *w, u32 n)
{
	return rnd_below(&w->seed, n);
}

static void say(struct writer *w, const char *text)
{
	fputs(text, w->to);
}

static void say_one(struct writer *w, const char *const *of, u32 n)
{
	say(w, of[below(w, n)]);
}

#define SAY_ONE(w, of) say_one(w, of, sizeof(of) / sizeof((of)[0]))

static void say_address(struct writer *w)
{
	u32 a = below(w, 256), b = below(w, 256), len = below(w, 9);

	switch (below(w, 5)) {
	case 0:
		fprintf(w->to, "10.0.%u.%u", a, b);
		break;
	case 1:
		fprintf(w->to, "10.0.%u.%u/%u", a,
			len ? b >> (8 - (len - 1)) << (8 - (len - 1)) & 255 : 0,
			24 + (len ? len - 1 : 0));
		break;
	case 2:
		fprintf(w->to, "10.0.%u.%u-10.%u.%u.%u", a, b, 1 + below(w, 5), b, a);
		break;
	case 3:
		fprintf(w->to, "2001:db8:%x::/%u", a, 48 + below(w, 80));
		break;
	default:
		fprintf(w->to, "2001:db8::%x-2001:db8::%x:%x", a, 1 + b, a);
	}
}

static void say_places(struct writer *w)
{
	u32 n = 1 + below(w, 4);

	while (n--) {
		if (w->n_sets && below(w, 2))
			fprintf(w->to, "s%u", below(w, w->n_sets));
		else
			say_address(w);
		say(w, n ? "," : " ");
	}
}

static void say_patterns(struct writer *w)
{
	static const char *const patterns[] = {
		"anonymous", "\"*.exe\"", "a*b?c", "\"x y\"", "\"\\\"\\\\\\\\\"", "\"\xff\"",
		"/pub/*",    "\"not\"",	  "~root", "\"#;{\"", "a@b.example",	  "\"100%\"",
	};
	u32 n = 1 + below(w, 4);

	while (n--) {
		SAY_ONE(w, patterns);
		say(w, n ? ", " : " ");
	}
}

static void say_number_list(struct writer *w, bool mark)
{
	u32 n = 1 + below(w, 3), mask;

	while (n--) {
		mask = 1 + below(w, 65535);
		if (mark && below(w, 2))
			fprintf(w->to, "0x%x/%u", below(w, 65536) & mask, mask);
		else
			fprintf(w->to, "%u", below(w, 65536));
		say(w, n ? "," : " ");
	}
}

static void say_match(struct writer *w, bool object)
{
	static const char *const words[] = { "user", "object", "inside", "outside", "mark", "zone" };
	u32 i;

	for (i = 0; i < 6; i++) {
		if (below(w, 4) || (i == 1 && !object))
			continue;
		fprintf(w->to, " %s %s", words[i], below(w, 3) ? "" : "not ");
		if (i < 2)
			say_patterns(w);
		else if (i < 4)
			say_places(w);
		else
			say_number_list(w, i == 4);
	}
}

static void say_commands(struct writer *w, const char *proto)
{
	static const char *const ftp[] = {
		"USER", "STOR", "DELE", "writes", "other", "AUTH", "CWD"
	};
	static const char *const sip[] = { "INVITE", "BYE", "other", "REGISTER" };
	static const char *const tftp[] = { "RRQ", "WRQ", "other", "writes" };
	u32 n = below(w, 4);

	while (n--) {
		if (!strcmp(proto, "tftp"))
			SAY_ONE(w, tftp);
		else if (!strcmp(proto, "sip"))
			SAY_ONE(w, sip);
		else
			SAY_ONE(w, ftp);
		say(w, n ? ", " : " ");
	}
}

static void say_answer(struct writer *w, const char *proto)
{
	if (below(w, 2))
		return;
	say(w, " answer");
	if (!strcmp(proto, "ftp"))
		fprintf(w->to, " %u", 400 + below(w, 200));
	say(w, " \"No, \\\"not\\\" here\"");
}

static void say_request(struct writer *w, const char *proto)
{
	static const char *const actions[] = { "allow ", "drop ", "reset " };
	bool deny = below(w, 2);

	if (deny)
		say(w, "deny ");
	else
		SAY_ONE(w, actions);
	say_commands(w, proto);
	say_match(w, true);
	if (deny)
		say_answer(w, proto);
}

static void say_limit(struct writer *w, const char *proto)
{
	static const char *const actions[] = { "", " else drop", " else reset" };

	if (below(w, 3))
		fprintf(w->to, "limit l%u ", below(w, w->n_limits));
	else
		fprintf(w->to, "limit size %u ", 1 + below(w, 65536));
	say_commands(w, proto);
	say_match(w, true);
	if (below(w, 2))
		SAY_ONE(w, actions);
	else
		say_answer(w, proto);
}

static void say_setting(struct writer *w, const char *proto)
{
	static const char *const settings[] = {
		"strict",
		"no strict",
		"hide",
		"no hide",
		"loose",
		"no loose",
		"source peer",
		"source any",
		"source ::/0",
		"source 10.0.0.0/8, 2001:db8::/32",
		"opaque deny",
		"opaque closed",
		"opaque detach",
		"opaque passive-range 50000-50063",
		"no outside-ports",
		"outside-ports 1024-65535",
	};

	static const char *const of_calls[] = { "ice auto",	"ice leave",	 "ice rewrite",
						"media direct", "media hairpin", "ended keep",
						"ended cut" };

	if ((!strcmp(proto, "any") || !strcmp(proto, "sip")) && below(w, 2)) {
		SAY_ONE(w, of_calls);
	} else if (below(w, 8)) {
		SAY_ONE(w, settings);
	} else {
		say(w, "loose to ");
		say_places(w);
	}
	say_match(w, false);
}

static void say_log(struct writer *w)
{
	static const char *const how[] = { "",
					   " group 7",
					   " level info",
					   " level crit prefix \"x\"",
					   " group 65535 prefix \"\\\\\"",
					   " prefix \"a b\"" };
	static const char *const events[] = { "denied", "reset, limit", "policy-denied",
					      "malformed, edit, malformed" };
	bool on = below(w, 3);

	say(w, on ? "log " : "no log ");
	SAY_ONE(w, events);
	if (on)
		SAY_ONE(w, how);
	say_match(w, true);
}

static void say_section(struct writer *w)
{
	static const char *const protos[] = { "ftp", "tftp", "sip", "any" };
	const char *proto = protos[below(w, 4)];
	u32 n = below(w, 9);

	fprintf(w->to, "%s {\n", proto);
	while (n--) {
		switch (below(w, 5)) {
		case 0:
		case 1:
			say_request(w, proto);
			break;
		case 2:
			say_limit(w, proto);
			break;
		case 3:
			say_log(w);
			break;
		default:
			say_setting(w, proto);
		}
		say(w, below(w, 3) ? "\n" : " ;");
	}
	say(w, "}\n");
}

static void say_policy(struct writer *w)
{
	u32 n = 1 + below(w, 12);

	fprintf(w->to, "limit l%u %u sessions\n", w->n_limits++, 1 + below(w, 9));
	while (n--) {
		switch (below(w, 4)) {
		case 0:
			fprintf(w->to, "set s%u { ", w->n_sets);
			say_places(w);
			say(w, "}\n");
			w->n_sets++;
			break;
		case 1:
			fprintf(w->to, "limit l%u %u/%s\n", w->n_limits++, 1 + below(w, 99),
				below(w, 2) ? "minute per host" : "day burst 7 per user");
			break;
		default:
			say_section(w);
		}
	}
}

static void random_policies_return(void **unused)
{
	u32 good = 0, i;
	u64 seed;

	(void)unused;
	for (i = 0; i < 1000; i++) {
		struct writer w = { .seed = 0x9e3779b97f4a7c15ULL + i };
		struct policy_file p;
		char *text;
		size_t size;

		seed = w.seed;
		rnd(&w.seed);
		w.to = open_memstream(&text, &size);
		say_policy(&w);
		fclose(w.to);
		p = parsed(text);
		if (p.errors.n)
			fprintf(stderr, "seed %llx %u:%u: %s\n%s", (unsigned long long)seed,
				p.errors.f[0].line, p.errors.f[0].column, p.errors.f[0].text, text);
		assert_int_equal(p.errors.n, 0);
		assert_non_null(p.image);
		assert_returns(&p);
		good++;
		policy_file_free(&p);
		free(text);
	}
	assert_int_equal(good, 1000);
}

/* What a set has is what its words say, address by address. */
static void sets_have_what_they_say(void **unused)
{
	u64 seed = 1;
	u32 i, k;

	(void)unused;
	for (i = 0; i < 200; i++) {
		bool want[512] = { false };
		struct policy_file p;
		char text[4096], *to = text;

		to += snprintf(to, 64, "set a { 1.2.3.4");
		for (k = 0; k < 12; k++) {
			u32 first = rnd_below(&seed, 512), last = first + rnd_below(&seed, 40), at;

			last = min(last, 511u);
			to += snprintf(to, 64, ", 10.0.%u.%u-10.0.%u.%u", first >> 8, first & 255,
				       last >> 8, last & 255);
			for (at = first; at <= last; at++)
				want[at] = true;
		}
		snprintf(to, 64, " }");
		p = parsed(text);
		assert_non_null(p.image);
		for (k = 0; k < 512; k++) {
			struct ctalg_addr a = { .family = CTALG_AF_INET,
						.b = { 10, 0, (u8)(k >> 8), (u8)k } };

			assert_int_equal(ctalg_image_set_has(p.image, 0, &a), want[k]);
		}
		policy_file_free(&p);
	}
}

static void many_rules(void **unused)
{
	struct ctalg_policy_error err;
	struct policy_file p;
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	u32 i, n;

	(void)unused;
	fputs("ftp {\n", to);
	for (i = 0; i < 20000; i++)
		fprintf(to, "deny STOR user u%u inside 10.%u.%u.0/24 answer \"%u\"\n", i, i >> 8,
			i & 255, i);
	fputs("}\n", to);
	fclose(to);
	p = parsed(text);
	assert_int_equal(p.errors.n, 0);
	assert_true(ctalg_image_check(p.image, p.len, &err));
	ctalg_image_rules(p.image, &n);
	assert_int_equal(n, 20000);
	assert_returns(&p);
	policy_file_free(&p);
	free(text);
}

static void too_many_rules(void **unused)
{
	struct policy_file p;
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	u32 i;

	(void)unused;
	fputs("ftp {\n", to);
	for (i = 0; i < CTALG_IMAGE_RULES + 1; i++)
		fputs("deny\n", to);
	fputs("}\n", to);
	fclose(to);
	p = parsed(text);
	assert_null(p.image);
	assert_string_equal(p.errors.f[0].text,
			    "there are 65537 rules and 0 sets; write at most 65536 of each");
	policy_file_free(&p);
	free(text);
}

static char *repeated(const char *begin, const char *piece, u32 n, const char *end)
{
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	fputs(begin, to);
	while (n--)
		fputs(piece, to);
	fputs(end, to);
	fclose(to);
	return text;
}

static void too_long(void **unused)
{
	static const struct {
		const char *begin;
		const char *piece;
		u32 n;
		const char *end;
		const char *want;
	} cases[] = {
		{ "ftp { deny user ", "a", 255, " }", NULL },
		{ "ftp { deny user ", "a", 256, " }",
		  "the pattern is longer than 255 bytes; shorten it with *" },
		{ "ftp { deny answer \"", "a", 120, "\" }", NULL },
		{ "ftp { deny answer \"", "a", 121, "\" }",
		  "the text of an answer is 1 to 120 printable ASCII characters" },
		{ "ftp { log denied prefix \"", "a", 127, "\" }", NULL },
		{ "ftp { log denied prefix \"", "a", 128, "\" }",
		  "a prefix is 1 to 127 printable ASCII characters" },
		{ "limit ", "a", 31, " 3 sessions", NULL },
		{ "limit ", "a", 32, " 3 sessions",
		  "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\" is no name; a name begins with a letter and has letters, digits, - _ and . behind it, 31 at most" },
		{ "set ", "a", 63, " { ::1 }", NULL },
		{ "set ", "a", 64, " { ::1 }",
		  "\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa...\" is no name; a name begins with a letter and has letters, digits, - _ and . behind it, 63 at most" },
		{ "ftp { deny zone ", "7,", 32766, "8 }", NULL },
		{ "ftp { deny zone ", "7,", 32767, "8 }",
		  "the list is longer than 32767; divide it between two rules" },
		{ "", "set ", 1, "a { ::1-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe }", NULL },
	};
	size_t i;

	(void)unused;
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char *text = repeated(cases[i].begin, cases[i].piece, cases[i].n, cases[i].end);
		struct policy_file p = parsed(text);

		assert_int_equal(p.errors.n, cases[i].want != NULL);
		if (cases[i].want)
			assert_string_equal(p.errors.f[0].text, cases[i].want);
		policy_file_free(&p);
		free(text);
	}
}

/* What the engine alone finds is told with the place of the rule. */
static void too_much_for_the_engine(void **unused)
{
	struct policy_file p;
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	u32 i, k;

	(void)unused;
	for (i = 0; i < 33; i++) {
		fputs("ftp { deny zone 0", to);
		for (k = 1; k < 32767; k++)
			fprintf(to, ",%u", k);
		fputs(" }\n", to);
	}
	fclose(to);
	p = parsed(text);
	assert_int_equal(p.errors.n, 1);
	assert_string_equal(
		p.errors.f[0].text,
		"the kernel cannot work with this: the rules have more than 1048576 values");
	assert_int_equal(p.errors.f[0].line, 33);
	assert_int_equal(p.errors.f[0].column, 7);
	policy_file_free(&p);
	free(text);
}

static void too_much(void **unused)
{
	struct policy_file p;
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	u32 i;

	(void)unused;
	for (i = 0; i < 3000; i++)
		fprintf(to, "set s%u { ::%x-ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe }\n", i, i + 1);
	fclose(to);
	p = parsed(text);
	assert_int_equal(p.errors.n, 1);
	assert_string_equal(
		p.errors.f[0].text,
		"all of it is more than the kernel takes, 8 MiB; name fewer addresses and patterns");
	policy_file_free(&p);
	free(text);
}

/* The noun, with a kernel that keeps what it is given. */
static void load_and_show(void **unused)
{
	static const char text[] =
		"set a { 10.0.0.0/8 }\nftp { deny STOR inside a answer 550 \"No\" }\n";
	char path[] = "/tmp/tool_policy_testXXXXXX", words[64];
	FILE *f = fdopen(mkstemp(path), "w");
	const struct outcome *got;

	(void)unused;
	fputs(text, f);
	fclose(f);
	fake_reset();
	got = outcome_of(&policy_noun, "show", false);
	assert_string_equal(got->out, "There is no policy.\n");
	got = outcome_of(&policy_noun, "show", true);
	assert_string_equal(got->out, "[]\n");
	snprintf(words, sizeof(words), "load %s", path);
	got = outcome_of(&policy_noun, words, false);
	assert_int_equal(got->status, EXIT_OK);
	assert_non_null(fake.policy);
	got = outcome_of(&policy_noun, "show", false);
	assert_golden("policy-show", got->out);
	got = outcome_of(&policy_noun, "show", true);
	assert_golden("policy-show.json", got->out);
	fake.policy_len -= 4;
	got = outcome_of(&policy_noun, "show", false);
	assert_int_equal(got->status, EXIT_ERROR);
	assert_string_equal(
		got->said,
		"the policy that is loaded makes no sense to this command (the policy's parts do not add up to its length); load one again");
	got = outcome_of(&policy_noun, "load --none", false);
	assert_int_equal(got->status, EXIT_OK);
	assert_null(fake.policy);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mistakes),
		cmocka_unit_test(oddities),
		cmocka_unit_test(canonical),
		cmocka_unit_test(nothing_says_nothing),
		cmocka_unit_test(nothing_stands_twice),
		cmocka_unit_test(lines_are_those_of_the_file),
		cmocka_unit_test(random_policies_return),
		cmocka_unit_test(sets_have_what_they_say),
		cmocka_unit_test(many_rules),
		cmocka_unit_test(too_many_rules),
		cmocka_unit_test(too_long),
		cmocka_unit_test(too_much),
		cmocka_unit_test(too_much_for_the_engine),
		cmocka_unit_test(load_and_show),
	};

	return cmocka_run_group_tests_name("tool_policy", tests, NULL, NULL);
}
