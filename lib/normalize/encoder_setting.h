/* The settings of an encoder, by name. */
#ifndef ALS_NORMALIZE_ENCODER_SETTING_H
#define ALS_NORMALIZE_ENCODER_SETTING_H

#include "normalize/encoder.h"

/* As awslogsrc_encoder_set(), without the NULLs. */
int als_encoder_setting_apply(awslogsrc_encoder *encoder, const char *name, const char *value,
                              awslogsrc_error **error);

#endif
