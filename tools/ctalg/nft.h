/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's nftables rules. */
#ifndef NFT_H
#define NFT_H

#include <jansson.h>

/*
 * What a list command says, the array of its objects; or NULL if there is no such thing. The flags of a table are words
 * in one string.
 */
json_t *nft_list(const char *command);
/* Runs commands, all or none of them; ends the program if the kernel refuses them. */
void nft_run(const char *commands);

#endif /* NFT_H */
