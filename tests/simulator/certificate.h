#ifndef SIM_CERTIFICATE_H
#define SIM_CERTIFICATE_H

/* A server's certificate, from an authority made for it alone. */
struct sim_certificate {
    char *key;       /* PEM */
    char *chain;     /* PEM: the server's, then the authority's */
    char *authority; /* PEM */
};

/* names: as OpenSSL writes alternative names; NULL: 127.0.0.1, ::1 and localhost. 0, or -1 when
 * OpenSSL fails. */
int sim_certificate_make(struct sim_certificate *out, const char *names);
void sim_certificate_clear(struct sim_certificate *certificate);

#endif
