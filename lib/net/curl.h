/* HTTP by libcurl, driven by the reactor. The only user of libcurl. */
#ifndef ALS_NET_CURL_H
#define ALS_NET_CURL_H

#include <stdint.h>

#include "net/http.h"

struct als_curl;
struct als_reactor;

/* 0, AWSLOGSRC_E_NO_MEMORY or AWSLOGSRC_E_SYSTEM. */
int als_curl_new(struct als_reactor *reactor, struct als_curl **out);
void als_curl_free(struct als_curl *curl); /* calls still running end without their callbacks */
struct als_http als_curl_http(struct als_curl *curl);

/* For the reactor: a watched socket is ready; then, once a round, completed calls are handed out.
 */
void als_curl_socket_ready(struct als_curl *curl, int fd, uint32_t epoll_events);
void als_curl_finish(struct als_curl *curl);

/* A date of HTTP in ms since 1970; 0 where it makes no sense. */
int64_t als_curl_date_ms(struct als_text text);

/* "libcurl/7.88.1", and what the linked version cannot do ("" where nothing). Borrow, for ever. */
const char *als_curl_version(void);
const char *als_curl_limits(void);

#endif
