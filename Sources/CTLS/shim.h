#include <openssl/bio.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

/* What OpenSSL has as macros only, or with a list of arguments that has no end, as functions. */

static inline int mailwire_set_server_name(SSL *connection, const char *name) {
  return (int)SSL_set_tlsext_host_name(connection, name);
}
static inline int mailwire_set_oldest_version_12(SSL_CTX *context) {
  return (int)SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
}
static inline void mailwire_forget_sessions(SSL_CTX *context) {
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET);
}
static inline EVP_PKEY *mailwire_make_p256_key(OSSL_LIB_CTX *library) {
  return EVP_PKEY_Q_keygen(library, NULL, "EC", "P-256");
}
/* Gives a generator of the kind TEST-RAND the octets that it is to hand out. */
static inline int mailwire_set_octets(EVP_RAND_CTX *generator, unsigned char *octets, size_t count) {
  unsigned int strength = 256;
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, octets, count),
    OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
    OSSL_PARAM_construct_end(),
  };
  if (!EVP_RAND_CTX_set_params(generator, parameters)) return 0;
  if (EVP_RAND_get_state(generator) == EVP_RAND_STATE_READY) return 1;
  return EVP_RAND_instantiate(generator, strength, 0, NULL, 0, NULL);
}
static inline int mailwire_add_extension(X509 *certificate, X509 *issuer, int kind, const char *value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
  if (extension == NULL) return 0;
  int added = X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
  return added;
}
