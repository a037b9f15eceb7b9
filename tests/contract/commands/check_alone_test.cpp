#include <sys/stat.h>

#include <boost/json.hpp>
#include <doctest/doctest.h>

#include "base/units.hpp"
#include "support/check_answer.hpp"
#include "support/ocsp_responder.hpp"
#include "support/scene.hpp"
#include "support/tls_server.hpp"

using namespace certpivot::testing;

// `check` without a configuration, on files.

namespace {

using Words = std::vector<std::string>;

Outcome check(Scene& scene, Words arguments) {
  arguments.insert(arguments.begin(), {"check", "--anchors", scene.directory / "anchors.pem"});
  return scene.command(arguments);
}

Words codes_of(Outcome const& outcome) {
  Words codes;
  auto const report = report_of(outcome);
  for (auto const& reason : report.at("reasons").as_array())
    codes.emplace_back(reason.as_object().at("code").as_string());
  return codes;
}

bool has(std::string const& text, std::string const& words) {
  return text.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("check of a bundle needs no --key") {
  Scene scene;
  Pair const pair = scene.issue();
  auto const bundle = scene.directory.write("all.pem", pair.key_pem + pair.certificate_pem);
  CHECK(check(scene, {"--certificate", bundle}).exit_code == 0);
  CHECK_FALSE(has(check(scene, {"--certificate", bundle}).out, "no key given"));
}

TEST_CASE("check of a certificate alone judges it by all rules but the key's, and says so") {
  Scene scene;
  Pair const pair = scene.issue();
  for (std::string const& text : {pair.certificate_pem, der_of(pair.certificate_pem)}) {
    auto const alone = scene.directory.write("alone", text);
    ::chmod(alone.c_str(), 0644);
    Outcome const good = check(scene, {"--certificate", alone});
    CHECK(good.exit_code == 0);
    CHECK(has(good.out, "\n  note        no key given: the pair is not checked\n"));
    CHECK_FALSE(has(good.out, "mode 0644"));
    Outcome const refused = check(
        scene, {"--certificate", alone, "--name", "a.b", "--at", "+100d", "--format", "json"});
    CHECK(refused.exit_code == 2);
    CHECK(codes_of(refused) == Words{"expired", "name_missing"});
  }
  auto const none = scene.directory.write("none.pem", "no certificate");
  CHECK(codes_of(check(scene, {"--certificate", none, "--format", "json"})) ==
        Words{"malformed_certificate"});
}

TEST_CASE("check of a file that holds a broken key is not one of a certificate alone") {
  Scene scene;
  Pair const pair = scene.issue();
  auto const cut = scene.directory.write(
      "cut.pem", pair.certificate_pem + pair.key_pem.substr(0, pair.key_pem.size() / 2));
  Outcome const outcome = check(scene, {"--certificate", cut});
  CHECK(outcome.exit_code == 2);
  CHECK_FALSE(has(outcome.out, "no key given"));
}

TEST_CASE("check of a directory finds the names, says so, and tells what else is there") {
  Scene scene;
  Pair const pair = scene.issue();
  rename_over(scene.source / "fullchain.pem", pair.certificate_pem);
  rename_over(scene.source / "privkey.pem", pair.key_pem);
  Outcome outcome = check(scene, {"--source", scene.source});
  CHECK(outcome.exit_code == 0);
  CHECK(has(outcome.out, "\n  found       certbot's names: fullchain.pem, privkey.pem\n"));
  CHECK_FALSE(has(outcome.out, "plan"));
  scene.offer(scene.issue());
  outcome = check(scene, {"--source", scene.source});
  CHECK(
      has(outcome.out, "found       a Kubernetes TLS Secret's names: tls.crt, tls.key, ca.crt\n"));
  CHECK(has(outcome.out, "also holds certbot's names (fullchain.pem, privkey.pem)"));
  Outcome const named = check(
      scene, {"--source", scene.source, "--certificate", "fullchain.pem", "--key", "privkey.pem"});
  CHECK(has(named.out, pair.fingerprint));
}

TEST_CASE("check of a directory without names that are known lists those") {
  Scene scene;
  scene.directory.write("source/keystore.p12", "x");
  Outcome const outcome = check(scene, {"--source", scene.source});
  CHECK(outcome.exit_code == 3);
  CHECK(outcome.out.starts_with(scene.source.string() + ": unknown, missing\n"));
  CHECK(has(outcome.out, "it holds none of the names that are looked for, tls.crt and tls.key, "));
}

TEST_CASE("check without a certificate to read is unknown, without its key critical") {
  Scene scene;
  scene.offer(scene.issue());
  std::string const gone = scene.directory / "gone";
  std::string const certificate = scene.source / "tls.crt";
  std::string const key = scene.source / "tls.key";
  CHECK(check(scene, {"--certificate", gone, "--key", key}).exit_code == 3);
  CHECK(check(scene, {"--certificate", gone, "--key", gone}).exit_code == 3);
  CHECK(check(scene, {"--certificate", gone}).exit_code == 3);
  CHECK(check(scene, {"--certificate", certificate, "--key", gone}).exit_code == 2);
}

TEST_CASE("check of what is there and no file is a refusal that names it") {
  Scene scene;
  scene.offer(scene.issue());
  std::string const key = scene.source / "tls.key";
  auto const loop = scene.directory / "loop";
  std::filesystem::create_symlink(loop, loop);
  for (auto const& [path, code] :
       {std::pair(scene.source, "not_regular"), std::pair(loop, "unreadable")}) {
    Outcome const outcome = check(scene, {"--certificate", path, "--key", key, "--format", "json"});
    CHECK(outcome.exit_code == 2);
    CHECK(codes_of(outcome) == Words{code});
    CHECK(has(outcome.out, path.string()));
  }
}

TEST_CASE("check asks the responder that a flag names") {
  Scene scene;
  Pair const pair = scene.issue();
  scene.offer(pair);
  Words const here{"--source", scene.source, "--format", "json", "--ocsp-url"};
  auto const by = [&](std::string const& url, Words const& more) {
    Words arguments = here;
    arguments.push_back(url);
    arguments.insert(arguments.end(), more.begin(), more.end());
    return check(scene, arguments);
  };
  OcspResponder const good(scene.authority);
  CHECK(by(good.url(), {}).exit_code == 0);
  CHECK(good.asked() == 1);
  OcspResponder const bad(scene.authority, {.status = OcspResponse::Status::revoked});
  CHECK(codes_of(by(bad.url(), {})) == Words{"revoked"});
  std::string const nobody = "http://127.0.0.1:1/";
  CHECK(codes_of(by(nobody, {"--ocsp-timeout", "1s"})) == Words{"ocsp_failed"});
  CHECK(by(nobody, {"--ocsp-mode", "soft"}).exit_code == 0);
}

TEST_CASE("check by anchors that are none names their file") {
  Scene scene;
  scene.offer(scene.issue());
  auto const none = scene.directory.write("none.pem", "none\n");
  Outcome const outcome = scene.command({"check", "--source", scene.source, "--anchors", none});
  CHECK(outcome.exit_code == 2);
  CHECK(has(outcome.out, "there are no anchors to trust: cannot take anchors from " +
                             none.string() + ": there is no certificate in it; "));
}

TEST_CASE("a configuration without names says what was found, too") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue());
  Outcome const outcome = scene.command({"check", "-c", scene.config(), "--format", "json"});
  CHECK(report_of(outcome).at("found") == boost::json::array{"tls.crt", "tls.key", "ca.crt"});
}

