#include "testing.h"

#include "tls_peer.h"

#include <netinet/in.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

static void *serve(void *user_data)
{
    struct tls_peer *peer = user_data;
    struct pollfd both[] = {{.fd = peer->listener, .events = POLLIN},
                            {.fd = peer->stop[0], .events = POLLIN}};
    while (poll(both, 2, -1) > 0 && both[1].revents == 0) {
        int fd = accept4(peer->listener, NULL, NULL, SOCK_CLOEXEC);
        SSL *ssl = SSL_new(peer->context);
        (void)SSL_set_fd(ssl, fd);
        (void)SSL_accept(ssl);
        SSL_free(ssl);
        (void)close(fd);
    }
    return NULL;
}

static SSL_CTX *make_context(int newest, const char *key_pem, const char *chain_pem)
{
    SSL_CTX *context = SSL_CTX_new(TLS_server_method());
    BIO *key_bio = BIO_new_mem_buf(key_pem, -1), *chain_bio = BIO_new_mem_buf(chain_pem, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(key_bio, NULL, NULL, NULL);
    X509 *certificate = PEM_read_bio_X509(chain_bio, NULL, NULL, NULL);
    assert_non_null(context);
    SSL_CTX_set_security_level(context, 0);
    assert_int_equal(SSL_CTX_set_min_proto_version(context, TLS1_VERSION), 1);
    assert_int_equal(SSL_CTX_set_max_proto_version(context, newest), 1);
    assert_int_equal(SSL_CTX_use_certificate(context, certificate), 1);
    assert_int_equal(SSL_CTX_use_PrivateKey(context, key), 1);
    X509_free(certificate);
    EVP_PKEY_free(key);
    BIO_free(key_bio);
    BIO_free(chain_bio);
    return context;
}

void tls_peer_start(struct tls_peer *peer, int newest, const char *key, const char *chain)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    *peer = (struct tls_peer){.context = make_context(newest, key, chain)};
    peer->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(peer->listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(peer->listener, 8), 0);
    assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&address, &size), 0);
    peer->port = ntohs(address.sin_port);
    assert_int_equal(pipe(peer->stop), 0);
    assert_int_equal(pthread_create(&peer->thread, NULL, serve, peer), 0);
}

void tls_peer_stop(struct tls_peer *peer)
{
    (void)close(peer->stop[1]);
    (void)pthread_join(peer->thread, NULL);
    (void)close(peer->stop[0]);
    (void)close(peer->listener);
    SSL_CTX_free(peer->context);
}
