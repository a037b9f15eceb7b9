#include "settings/rules.hpp"
#include "settings/sections.hpp"

namespace certpivot::settings {

namespace {

/// Either a bundle, or a certificate and a key: the other's names are emptied.
void read_pair(Table& table, Source& source) {
  bool const has_bundle = table.text("bundle", source.bundle) && !source.bundle.empty();
  bool has_pair = table.text("certificate", source.certificate, file_name);
  has_pair = table.text("key", source.key, file_name) || has_pair;
  source.find_names = !has_bundle && !has_pair;
  if (!has_bundle) return;
  if (has_pair)
    table.complain("bundle", "stands instead of 'certificate' and 'key'; leave those out or this");
  if (auto const wrong = file_name(source.bundle); !wrong.empty()) table.complain("bundle", wrong);
  source.certificate.clear();
  source.key.clear();
}

/// Without a directory every name must say itself where it is.
void check_directory(Table& table, Source& source) {
  if (!source.directory.empty()) return;
  for (std::string const* const name : {&source.bundle, &source.certificate, &source.key})
    if (!name->empty() && !is_absolute(*name)) return table.require("directory");
  if (source.ca_required && !is_absolute(source.ca)) return table.require("directory");
  if (!source.ca_required) source.ca.clear();
}

}  // namespace

void read_source(Table& table, Source& source) {
  bool const has_directory = table.text("directory", source.directory);
  if (has_directory && !source.directory.empty())
    if (auto const wrong = absolute_directory(source.directory); !wrong.empty())
      table.complain("directory", wrong);
  read_pair(table, source);
  source.ca_required = table.text("ca", source.ca) && !source.ca.empty();
  if (source.ca_required)
    if (auto const wrong = file_name(source.ca); !wrong.empty()) table.complain("ca", wrong);
  if (has_directory || !table.has("directory")) check_directory(table, source);

  // Below a tenth of a second polling would be all that the process does.
  table.duration("poll", source.poll, std::chrono::milliseconds(100), one_month);
  table.duration("grace", source.grace, no_time, one_day);
  if (table.text("crl", source.crl) && !source.crl.empty()) {
    if (auto const wrong = file_name(source.crl); !wrong.empty())
      table.complain("crl", wrong);
    else if (source.directory.empty() && !is_absolute(source.crl))
      table.complain("crl", "must be an absolute path where there is no 'directory'");
  }
  if (table.text("passphrase_file", source.passphrase_file) && !source.passphrase_file.empty())
    if (auto const wrong = absolute_file(source.passphrase_file); !wrong.empty())
      table.complain("passphrase_file", wrong);
}

}  // namespace certpivot::settings
