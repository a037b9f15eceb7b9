// The mark that certpivot is measured against: the same job by plain system and OpenSSL calls and
// nothing else. One inotify watch, one pair, no configuration, no journal, no hook beyond kill(2),
// no rollback. What it costs is what the work itself costs.
//
//   bare_loop watch SOURCE CA PUBLISH PID flush|fast   waits for ..data, then does the whole
//   rotation bare_loop verify CA DIR…                           parses and verifies each DIR's
//   pair, and ends
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <string>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>

namespace {

[[noreturn]] void give_up(char const* what) {
  std::perror(what);
  std::exit(1);
}

std::string read_all(std::string const& path) {
  int const fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) give_up(path.c_str());
  std::array<char, 65536> buffer{};
  ssize_t const size = ::read(fd, buffer.data(), buffer.size());
  ::close(fd);
  if (size < 0) give_up(path.c_str());
  return {buffer.data(), static_cast<std::size_t>(size)};
}

X509_STORE* store_of(std::string const& ca_path) {
  X509_STORE* const store = X509_STORE_new();
  if (X509_STORE_load_file(store, ca_path.c_str()) != 1) give_up("CA");
  X509_STORE_set_flags(store, X509_V_FLAG_PARTIAL_CHAIN);
  return store;
}

// Key match and chain, as everybody writes it.
bool valid(std::string const& certificate, std::string const& key, X509_STORE* store) {
  BIO* const certificates =
      BIO_new_mem_buf(certificate.data(), static_cast<int>(certificate.size()));
  X509* const leaf = PEM_read_bio_X509(certificates, nullptr, nullptr, nullptr);
  STACK_OF(X509)* const rest = sk_X509_new_null();
  while (X509* const next = PEM_read_bio_X509(certificates, nullptr, nullptr, nullptr))
    sk_X509_push(rest, next);
  BIO* const key_bytes = BIO_new_mem_buf(key.data(), static_cast<int>(key.size()));
  EVP_PKEY* const private_key = PEM_read_bio_PrivateKey(key_bytes, nullptr, nullptr, nullptr);
  X509_STORE_CTX* const context = X509_STORE_CTX_new();
  bool good = leaf != nullptr && private_key != nullptr &&
              X509_check_private_key(leaf, private_key) == 1 &&
              X509_STORE_CTX_init(context, store, leaf, rest) == 1;
  if (good) {
    X509_VERIFY_PARAM_set_auth_level(X509_STORE_CTX_get0_param(context), 2);
    good = X509_verify_cert(context) == 1;
  }
  X509_STORE_CTX_free(context);
  EVP_PKEY_free(private_key);
  BIO_free(key_bytes);
  sk_X509_pop_free(rest, X509_free);
  X509_free(leaf);
  BIO_free(certificates);
  return good;
}

void write_file(std::string const& path, std::string const& bytes, mode_t mode, bool flush) {
  int const fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (fd < 0 || ::fchmod(fd, mode) != 0) give_up(path.c_str());
  if (::write(fd, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    give_up(path.c_str());
  if (flush && ::fsync(fd) != 0) give_up("fsync");
  ::close(fd);
}

void flush_directory(std::string const& path) {
  int const fd = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0 || ::fsync(fd) != 0) give_up("fsync of a directory");
  ::close(fd);
}

int watch(std::string const& source, std::string const& ca, std::string const& publish,
          pid_t target, bool flush) {
  X509_STORE* const store = store_of(ca);
  ::mkdir(publish.c_str(), 0755);
  ::mkdir((publish + "/generations").c_str(), 0755);
  int const notify = ::inotify_init1(IN_CLOEXEC);
  if (notify < 0 || ::inotify_add_watch(notify, source.c_str(), IN_MOVED_TO) < 0)
    give_up("inotify");
  std::printf("ready\n");
  std::fflush(stdout);
  std::array<char, 4096> events{};
  for (int number = 1;; ++number) {
    if (::read(notify, events.data(), events.size()) <= 0) give_up("read of inotify");
    std::string const certificate = read_all(source + "/tls.crt");
    std::string const key = read_all(source + "/tls.key");
    std::string const bundle = read_all(source + "/ca.crt");
    if (!valid(certificate, key, store)) continue;
    std::string const generation = publish + "/generations/" + std::to_string(number);
    if (::mkdir(generation.c_str(), 0755) != 0) give_up("mkdir");
    write_file(generation + "/tls.crt", certificate, 0644, flush);
    write_file(generation + "/tls.key", key, 0640, flush);
    write_file(generation + "/ca.crt", bundle, 0644, flush);
    if (flush) flush_directory(generation);
    std::string const link = publish + "/.current";
    if (::symlink(("generations/" + std::to_string(number)).c_str(), link.c_str()) != 0 ||
        ::rename(link.c_str(), (publish + "/current").c_str()) != 0)
      give_up("pivot");
    if (flush) flush_directory(publish);
    ::kill(target, SIGHUP);
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 7 && std::strcmp(argv[1], "watch") == 0)
    return watch(argv[2], argv[3], argv[4], std::atoi(argv[5]), std::strcmp(argv[6], "flush") == 0);
  if (argc >= 4 && std::strcmp(argv[1], "verify") == 0) {
    X509_STORE* const store = store_of(argv[2]);
    int bad = 0;
    for (int i = 3; i < argc; ++i) {
      std::string const directory = argv[i];
      (void)read_all(directory + "/ca.crt");
      if (!valid(read_all(directory + "/tls.crt"), read_all(directory + "/tls.key"), store)) ++bad;
    }
    std::printf("%d refused of %d\n", bad, argc - 3);
    return bad == 0 ? 0 : 1;
  }
  (void)std::fprintf(
      stderr, "usage: bare_loop watch SOURCE CA PUBLISH PID flush|fast | verify CA DIR...\n");
  return 64;
}