TEST_CASE("the first line is the state, the codes and what is left, for a pager") {
  Scene scene;
  scene.offer(scene.issue({.not_after = from_now(std::chrono::hours(89 * 24 + 5))}));
  Words const here{"--source", scene.source};
  auto const first_line = [&](Words const& more) {
    Words arguments = here;
    arguments.insert(arguments.end(), more.begin(), more.end());
    std::string const out = check(scene, arguments).out;
    return out.substr(0, out.find('\n'));
  };
  std::string const name = scene.source.string();
  CHECK(first_line({}) == name + ": good, accepted, 89d 4h left");
  CHECK(first_line({"--warning", "90d", "--critical", "1h"}) ==
        name + ": warning, accepted, 89d 4h left, below the warning threshold of 90d");
  CHECK(first_line({"--warning", "91d", "--critical", "90d"}) ==
        name + ": critical, accepted, 89d 4h left, below the critical threshold of 90d");
  CHECK(first_line({"--name", "a.b", "--at", "+100d"})
            .starts_with(name + ": critical, refused (expired, name_missing), expired 10d "));
}

TEST_CASE("of several certificates the worst comes first") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue());
  scene.more =
      "[[certificate]]\nname = \"gone\"\nsource = { directory = \"/nonexistent\" }\n"
      "publish = { directory = \"" +
      (scene.directory / "other").string() + "\" }\n";
  Outcome const outcome = scene.command({"check", "-c", scene.config()});
  CHECK(outcome.out.starts_with("gone: unknown, missing\n"));
  CHECK(has(outcome.out, "\nweb: good, accepted"));
}

