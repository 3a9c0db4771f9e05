#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include "serve/http/server.h"

namespace albert::serve {

/// What the connections of a server have in common. Only the network's thread uses it.
struct Network {
  const HttpOptions& options;
  const HttpServer::Handler& handler;
  const HttpServer::Refuse& refuse;
  std::size_t num_connections = 0;
  std::size_t num_unanswered = 0;  ///< requests that were read, and whose response is not sent
  bool is_draining = false;
  std::function<void()> on_change = {};  ///< called when a number above has become smaller
  boost::asio::io_context context{1};    ///< the last: with it go the connections, which use the others
};

/// One client: reads a request, waits for its response, writes it, and goes on while the connection is kept alive. Only
/// the network's thread holds it, as long as something of it is under way, and at least until its timer ends: whoever
/// makes the response may outlive it.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::ip::tcp::socket socket, Network& network);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void read_request();

 private:
  using Error = boost::system::error_code;
  enum class State { kIdle, kReading, kWaiting, kWriting, kClosing, kClosed };
  /// What is known of a request before its body.
  struct Head {
    bool is_head = false;   ///< the response has no body
    unsigned version = 11;  ///< of HTTP
    std::string path = {};
    std::string origin = {};
  };

  void read_head();
  void on_header(Error error);
  void read_body();
  void on_request(Error error);
  void on_read_error(Error error);
  void hand_over();
  void watch_for_leaving();
  void look_for_leaving(std::uint64_t number);
  bool has_left();
  void on_reply(std::uint64_t number, HttpResponse response);
  void refuse(HttpRefusal::Reason reason, int status, std::string message);
  void write(HttpResponse response);
  void on_written(Error error);
  void set_timer(std::chrono::milliseconds limit);
  void on_timer();
  void abandon();
  void settle();
  void linger();
  void discard();
  void close();

  boost::asio::ip::tcp::socket socket_;
  Network& network_;
  boost::asio::steady_timer timer_;
  boost::asio::steady_timer watch_timer_;
  boost::beast::flat_buffer buffer_;  ///< of what is read and not parsed yet; see kMaxBufferBytes
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;
  std::optional<boost::beast::http::response<boost::beast::http::string_body>> response_;
  State state_ = State::kIdle;
  Head head_;
  bool is_kept_ = true;         ///< the connection goes on after the response
  bool is_late_ = false;        ///< the timer ended what was under way
  bool is_unanswered_ = false;  ///< counted in Network::num_unanswered
  std::uint64_t number_ = 0;    ///< of the request
  std::shared_ptr<Asker> asker_;
  std::size_t num_discarded_ = 0;
};

}  // namespace albert::serve
