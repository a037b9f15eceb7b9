#include "crypto/names.hpp"

#include <arpa/inet.h>
#include <array>
#include <optional>
#include <string_view>
#include <strings.h>

#include "base/ip_address.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "crypto/hex.hpp"

namespace certpivot::crypto {
namespace {

NamesHandle names_of(X509 const* certificate) {
  return NamesHandle(static_cast<STACK_OF(GENERAL_NAME)*>(
      X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
}

std::string_view bytes_of(ASN1_STRING const* string) {
  return {reinterpret_cast<char const*>(ASN1_STRING_get0_data(string)),
          static_cast<std::size_t>(ASN1_STRING_length(string))};
}

// The bytes of an entry of this kind; nothing where the entry is of another.
std::optional<std::string_view> entry_of_kind(GENERAL_NAME const* entry, int kind) {
  int found = 0;
  auto const* const value = static_cast<ASN1_STRING const*>(GENERAL_NAME_get0_value(entry, &found));
  if (found != kind || value == nullptr) return {};
  return bytes_of(value);
}

std::string escaped(std::string_view text) {
  std::string safe;
  for (char const character : text) {
    auto const byte = static_cast<unsigned char>(character);
    bool const printable = byte >= 0x20 && byte < 0x7f && character != '\\';
    safe += printable ? std::string(1, character) : "\\x" + lower_hex({&byte, 1});
  }
  return safe;
}

std::string address_text(std::string_view bytes) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  int const family = bytes.size() == 4 ? AF_INET : AF_INET6;
  if (bytes.size() != 4 && bytes.size() != 16) return escaped(bytes);
  return ::inet_ntop(family, bytes.data(), text.data(), text.size());
}

template <class Equal>
bool holds(X509 const* certificate, int kind, Equal equal) {
  NamesHandle const names = names_of(certificate);
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    auto const entry = entry_of_kind(sk_GENERAL_NAME_value(names.get(), i), kind);
    if (entry && equal(*entry)) return true;
  }
  return false;
}

bool holds_dns_literally(X509 const* certificate, std::string_view name) {
  return holds(certificate, GEN_DNS, [&](std::string_view entry) {
    return entry.size() == name.size() &&
           ::strncasecmp(entry.data(), name.data(), name.size()) == 0;
  });
}

// Certificates never have the dot at the end of an absolute name (RFC 5280, 4.2.1.6).
std::string_view without_final_dot(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  return name;
}

bool matches_host(X509* certificate, std::string_view name) {
  // To OpenSSL a leading dot means "any name below", which is none of RFC 9525's.
  if (name.empty() || name.front() == '.') return false;
  unsigned const flags = X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT;
  return X509_check_host(certificate, name.data(), name.size(), flags, nullptr) == 1;
}

}  // namespace

std::string text_of(X509_name_st const* name) {
  BioHandle const bio(BIO_new(BIO_s_mem()));
  X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253);
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio.get(), &data);
  return size > 0 ? std::string(data, static_cast<std::size_t>(size)) : std::string();
}

std::vector<std::string> alternative_names(x509_st const* certificate) {
  std::vector<std::string> texts;
  NamesHandle const names = names_of(certificate);
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    GENERAL_NAME const* const entry = sk_GENERAL_NAME_value(names.get(), i);
    for (int const kind : {GEN_DNS, GEN_URI, GEN_EMAIL}) {
      if (auto const text = entry_of_kind(entry, kind)) texts.push_back(escaped(*text));
    }
    if (auto const bytes = entry_of_kind(entry, GEN_IPADD)) texts.push_back(address_text(*bytes));
  }
  forget_failures();
  return texts;
}

std::vector<std::string> uris_of(x509_st const* certificate) {
  std::vector<std::string> uris;
  holds(certificate, GEN_URI, [&](std::string_view entry) {
    uris.emplace_back(entry);
    return false;
  });
  forget_failures();
  return uris;
}

bool covers_name(x509_st* certificate, std::string const& name) {
  bool covered = false;
  if (is_ip_address(name)) {
    covered = X509_check_ip_asc(certificate, name.c_str(), 0) == 1;
  } else if (name.find(':') != std::string::npos) {
    covered = holds(certificate, GEN_URI, [&](std::string_view entry) { return entry == name; });
  } else if (name.find('*') != std::string::npos) {
    covered = holds_dns_literally(certificate, without_final_dot(name));
  } else {
    covered = matches_host(certificate, without_final_dot(name));
  }
  forget_failures();
  return covered;
}

}  // namespace certpivot::crypto
