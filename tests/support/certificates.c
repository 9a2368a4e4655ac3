#include "testing.h"

#include "certificates.h"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

static EVP_PKEY *make_key(int rsa_bits)
{
    EVP_PKEY *key = rsa_bits > 0 ? EVP_RSA_gen((unsigned)rsa_bits) : EVP_EC_gen("P-256");
    assert_non_null(key);
    return key;
}

static void extend(X509 *certificate, X509 *issuer, int nid, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    assert_non_null(extension);
    assert_int_equal(X509_add_ext(certificate, extension, -1), 1);
    X509_EXTENSION_free(extension);
}

static X509 *read_certificate(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    X509 *certificate = PEM_read_bio_X509(bio, NULL, NULL, NULL);
    BIO_free(bio);
    assert_non_null(certificate);
    return certificate;
}

static EVP_PKEY *read_key(const char *pem)
{
    BIO *bio = BIO_new_mem_buf(pem, -1);
    EVP_PKEY *key = PEM_read_bio_PrivateKey(bio, NULL, NULL, NULL);
    BIO_free(bio);
    assert_non_null(key);
    return key;
}

static char *take(BIO *bio)
{
    char *data = NULL;
    long size = BIO_get_mem_data(bio, &data);
    char *copy = strndup(data, (size_t)size);
    assert_non_null(copy);
    BIO_free(bio);
    return copy;
}

static void write_out(struct issued *out, X509 *certificate, EVP_PKEY *key,
                      const struct issued *issuer)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned size = 0;
    BIO *bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_PrivateKey(bio, key, NULL, NULL, 0, NULL, NULL), 1);
    out->key = take(bio);
    bio = BIO_new(BIO_s_mem());
    assert_int_equal(PEM_write_bio_X509(bio, certificate), 1);
    out->own = take(bio);
    bio = BIO_new(BIO_s_mem());
    assert_true(BIO_puts(bio, out->own) > 0);
    if (issuer != NULL)
        assert_true(BIO_puts(bio, issuer->own) > 0);
    out->chain = take(bio);
    assert_int_equal(X509_digest(certificate, EVP_sha256(), digest, &size), 1);
    for (unsigned i = 0; i < size; i++)
        (void)snprintf(out->fingerprint + (size_t)i * 3, 4, "%02X%s", digest[i],
                       i + 1 < size ? ":" : "");
}

static X509 *begin(const struct order *order, EVP_PKEY *key)
{
    static long serial;
    bool standard = order->from_s == 0 && order->to_s == 0;
    X509 *certificate = X509_new();
    X509_NAME *subject = X509_get_subject_name(certificate);
    const char *name = order->subject == NULL ? "server" : order->subject;
    assert_int_equal(X509_set_version(certificate, 2), 1);
    assert_int_equal(ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial), 1);
    assert_non_null(X509_gmtime_adj(X509_getm_notBefore(certificate),
                                    standard ? -(long)CERTIFICATES_DAY : order->from_s));
    assert_non_null(X509_gmtime_adj(X509_getm_notAfter(certificate),
                                    standard ? 30L * CERTIFICATES_DAY : order->to_s));
    assert_int_equal(X509_set_pubkey(certificate, key), 1);
    assert_int_equal(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                                (const unsigned char *)name, -1, -1, 0),
                     1);
    return certificate;
}

void certificates_make(struct issued *out, const struct order *order)
{
    EVP_PKEY *key = make_key(order->rsa_bits);
    X509 *certificate = begin(order, key);
    X509 *issuer = order->issuer == NULL ? certificate : read_certificate(order->issuer->own);
    EVP_PKEY *issuer_key = order->issuer == NULL ? key : read_key(order->issuer->key);
    assert_int_equal(X509_set_issuer_name(certificate, X509_get_subject_name(issuer)), 1);
    extend(certificate, issuer, NID_basic_constraints,
           order->authority ? "critical,CA:TRUE" : "critical,CA:FALSE");
    extend(certificate, issuer, NID_key_usage,
           order->authority ? "critical,keyCertSign" : "critical,digitalSignature");
    if (!order->authority)
        extend(certificate, issuer, NID_subject_alt_name,
               order->names == NULL ? "DNS:localhost,IP:127.0.0.1" : order->names);
    assert_true(X509_sign(certificate, issuer_key, EVP_sha256()) > 0);
    write_out(out, certificate, key, order->issuer);
    if (issuer != certificate)
        X509_free(issuer);
    if (issuer_key != key)
        EVP_PKEY_free(issuer_key);
    X509_free(certificate);
    EVP_PKEY_free(key);
}

void certificates_clear(struct issued *issued)
{
    free(issued->key);
    free(issued->chain);
    free(issued->own);
    *issued = (struct issued){0};
}
