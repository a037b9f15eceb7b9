#include "plugins/haproxy/answers.hpp"

#include <doctest/doctest.h>

#include "support/holds.hpp"

using namespace certpivot;
using namespace certpivot::plugins;
using testing::holds;

// All answers are haproxy 2.6.12's own, byte for byte, but for shortened paths.
namespace {

Replaced outcome(std::string_view answer) { return parse_replacement(answer, "/p.crt").outcome; }

}  // namespace

TEST_CASE("a list of loaded files has their names and the open transaction's") {
  auto const certificates =
      parse_loaded_files("# transaction\n*/p.crt\n# filename\n/p.crt\n/q.pem\n\n");
  REQUIRE(certificates.has_value());
  CHECK(certificates->transaction == "/p.crt");
  CHECK(certificates->names == std::vector<std::string>{"/p.crt", "/q.pem"});

  auto const bundles = parse_loaded_files(
      "# filename\n/live/ca.crt - 1 certificate(s)\n@system-ca - 144 certificate(s)\n\n");
  REQUIRE(bundles.has_value());
  CHECK(bundles->transaction.empty());
  CHECK(bundles->names == std::vector<std::string>{"/live/ca.crt", "@system-ca"});

  auto const none = parse_loaded_files("# filename\n\n");
  REQUIRE(none.has_value());
  CHECK(none->names.empty());
}

TEST_CASE("what is no list is an error with haproxy's words") {
  for (auto const* answer :
       {"Permission denied\n\n", "Unknown command: 'show ssl ca-file'\n", "", "\n", "no newline"}) {
    auto const loaded = parse_loaded_files(answer);
    REQUIRE_FALSE(loaded.has_value());
    CHECK(holds(loaded.error().text(), "does not list"));
  }
  CHECK(holds(parse_loaded_files("Permission denied\n\n").error().text(), "Permission denied"));
}

TEST_CASE("fingerprints are those of each certificate in the answer, in lower case") {
  CHECK(parse_fingerprints("Filename: /live/ca.crt\nStatus: Used\n \nCertificate #1:\n"
                           "Serial: 49959D2F\nSHA1 FingerPrint: 60857832A7\nSubject: /CN=a\n \n"
                           "Certificate #2:\nSHA1 FingerPrint: 00FF\n\n") ==
        std::vector<std::string>{"60857832a7", "00ff"});
  CHECK(parse_fingerprints("Can't display the certificate: Not found or the certificate is a "
                           "bundle!\n\n")
            .empty());
}

TEST_CASE("a replacement went well only where a TLS instance has it: a dot behind the name") {
  constexpr std::string_view created = "Transaction created for certificate /p.crt!\n\n";
  CHECK(outcome(std::string(created) + "Committing /p.crt.\nSuccess!\n\n") == Replaced::yes);
  CHECK(outcome(std::string(created) + "Committing /p.crt...\nSuccess!\n\n") == Replaced::yes);
  CHECK(outcome(std::string(created) + "Committing /p.crt\nSuccess!\n\n") == Replaced::nowhere);
  CHECK(outcome(std::string(created) + "Committing /q.crt.\nSuccess!\n\n") == Replaced::nowhere);
  CHECK(outcome(std::string(created) + "Committing /p.crt.") == Replaced::unheard);
}

TEST_CASE("what haproxy refuses, what is another's, and what nobody heard are told apart") {
  struct Case {
    Replaced outcome;
    std::string_view answer;
  };
  for (auto const& one : {
           Case{Replaced::refused,
                "Transaction created for certificate /p.crt!\n\ninconsistencies between private "
                "key and certificate loaded '/p.crt'.\nCan't commit /p.crt!\n\n"},
           Case{Replaced::refused,
                "Transaction created for certificate /p.crt!\n\nCommitting /p.crt.\nunable to load "
                "SSL certificate into SSL Context '/p.crt'.\nFailed!\n\n"},
           Case{Replaced::refused,
                "unable to load certificate from file '/p.crt'.\nCan't load the payload\nCan't "
                "update /p.crt!\n\nNo ongoing transaction! !\nCan't commit /p.crt!\n\n"},
           Case{Replaced::mixed,
                "Transaction updated for certificate /q.crt!\n\nThe ongoing transaction is about "
                "'/q.crt' but you are trying to set '/p.crt'\nCan't commit /p.crt!\n\n"},
           Case{Replaced::mixed,
                "Can't update the certificate!\nOperations on certificates are currently "
                "locked!\n\nCan't commit the certificate!\nOperations on certificates are "
                "currently locked!\n\n"},
           Case{Replaced::mixed,
                "Transaction updated for certificate /p.crt!\n\nCommitting "
                "/p.crt.\nSuccess!\n\n"},
           Case{Replaced::unheard,
                "Can't replace a certificate which is not referenced by the configuration!\nCan't "
                "update /p.crt!\n\nNo ongoing transaction! !\nCan't commit /p.crt!\n\n"},
           Case{Replaced::unheard, "Permission denied\n\nPermission denied\n\n"},
           Case{Replaced::unheard, ""},
       }) {
    CAPTURE(one.answer);
    CHECK(outcome(one.answer) == one.outcome);
  }
  CHECK(holds(parse_replacement("Permission denied\n\n", "/p.crt").words, "Permission denied"));
}

TEST_CASE(
    "show proc tells the workers in charge, and how many reloads failed since the last good") {
  auto const processes = parse_processes(
      "#<PID>          <type>          <reloads>       <uptime>        <version>      \n"
      "9842            master          2 [failed: 1]   0d00h00m33s     2.6.12-1+deb12u4\n"
      "# workers\n"
      "14930           worker          1               0d00h00m01s     2.6.12-1+deb12u4\n"
      "# old workers\n"
      "9844            worker          2               0d00h00m33s     2.6.12-1+deb12u4\n"
      "# programs\n"
      "77              logger          0               0d00h00m01s     -\n\n");
  REQUIRE(processes.has_value());
  CHECK(processes->failed == 1);
  CHECK(processes->workers == std::set<::pid_t>{14930});
}

TEST_CASE("what is no process list is none, and one without workers has none") {
  CHECK_FALSE(parse_processes("").has_value());
  CHECK_FALSE(parse_processes("Unknown command\n").has_value());
  CHECK_FALSE(parse_processes("# workers\n12 worker 0 0d 2.6\n").has_value());
  auto const bare = parse_processes("9842 master 0 [failed: 0] 0d 2.6\n# workers\n# programs\n");
  REQUIRE(bare.has_value());
  CHECK(bare->failed == 0);
  CHECK(bare->workers.empty());
}

TEST_CASE("a master that answers a reload says whether it went well, an older one says nothing") {
  CHECK(parse_reload("Success=1\n--\n") == true);
  CHECK(parse_reload("Success=0\n--\n[ALERT] ...\n") == false);
  CHECK_FALSE(parse_reload("").has_value());
}

TEST_CASE("of a refused configuration the first alert is the reason") {
  CHECK(first_alert("[NOTICE]   (15227) : haproxy version is 2.6.12\n"
                    "[ALERT]    (15227) : config : inconsistencies between private key and "
                    "certificate loaded '/p.crt'.\n"
                    "[ALERT]    (15227) : config : Fatal errors found in configuration.\n") ==
        "[ALERT]    (15227) : config : inconsistencies between private key and certificate loaded "
        "'/p.crt'.");
  CHECK(first_alert("Segmentation fault\n") == "Segmentation fault");
}
