#pragma once

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "settings/read.hpp"

namespace doctest {

/// What failed to match is shown, one sentence a line.
template <>
struct StringMaker<std::vector<std::string>> {
  static String convert(std::vector<std::string> const& sentences) {
    std::string all;
    for (std::string const& sentence : sentences) all += "\n  " + sentence;
    return all.c_str();
  }
};

}  // namespace doctest

namespace certpivot::testing {

using Sentences = std::vector<std::string>;

/// Four lines that are a whole configuration; what a test is about begins on line 5.
inline std::string const least =
    "[[certificate]]\n"
    "name = \"web\"\n"
    "[certificate.source]\n"
    "directory = \"/mnt/certpivot-test/web\"\n";

/// What is complained of, in sentences; empty where the settings were read.
template <class T>
Sentences sentences(settings::Checked<T> const& read) {
  Sentences all;
  if (!read)
    for (settings::Complaint const& complaint : read.error()) all.push_back(complaint.sentence());
  return all;
}

inline Sentences complaints(std::string const& text) {
  return sentences(settings::read_text(text, "x.toml"));
}

/// The same of what stands below `least`.
inline Sentences below(std::string const& text) { return complaints(least + text); }

/// The one certificate of a good configuration.
inline settings::Certificate certificate(std::string const& text) {
  return settings::read_text(text, "x.toml").value().certificates.at(0);
}

}  // namespace certpivot::testing
