#include "certificate.h"

#include "buffer.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdbool.h>
#include <stdlib.h>

static EVP_PKEY *make_key(void)
{
    EVP_PKEY *key = NULL;
    EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_id(EVP_PKEY_EC, NULL);
    if (!context || EVP_PKEY_keygen_init(context) <= 0 ||
        EVP_PKEY_CTX_set_ec_paramgen_curve_nid(context, NID_X9_62_prime256v1) <= 0 ||
        EVP_PKEY_keygen(context, &key) <= 0)
        key = NULL;
    EVP_PKEY_CTX_free(context);
    return key;
}

static bool extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    bool good = extension && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return good;
}

static bool set_serial(X509 *certificate)
{
    unsigned char bytes[8];
    long serial = 0;
    if (RAND_bytes(bytes, sizeof bytes) != 1)
        return false;
    for (size_t i = 0; i < 7; i++) /* positive, and another one each time: clients cache */
        serial = serial << 8 | bytes[i];
    return ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial + 1) == 1;
}

static X509 *begin(EVP_PKEY *key, const char *name)
{
    X509 *certificate = X509_new();
    if (!certificate)
        return NULL;
    X509_NAME *subject = X509_get_subject_name(certificate);
    if (X509_set_version(certificate, 2) != 1 || !set_serial(certificate) ||
        !X509_gmtime_adj(X509_getm_notBefore(certificate), -24L * 3600) ||
        !X509_gmtime_adj(X509_getm_notAfter(certificate), 30L * 24 * 3600) ||
        X509_set_pubkey(certificate, key) != 1 ||
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                   -1, 0) != 1) {
        X509_free(certificate);
        return NULL;
    }
    return certificate;
}

static X509 *make_authority(EVP_PKEY *key)
{
    X509 *authority = begin(key, "awslogsrc-simulator throw-away authority");
    if (authority && X509_set_issuer_name(authority, X509_get_subject_name(authority)) == 1 &&
        extend(authority, authority, NID_basic_constraints, "critical,CA:TRUE") &&
        extend(authority, authority, NID_key_usage, "critical,keyCertSign,cRLSign") &&
        extend(authority, authority, NID_subject_key_identifier, "hash") &&
        X509_sign(authority, key, EVP_sha256()) > 0)
        return authority;
    X509_free(authority);
    return NULL;
}

static X509 *make_server(EVP_PKEY *key, X509 *authority, EVP_PKEY *authority_key, const char *names)
{
    X509 *server = begin(key, "localhost");
    if (server && X509_set_issuer_name(server, X509_get_subject_name(authority)) == 1 &&
        extend(server, authority, NID_basic_constraints, "critical,CA:FALSE") &&
        extend(server, authority, NID_key_usage, "critical,digitalSignature") &&
        extend(server, authority, NID_ext_key_usage, "serverAuth") &&
        extend(server, authority, NID_subject_alt_name,
               names ? names : "DNS:localhost,IP:127.0.0.1,IP:::1") &&
        extend(server, authority, NID_authority_key_identifier, "keyid") &&
        X509_sign(server, authority_key, EVP_sha256()) > 0)
        return server;
    X509_free(server);
    return NULL;
}

static char *read_all(BIO *bio)
{
    char *data = NULL;
    long length = BIO_get_mem_data(bio, &data);
    struct sim_buffer text = {0};
    if (length > 0)
        sim_buffer_add(&text, data, (size_t)length);
    sim_buffer_add(&text, "", 1);
    return text.data;
}

static bool write_pem(struct sim_certificate *out, EVP_PKEY *key, X509 *server, X509 *authority)
{
    BIO *key_pem = BIO_new(BIO_s_mem());
    BIO *chain_pem = BIO_new(BIO_s_mem());
    BIO *authority_pem = BIO_new(BIO_s_mem());
    bool good = key_pem && chain_pem && authority_pem &&
                PEM_write_bio_PrivateKey(key_pem, key, NULL, NULL, 0, NULL, NULL) == 1 &&
                PEM_write_bio_X509(chain_pem, server) == 1 &&
                PEM_write_bio_X509(chain_pem, authority) == 1 &&
                PEM_write_bio_X509(authority_pem, authority) == 1;
    if (good)
        *out = (struct sim_certificate){read_all(key_pem), read_all(chain_pem),
                                        read_all(authority_pem)};
    BIO_free(key_pem);
    BIO_free(chain_pem);
    BIO_free(authority_pem);
    return good;
}

int sim_certificate_make(struct sim_certificate *out, const char *names)
{
    EVP_PKEY *authority_key = make_key();
    EVP_PKEY *key = make_key();
    X509 *authority = authority_key ? make_authority(authority_key) : NULL;
    X509 *server = key && authority ? make_server(key, authority, authority_key, names) : NULL;
    bool good = server && write_pem(out, key, server, authority);
    X509_free(server);
    X509_free(authority);
    EVP_PKEY_free(key);
    EVP_PKEY_free(authority_key);
    return good ? 0 : -1;
}

void sim_certificate_clear(struct sim_certificate *certificate)
{
    free(certificate->key);
    free(certificate->chain);
    free(certificate->authority);
    *certificate = (struct sim_certificate){0};
}