TEST_CASE("thresholds given by flags count, also with a configuration") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue());  // of 90 days
  Words const here{"--source", scene.source};
  auto const state = [&](Words const& more) {
    Words arguments = here;
    arguments.insert(arguments.end(), more.begin(), more.end());
    int const alone = check(scene, arguments).exit_code;
    arguments = {"check", "-c", scene.config()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    CHECK(scene.command(arguments).exit_code == alone);
    return alone;
  };
  CHECK(state({}) == 0);
  CHECK(state({"--warning", "89d"}) == 0);
  CHECK(state({"--warning", "91d"}) == 1);
  CHECK(state({"--warning", "99%", "--critical", "9%"}) == 0);
  CHECK(state({"--warning", "1d,100%", "--critical", "1h"}) == 0);
  CHECK(state({"--warning", "92d", "--critical", "91d"}) == 2);
  CHECK(state({"--warning", "1d"}) == 64);
}

TEST_CASE("check judges as of another time, a configuration as well") {
  Scene scene;
  scene.hooks = exec_hook({"/bin/true"});
  scene.offer(scene.issue({.not_after = from_now(std::chrono::hours(24 * 90))}));
  std::string const file = scene.config();
  CHECK(scene.command({"check", "-c", file}).exit_code == 0);
  CHECK(scene.command({"check", "-c", file, "--at", "+70d"}).exit_code == 1);
  CHECK(scene.command({"check", "-c", file, "--at", "+91d"}).exit_code == 2);
  Outcome const past =
      check(scene, {"--source", scene.source, "--at", "2020-01-01T00:00:00Z", "--format", "json"});
  CHECK(past.exit_code == 2);
  CHECK(codes_of(past).front() == "not_yet_valid");
  CHECK(report_of(past).at("judged_for") == "2020-01-01T00:00:00Z");
  CHECK(scene.command({"check", "--at", ""}).exit_code == 64);
  Outcome const wrong = scene.command({"check", "--at", "tomorrow"});
  CHECK(wrong.exit_code == 64);
  CHECK(has(wrong.err, "--at tomorrow is no time"));
}

TEST_CASE("at its end and within the second after it a pair has expired just now") {
  Scene scene;
  Pair const pair = scene.issue({.not_after = from_now(std::chrono::hours(24))});
  scene.offer(pair);
  for (auto const& [after, words] : {std::pair(std::chrono::milliseconds(0), "expired just now\n"),
                                     {std::chrono::milliseconds(999), "expired just now\n"},
                                     {std::chrono::milliseconds(1000), "expired 1s ago\n"}}) {
    std::string const at = certpivot::to_rfc3339(pair.not_after + after);
    Outcome const outcome = check(scene, {"--source", scene.source, "--at", at});
    CAPTURE(outcome.out);
    CHECK(outcome.exit_code == 2);
    CHECK(has(outcome.out, std::string(", ") + words));
  }
}

TEST_CASE("where no anchor is reached it is said which were tried, and how to name others") {
  Scene scene;
  Pair const pair = scene.issue();
  scene.offer(pair);
  auto const system = scene.directory.write("system.pem", Authority({.common_name = "S"}).pem());
  Words const environment{"SSL_CERT_FILE=" + system.string()};
  std::string const advice =
      ": add it behind the leaf, or, where it is the CA's root, trust it by --anchors\n";
  std::string const missing =
      ": the certificate of CN=Test CA, which issued CN=test leaf, is neither in it nor among the "
      "anchors in ";
  auto const file = scene.directory.write("alone.pem", pair.certificate_pem);
  Outcome const by_system = scene.command({"check", "--certificate", file}, environment);
  CHECK(has(by_system.out, file.string() + missing + "the system's " + system.string() + advice));
  Outcome const by_file =
      scene.command({"check", "--certificate", file, "--anchors", system.string()});
  CHECK(has(by_file.out, file.string() + missing + system.string() + advice));
  TlsServer const server({.pairs = {scene.issue({.names = {"127.0.0.1"}})}});
  Outcome const by_server = scene.command({"check", "--connect", server.address()}, environment);
  CHECK(has(by_server.out, "the chain that " + server.address() + " sends" + missing));
}

TEST_CASE("advice without a configuration names flags, not keys") {
  Scene scene;
  scene.authority = Authority({.common_name = "Stranger"});
  scene.offer(scene.issue());
  Outcome const outcome =
      check(scene, {"--source", scene.source, "--min-remaining", "91d", "--max-lifetime", "1d"});
  CHECK(has(outcome.out, "--anchors"));
  CHECK(has(outcome.out, "and --min-remaining asks for"));
  CHECK(has(outcome.out, "longer than --max-lifetime"));
  CHECK_FALSE(has(outcome.out, "trust."));
}

