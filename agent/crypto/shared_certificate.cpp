#include <algorithm>
#include <list>
#include <mutex>
#include <optional>
#include <utility>

#include "crypto/certificate.hpp"
#include "crypto/pem.hpp"

namespace certpivot::crypto {
namespace {

/// The CA certificates that were read last, the latest first.
class Authorities {
 public:
  [[nodiscard]] std::optional<Certificate> find(std::string_view block) {
    std::lock_guard const lock(mutex_);
    auto const found = std::find_if(known_.begin(), known_.end(),
                                    [&](Known const& one) { return one.block == block; });
    if (found == known_.end()) return std::nullopt;
    known_.splice(known_.begin(), known_, found);
    return known_.front().certificate;
  }

  void keep(std::string_view block, Certificate const& certificate) {
    std::lock_guard const lock(mutex_);
    known_.push_front({std::string(block), certificate});
    if (known_.size() > most) known_.pop_back();
  }

  // Never destroyed: a thread that hangs may outlive main.
  static Authorities& shared() {
    static Authorities& authorities = *new Authorities;
    return authorities;
  }

  // Of a block in bytes. A CA's own has two or three thousand; decoded, one may take fifty times
  // more.
  static constexpr std::size_t largest = 8192;

 private:
  struct Known {
    std::string block;
    Certificate certificate;
  };
  // Few CAs issue what one machine serves; each costs some kilobytes.
  static constexpr std::size_t most = 32;
  std::mutex mutex_ = {};
  std::list<Known> known_ = {};
};

}  // namespace

Result<Certificate> read_shared_certificate(std::string_view block) {
  if (auto known = Authorities::shared().find(block)) return *std::move(known);
  auto certificate = read_certificate(block);
  if (certificate && certificate->is_ca() && block.size() <= Authorities::largest) {
    Authorities::shared().keep(block, *certificate);
  }
  return certificate;
}

std::vector<Certificate> readable_certificates(std::string_view pem) {
  std::vector<Certificate> certificates;
  auto const blocks = certificate_blocks(pem);
  if (!blocks) return certificates;
  for (std::string_view const block : *blocks)
    if (auto certificate = read_shared_certificate(block))
      certificates.push_back(*std::move(certificate));
  return certificates;
}

}  // namespace certpivot::crypto
