#include <optional>
#include <utility>

#include <openssl/pem.h>

#include "crypto/certificate.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/validity.hpp"

namespace certpivot::crypto {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";

struct Line {
  std::size_t begin = 0;
  std::size_t end = 0;         // behind the line feed
  std::string_view text = {};  // without trailing white space
};

Line line_at(std::string_view text, std::size_t begin) {
  std::size_t const feed = text.find('\n', begin);
  std::size_t const end = feed == std::string_view::npos ? text.size() : feed + 1;
  std::string_view line = text.substr(begin, end - begin);
  line.remove_suffix(line.size() - (line.find_last_not_of(" \t\r\n") + 1));
  return {begin, end, line};
}

// The label of "-----BEGIN label-----"; nothing where the line is no such mark.
std::optional<std::string_view> label_of(std::string_view line, std::string_view mark) {
  if (!line.starts_with(mark) || !line.ends_with(dashes)) return {};
  if (line.size() < mark.size() + dashes.size()) return {};
  return line.substr(mark.size(), line.size() - mark.size() - dashes.size());
}

tl::unexpected<Error> bad_block(std::string what) {
  return fail(std::move(what), {}, {}, "write the file again, whole");
}

// OpenSSL would otherwise ask on the terminal for a passphrase.
int refuse_passphrase(char*, int, int, void*) { return -1; }

}  // namespace

bool PemBlock::is_certificate() const {
  return label == PEM_STRING_X509 || label == PEM_STRING_X509_OLD;
}

bool PemBlock::is_private_key() const { return label.ends_with("PRIVATE KEY"); }

Result<std::vector<PemBlock>> pem_blocks(std::string_view text) {
  std::vector<PemBlock> blocks;
  std::optional<PemBlock> open;
  for (std::size_t at = 0; at < text.size();) {
    Line const line = line_at(text, at);
    at = line.end;
    if (auto const label = label_of(line.text, begin_mark)) {
      if (open) return bad_block("a PEM block begins inside another one");
      open = PemBlock{std::string(*label), line.begin, 0};
    } else if (auto const closing = label_of(line.text, end_mark)) {
      if (!open) return bad_block("a PEM block ends that never began");
      if (open->label != *closing) return bad_block("a PEM block ends as something else");
      open->size = line.end - open->begin;
      blocks.push_back(*std::exchange(open, std::nullopt));
    }
  }
  if (open) return bad_block("a PEM block begins and never ends");
  return blocks;
}

Result<Certificate> read_certificate(std::string_view block) {
  BioHandle const bio(BIO_new_mem_buf(block.data(), static_cast<int>(block.size())));
  if (!bio) return fail_openssl("cannot read the certificate");
  CertificateHandle handle(PEM_read_bio_X509(bio.get(), nullptr, refuse_passphrase, nullptr));
  if (!handle) return fail_openssl("cannot decode the certificate");
  if (!has_readable_validity(handle.get())) {
    return fail("cannot decode the certificate", {}, "its validity period is no time");
  }
  return Certificate(std::shared_ptr<X509>(std::move(handle)));
}

}  // namespace certpivot::crypto
