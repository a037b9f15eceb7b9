#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace certpivot {

/// Bytes that may hold a private key. They are wiped when the owner goes, kept out of core dumps,
/// never copied by accident, and have no way to print themselves. The memory is a mapping of its
/// own, because MADV_DONTDUMP works on whole pages.
class Secret {
 public:
  Secret() = default;
  /// `size` zero bytes, to be filled through bytes().
  explicit Secret(std::size_t size);
  /// A copy on purpose.
  [[nodiscard]] static Secret copy_of(std::span<std::byte const> bytes);
  [[nodiscard]] static Secret copy_of(std::string_view text);

  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(Secret const&) = delete;
  Secret& operator=(Secret const&) = delete;
  ~Secret();

  [[nodiscard]] std::span<std::byte> bytes() { return {data_, size_}; }
  [[nodiscard]] std::span<std::byte const> bytes() const { return {data_, size_}; }
  /// The same bytes as characters, for parsers; valid as long as this object.
  [[nodiscard]] std::string_view view() const;
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] bool empty() const { return size_ == 0; }
  /// Forgets all but the first `size` bytes.
  void truncate(std::size_t size);

 private:
  void wipe() noexcept;

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::size_t mapped_ = 0;
};

}  // namespace certpivot
