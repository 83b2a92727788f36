// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "text.h"
#include "tool.h"
#include "waiting.h"
#include "watch.h"

enum {
	USUAL_SECONDS = 2,
	MOST_SECONDS = 86400,
	/* Of a terminal that does not say. */
	USUAL_LINES = 24,
};

unsigned int watch_interval(const struct options *o)
{
	uint64_t seconds = USUAL_SECONDS;

	if (o->argc > 1)
		misused("there is a word too many: \"%s\"; see \"ctalg --help\"", o->argv[1]);
	if (o->argc && (!number_of(o->argv[0], MOST_SECONDS, &seconds) || !seconds))
		misused("\"%s\" is not a number of seconds from 1 to %u", o->argv[0], MOST_SECONDS);
	return (unsigned int)seconds;
}

static bool on_screen;

/* Not by way of stdout, which is another one while something is printed. */
static void put(const char *sequence)
{
	ssize_t unused = write(STDOUT_FILENO, sequence, strlen(sequence));

	(void)unused;
}

static void screen_leave(void)
{
	if (on_screen)
		put("\033[?25h\033[?7h\033[?1049l");
	on_screen = false;
}

/* A screen of its own, which leaves the terminal's as it was, and lines that are cut, not folded. */
static void screen_enter(void)
{
	on_screen = true;
	before_saying = screen_leave;
	atexit(screen_leave);
	put("\033[?1049h\033[?7l\033[?25l");
}

static unsigned int screen_lines(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_row)
		return USUAL_LINES;
	return size.ws_row;
}

/* Each line over the old one, whose rest is cleared. @text is used up. */
static void draw(char *text, unsigned int lines)
{
	unsigned int left = 0;
	char *line;

	fputs("\033[H", stdout);
	while ((line = strsep(&text, "\n")) && text) {
		if (lines > 1)
			printf("%s\033[K\n", line);
		else
			left++;
		lines -= lines > 1;
	}
	if (left)
		printf("(%u more lines)", left);
	fputs("\033[J", stdout);
}

/* What @print would put on standard output. To be freed. */
static char *printed(void (*print)(void))
{
	FILE *out = stdout;
	char *text = NULL;
	size_t size;

	stdout = need(open_memstream(&text, &size));
	print();
	fclose(stdout);
	stdout = out;
	return need(text);
}

static bool put_on_screen(void (*print)(void))
{
	char *text = printed(print);

	draw(text, screen_lines());
	free(text);
	return flush_output();
}

void watch(void (*print)(void), unsigned int seconds, bool json)
{
	bool screen = !json && isatty(STDOUT_FILENO), first = true;

	waiting_begin();
	if (screen)
		screen_enter();
	do {
		if (!first && !screen && !json)
			putchar('\n');
		first = false;
		if (screen && !put_on_screen(print))
			return;
		if (!screen) {
			print();
			if (!flush_output())
				return;
		}
	} while (wait_for(-1, (int)seconds * 1000) == WAITED_TIME);
}
