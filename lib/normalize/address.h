/* Addresses: what is an IP address, what a host name, and what neither. */
#ifndef ALS_NORMALIZE_ADDRESS_H
#define ALS_NORMALIZE_ADDRESS_H

#include "normalize/record.h"

/* 4, 6, or 0 where the text is no IP address. */
int als_address_version(struct als_text text);

/* Sets SRC_ADDRESS to the text, and SRC_IP or SRC_HOST where it is one; "AWS Internal" and lists
 * are neither. */
void als_address_set_source(awslogsrc_record *record, struct als_text text);

#endif
