#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "serve/http/message.h"

/// HTTP/1.1 over TCP, by Boost.Beast, whose headers only server.cpp and connection.h see.
namespace albert::serve {

struct HttpOptions {
  std::string host = "127.0.0.1";  ///< an address, or a name for one
  std::uint16_t port = 8080;       ///< 0: any that is free
  std::size_t max_body_bytes = 2'000'000;
  std::size_t max_connections = 16'384;                               ///< others wait to be accepted
  std::chrono::milliseconds idle_limit = std::chrono::seconds(75);    ///< of a connection between two requests
  std::chrono::milliseconds read_limit = std::chrono::seconds(30);    ///< for a request to come, once it has begun
  std::chrono::milliseconds write_limit = std::chrono::seconds(30);   ///< for a response to be taken
  std::chrono::milliseconds answer_limit = std::chrono::seconds(60);  ///< for the handler to reply
};

/// Holds thousands of connections in one thread: connections, limits, timeouts, keep-alive, and the end of it all
/// without a lost request.
class HttpServer {
 public:
  /// Takes the response, once, from any thread, while the server lives. What comes too late is dropped.
  using Reply = std::function<void(HttpResponse response)>;
  /// Is called by the network's thread, and must not wait.
  using Handler = std::function<void(HttpRequest request, Reply reply)>;
  /// Makes the response; is called by the network's thread.
  using Refuse = std::function<HttpResponse(const HttpRefusal& refusal)>;

  /// Listens from now on.
  /// Throws UsageError for a host that is none; IoError where it cannot listen.
  HttpServer(const HttpOptions& options, Handler handler, Refuse refuse);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  /// "http://127.0.0.1:8080"
  std::string url() const;
  /// Serves until drain() or stop(), on the thread that calls it.
  void run();
  /// From now on requests are answered with 503, and their connections closed; run() returns once all that were read
  /// before are answered. From any thread.
  void drain();
  /// run() returns at once. From any thread.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace albert::serve
