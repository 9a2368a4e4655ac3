/* Bodies of type application/x-www-form-urlencoded, as the query protocol of AWS wants them. */
#ifndef ALS_AWS_FORM_H
#define ALS_AWS_FORM_H

#include "base/buffer.h"

/* Appends NAME=VALUE, with a '&' in front where it is not the first. Every byte of the value but
 * A-Z a-z 0-9 - . _ ~ is percent-encoded (RFC 3986, 2.3). Returns the buffer's status. */
int als_form_add(struct als_buffer *form, const char *name, struct als_text value);

#endif
