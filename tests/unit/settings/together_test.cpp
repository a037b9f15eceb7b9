#include <filesystem>

#include <doctest/doctest.h>

#include "reading.hpp"
#include "support/temp_directory.hpp"

using namespace certpivot::testing;

namespace {

/// Five lines each.
std::string publishing(std::string const& name, std::string const& directory) {
  return "[[certificate]]\nname = \"" + name + "\"\nsource.directory = \"/mnt/certpivot-test/" +
         name + "\"\n[certificate.publish]\ndirectory = \"" + directory + "\"\n";
}

}  // namespace

TEST_CASE("a name that is taken is a complaint at the second certificate") {
  CHECK(complaints(publishing("web", "/run/certpivot-test/a") +
                   publishing("web", "/run/certpivot-test/b")) ==
        Sentences{"x.toml:7:8: certificate name \"web\" is taken already, at x.toml:2:8"});
}

TEST_CASE("two certificates must not publish into one directory or into each other's") {
  auto const expected = Sentences{
      "x.toml:10:13: 'certificate.publish.directory' overlaps that of certificate \"a\", at "
      "x.toml:5:13; give each one of its own"};
  for (auto const& [first, second] :
       std::vector<std::pair<std::string, std::string>>{{"/run/t/x", "/run/t/x"},
                                                        {"/run/t/x", "/run/t/x/"},
                                                        {"/run/t/x", "/run/t/./y/../x"},
                                                        {"/run/t/x", "/run/t/x/below"},
                                                        {"/run/t/x/far/below", "/run/t/x"},
                                                        {"/run/t/x", "/run"}}) {
    CHECK(complaints(publishing("a", first) + publishing("b", second)) == expected);
  }
  CHECK(complaints(publishing("a", "/run/t/x") + publishing("b", "/run/t/x-2") +
                   publishing("c", "/run/t/xy") + publishing("d", "/run/t/w"))
            .empty());
}

TEST_CASE("one publish directory by two links is still one") {
  TempDirectory const directory;
  (void)directory.make("real/certs");
  std::filesystem::create_directory_symlink(directory / "real", directory / "link");
  CHECK(complaints(publishing("a", directory.string() + "/real/certs") +
                   publishing("b", directory.string() + "/link/certs"))
            .size() == 1);
}

TEST_CASE("a publish directory lies outside the certificate's own source") {
  auto const conflict = [](std::string const& directory, std::string const& source) {
    return complaints("[[certificate]]\nname = \"a\"\n[certificate.publish]\ndirectory = \"" +
                      directory + "\"\n[certificate.source]\n" + source);
  };
  std::string const source = "directory = \"/mnt/t/web\"\n";
  std::string const place = "x.toml:4:13: 'certificate.publish.directory' ";
  CHECK(conflict("/mnt/t/web", source) ==
        Sentences{place + "must lie outside the source directory \"/mnt/t/web\""});
  CHECK(conflict("/mnt/t/web/out", source) ==
        Sentences{place + "must lie outside the source directory \"/mnt/t/web\""});
  CHECK(conflict("/mnt/t", source) ==
        Sentences{place + "must not hold the source directory \"/mnt/t/web\""});
  CHECK(conflict("/mnt/t/website", source).empty());
  CHECK(conflict("/mnt/t/keys", source + "key = \"/mnt/t/keys/tls.key\"\n") ==
        Sentences{place + "must not hold the source's \"/mnt/t/keys/tls.key\""});
}

TEST_CASE("a publish directory and that of the journal lie apart") {
  auto const with_state = [](std::string const& state) {
    return complaints("agent.state = \"" + state + "\"\n" + publishing("a", "/run/t/x"));
  };
  for (std::string const state : {"/run/t/x", "/run/t/x/state", "/run/t"})
    CHECK(with_state(state) ==
          Sentences{"x.toml:6:13: 'certificate.publish.directory' overlaps agent.state, \"" +
                    state + "\"; give each one of its own"});
  CHECK(with_state("/run/t/state").empty());
}

TEST_CASE("revocation by CRL needs a CRL, in the source or beside it, and watches the latter") {
  std::string const trust = "[certificate.trust]\nrevocation = \"crl\"\n";
  CHECK(below(trust) == Sentences{"x.toml:6:14: 'certificate.trust.revocation' needs a CRL; name "
                                  "its file in 'crl_files' or in source.crl"});
  CHECK(below("crl = \"ca.crl\"\n" + trust).empty());
  std::string const files = "crl_files = [\"/etc/certpivot-test.crl\"]\n";
  CHECK(certificate(least + trust + files).source.also_watched ==
        std::vector<std::string>{"/etc/certpivot-test.crl"});
  CHECK(certificate(least + "[certificate.trust]\n" + files).source.also_watched.empty());
}

TEST_CASE("the hooks of one group are alike, and stand under several certificates") {
  auto const hook = [](std::string const& more) {
    return "[[certificate.hook]]\ntype = \"nginx\"\ngroup = \"web\"\n" + more;
  };
  std::string const a = publishing("a", "/run/t/a");
  std::string const b = publishing("b", "/run/t/b");
  CHECK(complaints(a + hook("") + b + hook("")).empty());
  CHECK(complaints(a + hook("min_interval = \"1m\"\n") + b + hook("")) ==
        Sentences{"x.toml:17:9: 'certificate.hook.group' \"web\" has another hook, at x.toml:8:9; "
                  "one of a group runs for all, so give both the same keys"});
  CHECK(complaints(a + hook("") + hook("")) ==
        Sentences{"x.toml:11:9: 'certificate.hook.group' \"web\" has another hook of this "
                  "certificate already, at x.toml:8:9"});
}
