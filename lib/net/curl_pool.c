#include "net/curl_pool.h"

#include <string.h>
#include <sys/epoll.h>

#include "base/memory.h"
#include "net/reactor.h"

enum { IDLE_CONNECTIONS = 64 /* kept open for the next request */ };

static int socket_changed(CURL *easy, curl_socket_t fd, int what, void *user_data, void *data)
{
    (void)easy, (void)data;
    struct als_curl_pool *pool = user_data;
    uint32_t events = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        events |= EPOLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        events |= EPOLLOUT;
    return als_reactor_watch(pool->reactor, fd, events) == 0 ? 0 : -1;
}

/* libcurl forbids calls into it from here; the timer does them later. Never early, as our clock is
 * cut to milliseconds: what finds its time not come yet does not always ask to be woken again. */
static int timer_changed(CURLM *multi, long timeout_ms, void *user_data)
{
    (void)multi;
    struct als_curl_pool *pool = user_data;
    struct als_loop *loop = &pool->reactor->loop;
    if (timeout_ms < 0)
        als_loop_disarm(loop, &pool->timer);
    else
        als_loop_arm(loop, &pool->timer, als_loop_now_ms(loop) + timeout_ms + (timeout_ms > 0));
    return 0;
}

static void timer_fired(void *user_data)
{
    struct als_curl_pool *pool = user_data;
    int running = 0;
    (void)curl_multi_socket_action(pool->multi, CURL_SOCKET_TIMEOUT, 0, &running);
    pool->acted(pool->user_data);
}

struct als_curl_pool *als_curl_pool_new(struct als_reactor *reactor, const char *trust_store,
                                        void (*acted)(void *user_data), void *user_data)
{
    struct als_curl_pool *pool = als_new(sizeof *pool);
    if (pool == NULL)
        return NULL;
    pool->reactor = reactor;
    pool->timer.fn = timer_fired;
    pool->timer.user_data = pool;
    pool->acted = acted;
    pool->user_data = user_data;
    pool->multi = curl_multi_init();
    pool->trust_store = trust_store == NULL ? NULL : als_copy_string(trust_store);
    if (pool->multi == NULL || (trust_store != NULL && pool->trust_store == NULL)) {
        als_curl_pool_free(pool);
        return NULL;
    }
    (void)curl_multi_setopt(pool->multi, CURLMOPT_SOCKETFUNCTION, socket_changed);
    (void)curl_multi_setopt(pool->multi, CURLMOPT_SOCKETDATA, pool);
    (void)curl_multi_setopt(pool->multi, CURLMOPT_TIMERFUNCTION, timer_changed);
    (void)curl_multi_setopt(pool->multi, CURLMOPT_TIMERDATA, pool);
    (void)curl_multi_setopt(pool->multi, CURLMOPT_MAXCONNECTS, (long)IDLE_CONNECTIONS);
    return pool;
}

void als_curl_pool_free(struct als_curl_pool *pool)
{
    (void)curl_multi_cleanup(pool->multi);
    als_loop_disarm(&pool->reactor->loop, &pool->timer);
    als_free(pool->trust_store);
    als_free(pool);
}

void als_curl_pool_act(struct als_curl_pool *pool, int fd, uint32_t epoll_events)
{
    int running = 0, ready = 0;
    if ((epoll_events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0)
        ready |= CURL_CSELECT_IN;
    if ((epoll_events & EPOLLOUT) != 0)
        ready |= CURL_CSELECT_OUT;
    if ((epoll_events & EPOLLERR) != 0)
        ready |= CURL_CSELECT_ERR;
    /* A socket of another pool, or one that another event of this round closed, is ignored or
     * answers CURLM_BAD_SOCKET, which is harmless. */
    (void)curl_multi_socket_action(pool->multi, fd, ready, &running);
}
