#include "crypto/pem.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include <openssl/err.h>
#include <openssl/pem.h>

#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/pem_content.hpp"

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

// Where the next line begins that may be a mark, from a line's beginning on.
std::size_t next_mark(std::string_view text, std::size_t from) {
  while ((from = text.find(dashes, from)) != std::string_view::npos) {
    if (from == 0 || text[from - 1] == '\n') return from;
    from = text.find('\n', from);
  }
  return from;
}

// The label of "-----BEGIN label-----"; nothing where the line is no such mark.
std::optional<std::string_view> label_of(std::string_view line, std::string_view mark) {
  if (!line.starts_with(mark) || !line.ends_with(dashes)) return {};
  if (line.size() < mark.size() + dashes.size()) return {};
  return line.substr(mark.size(), line.size() - mark.size() - dashes.size());
}

Result<std::vector<std::string_view>> blocks_of_kind(std::string_view text,
                                                     bool (PemBlock::*kind)() const) {
  auto const all = pem_blocks(text);
  if (!all) return fail(all.error());
  std::vector<std::string_view> blocks;
  for (PemBlock const& block : *all)
    if ((block.*kind)()) blocks.push_back(text.substr(block.begin, block.size));
  return blocks;
}

// OpenSSL would otherwise ask on the terminal for a passphrase.
int refuse_passphrase(char*, int, int, void*) { return -1; }

tl::unexpected<Error> bad_block(std::string what) {
  return fail(std::move(what), {}, "the file is cut off, damaged or still being written",
              "write it again, whole");
}

tl::unexpected<Error> trusted_certificate() {
  return fail("there is a TRUSTED CERTIFICATE in it", {}, "only programs by OpenSSL read that form",
              "write each anew as openssl x509 prints it");
}

}  // namespace

bool PemBlock::is_certificate() const {
  return label == PEM_STRING_X509 || label == PEM_STRING_X509_OLD;
}

bool PemBlock::is_private_key() const { return label.ends_with("PRIVATE KEY"); }

Result<std::vector<PemBlock>> pem_blocks(std::string_view text) {
  std::vector<PemBlock> blocks;
  std::optional<PemBlock> open;
  for (auto at = next_mark(text, 0); at != std::string_view::npos;) {
    Line const line = line_at(text, at);
    at = next_mark(text, line.end);
    if (auto const label = label_of(line.text, begin_mark)) {
      if (open) return bad_block("a PEM block begins inside another one");
      if (*label == PEM_STRING_X509_TRUSTED) return trusted_certificate();
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

Result<std::vector<std::string_view>> certificate_blocks(std::string_view text) {
  return blocks_of_kind(text, &PemBlock::is_certificate);
}

Result<std::vector<std::string_view>> private_key_blocks(std::string_view text) {
  return blocks_of_kind(text, &PemBlock::is_private_key);
}

bool mentions_private_key(std::string_view text) {
  for (std::string_view const word : {"PRIVATE KEY", "PKCS12"}) {
    for (auto at = text.find(word); at != std::string_view::npos;) {
      // Each line is looked at once, however often it says the word.
      auto const feed = text.rfind('\n', at);
      Line const line = line_at(text, feed == std::string_view::npos ? 0 : feed + 1);
      if (line.text.find("---") != std::string_view::npos) return true;
      at = text.find(word, line.end);
    }
  }
  return false;
}

bool is_binary(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char one) { return static_cast<unsigned char>(one) < '\a'; });
}

Secret lines_of(std::vector<std::string_view> const& texts) {
  std::size_t size = 0;
  for (std::string_view const text : texts) size += text.size() + 1;
  Secret all(size);
  auto* const begin = static_cast<char*>(static_cast<void*>(all.bytes().data()));
  char* end = begin;
  for (std::string_view const text : texts) {
    end = std::copy(text.begin(), text.end(), end);
    if (!text.empty() && !text.ends_with('\n')) *end++ = '\n';
  }
  all.truncate(static_cast<std::size_t>(end - begin));
  return all;
}

Result<Secret> pem_of(std::string const& label, std::string_view der) {
  BioHandle const bio(BIO_new(BIO_s_mem()));
  auto const* const bytes = reinterpret_cast<unsigned char const*>(der.data());
  if (!bio ||
      PEM_write_bio(bio.get(), label.c_str(), "", bytes, static_cast<long>(der.size())) <= 0)
    return fail_openssl("cannot write PEM");
  char* text = nullptr;
  long const size = BIO_get_mem_data(bio.get(), &text);
  // OpenSSL wipes its own buffers.
  return Secret::copy_of(std::string_view(text, static_cast<std::size_t>(size)));
}

Result<PemContent> decode_pem(std::string_view block) {
  BioHandle const bio(BIO_new_mem_buf(block.data(), static_cast<int>(block.size())));
  char* label = nullptr;
  char* header = nullptr;
  unsigned char* bytes = nullptr;
  long size = 0;
  // PEM_FLAG_SECURE is what wipes its buffers.
  if (!bio || PEM_read_bio_ex(bio.get(), &label, &header, &bytes, &size,
                              PEM_FLAG_SECURE | PEM_FLAG_EAY_COMPATIBLE) != 1)
    return fail_openssl("cannot read the PEM block");
  auto const length = static_cast<std::size_t>(size);
  PemContent content{label, header, Secret::copy_of(std::as_bytes(std::span(bytes, length)))};
  OPENSSL_secure_free(label);
  OPENSSL_secure_free(header);
  OPENSSL_secure_clear_free(bytes, length);
  return content;
}

Result<PublicContent> decode_public_pem(std::string_view block, char const* label,
                                        std::string const& failure) {
  BioHandle const bio(BIO_new_mem_buf(block.data(), static_cast<int>(block.size())));
  unsigned char* bytes = nullptr;
  long size = 0;
  if (!bio || PEM_bytes_read_bio(&bytes, &size, nullptr, label, bio.get(), refuse_passphrase,
                                 nullptr) != 1) {
    bool const encrypted = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_BAD_PASSWORD_READ;
    if (!encrypted) return fail_openssl(failure);
    forget_failures();
    return fail(failure, {}, "it is encrypted");
  }
  PublicContent content{TextHandle(reinterpret_cast<char*>(bytes))};
  content.der = {content.owner.get(), static_cast<std::size_t>(size)};
  return content;
}

}  // namespace certpivot::crypto
