// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "version")) {
		printf("ctalg %s\n", CTALG_VERSION);
		return 0;
	}
	fputs("usage: ctalg version\n", stderr);
	return 2;
}
