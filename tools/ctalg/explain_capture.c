// SPDX-License-Identifier: GPL-2.0
/* Files of captures, by libpcap. */
#include <pcap/pcap.h>

#include "explain.h"

/* A file may say anything of its packets' times; beyond what fits they stand still. */
static s64 time_of(const struct timeval *tv)
{
	const s64 most = INT64_MAX / EXPLAIN_SECOND - 1;
	s64 seconds = tv->tv_sec, rest = tv->tv_usec;

	if (seconds < 0 || seconds > most)
		seconds = seconds < 0 ? 0 : most;
	if (rest < 0 || rest >= EXPLAIN_SECOND)
		rest = 0;
	return seconds * EXPLAIN_SECOND + rest;
}

static bool explain_packets(struct explain *e, pcap_t *pcap, int link, char *error)
{
	struct pcap_pkthdr *h;
	const u_char *data;
	int got;

	while ((got = pcap_next_ex(pcap, &h, &data)) == 1)
		explain_frame(e, link, time_of(&h->ts), data, h->caplen,
			      h->len < h->caplen ? h->caplen : h->len);
	if (got == PCAP_ERROR_BREAK)
		return true;
	snprintf(error, EXPLAIN_ERROR_SIZE,
		 "the capture is damaged after packet %llu, what follows is not explained: %.160s",
		 (unsigned long long)e->sums.frames, pcap_geterr(pcap));
	return false;
}

bool explain_capture(struct explain *e, FILE *in, char error[EXPLAIN_ERROR_SIZE])
{
	char said[PCAP_ERRBUF_SIZE] = "";
	pcap_t *pcap =
		pcap_fopen_offline_with_tstamp_precision(in, PCAP_TSTAMP_PRECISION_NANO, said);
	const char *name;
	bool good;
	int link;

	if (!pcap) {
		fclose(in);
		snprintf(
			error, EXPLAIN_ERROR_SIZE,
			"this is no capture that can be read (%.160s); record one with \"tcpdump -w FILE\"",
			said);
		return false;
	}
	link = pcap_datalink(pcap);
	name = pcap_datalink_val_to_name(link);
	good = link_known(link);
	if (good)
		good = explain_packets(e, pcap, link, error);
	else
		snprintf(
			error, EXPLAIN_ERROR_SIZE,
			"the capture's link layer, %.40s, is not known here; record it on an Ethernet or IP interface, or on \"any\"",
			name ? name : "which has no name");
	pcap_close(pcap);
	return good;
}
