/* Where the fields of a CloudTrail event stand. */
#ifndef ALS_NORMALIZE_CLOUDTRAIL_SHAPE_H
#define ALS_NORMALIZE_CLOUDTRAIL_SHAPE_H

#include "normalize/shape.h"

extern const struct als_shape als_cloudtrail_shape_event;
extern const struct als_shape als_cloudtrail_shape_resource;

#endif