TEST_CASE("flags of a judgement refuse what the same keys would") {
  Scene scene;
  scene.offer(scene.issue());
  for (auto const& [flags, code] :
       {std::pair(Words{"--min-remaining", "91d"}, "min_remaining"),
        std::pair(Words{"--min-ec-bits", "384"}, "weak_key"),
        std::pair(Words{"--name", "elsewhere.internal"}, "name_missing")}) {
    Words arguments{"--source", scene.source, "--format", "json"};
    arguments.insert(arguments.end(), flags.begin(), flags.end());
    Outcome const outcome = check(scene, arguments);
    CHECK(outcome.exit_code == 2);
    CHECK(codes_of(outcome) == Words{code});
  }
}

TEST_CASE("JSON carries the facts of the leaf") {
  Scene scene;
  scene.offer(scene.issue());
  auto const report = report_of(check(scene, {"--source", scene.source, "--format", "json"}));
  CHECK(report.at("key") == "EC P-256");
  CHECK(report.at("security_bits") == 128);
  CHECK(report.at("remaining_days") == 89);
  CHECK_FALSE(report.contains("plan"));
}

TEST_CASE("a refusal in text points to --explain once, and that explains the code") {
  Scene scene;
  scene.offer(scene.issue());
  Outcome const refused = check(scene, {"--source", scene.source, "--name", "a", "--name", "b"});
  auto const hint = refused.out.find("certpivot check --explain CODE");
  CHECK(hint != std::string::npos);
  CHECK(refused.out.find("--explain", hint + 20) == std::string::npos);
  CHECK_FALSE(has(check(scene, {"--source", scene.source}).out, "--explain"));

  Outcome const text = scene.command({"check", "--explain", "key_mismatch"});
  CHECK(text.exit_code == 0);
  CHECK(text.out.starts_with("key_mismatch: "));
  Outcome const json = scene.command({"check", "--explain", "key_mismatch", "--format", "json"});
  CHECK(boost::json::parse(json.out).at("code") == "key_mismatch");
  Outcome const unknown = scene.command({"check", "--explain", "key_missmatch"});
  CHECK(unknown.exit_code == 64);
  CHECK(unknown.err ==
        "certpivot: there is no code 'key_missmatch'; did you mean 'key_mismatch'?\n");
  Outcome const two = scene.command({"check", "--explain", "expired", "revoked"});
  CHECK(two.out.starts_with("expired: "));
  CHECK(has(two.out, "\nrevoked: "));
}

TEST_CASE("the codes and the checks that may be relaxed are listed") {
  Scene scene;
  Outcome const help = scene.command({"check", "--help"});
  Outcome const code = scene.command({"check", "--explain", "nonsense"});
  Outcome const word = scene.command({"check", "--source", scene.source, "--relax", "nonsense"});
  for (Outcome const* const list : {&help, &code}) {
    std::string const text = list->out + list->err;
    CHECK(has(text, "unreadable"));
    CHECK(has(text, "crl_not_yet_valid"));
  }
  for (std::string const& text : {help.out, word.err}) {
    CHECK(has(text, "missing_authority_key_identifier"));
    CHECK(has(text, "extensions_need_version_3"));
  }
  CHECK(code.exit_code == 64);
  CHECK(word.exit_code == 64);
}

TEST_CASE("a flag that is none is named, whatever follows it") {
  Scene scene;
  Outcome const outcome =
      scene.command({"check", "--source", scene.source, "--ocps-url", "http://x"});
  CHECK(outcome.exit_code == 64);
  CHECK(has(outcome.err, "not expected: --ocps-url"));
}

TEST_CASE("what does not go together on the command line of check is refused") {
  Scene scene;
  std::string const file = scene.config();
  for (Words const& words : {Words{"check", "-c", file, "--source", "/x"},
                             {"check", "-c", file, "--connect", "a:1"},
                             {"check", "web", "--certificate", "/x"},
                             {"check", "--connect", "a:1", "--key", "/x"},
                             {"check", "--starttls", "smtp"},
                             {"check", "--connect", "a"},
                             {"check", "--key", "/x"},
                             {"check", "-c", file, "--name", "web.internal"},
                             {"check", "--connect", "a:1", "--present-key", "/x"},
                             {"check", "--connect", "unix:x"}}) {
    Outcome const outcome = scene.command(words);
    CAPTURE(outcome.out);
    CHECK(outcome.exit_code == 64);
    CHECK_FALSE(outcome.err.empty());
  }
}
