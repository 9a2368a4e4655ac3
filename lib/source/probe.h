/* The first call to a region: is the group there, may we read it, and what time is it over there?
 */
#ifndef ALS_SOURCE_PROBE_H
#define ALS_SOURCE_PROBE_H

#include "options/settings.h"
#include "source/logs_call.h"

/* 0, or what als_logs_call_send() returns. */
int als_probe_send(struct als_logs_call *call, struct als_logs_client *client,
                   const struct als_settings *settings, als_logs_done *done, void *user_data);

/* Whether the answer, where its code is 0, is one of CloudWatch Logs. */
bool als_probe_is_genuine(const struct als_logs_answer *answer);

#endif
