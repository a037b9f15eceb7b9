#include "plugins/grpc/channel.hpp"

#include <cstring>
#include <fcntl.h>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "base/secret.hpp"
#include "base/unique_fd.hpp"
#include "base/whole_file.hpp"

namespace certpivot::grpc_plugin {

namespace {

// As the source may be at most.
constexpr std::size_t largest = std::size_t{1} << 20U;

Result<Secret> read_pem(std::string const& path) {
  // Without O_NONBLOCK a pipe would be waited for.
  UniqueFd const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return fail_errno("cannot read", path);
  return read_whole(file, largest, "cannot read", path);
}

Result<Secret> read_anchors(Settings const& settings, Event::Paths const& paths) {
  if (settings.anchors == "system") return Secret();  // what gRPC takes for the system's
  std::string const& path = settings.anchors.empty() ? paths.ca : settings.anchors;
  if (path.empty())
    return fail("nothing to verify the server with", settings.address.text(),
                "certpivot publishes no CA bundle for it", "name a file in 'anchors'");
  return read_pem(path);
}

Result<std::shared_ptr<::grpc::ChannelCredentials>> make_credentials(Settings const& settings,
                                                                     Event::Paths const& paths) {
  if (!settings.tls) return ::grpc::InsecureChannelCredentials();
  auto anchors = read_anchors(settings, paths);
  if (!anchors) return fail(anchors.error());
  auto certificate = read_pem(paths.certificate);
  if (!certificate) return fail(certificate.error());
  auto key = read_pem(paths.key);
  if (!key) return fail(key.error());
  ::grpc::SslCredentialsOptions options;
  options.pem_root_certs = anchors->view();
  options.pem_cert_chain = certificate->view();
  options.pem_private_key = key->view();
  auto credentials = ::grpc::SslCredentials(options);
  ::explicit_bzero(options.pem_private_key.data(), options.pem_private_key.size());
  return credentials;
}

}  // namespace

Result<std::shared_ptr<::grpc::Channel>> make_channel(Settings const& settings,
                                                      Event::Paths const& paths) {
  auto const credentials = make_credentials(settings, paths);
  if (!credentials) return fail(credentials.error());
  ::grpc::ChannelArguments arguments;
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  // An answer is a fingerprint and a sentence.
  arguments.SetMaxReceiveMessageSize(16 * 1024);
  // A process that is just coming up is found soon.
  arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 100);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 500);
  if (!settings.server_name.empty()) arguments.SetSslTargetNameOverride(settings.server_name);
  return ::grpc::CreateCustomChannel(settings.address.text(), *credentials, arguments);
}

}  // namespace certpivot::grpc_plugin
