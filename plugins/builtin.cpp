#include "plugins/builtin.hpp"

#include "plugins/exec/exec.hpp"
#include "plugins/haproxy/haproxy.hpp"
#include "plugins/http/http.hpp"
#include "plugins/nginx/nginx.hpp"
#include "plugins/signal/signal.hpp"
#include "plugins/systemd/bus.hpp"
#include "plugins/systemd/systemd.hpp"

namespace certpivot::plugins {

void register_builtin(hook::Registry& registry) {
  registry.add("exec", make_exec_hook);
  registry.add("haproxy", haproxy_factory());
  registry.add("http", make_http_hook);
  registry.add("nginx", make_nginx_hook);
  registry.add("signal", signal_factory(system_bus_address()));
  registry.add("systemd", systemd_factory(system_bus_address()));
}

}  // namespace certpivot::plugins
