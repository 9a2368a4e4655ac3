/* The little of XML that answers of STS are made of: elements and their text. Comments, CDATA,
 * attributes and prefixes are understood, and document types and entities of one's own are not. */
#ifndef ALS_AWS_XML_SCANNER_H
#define ALS_AWS_XML_SCANNER_H

#include "base/buffer.h"

/* The content of the first element of that name, however deep it lies in xml; a prefix in the
 * document does not matter. false, and *content left alone: there is none, or the XML in front of
 * its end is broken. */
bool als_xml_scanner_find(struct als_text xml, const char *name, struct als_text *content);

/* Appends the text of a content that has no elements in it, references to characters replaced.
 * false: it has elements, an unknown reference, or the buffer failed. */
bool als_xml_scanner_read(struct als_text content, struct als_buffer *out);

#endif
