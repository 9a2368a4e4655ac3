/* What of the loopback interface this machine has. */
#ifndef LOOPBACK_H
#define LOOPBACK_H

#include <stdbool.h>

/* Many containers have no ::1. Says "SKIPPED: ..." once where there is none. */
bool loopback_has_ipv6(void);

#endif
