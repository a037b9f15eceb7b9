#include "command/memory.hpp"

#include <cstdint>
#include <link.h>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace certpivot::command {

namespace {

// Called by dl_iterate_phdr(3) for the program and each library; 0 goes on to the next.
int give_back(struct dl_phdr_info* object, std::size_t /*size*/, void* /*data*/) noexcept {
  auto const page = static_cast<std::uintptr_t>(::sysconf(_SC_PAGESIZE));
  for (int i = 0; i < object->dlpi_phnum; ++i) {
    auto const& segment = object->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || (segment.p_flags & PF_W) != 0) continue;
    // Whole pages only: the last one may be shared with the next segment, which may be written to.
    auto const begin = (object->dlpi_addr + segment.p_vaddr) & ~(page - 1);
    auto const end = (object->dlpi_addr + segment.p_vaddr + segment.p_memsz) & ~(page - 1);
    // What fails stays mapped, which costs memory and nothing else.
    if (begin >= end) continue;
    // NOLINTNEXTLINE(performance-no-int-to-ptr): the loader tells addresses as numbers
    (void)::madvise(reinterpret_cast<void*>(begin), end - begin, MADV_DONTNEED);
  }
  return 0;
}

}  // namespace

void give_back_start_up_memory() {
  (void)::malloc_trim(0);
  (void)::dl_iterate_phdr(give_back, nullptr);
}

}  // namespace certpivot::command
