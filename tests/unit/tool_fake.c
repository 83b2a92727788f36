// SPDX-License-Identifier: GPL-2.0
#include "unit.h"

#include <ctalg.h>

#include "tests/unit/tool_fake.h"

struct fake fake;

void fake_reset(void)
{
	fake = (struct fake){ .loaded = true, .version = CTALG_VERSION };
}

struct address fake_address(const char *host)
{
	struct ctalg_addr a = addr_of(host);
	struct address to = { .len = (uint8_t)ctalg_addr_len(&a) };

	memcpy(to.b, a.b, sizeof(to.b));
	return to;
}

bool kernel_has_module(void)
{
	return fake.loaded;
}

void kernel_version(char *buf, size_t size)
{
	snprintf(buf, size, "%s", fake.loaded ? fake.version : "");
}

/* Memory as kernel_*() give it, with a copy of @n items. */
static size_t copy_of(void *list, const void *items, size_t n, size_t size)
{
	void *copy = NULL;

	if (!fake.loaded)
		fail("the ctalg module is not loaded");
	if (fake.empty)
		n = 0;
	if (n) {
		copy = need(malloc(n * size));
		memcpy(copy, items, n * size);
	}
	memcpy(list, &copy, sizeof(copy));
	return n;
}

#define GIVE(list, items)                                                                          \
	copy_of(list, items, sizeof(items) / sizeof((items)[0]), sizeof((items)[0]))

static const struct helper helpers[] = {
	{ .name = "ftp",
	  .version = CTALG_VERSION,
	  .l4 = 6,
	  .port = 21,
	  .lifetime = 300,
	  .loose = true,
	  .enabled = true,
	  .port_first = 40000,
	  .port_last = 49999,
	  .counter = { { "message", 812, 90 },
		       { "edit", 40, 1 },
		       { "partial-message", 3, 0 },
		       { "third-party-address", 7, 5 },
		       { "tls-control-channel", 1, 0 },
		       { "a-newer-reason", 0, 30 } },
	  .n_counters = 6 },
	{ .name = "tftp",
	  .version = CTALG_VERSION,
	  .l4 = 17,
	  .port = 69,
	  .lifetime = 30,
	  .any_source = true,
	  .finishing = true,
	  .counter = { { "message", 5, 0 } },
	  .n_counters = 1 },
	{ .name = "sip",
	  .version = CTALG_VERSION,
	  .l4 = 17,
	  .l4_too = 6,
	  .port = 5060,
	  .lifetime = 180,
	  .strict = true },
};

size_t kernel_helpers(struct helper **list)
{
	return GIVE(list, helpers);
}

size_t kernel_flows(struct flow **list)
{
	const struct flow flows[] = {
		{ .id = 12,
		  .helper = "ftp",
		  .l4 = 6,
		  .src = fake_address("10.0.0.2"),
		  .dst = fake_address("198.51.100.2"),
		  .src_port = 4711,
		  .dst_port = 21,
		  .age = 61000,
		  .has_streams = true,
		  .orig_mode = CTALG_STREAM_MODE_READING,
		  .reply_mode = CTALG_STREAM_MODE_DEAF,
		  .orig_offset = 5,
		  .sessions = 1,
		  .edited = true },
		{ .id = 13,
		  .helper = "tftp",
		  .l4 = 17,
		  .src = fake_address("fd00::2"),
		  .dst = fake_address("fd00:1::2"),
		  .src_port = 3000,
		  .dst_port = 69,
		  .zone = 7,
		  .sessions = 1 },
	};

	return GIVE(list, flows);
}

