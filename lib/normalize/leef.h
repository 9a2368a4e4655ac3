/* LEEF 2.0, the format of QRadar and JSA: tabs between keys, and no way to escape anything. */
#ifndef ALS_NORMALIZE_LEEF_H
#define ALS_NORMALIZE_LEEF_H

#include "normalize/record.h"
#include "normalize/writer.h"

void als_leef_write(struct als_writer *writer, const awslogsrc_record *record);

/* Of a message that ends anywhere, the size up to which all attributes are whole; 0: none is. */
size_t als_leef_cut(struct als_text text);

#endif
