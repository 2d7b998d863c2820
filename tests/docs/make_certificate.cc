// Prints a new key and a certificate of its own for "localhost", as PEM.

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <memory>

namespace {

// As X.509 wants it: who issues it is whom it names.
bool Fill(X509* certificate, EVP_PKEY* key) {
  X509_NAME* name = X509_get_subject_name(certificate);
  const auto* host = reinterpret_cast<const unsigned char*>("localhost");
  std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name,
                          "DNS:localhost"),
      X509_EXTENSION_free);
  return X509_set_version(certificate, X509_VERSION_3) &&
         ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1) &&
         X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) &&
         X509_gmtime_adj(X509_getm_notAfter(certificate), 86400) &&
         X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, host, -1, -1,
                                    0) &&
         X509_set_issuer_name(certificate, name) &&
         X509_add_ext(certificate, extension.get(), -1) &&
         X509_set_pubkey(certificate, key) &&
         X509_sign(certificate, key, EVP_sha256());
}

}  // namespace

int main() {
  std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)> key(
      EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"), EVP_PKEY_free);
  std::unique_ptr<X509, decltype(&X509_free)> certificate(X509_new(),
                                                          X509_free);
  const bool written = Fill(certificate.get(), key.get()) &&
                       PEM_write_PrivateKey(stdout, key.get(), nullptr, nullptr,
                                            0, nullptr, nullptr) &&
                       PEM_write_X509(stdout, certificate.get());
  return written ? 0 : 1;
}