size_t kernel_sessions(struct session **list)
{
	const struct session sessions[] = {
		{ .id = 5,
		  .flow = 12,
		  .helper = "ftp",
		  .kind = "login",
		  .user = { 13, "eve\x1b[31m\"\\<&>" },
		  .state = CTALG_SESSION_STATE_ACTIVE,
		  .age = 7325000,
		  .src = fake_address("10.0.0.2"),
		  .dst = fake_address("198.51.100.2"),
		  .opened = 4,
		  .pinholes = 2,
		  .bytes_orig = { true, 0 },
		  .bytes_reply = { true, 5368709120 } },
		{ .id = 18446744073709551ULL,
		  .flow = 13,
		  .helper = "tftp",
		  .kind = "transfer",
		  .key = { 3, "a\nb" },
		  .state = CTALG_SESSION_STATE_WAITING,
		  .src = fake_address("fd00::2"),
		  .dst = fake_address("fd00:1::2"),
		  .opened = 1,
		  .pinholes = 1 },
		{ .id = 7, .flow = 13, .helper = "tftp", .state = 99 },
		{ .id = 8,
		  .flow = 14,
		  .helper = "sip",
		  .kind = "call",
		  .user = { 21, "sip:alice@example.com" },
		  .key = { 44, "f81d4fae-7dec-11d0-a765-00a0c91e6bf6@pc33.ex" },
		  .state = CTALG_SESSION_STATE_ACTIVE,
		  .age = 95000,
		  .src = fake_address("10.0.0.3"),
		  .dst = fake_address("198.51.100.2"),
		  .opened = 4,
		  .pinholes = 4,
		  .bytes_orig = { true, 860000 },
		  .bytes_reply = { true, 860172 } },
		{ .id = 9,
		  .flow = 14,
		  .helper = "sip",
		  .kind = "registration",
		  .key = { 21, "sip:alice@example.com" },
		  .state = CTALG_SESSION_STATE_WAITING,
		  .age = 1200000,
		  .src = fake_address("10.0.0.3"),
		  .dst = fake_address("198.51.100.2"),
		  .opened = 1,
		  .pinholes = 1 },
	};

	return GIVE(list, sessions);
}

size_t kernel_pinholes(struct pinhole **list)
{
	const struct pinhole pinholes[] = {
		{ .id = 70,
		  .session = 5,
		  .flow = 12,
		  .helper = "ftp",
		  .kind = "data",
		  .user = { 9, "anonymous" },
		  .l4 = 6,
		  .from = fake_address("198.51.100.2"),
		  .outside = fake_address("198.51.100.1"),
		  .inside = fake_address("10.0.0.2"),
		  .outside_port = 45795,
		  .inside_port = 45794,
		  .state = CTALG_PINHOLE_STATE_USED,
		  .age = 4000,
		  .bytes_orig = { true, 52 },
		  .bytes_reply = { true, 204800 } },
		{ .id = 71,
		  .session = 7,
		  .flow = 13,
		  .helper = "tftp",
		  .l4 = 17,
		  .outside = fake_address("fd00::2"),
		  .inside = fake_address("fd00::2"),
		  .outside_port = 3000,
		  .inside_port = 3000,
		  .state = CTALG_PINHOLE_STATE_OPEN,
		  .age = 1999,
		  .expires = { true, 0 } },
		{ .id = 72,
		  .session = 8,
		  .flow = 14,
		  .helper = "sip",
		  .kind = "media",
		  .l4 = 17,
		  .from = fake_address("198.51.100.9"),
		  .outside = fake_address("198.51.100.1"),
		  .inside = fake_address("10.0.0.3"),
		  .outside_port = 8000,
		  .inside_port = 8000,
		  .state = CTALG_PINHOLE_STATE_OPEN,
		  .age = 2000 },
		{ .id = 73,
		  .session = 9,
		  .flow = 14,
		  .helper = "sip",
		  .kind = "path",
		  .l4 = 17,
		  .from = fake_address("198.51.100.2"),
		  .outside = fake_address("198.51.100.1"),
		  .inside = fake_address("10.0.0.3"),
		  .outside_port = 5060,
		  .inside_port = 5060,
		  .state = CTALG_PINHOLE_STATE_OPEN,
		  .age = 1200000,
		  .expires = { true, 2400 } },
	};

	return GIVE(list, pinholes);
}

static const struct limit limits[] = {
	{ "flows", 10, 65536, { true, 2 }, 8 },
	{ "memory", 67108864, 33554432, { true, 0 }, 1536 },
	{ "host-flows", 16384, 16384, {}, 13107 },
	{ "host-pinholes", 0, 32768, {}, 0 },
};

size_t kernel_limits(struct limit **list)
{
	return GIVE(list, limits);
}

static void note(const char *format, ...) __attribute__((format(printf, 1, 2)));

