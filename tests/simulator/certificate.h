#ifndef SIM_CERTIFICATE_H
#define SIM_CERTIFICATE_H

/* A server's certificate for 127.0.0.1, ::1 and localhost, from an authority made for it alone. */
struct sim_certificate {
    char *key;       /* PEM */
    char *chain;     /* PEM: the server's, then the authority's */
    char *authority; /* PEM */
};

/* 0, or -1 when OpenSSL fails. */
int sim_certificate_make(struct sim_certificate *out);
void sim_certificate_clear(struct sim_certificate *certificate);

#endif
