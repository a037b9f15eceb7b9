#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "base/unique_fd.hpp"
#include "event/event.hpp"

namespace certpivot::plugins {

/// The generation that an event is about, opened once: whatever is published meanwhile, its files
/// belong together. Blocks: for a worker.
class Published {
 public:
  /// `current` is followed here and never again.
  [[nodiscard]] static Result<Published> open(event::Paths const& paths);

  /// Whether a name, as a server's configuration has it, leads to a file of this generation, or to
  /// its directory: what the server reads there at its next reload is what is published.
  [[nodiscard]] bool holds(std::string const& name) const;
  /// A file of it that `name` leads to.
  [[nodiscard]] Result<Secret> read(std::string const& name) const;

  [[nodiscard]] Result<Secret> certificate() const { return read(paths_.certificate); }
  /// Empty where it stands in the certificate's file.
  [[nodiscard]] Result<Secret> key() const;

 private:
  Published(event::Paths paths, std::filesystem::path where, UniqueFd directory)
      : paths_(std::move(paths)), where_(std::move(where)), directory_(std::move(directory)) {}

  event::Paths paths_;
  std::filesystem::path where_;
  UniqueFd directory_;
};

}  // namespace certpivot::plugins
