#include "trust/pem_file.hpp"

#include <algorithm>

namespace certpivot::trust {
namespace {

// A DER SEQUENCE whose length takes more than one byte: what certificates, keys and PKCS#12 begin
// with.
bool looks_like_der(std::string_view text) {
  return text.size() > 1 && text[0] == '\x30' && (static_cast<unsigned char>(text[1]) & 0x80) != 0;
}

std::string what_else(std::string_view text, std::string_view kind) {
  if (text.empty()) return "is empty: write the " + std::string(kind) + " into it";
  if (looks_like_der(text)) {
    return "looks like DER or PKCS#12, and this build reads PEM: convert it with openssl x509, "
           "pkey or "
           "pkcs12";
  }
  if (text.find('\0') != std::string_view::npos) {
    return "is binary: write the " + std::string(kind) + " into it as PEM";
  }
  return "holds no PEM block: write the " + std::string(kind) + " into it as PEM";
}

}  // namespace

bool PemFile::has_certificate() const {
  return std::any_of(blocks.begin(), blocks.end(),
                     [](crypto::PemBlock const& block) { return block.is_certificate(); });
}

bool PemFile::mentions_private_key() const {
  return text.find("PRIVATE KEY-----") != std::string_view::npos;
}

PemFile read_pem_file(source::FileBytes const& file, std::string_view kind) {
  PemFile answer{.path = file.facts.path, .text = file.bytes.view()};
  auto blocks = crypto::pem_blocks(answer.text);
  if (!blocks) {
    answer.fault = "is cut off, damaged or still being written: " + blocks.error().text();
  } else if (blocks->empty()) {
    answer.fault = what_else(answer.text, kind);
  } else {
    answer.blocks = *std::move(blocks);
  }
  return answer;
}

std::vector<PlacedCertificate> certificates_in(PemFile const& file, Findings& findings) {
  std::vector<PlacedCertificate> certificates;
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
