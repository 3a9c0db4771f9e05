// What a client sends to the server: requests end to end. Each is answered with its own body.

#include <array>
#include <memory>
#include <string>

#include <sys/socket.h>

#include "base/descriptor.h"
#include "fuzz.h"
#include "serve/http/connection.h"

namespace albert::fuzz {

namespace {

constexpr std::size_t kMaxBodyBytes = 1000;

void echo(serve::HttpRequest request, const serve::HttpServer::Reply& reply) {
  require(request.body.size() <= kMaxBodyBytes);
  reply({.content_type = "text/plain", .body = std::move(request.body)});
}

serve::HttpResponse refuse(const serve::HttpRefusal& refusal) {
  return {.status = refusal.status, .content_type = "text/plain", .body = refusal.message};
}

/// The server's side of connections.
struct Server {
  serve::HttpOptions options = {.max_body_bytes = kMaxBodyBytes};
  serve::HttpServer::Handler handler = echo;
  serve::HttpServer::Refuse refuses = refuse;
  serve::Network network = {.options = options, .handler = handler, .refuse = refuses};

  /// Does what can be done without waiting.
  void go_on() {
    network.context.restart();
    network.context.poll();
  }
};

/// What has come so far.
std::string received(int socket) {
  std::string bytes;
  std::array<char, 4096> buffer{};
  for (ssize_t size = 1; size > 0;) {
    size = ::recv(socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size > 0) bytes.append(buffer.data(), static_cast<std::size_t>(size));
  }
  return bytes;
}

}  // namespace

void read(std::string_view input) {
  constexpr int kMostTurns = 1000;
  static Server server;
  std::array<int, 2> ends{};
  require(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, ends.data()) == 0);
  const Descriptor client(ends[0]);
  {
    boost::asio::ip::tcp::socket socket(server.network.context);
    socket.assign(boost::asio::ip::tcp::v4(), ends[1]);
    std::make_shared<serve::Connection>(std::move(socket), server.network)->read_request();
  }
  const ssize_t sent = ::send(client.value(), input.data(), input.size(), MSG_NOSIGNAL);
  require(sent == static_cast<ssize_t>(input.size()));
  server.go_on();
  std::string answers = received(client.value());
  ::shutdown(client.value(), SHUT_WR);
  for (int turn = 0; server.network.num_connections > 0; ++turn) {
    require(turn < kMostTurns);
    server.go_on();
    answers += received(client.value());
  }
  require(answers.empty() || answers.starts_with("HTTP/1."));
  require(server.network.num_unanswered == 0);
}

}  // namespace albert::fuzz
