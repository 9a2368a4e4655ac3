#ifndef SIM_SETTINGS_H
#define SIM_SETTINGS_H

#include "json_writer.h"

#include <stdbool.h>
#include <stdint.h>

/* Switches of a service; sim_service_new() sets what is in brackets. May change at any time. */
struct sim_settings {
    bool check_signatures;       /* [true] */
    int64_t clock_tolerance_ms;  /* of X-Amz-Date against now [5 min] */
    bool end_time_exclusive;     /* FilterLogEvents' endTime [false, as its documentation says] */
    size_t page_events;          /* most events of a page [10000] */
    size_t page_bytes;           /* most bytes of a page, messages + 26 each [1 MiB] */
    size_t scan_events;          /* events looked at for one page, visible or not; 0: all [0] */
    uint32_t empty_pages;        /* so many empty pages before each other page of a chain [0] */
    uint32_t empty_every;        /* every Nth page of a chain is empty [0] */
    int64_t token_lifetime_ms;   /* [24 h] */
    const char *role;            /* of the instance and the container; NULL: none [NULL] */
    const char *container_token; /* the Authorization to be sent; NULL: not looked at [NULL] */
    const char *web_identity_token; /* the only one that STS accepts; NULL: any [NULL] */
    int64_t key_lifetime_ms; /* of temporary keys; STS: at most, what was asked for counts [1 h] */
    int64_t key_renewal_ms;  /* metadata: new keys when the old have so much left [5 min] */
    struct sim_json_style json; /* [plain] */
    const char *error_prefix;   /* before the name in __type, as "com.amazonaws.logs#" [""] */
    bool error_type_header;     /* x-amzn-ErrorType as well [false] */
};

#endif
