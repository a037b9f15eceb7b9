#pragma once

namespace certpivot::command {

/// Gives back what only the start needed: free pages of the heap, and code and constants of the
/// program and its libraries. Those are of files, so that nothing is lost: what is touched again is
/// mapped in again from the page cache (madvise(2), MADV_DONTNEED on private file mappings). Option
/// parsing, reading the configuration and setting up OpenSSL touch nearly all of it, and Linux maps
/// 64 KiB around each touch; a rotation needs about two thirds of it.
void give_back_start_up_memory();

}  // namespace certpivot::command
