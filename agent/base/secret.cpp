#include "base/secret.hpp"

#include <cstring>
#include <new>
#include <sys/mman.h>
#include <unistd.h>
#include <utility>

namespace certpivot {

namespace {

std::size_t whole_pages(std::size_t size) {
  auto const page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return (size + page - 1) / page * page;
}

}  // namespace

Secret::Secret(std::size_t size) : size_(size) {
  if (size == 0) return;
  mapped_ = whole_pages(size);
  void* const pages =
      ::mmap(nullptr, mapped_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) throw std::bad_alloc();
  data_ = static_cast<std::byte*>(pages);
  // Both are best effort: a kernel without them, or a small RLIMIT_MEMLOCK, must not stop a
  // rotation.
  (void)::madvise(pages, mapped_, MADV_DONTDUMP);
  (void)::mlock(pages, mapped_);
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
  ::munmap(data_, mapped_);
  data_ = nullptr;
  size_ = mapped_ = 0;
}

}  // namespace certpivot
