#include "crypto/starttls/dialect.hpp"

namespace certpivot::crypto::starttls {

namespace {

constexpr std::size_t packet_header = 4;  // three bytes of length, little-endian, and a number
constexpr unsigned char protocol_version = 10;
constexpr unsigned char error_packet = 0xff;
constexpr unsigned client_ssl = 0x0800;

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return at < bytes.size() ? static_cast<unsigned char>(bytes[at]) : 0U;
}

/// Behind the version, which ends with a NUL: connection id (4), data for the password (8), a
/// filler (1), and the lower half of the capabilities (2).
unsigned capabilities_in(std::string_view greeting) {
  auto const version_end = greeting.find('\0', 1);
  if (version_end == std::string_view::npos) return 0;
  std::size_t const at = version_end + 1 + 4 + 8 + 1;
  return byte_at(greeting, at) | byte_at(greeting, at + 1) << 8U;
}

Heard greeting_of_mysql(std::string_view received) {
  if (received.size() <= packet_header) return {};
  std::size_t const length =
      byte_at(received, 0) | byte_at(received, 1) << 8U | byte_at(received, 2) << 16U;
  std::string_view const greeting = received.substr(packet_header, length);
  unsigned const first = byte_at(greeting, 0);
  if (byte_at(received, 3) != 0 || (first != protocol_version && first != error_packet))
    return no_such_protocol("MySQL's protocol");
  if (greeting.size() < length) return {};
  if (first == error_packet) return refused(greeting.substr(3 < length ? 3 : length));
  if ((capabilities_in(greeting) & client_ssl) == 0)
    return refused("it has none, see its settings ssl_cert and ssl_key");
  return {packet_header + length, {}};
}

}  // namespace

Dialect mysql() {
  // 32 bytes, the second packet: CLIENT_PROTOCOL_41, CLIENT_SSL and CLIENT_SECURE_CONNECTION; the
  // largest packet, 16 MiB; the character set utf8mb4.
  constexpr std::string_view head("\x20\x00\x00\x01\x00\x8a\x00\x00\x00\x00\x00\x01\x2d", 13);
  return {{"", greeting_of_mysql}, {std::string(head) + std::string(23, '\0'), nullptr}};
}

}  // namespace certpivot::crypto::starttls
