#include "publish/formats.hpp"

#include <algorithm>
#include <ostream>

#include <doctest/doctest.h>

#include "support/keystore.hpp"
#include "support/pki.hpp"
#include "unit/publish/published.hpp"

using namespace certpivot;
using namespace certpivot::testing;
using publish::extra_files;
using publish::extra_names;

namespace {

/// A pair below an intermediate, and settings that ask for everything.
struct Asked {
  Asked() {
    settings.combined = "combined.pem";
    settings.fullchain = "fullchain.pem";
    settings.chain = "chain.pem";
    settings.certificate_der = "leaf.der";
    settings.key_der = "key.der";
    settings.pkcs12 = settings::Pkcs12{"web.p12", temporary.write("pass", "s3cret\n"), "web"};
  }
  [[nodiscard]] publish::Content content() const {
    return {pair.certificate_pem, pair.key_pem, {}, {}, {}};
  }
  /// The bytes of the file of this name; "none" where it is not made.
  [[nodiscard]] std::string made(std::string const& name) const {
    auto const files = extra_files(settings, content());
    REQUIRE_MESSAGE(files, files.error().text());
    for (publish::ExtraFile const& file : *files)
      if (file.name == name) return std::string(file.bytes.view());
    return "none";
  }

  TempDirectory temporary = {};
  settings::Publish settings = {};
  Authority intermediate = Authority().intermediate();
  Pair pair = intermediate.issue();
};

std::string failure(Asked const& asked) {
  auto const files = extra_files(asked.settings, asked.content());
  REQUIRE_FALSE(files);
  return files.error().text();
}

std::vector<std::string> names_of(std::vector<publish::ExtraFile> const& files) {
  std::vector<std::string> names;
  for (publish::ExtraFile const& file : files) names.push_back(file.name);
  std::sort(names.begin(), names.end());
  return names;
}

}  // namespace

TEST_CASE("each further file is the pair in its form") {
  Asked const asked;
  Pair const& pair = asked.pair;
  CHECK(asked.made("combined.pem") == pair.certificate_pem + pair.key_pem);
  CHECK(asked.made("fullchain.pem") == pair.certificate_pem);
  CHECK(asked.made("chain.pem") == asked.intermediate.pem());
  CHECK(asked.made("leaf.der") == der_of(pair.leaf_pem));
  CHECK(asked.made("key.der") == der_of(pair.key_pem));
  auto const keystore = open_keystore(asked.made("web.p12"), "s3cret");
  REQUIRE(keystore);
  CHECK(keystore->alias == "web");
  CHECK(keystore->leaf == der_of(pair.leaf_pem));
  CHECK(keystore->key == der_of(pair.key_pem));
  CHECK(keystore->issuers == std::vector<std::string>{der_of(asked.intermediate.pem())});
}

TEST_CASE("what holds the key has the key's mode, all else the certificate's") {
  Asked asked;
  asked.settings.certificate_mode = {0444};
  asked.settings.key_mode = {0400};
  auto const files = extra_files(asked.settings, asked.content());
  REQUIRE(files);
  CHECK(files->size() == 6);
  for (publish::ExtraFile const& file : *files) {
    bool const with_key =
        file.name == "combined.pem" || file.name == "key.der" || file.name == "web.p12";
    CHECK_MESSAGE(file.mode.bits == (with_key ? 0400 : 0444), file.name);
  }
}

TEST_CASE("the names told beforehand are those of the files made, in their order") {
  Asked asked;
  SUBCASE("of all") {}
  SUBCASE("of none") { asked.settings = {}; }
  SUBCASE("of a leaf alone, which has no chain") { asked.pair = Authority().issue(); }
  SUBCASE("of a chain alone") {
    asked.settings = {};
    asked.settings.chain = "chain.pem";
  }
  CHECK(extra_names(asked.settings, asked.pair.certificate_pem) ==
        names_of(*extra_files(asked.settings, asked.content())));
}

TEST_CASE("a leaf without a chain leaves the chain's file out and fits all others") {
  Asked asked;
  asked.pair = Authority().issue();
  CHECK(asked.made("chain.pem") == "none");
  CHECK(asked.made("fullchain.pem") == asked.pair.leaf_pem);
  CHECK(open_keystore(asked.made("web.p12"), "s3cret")->issuers.empty());
}

TEST_CASE("texts whose last line has no end get one, so that no two blocks share a line") {
  Asked asked;
  Pair const whole = asked.pair;
  asked.pair.certificate_pem.pop_back();
  asked.pair.key_pem.pop_back();
  CHECK(asked.made("combined.pem") == whole.certificate_pem + whole.key_pem);
  CHECK(asked.made("chain.pem") == asked.intermediate.pem());
}

TEST_CASE("words around the blocks are kept where bytes are copied and left out of the chain") {
  Asked asked;
  Pair const plain = asked.pair;
  asked.pair.certificate_pem =
      "subject=web\n" + plain.leaf_pem + "subject=CA\n" + asked.intermediate.pem() + "the end\n";
  CHECK(asked.made("fullchain.pem") == asked.pair.certificate_pem);
  CHECK(asked.made("chain.pem") == asked.intermediate.pem());
  CHECK(asked.made("leaf.der") == der_of(plain.leaf_pem));
}

TEST_CASE("a key in an older form becomes PKCS#8 in DER, and fits its keystore") {
  Asked asked;
  std::string const der = der_of(asked.pair.key_pem);
  asked.pair.key_pem = traditional_key(asked.pair.key_pem);
  CHECK(asked.made("key.der") == der);
  CHECK(open_keystore(asked.made("web.p12"), "s3cret")->key == der);
}

TEST_CASE("a keystore is of old algorithms where that is asked for") {
  Asked asked;
  std::string const sha256 = "\x60\x86\x48\x01\x65\x03\x04\x02\x01";
  CHECK(asked.made("web.p12").find(sha256) != std::string::npos);
  asked.settings.pkcs12->legacy = true;
  CHECK(asked.made("web.p12").find(sha256) == std::string::npos);
  CHECK(open_keystore(asked.made("web.p12"), "s3cret"));
}

TEST_CASE("a keystore without a passphrase file has an empty passphrase") {
  Asked asked;
  asked.settings.pkcs12->passphrase_file.clear();
  CHECK(open_keystore(asked.made("web.p12"), ""));
}

TEST_CASE("what cannot be made is told with its name and reason, never with bytes of the key") {
  Asked asked;
  std::string expected;
  SUBCASE("a passphrase that is missing") {
    std::filesystem::remove(asked.temporary / "pass");
    expected = "cannot make web.p12: cannot read the passphrase " +
               (asked.temporary / "pass").string() + ": No such file or directory";
  }
  SUBCASE("a key that is encrypted") {
    asked.pair.key_pem = encrypted_key(asked.pair.key_pem, "other");
    expected = "cannot make key.der: cannot decode the private key: it is encrypted";
  }
  SUBCASE("a file without a key") {
    asked.pair.key_pem = "nothing";
    expected = "cannot make key.der: the key file holds no private key in PEM";
  }
  SUBCASE("a file without a certificate") {
    asked.pair.certificate_pem = "nothing";
    expected = "cannot make chain.pem: the certificate file holds no certificate in PEM";
  }
  SUBCASE("a key of another certificate") {
    asked.pair.key_pem = Authority().issue().key_pem;
    expected = "cannot make web.p12: cannot encode the keystore: key values mismatch";
  }
  CHECK_MESSAGE(failure(asked).starts_with(expected), failure(asked));
}
