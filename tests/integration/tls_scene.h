/* A local AWS behind TLS, with certificates made to order: who is accepted, who is refused, and
 * what is said then. One at a time. */
#ifndef TLS_SCENE_H
#define TLS_SCENE_H

#include "certificates.h"
#include "network.h"

#define LIST(...) ((const char *const[]){__VA_ARGS__, NULL})

enum {
    TLS_TEXT = 128,
    DAY = CERTIFICATES_DAY,
    FINGERPRINT = sizeof((struct issued *)0)->fingerprint
};

extern struct network network;
extern struct network_outcome outcome;
extern struct issued authority, other_authority; /* the first one is in ca_file */
extern char ca_file[TLS_TEXT], store[TLS_TEXT];  /* store: of acquired certificates */
extern char url[TLS_TEXT];
extern unsigned port; /* of the server; 0: the next one has another */

/* Of the group, and of each test: no file, no server. */
int tls_scene_open(void **state);
int tls_scene_close(void **state);
int tls_scene_begin(void **state);
int tls_scene_end(void **state);

/* Serves with a certificate, on the port that there was before. */
void tls_scene_serve(const struct issued *issued);
void tls_scene_serve_order(const struct order *order, char fingerprint[FINGERPRINT]);

void tls_scene_write_file(const char *path, const char *text);

void tls_scene_expect_all_events(void);
void tls_scene_expect_says(const char *text);
/* By AWSLOGSRC_E_TLS, before any event, with both in the message. */
void tls_scene_expect_refused(const char *says, const char *fingerprint);

/* Whether the store has the text, as it should or should not. */
void tls_scene_expect_in_store(const char *text, bool wanted);

#endif
