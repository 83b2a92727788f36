// SPDX-License-Identifier: GPL-2.0
/* What helper modules may use of the portable layer, which knows nothing of exports. */
#include <linux/export.h>

#include <ctalg/edit.h>
#include <ctalg/mime.h>
#include <ctalg/proto.h>
#include <ctalg/scan.h>
#include <ctalg/sdp.h>

EXPORT_SYMBOL_GPL(ctalg_addr_is_unspecified);
EXPORT_SYMBOL_GPL(ctalg_addr_write);
EXPORT_SYMBOL_GPL(ctalg_form_write);
EXPORT_SYMBOL_GPL(ctalg_frame_line);
EXPORT_SYMBOL_GPL(ctalg_mime_parse);
EXPORT_SYMBOL_GPL(ctalg_report_endpoint);
EXPORT_SYMBOL_GPL(ctalg_report_has_token);
EXPORT_SYMBOL_GPL(ctalg_report_length);
EXPORT_SYMBOL_GPL(ctalg_report_place);
EXPORT_SYMBOL_GPL(ctalg_report_token);
EXPORT_SYMBOL_GPL(ctalg_report_want);
EXPORT_SYMBOL_GPL(ctalg_report_want_add);
EXPORT_SYMBOL_GPL(ctalg_scan_alpha);
EXPORT_SYMBOL_GPL(ctalg_scan_blanks);
EXPORT_SYMBOL_GPL(ctalg_scan_char);
EXPORT_SYMBOL_GPL(ctalg_scan_dec);
EXPORT_SYMBOL_GPL(ctalg_scan_hostport);
EXPORT_SYMBOL_GPL(ctalg_scan_ip4);
EXPORT_SYMBOL_GPL(ctalg_scan_ip6);
EXPORT_SYMBOL_GPL(ctalg_scan_line);
EXPORT_SYMBOL_GPL(ctalg_scan_until);
EXPORT_SYMBOL_GPL(ctalg_scan_word);
EXPORT_SYMBOL_GPL(ctalg_sdp_parse);
EXPORT_SYMBOL_GPL(ctalg_span_is);