static void note(const char *format, ...)
{
	size_t len = strlen(fake.set);
	va_list args;

	va_start(args, format);
	vsnprintf(fake.set + len, sizeof(fake.set) - len, format, args);
	va_end(args);
}

bool kernel_set(const char *helper, const struct policy *p)
{
	note("%s: loose %d any_source %d strict %d enabled %d finishing %d lifetime %lld ports %d-%d;",
	     helper, p->loose, p->any_source, p->strict, p->enabled, p->finishing,
	     (long long)p->lifetime, p->port_first, p->port_last);
	return strcmp(helper, "nosuch");
}

bool kernel_limit_set(const char *limit, uint64_t value)
{
	note("%s=%llu;", limit, (unsigned long long)value);
	return strncmp(limit, "nosuch", 6);
}

void kernel_policy(struct loaded *policy)
{
	*policy = (struct loaded){ .known = true, .len = fake.policy_len, .generation = 3 };
	if (!fake.policy)
		return;
	policy->image = need(malloc(fake.policy_len));
	memcpy(policy->image, fake.policy, fake.policy_len);
}

void kernel_policy_set(const void *image, uint32_t len)
{
	free(fake.policy);
	fake.policy = NULL;
	fake.policy_len = len;
	note("policy of %u bytes;", len);
	if (!image)
		return;
	fake.policy = need(malloc(len));
	memcpy(fake.policy, image, len);
}

void (*before_saying)(void);

static struct outcome outcome;
static jmp_buf ended;

const char *__asan_default_options(void);

/* A command that fails ends with what it had. */
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}

static void end_with(int status, const char *format, va_list args)
{
	vsnprintf(outcome.said, sizeof(outcome.said), format, args);
	outcome.status = status;
	longjmp(ended, 1);
}

void fail(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_with(EXIT_ERROR, format, args);
	abort();
}

void misused(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	end_with(EXIT_USAGE, format, args);
	abort();
}

void warn(const char *format, ...)
{
	size_t len = strlen(fake.warned);
	va_list args;

	va_start(args, format);
	vsnprintf(fake.warned + len, sizeof(fake.warned) - len, format, args);
	va_end(args);
	len = strlen(fake.warned);
	snprintf(fake.warned + len, sizeof(fake.warned) - len, "\n");
}

void *need(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static void run(const struct noun *n, struct options *o)
{
	FILE *out = stdout;
	size_t size;

	stdout = need(open_memstream(&outcome.out, &size));
	if (!setjmp(ended))
		n->run(o);
	fclose(stdout);
	stdout = out;
}

const char *option_value(const struct options *o, const char *name)
{
	unsigned int i;

	for (i = 0; i < o->n_given; i++)
		if (!strcmp(o->given[i].option->name, name))
			return o->given[i].value;
	return NULL;
}

/* A word "--name" is one of the noun's options, without a value. */
static void give(struct options *o, const struct noun *n, const char *word)
{
	const struct noun_option *option = n->options;

	while (strcmp(option->name, word + 2))
		option++;
	o->given[o->n_given].option = option;
	o->given[o->n_given++].value = "";
}

const struct outcome *outcome_of(const struct noun *n, const char *words, bool json)
{
	char *copy = need(strdup(words)), *rest = copy, *argv[16], *word;
	struct options o = { .json = json, .argv = argv };

	free(outcome.out);
	outcome = (struct outcome){ .status = EXIT_OK };
	fake.set[0] = 0;
	while (o.argc < 15 && (word = strsep(&rest, " ")) && word[0]) {
		if (!strncmp(word, "--", 2))
			give(&o, n, word);
		else
			argv[o.argc++] = word;
	}
	run(n, &o);
	free(copy);
	return &outcome;
}

char *printed_by(void (*print)(void))
{
	FILE *out = stdout;
	char *text;
	size_t size;

	stdout = need(open_memstream(&text, &size));
	print();
	fclose(stdout);
	stdout = out;
	return text;
}

static void golden_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

void assert_golden(const char *name, const char *text)
{
	static char want[65536];
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "tests/unit/golden/%s", name);
	if (getenv("UPDATE"))
		golden_write(path, text);
	f = fopen(path, "re");
	assert_non_null(f);
	want[fread(want, 1, sizeof(want) - 1, f)] = 0;
	fclose(f);
	assert_string_equal(text, want);
}
