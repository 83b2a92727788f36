/* SPDX-License-Identifier: GPL-2.0 */
#ifndef PROMETHEUS_H
#define PROMETHEUS_H

struct picture;

/* Prints it in Prometheus' text exposition format. */
void prometheus_print(const struct picture *p);

#endif /* PROMETHEUS_H */
