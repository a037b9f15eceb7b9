#include "process/capture.hpp"

#include <algorithm>

#include "base/private_key_text.hpp"
#include "process/child.hpp"

namespace certpivot::process {

std::span<std::byte> Capture::room() {
  if (raw_.empty()) raw_ = Secret(output_limit + piece);
  return raw_.bytes().subspan(size_, piece);
}

void Capture::took(std::size_t size) {
  truncated_ |= size > output_limit - size_;
  size_ += std::min(size, output_limit - size_);
}

std::string Capture::text() const { return without_private_keys(raw_.view().substr(0, size_)); }

}  // namespace certpivot::process
