#include "crypto/http_post.hpp"

#include <algorithm>
#include <poll.h>

#include <openssl/err.h>
#include <openssl/http.h>

#include "base/units.hpp"
#include "crypto/connect.hpp"
#include "crypto/failure.hpp"
#include "crypto/handle.hpp"

namespace certpivot::crypto {
namespace {

struct Url {
  std::string host = {};
  std::string port = {};
  std::string path = {};  ///< with the query
};

/// What bounds one exchange; the socket's BIO asks it before each read and write.
struct Bounds {
  SteadyTime deadline = {};
  std::size_t left = 0;  ///< bytes that may still be received
  bool late = false;
  bool flooded = false;
};

Result<Url> parsed(std::string const& url) {
  char* host = nullptr;
  char* port = nullptr;
  char* path = nullptr;
  char* query = nullptr;
  int tls = 0;
  if (OSSL_HTTP_parse_url(url.c_str(), &tls, nullptr, &host, &port, nullptr, &path, &query,
                          nullptr) != 1) {
    forget_failures();
    return fail("cannot ask", url, "that is no URL");
  }
  TextHandle const host_owner(host);
  TextHandle const port_owner(port);
  TextHandle const path_owner(path);
  TextHandle const query_owner(query);
  if (tls != 0) return fail("cannot ask", url, "only plain http is spoken here");
  // Empty where there is none.
  std::string const question = query == nullptr || *query == '\0' ? "" : std::string("?") + query;
  return Url{host, port, path + question};
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
  bounds.late = !await(fd, operation == BIO_CB_READ ? POLLIN : POLLOUT, bounds.deadline);
  return bounds.late ? -1 : result;
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

tl::unexpected<Error> failure(HttpPost const& request, Error error, std::string remedy) {
  error.where = request.url;
  error.remedy = std::move(remedy);
  return fail(std::move(error));
}

tl::unexpected<Error> unreachable(HttpPost const& request, Error error) {
  if (error.code == std::errc::timed_out) error.why = "nothing within " + to_text(request.limit);
  return failure(request, std::move(error), "see that this host reaches it");
}

tl::unexpected<Error> unanswered(HttpPost const& request, Bounds const& bounds, Error error) {
  if (bounds.late) error.why = "no whole answer within " + to_text(request.limit);
  if (bounds.flooded) {
    error.why = "the answer is larger than " + std::to_string(request.largest) + " bytes";
  }
  return failure(request, std::move(error), "see what answers there");
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
  auto const fd = connect_to(url->host, url->port, bounds.deadline);
  if (!fd) return unreachable(request, fd.error());
  auto answer = exchange(request, *url, *fd, bounds);
  if (!answer) return unanswered(request, bounds, answer.error());
  return answer;
}

}  // namespace certpivot::crypto
