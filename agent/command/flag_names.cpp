#include "command/flag_names.hpp"

#include <array>
#include <string_view>

namespace certpivot::command {

namespace {

struct Named {
  std::string_view key = {};
  std::string_view flag = {};
};

// What a sentence may advise; none begins with another.
constexpr std::array names{
    Named{"source.crl or trust.crl_files", "--crl"},
    Named{"source.directory", "--source"},
    Named{"source.certificate", "--certificate"},
    Named{"source.key", "--key"},
    Named{"source.bundle", "--certificate without --key"},
    Named{"source.passphrase_file", "--passphrase-file"},
    Named{"trust.anchors", "--anchors"},
    Named{"trust.purpose", "--purpose"},
    Named{"trust.crl_files", "--crl"},
    Named{"trust.revocation", "--revocation"},
    Named{"trust.ocsp_url", "--ocsp-url"},
    Named{"trust.ocsp_mode", "--ocsp-mode"},
    Named{"trust.ocsp_timeout", "--ocsp-timeout"},
    Named{"trust.min_remaining", "--min-remaining"},
    Named{"trust.max_lifetime", "--max-lifetime"},
    Named{"trust.skew", "--skew"},
    Named{"trust.relax", "--relax"},
    Named{"trust.min_rsa_bits", "--min-rsa-bits"},
    Named{"trust.min_ec_bits", "--min-ec-bits"},
};

// A path may hold a key's name, which is no word of its own then.
bool begins_word(std::string_view text, std::size_t at) {
  return at == 0 || text[at - 1] == ' ' || text[at - 1] == '(';
}

Named const* key_at(std::string_view text, std::size_t at) {
  if (!begins_word(text, at)) return nullptr;
  for (Named const& name : names)
    if (text.substr(at).starts_with(name.key)) return &name;
  return nullptr;
}

}  // namespace

std::string with_flags(std::string const& sentence) {
  std::string text;
  for (std::size_t at = 0; at < sentence.size();) {
    auto const* const name = key_at(sentence, at);
    text += name == nullptr ? std::string_view(sentence).substr(at, 1) : name->flag;
    at += name == nullptr ? 1 : name->key.size();
  }
  return text;
}

void name_flags(CheckReport& report) {
  for (trust::Refusal& refusal : report.refusals) refusal.text = with_flags(refusal.text);
  for (auto* const sentences : {&report.faults, &report.warnings, &report.remarks})
    for (std::string& sentence : *sentences) sentence = with_flags(sentence);
}

}  // namespace certpivot::command
