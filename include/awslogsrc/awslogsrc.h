/* libawslogsrc: every event of Amazon CloudWatch Logs groups, delivered to a callback. */
#ifndef AWSLOGSRC_H
#define AWSLOGSRC_H

#include "arrow.h"
#include "batch.h"
#include "check.h"
#include "context.h"
#include "credentials.h"
#include "cursor.h"
#include "encoder.h"
#include "error.h"
#include "options.h"
#include "queue.h"
#include "record.h"
#include "source.h"
#include "store.h"
#include "trust.h"
#include "types.h"
#include "version.h"

#endif
