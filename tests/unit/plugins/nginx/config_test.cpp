#include "plugins/nginx/config.hpp"

#include <doctest/doctest.h>

using namespace certpivot::plugins;

namespace {

constexpr auto build =
    "nginx version: nginx/1.22.1\nconfigure arguments: --with-cc-opt='-g -O2' "
    "--prefix=/usr/share/nginx --error-log-path=/var/log/nginx/error.log "
    "--pid-path=/run/nginx.pid\n";

}  // namespace

TEST_CASE("pid and error_log are taken from the main context of the dump") {
  auto const paths = nginx_paths(
      "nginx: the configuration file /etc/nginx/nginx.conf syntax is ok\n"
      "# configuration file /etc/nginx/nginx.conf:\n"
      "user www-data; # pid /wrong;\npid \"/run/my nginx.pid\";\n"
      "events { worker_connections 64; }\n"
      "http { error_log /inner.log; server { error_log /innermost.log; } }\n"
      "error_log /outer.log notice;\n",
      build);
  CHECK(paths == NginxPaths{"/run/my nginx.pid", "/outer.log"});
}

TEST_CASE("what the configuration leaves open is what was built in") {
  CHECK(nginx_paths("# configuration file /c:\nevents {}\n", build) ==
        NginxPaths{"/run/nginx.pid", "/var/log/nginx/error.log"});
  CHECK(nginx_paths("", "configure arguments:") ==
        NginxPaths{"/usr/local/nginx/logs/nginx.pid", "/usr/local/nginx/logs/error.log"});
}

TEST_CASE("relative paths are below the prefix, and a log that is no file is none") {
  CHECK(nginx_paths("# configuration file /c:\npid run/n.pid;error_log logs/e.log;\n", build) ==
        NginxPaths{"/usr/share/nginx/run/n.pid", "/usr/share/nginx/logs/e.log"});
  CHECK(nginx_paths("# configuration file /c:\nerror_log stderr;\n", build).error_log.empty());
  CHECK(nginx_paths("# configuration file /c:\nerror_log syslog:server=x;\n", build)
            .error_log.empty());
}

TEST_CASE("an error_log of an included file is not taken for the main one") {
  auto const paths = nginx_paths(
      "# configuration file /c:\nhttp { include i; }\n\n# configuration file /i:\nerror_log "
      "/site.log;\n",
      build);
  CHECK(paths.error_log == "/var/log/nginx/error.log");
}

TEST_CASE("text that ends in the middle of anything is no trouble") {
  CHECK(!main_directive("# configuration file /c:\npid \"/run", "pid").has_value());
  CHECK(!main_directive("# configuration file /c:\npid /run", "pid").has_value());
  CHECK(!main_directive("# configuration file /c:\n}}}} \\", "pid").has_value());
  CHECK(!main_directive("# configuration file /c:\n\"\\", "pid").has_value());
  CHECK(!main_directive("", "pid").has_value());
}

TEST_CASE("the reason is the first emergency line, of the process that was asked for") {
  auto const text =
      "2026/11/20 20:00:00 [notice] 7#7: reconfiguring\n"
      "2026/11/20 20:00:00 [emerg] 8#8: somebody else's\n"
      "2026/11/20 20:00:00 [emerg] 7#7: key values mismatch\n";
  CHECK(emergency_line(text, " 7#") == "[emerg] 7#7: key values mismatch");
  CHECK(emergency_line(text) == "[emerg] 8#8: somebody else's");
  CHECK(!emergency_line(text, " 9#").has_value());
}
