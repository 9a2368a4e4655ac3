/* What LEEF and CEF have in common: headers that name a product. */
#ifndef ALS_NORMALIZE_HEADER_FIELDS_H
#define ALS_NORMALIZE_HEADER_FIELDS_H

#include "normalize/record.h"

/* Where the event comes from, and in which version of what that writes. */
struct als_text als_header_fields_product(const awslogsrc_record *record);
struct als_text als_header_fields_version(const awslogsrc_record *record);

/* The usual name of an IANA protocol number, in lower case; empty for the rarer ones. */
struct als_text als_header_fields_protocol(int64_t number);

#endif
