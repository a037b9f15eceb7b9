#pragma once

#include <string>

#include "support/haproxy.hpp"
#include "support/scene.hpp"

namespace certpivot::testing {

/// A haproxy with mTLS whose first pair is in force, and the daemon that keeps it current.
struct BehindHaproxy {
  BehindHaproxy() { daemon.wait_until_settled(); }

  Scene scene = {};
  Pair first = publish_first();
  Haproxy haproxy =
      Haproxy({.certificate = scene.publish / "tls.crt", .ca = scene.publish / "ca.crt"});
  Daemon& daemon = run();

 private:
  Pair publish_first() {
    Pair pair = scene.issue();
    scene.publish_first(pair);
    return pair;
  }
  Daemon& run() {
    scene.hooks = haproxy.hook();
    scene.probes = haproxy.probe("present = true\n");
    return scene.run();
  }
};

}  // namespace certpivot::testing
