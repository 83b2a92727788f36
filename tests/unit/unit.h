/* SPDX-License-Identifier: GPL-2.0 */
/* What a unit test includes first: cmocka and what it needs. */
#ifndef CTALG_TESTS_UNIT_H
#define CTALG_TESTS_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#endif /* CTALG_TESTS_UNIT_H */
