/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses, and the ways in which protocols write them down. */
#ifndef CTALG_ADDR_H
#define CTALG_ADDR_H

#include <ctalg/port.h>

/** enum ctalg_family - which kind of address; the numbers are the IP versions */
enum ctalg_family {
	CTALG_AF_NONE = 0,
	CTALG_AF_INET = 4,
	CTALG_AF_INET6 = 6,
};

/**
 * struct ctalg_addr - an IP address
 * @family: enum ctalg_family
 * @b: the address in network order; an IPv4 address uses the first four bytes, the rest is zero
 */
struct ctalg_addr {
	u8 family;
	u8 b[16];
};

/**
 * enum ctalg_form - how a message writes an address, a port or both
 * @CTALG_FORM_HOSTPORT: ``h1,h2,h3,h4,p1,p2`` (RFC 959 PORT, 227)
 * @CTALG_FORM_EPRT: ``|1|a.b.c.d|port|`` or ``|2|v6|port|`` (RFC 2428); the delimiter is the token's first byte
 * @CTALG_FORM_DOTTED: the address alone, ``a.b.c.d`` or RFC 5952 text
 * @CTALG_FORM_BRACKETED: the address alone, IPv6 in ``[]``, as in a URI
 * @CTALG_FORM_HOST: ``host`` or ``host:port``, as in a URI and in Via, IPv6 in ``[]``; the port
 *	stands there if it did before, or if it is not the one that none stands for
 * @CTALG_FORM_PORT: the port alone, in decimal (RFC 2428 229 and many others)
 */
enum ctalg_form {
	CTALG_FORM_HOSTPORT = 1,
	CTALG_FORM_EPRT,
	CTALG_FORM_DOTTED,
	CTALG_FORM_BRACKETED,
	CTALG_FORM_PORT,
	CTALG_FORM_HOST,
};

/** define CTALG_TOKEN_MAX - no form writes more bytes than this */
#define CTALG_TOKEN_MAX 64

/**
 * ctalg_addr_len() - how many bytes of @b count
 * @a: the address
 *
 * Return: 4, 16, or 0 for no address.
 */
static inline u32 ctalg_addr_len(const struct ctalg_addr *a)
{
	return a->family == CTALG_AF_INET ? 4 : a->family == CTALG_AF_INET6 ? 16 : 0;
}

/**
 * ctalg_addr_eq() - are two addresses the same
 * @a: one
 * @b: the other
 *
 * Return: true if family and address agree; two absent addresses agree.
 */
static inline bool ctalg_addr_eq(const struct ctalg_addr *a, const struct ctalg_addr *b)
{
	return a->family == b->family && !memcmp(a->b, b->b, ctalg_addr_len(a));
}

/**
 * ctalg_addr_is_unspecified() - is it 0.0.0.0 or ::
 * @a: the address
 *
 * Return: true for an all-zero address of either family, and for no address.
 */
bool ctalg_addr_is_unspecified(const struct ctalg_addr *a);

/**
 * ctalg_addr_write() - an address as text
 * @a: the address
 * @buf: where to write; no NUL is added
 * @cap: how many bytes fit
 *
 * IPv6 follows RFC 5952: lower case, no leading zeros, the longest run of zero
 * groups as ``::``.
 *
 * Return: bytes written; 0 when they do not fit or there is no address.
 */
u32 ctalg_addr_write(const struct ctalg_addr *a, char *buf, u32 cap);

/**
 * ctalg_form_write() - an endpoint as a protocol writes it
 * @form: enum ctalg_form
 * @mark: the first byte of the token that is replaced (the delimiter of CTALG_FORM_EPRT)
 * @a: the address
 * @port: the port, host order; CTALG_FORM_HOST writes it unless it is 0
 * @buf: where to write; no NUL is added
 * @cap: how many bytes fit
 *
 * Return: bytes written; 0 when the form cannot express the endpoint or it does not fit.
 */
u32 ctalg_form_write(u8 form, u8 mark, const struct ctalg_addr *a, u16 port, char *buf, u32 cap);

/**
 * ctalg_host_write() - CTALG_FORM_HOST, with or without a port
 * @a: the address
 * @port: the port, host order, or 0 for none
 * @buf: where to write; no NUL is added
 * @cap: how many bytes fit
 *
 * Return: bytes written; 0 when they do not fit or there is no address.
 */
u32 ctalg_host_write(const struct ctalg_addr *a, u16 port, char *buf, u32 cap);

/**
 * ctalg_dec_write() - a number, in decimal
 * @v: the number
 * @buf: where to write; no NUL is added
 * @cap: how many bytes fit
 *
 * Return: bytes written; 0 when they do not fit.
 */
u32 ctalg_dec_write(u32 v, char *buf, u32 cap);

#endif /* CTALG_ADDR_H */
