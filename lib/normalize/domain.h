/* What part of a cloud an event is about, by the service. */
#ifndef ALS_NORMALIZE_DOMAIN_H
#define ALS_NORMALIZE_DOMAIN_H

#include "base/text.h"

enum als_domain {
    ALS_DOMAIN_OTHER,
    ALS_DOMAIN_AUTH,
    ALS_DOMAIN_IAM,
    ALS_DOMAIN_CRYPTO,
    ALS_DOMAIN_AUDIT,
    ALS_DOMAIN_SECURITY,
    ALS_DOMAIN_NETWORK,
    ALS_DOMAIN_STORAGE,
    ALS_DOMAIN_DATABASE,
    ALS_DOMAIN_COMPUTE,
    ALS_DOMAIN_APP,
    ALS_DOMAIN_BILLING,
};

struct als_text als_domain_name(enum als_domain domain);

/* service: the first label of eventSource; operation: of EC2, whose networks are a domain of
 * their own. */
enum als_domain als_domain_of(struct als_text service, struct als_text operation);

#endif
