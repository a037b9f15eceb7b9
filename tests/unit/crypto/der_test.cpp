#include "crypto/der.hpp"

#include <doctest/doctest.h>

#include "support/pki.hpp"
#include "support/sealed.hpp"

using namespace certpivot;
using namespace certpivot::crypto;
using testing::der_of;
using testing::Pair;

TEST_CASE("the outermost elements of DER tell which form it is") {
  Pair const pair = testing::self_signed();
  Pair const rsa = testing::self_signed({.key = testing::rsa(2048)});
  std::string const ed25519 = der_of(testing::self_signed({.key = testing::ed25519}).key_pem);
  struct {
    std::string bytes;
    DerForm form;
  } const cases[] = {
      {der_of(pair.leaf_pem), DerForm::certificate},
      {der_of(pair.key_pem), DerForm::private_key},
      {ed25519, DerForm::private_key},
      {der_of(testing::traditional_key(pair.key_pem)), DerForm::private_key},
      {der_of(testing::traditional_key(rsa.key_pem)), DerForm::private_key},
      {der_of(testing::encrypted_key(pair.key_pem, "secret")), DerForm::encrypted_private_key},
      {testing::pkcs12({.keys = {pair.key_pem}, .certificates = pair.leaf_pem}), DerForm::pkcs12},
  };
  for (auto const& one : cases) {
    CHECK(looks_like_der(one.bytes));
    auto const form = der_form(one.bytes);
    REQUIRE(form);
    CHECK(*form == one.form);

    auto const followed = der_form(one.bytes + "\n");
    REQUIRE_FALSE(followed);
    CHECK(followed.error().why == "something follows its DER");
    auto const cut_off = der_form(one.bytes.substr(0, one.bytes.size() - 1));
    REQUIRE_FALSE(cut_off);
    CHECK(cut_off.error().why.find("cut off") != std::string::npos);
  }
}

TEST_CASE("text is no DER, not even where it begins with the digit that a SEQUENCE is") {
  for (std::string const& text :
       {std::string(), std::string("0"), std::string("0 s:CN = web\n-----BEGIN CERTIFICATE-----\n"),
        std::string("-----BEGIN CERTIFICATE-----\n"), std::string("\x31\x82\x01\x00", 4)}) {
    CHECK_FALSE(looks_like_der(text));
  }
}

TEST_CASE("DER of something else is neither form") {
  for (std::string const& bytes : {std::string("\x30\x00", 2), std::string("\x30\x02\x05\x00", 4),
                                   std::string("\x30\x80\x05\x00\x00\x00", 6),
                                   std::string("\x30\x80\x30\x80\x30\x80\x30\x80", 8),
                                   std::string("\x30\x04\x30\x02\x05\x00", 6)}) {
    REQUIRE(looks_like_der(bytes));
    auto const form = der_form(bytes);
    REQUIRE_FALSE(form);
    CHECK(form.error().why.find("neither") != std::string::npos);
  }
}
