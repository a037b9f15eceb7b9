#include "clock_client.hpp"

#include <chrono>
#include <stdexcept>

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include "clock.grpc.pb.h"
#include "support/program.hpp"

namespace certpivot::testing {

namespace v1 = example::v1;

namespace {

std::string in_words(grpc::Status const& status) {
  if (status.ok()) return {};
  return std::to_string(status.error_code()) + " " + status.error_message();
}

}  // namespace

std::shared_ptr<grpc::Channel> ClockClient::channel() const {
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = anchors;
  if (identity != nullptr) {
    options.pem_cert_chain = identity->certificate_pem;
    options.pem_private_key = identity->key_pem;
  }
  grpc::ChannelArguments arguments;
  arguments.SetSslTargetNameOverride("web.internal");
  arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  return grpc::CreateCustomChannel("127.0.0.1:" + std::to_string(port),
                                   grpc::SslCredentials(options), arguments);
}

std::string ClockClient::now() const {
  auto const stub = v1::Clock::NewStub(channel());
  grpc::ClientContext context;
  context.set_deadline(std::chrono::system_clock::now() + patience);
  v1::Time time;
  auto const status = stub->Now(&context, {}, &time);
  if (status.ok() && time.milliseconds() == 0) return "no time";
  return in_words(status);
}

struct ClockStream::Call {
  std::unique_ptr<v1::Clock::Stub> stub = {};
  grpc::ClientContext context = {};
  std::unique_ptr<grpc::ClientReader<v1::Time>> reader = {};
};

ClockStream::ClockStream(ClockClient const& client) : call_(std::make_unique<Call>()) {
  call_->stub = v1::Clock::NewStub(client.channel());
  call_->reader = call_->stub->Watch(&call_->context, {});
  thread_ = std::thread([this] {
    for (v1::Time time; call_->reader->Read(&time); ++seen_) continue;
    auto const status = call_->reader->Finish();
    if (!stopping_) failure_ = "the stream has ended: " + in_words(status);
    over_ = true;
  });
}

ClockStream::~ClockStream() {
  if (thread_.joinable()) (void)stop();
}

void ClockStream::wait_for(unsigned more) const {
  unsigned const enough = seen_ + more;
  wait_until("the stream goes on", [&] {
    if (over_) throw std::runtime_error(failure_);
    return seen_ >= enough;
  });
}

std::string ClockStream::stop() {
  stopping_ = true;
  call_->context.TryCancel();
  if (thread_.joinable()) thread_.join();
  return failure_;
}

}  // namespace certpivot::testing
