#pragma once

#include <cstddef>
#include <string>
#include <vector>

/// Keys and stores under a passphrase, beyond what pki.hpp writes: every algorithm that one may
/// meet, and such that claim more work than anybody should do.
namespace certpivot::testing {

enum class Scheme {
  pbes2,         ///< PBKDF2 and AES-256
  scrypt,        ///< PBES2 with scrypt (r = 8, p = 1; `iterations` is N) and AES-256
  pbes1_3des,    ///< PKCS#12's derivation, SHA-1 and triple DES
  pbes1_rc2_40,  ///< the same with RC2 of 40 bits: OpenSSL's legacy provider
  pbes1_des,     ///< PBKDF1 with MD5 and single DES: OpenSSL's legacy provider
  none,          ///< not encrypted at all; in a PKCS#12 only
};

struct Sealing {
  std::string passphrase = {};
  Scheme scheme = Scheme::pbes2;
  int iterations = 2048;
};

/// The key as "ENCRYPTED PRIVATE KEY" (PKCS#8).
[[nodiscard]] std::string sealed_key(std::string const& key_pem, Sealing const& sealing);

/// A text that says it were such a key, of so many iterations, which nobody did.
[[nodiscard]] std::string claimed_key(Scheme scheme, int iterations);

struct Store {
  std::vector<std::string> keys = {};  ///< PEM
  std::string certificates = {};       ///< PEM, one after the other
  Sealing sealing = {};                ///< of the keys and the certificates
  Scheme certificate_scheme = Scheme::pbes2;
  bool mac = true;
  int mac_iterations = 2048;
  bool no_passphrase = false;  ///< none at all, which is not the same as an empty one
};
/// A PKCS#12 file.
[[nodiscard]] std::string pkcs12(Store const& store);

/// One that says its MAC took so many iterations.
[[nodiscard]] std::string claimed_pkcs12(int mac_iterations);

/// The key with one bit of a byte of its DER changed.
[[nodiscard]] std::string damaged_key(std::string const& key_pem, std::size_t at);

/// All numbers of a private key, in words: equal for equal keys, however they are written.
[[nodiscard]] std::string numbers_of(std::string const& key_pem);

/// DER as a PEM block.
[[nodiscard]] std::string pem_of(std::string const& label, std::string const& der);

}  // namespace certpivot::testing
