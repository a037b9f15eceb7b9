#include "support/client_loop.hpp"

#include <utility>

#include "support/program.hpp"

namespace certpivot::testing {

ClientLoop::ClientLoop(std::function<std::string()> connect) : connect_(std::move(connect)) {
  thread_ = std::thread([this] {
    while (!stopping_) {
      std::string failure = connect_();
      ++made_;
      if (failure.empty()) {
        ++good_;
        continue;
      }
      std::lock_guard const lock(mutex_);
      failures_.push_back(std::move(failure));
    }
  });
}

ClientLoop::~ClientLoop() {
  if (thread_.joinable()) (void)stop();
}

void ClientLoop::wait_for(unsigned more) const {
  unsigned const enough = made_ + more;
  wait_until("the client has connected", [&] { return made_ >= enough; });
}

std::vector<std::string> ClientLoop::stop() {
  stopping_ = true;
  if (thread_.joinable()) thread_.join();
  std::lock_guard const lock(mutex_);
  return failures_;
}

}  // namespace certpivot::testing
