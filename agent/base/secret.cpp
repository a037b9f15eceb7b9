#include "base/secret.hpp"

#include <array>
#include <cstring>
#include <mutex>
#include <new>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace certpivot {

namespace {

std::size_t page_size() {
  static auto const size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

std::size_t pages_for(std::size_t size) { return (size + page_size() - 1) / page_size(); }

std::byte* map(std::size_t size) {
  void* const pages =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  // Both are best effort: a kernel without them, or a small RLIMIT_MEMLOCK, must not stop a
  // rotation.
  (void)::madvise(pages, size, MADV_DONTDUMP);
  (void)::mlock(pages, size);
  return static_cast<std::byte*>(pages);
}

/// Wiped mappings for the next secret of their size: making one costs more than reading a file.
/// Few and small, so that what an idle daemon holds stays below a hundred kilobytes.
class Spares {
 public:
  /// Null where there is none.
  [[nodiscard]] std::byte* take(std::size_t pages) {
    if (pages > most_pages) return nullptr;
    std::lock_guard const lock(mutex_);
    auto& spares = by_pages_.at(pages - 1);
    if (spares.empty()) return nullptr;
    std::byte* const taken = spares.back();
    spares.pop_back();
    return taken;
  }
  /// Whether there was room for it.
  [[nodiscard]] bool keep(std::byte* mapping, std::size_t pages) noexcept {
    if (pages > most_pages) return false;
    std::lock_guard const lock(mutex_);
    auto& spares = by_pages_.at(pages - 1);
    if (spares.size() == spares.capacity()) return false;
    spares.push_back(mapping);
    return true;
  }

  // Never destroyed: a thread that hangs in a mount may give a secret back after main has ended.
  static Spares& shared() {
    static Spares& spares = *new Spares;
    return spares;
  }

 private:
  Spares() {
    for (auto& spares : by_pages_) spares.reserve(most_of_a_size);
  }
  static constexpr std::size_t most_pages = 3;
  static constexpr std::size_t most_of_a_size = 4;
  std::mutex mutex_ = {};
  std::array<std::vector<std::byte*>, most_pages> by_pages_ = {};
};

}  // namespace

Secret::Secret(std::size_t size) : size_(size) {
  if (size == 0) return;
  auto const pages = pages_for(size);
  mapped_ = pages * page_size();
  data_ = Spares::shared().take(pages);
  if (data_ == nullptr) data_ = map(mapped_);
}

Secret Secret::copy_of(std::span<std::byte const> bytes) {
  Secret copy(bytes.size());
  if (copy.data_ != nullptr) std::memcpy(copy.data_, bytes.data(), bytes.size());
  return copy;
}

Secret Secret::copy_of(std::string_view text) {
  return copy_of(std::as_bytes(std::span(text.data(), text.size())));
}

Secret::Secret(Secret&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)),
      size_(std::exchange(other.size_, 0)),
      mapped_(std::exchange(other.mapped_, 0)) {}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
    mapped_ = std::exchange(other.mapped_, 0);
  }
  return *this;
}

Secret::~Secret() { wipe(); }

std::string_view Secret::view() const {
  if (data_ == nullptr) return {};
  return {static_cast<char const*>(static_cast<void const*>(data_)), size_};
}

void Secret::truncate(std::size_t size) {
  if (size >= size_) return;
  ::explicit_bzero(data_ + size, size_ - size);
  size_ = size;
}

void Secret::wipe() noexcept {
  if (data_ == nullptr) return;
  ::explicit_bzero(data_, mapped_);
  if (!Spares::shared().keep(data_, pages_for(mapped_))) ::munmap(data_, mapped_);
  data_ = nullptr;
  size_ = mapped_ = 0;
}

}  // namespace certpivot
