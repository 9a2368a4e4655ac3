#include "loopback.h"

#include <netinet/in.h>
#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

bool loopback_has_ipv6(void)
{
    static enum { NOT_ASKED, YES, NO } answer;
    const struct sockaddr_in6 address = {.sin6_family = AF_INET6,
                                         .sin6_addr = IN6ADDR_LOOPBACK_INIT};
    if (answer != NOT_ASKED)
        return answer == YES;
    int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
    answer = fd >= 0 && bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 ? YES : NO;
    if (fd >= 0)
        (void)close(fd);
    if (answer == NO)
        printf("SKIPPED: what is to be shown over IPv6: this machine has no ::1\n");
    return answer == YES;
}
