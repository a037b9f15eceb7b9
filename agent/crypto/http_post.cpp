#include "crypto/http_post.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>
#include <netdb.h>
#include <optional>
#include <poll.h>
#include <sys/socket.h>

#include <openssl/err.h>
#include <openssl/http.h>

#include "base/unique_fd.hpp"
#include "base/units.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"
#include "loop/limited.hpp"

namespace certpivot::crypto {
namespace {

using Addresses = std::shared_ptr<::addrinfo>;

struct Url {
  std::string host = {};
  std::string port = {};
  std::string path = {};
};

/// What bounds one exchange; the socket's BIO asks it before each read and write.
struct Bounds {
  SteadyTime deadline = {};
  std::size_t left = 0;  ///< bytes that may still be received
  bool late = false;
  bool flooded = false;

  [[nodiscard]] int milliseconds_left() const {
    auto const rest = std::chrono::ceil<Duration>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::max(rest.count(), Duration::rep{0}));
  }
};

Result<Url> parsed(std::string const& url) {
  char* host = nullptr;
  char* port = nullptr;
  char* path = nullptr;
  int tls = 0;
  if (OSSL_HTTP_parse_url(url.c_str(), &tls, nullptr, &host, &port, nullptr, &path, nullptr,
                          nullptr) != 1) {
    forget_failures();
    return fail("cannot ask", url, "that is no URL");
  }
  TextHandle const host_owner(host);
  TextHandle const port_owner(port);
  TextHandle const path_owner(path);
  if (tls != 0) return fail("cannot ask", url, "only plain http is spoken here");
  return Url{host, port, path};
}

// "[::1]" is how a URL writes an address of IPv6.
std::string without_brackets(std::string const& host) {
  bool const bracketed = host.starts_with('[') && host.ends_with(']');
  return bracketed ? host.substr(1, host.size() - 2) : host;
}

tl::expected<Addresses, int> resolve(std::string const& host, std::string const& port) {
  ::addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  ::addrinfo* found = nullptr;
  int const error = ::getaddrinfo(host.c_str(), port.c_str(), &hints, &found);
  if (error != 0) return tl::unexpected<int>(error);
  return Addresses(found, ::freeaddrinfo);
}

// Whether the socket is ready before the time is over.
bool await(int fd, short events, Bounds& bounds) {
  ::pollfd waiting{fd, events, 0};
  int ready = 0;
  do {
    ready = ::poll(&waiting, 1, bounds.milliseconds_left());
  } while (ready < 0 && errno == EINTR);
  if (ready == 0) bounds.late = true;
  return ready > 0;
}

// Connected, or invalid with the reason in errno.
UniqueFd connect_one(::addrinfo const& address, Bounds& bounds) {
  UniqueFd fd(::socket(address.ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (!fd.valid()) return fd;
  if (::connect(fd.get(), address.ai_addr, address.ai_addrlen) == 0) return fd;
  if (errno != EINPROGRESS) return {};
  if (!await(fd.get(), POLLOUT, bounds)) {
    errno = ETIMEDOUT;
    return {};
  }
  int error = 0;
  ::socklen_t size = sizeof error;
  ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size);
  errno = error;
  return error == 0 ? std::move(fd) : UniqueFd();
}

Result<UniqueFd> connected(Url const& url, Bounds& bounds) {
  auto const addresses =
      limited(Duration(bounds.milliseconds_left()),
              [host = without_brackets(url.host), port = url.port] { return resolve(host, port); });
  if (!addresses) {
    bounds.late = true;
    return fail("cannot resolve", url.host);
  }
  if (!*addresses) return fail("cannot resolve", url.host, ::gai_strerror(addresses->error()));
  for (auto const* one = (*addresses)->get(); one != nullptr; one = one->ai_next) {
    if (UniqueFd fd = connect_one(*one, bounds); fd.valid()) return fd;
  }
  return fail_errno("cannot connect to", url.host + ":" + url.port);
}

// Called by OpenSSL before and after each operation of the socket's BIO: a result that is not
// positive keeps it from happening. So OpenSSL never waits, and never reads more than it may.
long watch(BIO* bio, int operation, char const*, std::size_t, int, long, int result,
           std::size_t* processed) noexcept {
  auto& bounds = *reinterpret_cast<Bounds*>(BIO_get_callback_arg(bio));
  if (operation == (BIO_CB_READ | BIO_CB_RETURN) && result > 0) {
    bounds.flooded = *processed > bounds.left;
    bounds.left -= std::min(*processed, bounds.left);
    return bounds.flooded ? -1 : result;
  }
  if (operation != BIO_CB_READ && operation != BIO_CB_WRITE) return result;
  BIO_clear_retry_flags(bio);
  auto const fd = static_cast<int>(BIO_get_fd(bio, nullptr));
  return await(fd, operation == BIO_CB_READ ? POLLIN : POLLOUT, bounds) ? result : -1;
}

std::string content_of(BIO* bio) {
  char* data = nullptr;
  long const size = BIO_get_mem_data(bio, &data);
  return {data, static_cast<std::size_t>(std::max(size, 0L))};
}

// The three digits of a status that is no success, as OpenSSL remembers them ("code=404,
// reason=…"); empty where the failure is another one.
std::string refusing_status() {
  static constexpr std::string_view mark = "code=";
  char const* data = nullptr;
  int flags = 0;
  bool const of_http = ERR_GET_LIB(ERR_peek_error_data(&data, &flags)) == ERR_LIB_HTTP;
  if (!of_http || (flags & ERR_TXT_STRING) == 0) return {};
  std::string_view const text(data);
  if (!text.starts_with(mark)) return {};
  std::string_view const status = text.substr(mark.size(), 3);
  bool const digits = status.find_first_not_of("0123456789") == std::string_view::npos;
  return digits ? std::string(status) : std::string();
}

tl::unexpected<Error> exchange_failure(HttpPost const& request, Bounds const& bounds, Error error) {
  error.where = request.url;
  if (bounds.late) error.why = "no whole answer within " + to_text(request.limit);
  if (bounds.flooded) {
    error.why = "the answer is larger than " + std::to_string(request.largest) + " bytes";
  }
  return fail(std::move(error));
}

Result<std::string> exchange(HttpPost const& request, Url const& url, UniqueFd const& fd,
                             Bounds& bounds) {
  BioHandle const socket(BIO_new_socket(fd.get(), BIO_NOCLOSE));
  BioHandle const body(BIO_new_mem_buf(request.body.data(), static_cast<int>(request.body.size())));
  if (!socket || !body) return fail_openssl("cannot ask");
  BIO_set_callback_ex(socket.get(), watch);
  BIO_set_callback_arg(socket.get(), reinterpret_cast<char*>(&bounds));
  BioHandle const answer(OSSL_HTTP_transfer(
      nullptr, url.host.c_str(), url.port.c_str(), url.path.c_str(), 0, nullptr, nullptr,
      socket.get(), socket.get(), nullptr, nullptr, 0, nullptr, request.content_type.c_str(),
      body.get(), nullptr, 1, request.largest, 0, 0));
  if (!answer) {
    std::string const status = refusing_status();
    if (status.empty()) return fail_openssl("cannot ask");
    forget_failures();
    return fail("cannot ask", {}, "it answers with status " + status);
  }
  return content_of(answer.get());
}

}  // namespace

Result<std::string> post(HttpPost const& request) {
  auto const url = parsed(request.url);
  if (!url) return fail(url.error());
  Bounds bounds{std::chrono::steady_clock::now() + request.limit, request.largest};
  auto const fd = connected(*url, bounds);
  if (!fd) return exchange_failure(request, bounds, fd.error());
  auto answer = exchange(request, *url, *fd, bounds);
  if (!answer) return exchange_failure(request, bounds, answer.error());
  return answer;
}

}  // namespace certpivot::crypto
