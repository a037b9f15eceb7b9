#include "trust/material.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "crypto/decoded_size.hpp"
#include "crypto/der.hpp"
#include "crypto/recode.hpp"
#include "trust/undecodable.hpp"

namespace certpivot::trust {
namespace {

// Of UTF-8: some editors write it in front of a text.
constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";

std::string what_else(std::string_view text, std::string_view kind) {
  if (text.empty()) return " is empty: write the " + std::string(kind) + " into it";
  if (crypto::is_binary(text)) {
    return " is binary, but neither DER nor PKCS#12: write the " + std::string(kind) +
           " into it as PEM";
  }
  return " holds no PEM block: write the " + std::string(kind) + " into it as PEM";
}

void find_blocks(Expected const& expected, Material& material) {
  auto const refuse = [&](std::string const& words) {
    material.fault = Refusal{expected.malformed, material.path + words};
  };
  auto blocks = crypto::pem_blocks(material.text);
  if (!blocks && material.text.starts_with(byte_order_mark)) {
    refuse(
        " begins with a byte order mark, which hides its first line from PEM readers: save it "
        "as UTF-8 without one");
  } else if (!blocks) {
    refuse(": " + blocks.error().text());
  } else if (blocks->empty()) {
    refuse(what_else(material.text, expected.kind));
  } else if (crypto::is_binary(material.text)) {
    refuse(" holds PEM and something binary: leave one of the two in it");
  } else {
    material.blocks = *std::move(blocks);
  }
}

// The file's blocks, by way of `recode` where it is no PEM.
template <class Recode>
Material read(source::FileBytes const& file, Expected const& expected,
              std::optional<Passphrase> const& passphrase, Recode recode) {
  Material material{.path = file.facts.path, .text = file.bytes.view()};
  if (crypto::looks_like_der(material.text)) {
    auto pem = recode(material.text);
    if (!pem) {
      material.fault = refusal_of(pem.error(), material.path, expected.malformed, passphrase);
      return material;
    }
    material.recoded = *std::move(pem);
    material.text = material.recoded.view();
  }
  find_blocks(expected, material);
  return material;
}

}  // namespace

bool Material::has_certificate() const {
  return std::any_of(blocks.begin(), blocks.end(),
                     [](crypto::PemBlock const& block) { return block.is_certificate(); });
}

std::string_view Material::instead() const {
  struct Mistake {
    std::string_view label;
    std::string_view words;
  };
  static constexpr std::array mistakes = {
      Mistake{"CERTIFICATE REQUEST", ", but a request for one (CSR), which a CA has yet to sign"},
      Mistake{"NEW CERTIFICATE REQUEST",
              ", but a request for one (CSR), which a CA has yet to sign"},
      Mistake{"PKCS7", ", but PKCS#7, which openssl pkcs7 -print_certs turns into certificates"},
      Mistake{"X509 CRL", ", but a CRL"}};
  for (Mistake const& one : mistakes)
    for (crypto::PemBlock const& block : blocks)
      if (block.label == one.label) return one.words;
  return {};
}

Material read_material(source::FileBytes const& file, Expected const& expected,
                       std::optional<Passphrase> const& passphrase) {
  auto const words = passphrase ? passphrase->text : std::nullopt;
  return read(file, expected, passphrase,
              [&](std::string_view bytes) { return crypto::pem_of_der_file(bytes, words); });
}

Material read_authority_material(source::FileBytes const& file) {
  return read(file, {.kind = "CA bundle"}, {}, crypto::pem_of_der_certificate);
}

std::vector<PlacedCertificate> certificates_in(Material const& file, std::size_t most,
                                               Findings& findings) {
  std::vector<PlacedCertificate> certificates;
  std::vector<std::string_view> blocks;
  for (crypto::PemBlock const& block : file.blocks)
    if (block.is_certificate()) blocks.push_back(file.bytes_of(block));
  if (auto const fault = crypto::too_much(file.text.size(), blocks, most)) {
    Refusal refusal = refusal_of(*fault, file.path, Reason::malformed_certificate, {});
    findings.refuse(refusal.reason, std::move(refusal.text));
    return certificates;
  }
  std::size_t number = 0;
  for (crypto::PemBlock const& block : file.blocks) {
    if (!block.is_certificate()) continue;
    ++number;
    auto certificate = crypto::read_shared_certificate(file.bytes_of(block));
    if (certificate) {
      certificates.push_back({*std::move(certificate), block});
    } else {
      findings.refuse(Reason::malformed_certificate,
                      file.path + ": certificate number " + std::to_string(number) +
                          " cannot be decoded: " + certificate.error().why +
                          "; have it issued or copied again");
    }
  }
  return certificates;
}

}  // namespace certpivot::trust
