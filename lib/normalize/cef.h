/* CEF, version 0: the format of ArcSight that most others read as well. */
#ifndef ALS_NORMALIZE_CEF_H
#define ALS_NORMALIZE_CEF_H

#include "normalize/record.h"
#include "normalize/writer.h"

void als_cef_write(struct als_writer *writer, const awslogsrc_record *record);

/* Of a message that ends anywhere, the size up to which all extensions are whole; 0: none is. */
size_t als_cef_cut(struct als_text text);

#endif
