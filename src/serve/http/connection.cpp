#include "serve/http/connection.h"

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/write.hpp>
#include <netinet/tcp.h>
#include <sys/socket.h>

namespace albert::serve {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t kMaxHeaderBytes = 16384;
/// What a parser needs in one piece: besides headers what stands before and behind a chunked body, whose length Beast
/// does not limit.
constexpr std::size_t kMaxBufferBytes = std::size_t{32} << 10;
constexpr std::size_t kDiscardedAtOnce = 8192;
constexpr std::size_t kMaxDiscardedBytes = std::size_t{64} << 20;
constexpr auto kLingerLimit = std::chrono::seconds(3);
constexpr auto kWatchPause = std::chrono::milliseconds(250);
constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";

using Reason = HttpRefusal::Reason;

std::string text_of(boost::beast::string_view text) {
  return {text.data(), text.size()};
}

/// The path of a target, which may be a whole URL, as proxies write it, and may have a query.
std::string path_of(std::string_view target) {
  if (target.starts_with("http://") || target.starts_with("https://")) {
    target.remove_prefix(target.find("//") + 2);
    target.remove_prefix(std::min(target.find('/'), target.size()));
  }
  return std::string(target.substr(0, target.find_first_of("?#")));
}

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket, Network& network)
    : socket_(std::move(socket)),
      network_(network),
      timer_(network.context),
      watch_timer_(network.context),
      buffer_(kMaxBufferBytes) {
  ++network_.num_connections;
  Error ignored;
  std::ignore = socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
}

Connection::~Connection() {
  settle();
  --network_.num_connections;
  if (network_.on_change) network_.on_change();
}

/// The next request may be there already; else it begins with the first byte that comes.
void Connection::read_request() {
  state_ = State::kIdle;
  is_late_ = false;
  head_ = {};
  if (buffer_.size() > 0) return read_head();
  set_timer(network_.options.idle_limit);
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this()](Error error) { error ? self->close() : self->read_head(); });
}

void Connection::read_head() {
  state_ = State::kReading;
  parser_.emplace();
  parser_->header_limit(kMaxHeaderBytes);
  parser_->body_limit(network_.options.max_body_bytes);
  set_timer(network_.options.read_limit);
  http::async_read_header(socket_, buffer_, *parser_,
                          [self = shared_from_this()](Error error, std::size_t) { self->on_header(error); });
}

void Connection::on_header(Error error) {
  const auto& request = parser_->get();
  head_ = {.is_head = request.method() == http::verb::head,
           .version = request.version(),
           .path = path_of({request.target().data(), request.target().size()}),
           .origin = text_of(request[http::field::origin])};
  if (error) return on_read_error(error);
  const bool waits = boost::beast::iequals(request[http::field::expect], "100-continue");
  if (!waits || parser_->is_done()) return read_body();
  asio::async_write(
      socket_, asio::buffer(kContinue.data(), kContinue.size()),
      [self = shared_from_this()](Error failed, std::size_t) { failed ? self->close() : self->read_body(); });
}

void Connection::read_body() {
  http::async_read(socket_, buffer_, *parser_,
                   [self = shared_from_this()](Error error, std::size_t) { self->on_request(error); });
}

void Connection::on_request(Error error) {
  if (error) return on_read_error(error);
  is_kept_ = parser_->keep_alive();
  hand_over();
}

/// A request that cannot be read ends its connection: nobody knows where the next one begins.
void Connection::on_read_error(Error error) {
  is_kept_ = false;
  if (is_late_) return refuse(Reason::kTimeout, 408, "the request did not come in time");
  if (error == http::error::body_limit) {
    return refuse(Reason::kNoRequest, 413,
                  "the body is larger than " + std::to_string(network_.options.max_body_bytes) + " bytes");
  }
  if (error == http::error::header_limit || error == http::error::buffer_overflow) {
    return refuse(Reason::kNoRequest, 431, "the headers are larger than " + std::to_string(kMaxHeaderBytes) + " bytes");
  }
  const bool is_malformed = error.category() == http::make_error_code(http::error::bad_method).category() &&
                            error != http::error::end_of_stream && error != http::error::partial_message;
  if (is_malformed) return refuse(Reason::kNoRequest, 400, "this is no HTTP request: " + error.message());
  close();
}

void Connection::hand_over() {
  auto message = parser_->release();
  HttpRequest request;
  request.method = head_.is_head ? "GET" : text_of(message.method_string());
  request.path = head_.path;
  request.authorization = text_of(message[http::field::authorization]);
  request.origin = head_.origin;
  request.body = std::move(message.body());
  if (network_.is_draining) return refuse(Reason::kStopping, 503, "the server is stopping");
  state_ = State::kWaiting;
  is_unanswered_ = true;
  ++network_.num_unanswered;
  request.asker = asker_ = std::make_shared<Asker>();
  request.received = std::chrono::steady_clock::now();
  request.deadline = request.received + network_.options.answer_limit;
  set_timer(network_.options.answer_limit);
  const std::uint64_t number = ++number_;
  watch_for_leaving();
  network_.handler(std::move(request),
                   [waiting = weak_from_this(), &context = network_.context, number](HttpResponse response) {
                     asio::post(context, [waiting, number, response = std::move(response)]() mutable {
                       if (const auto self = waiting.lock()) self->on_reply(number, std::move(response));
                     });
                   });
}

/// A socket that can be read while its request waits has the next request, or has lost its client.
void Connection::watch_for_leaving() {
  socket_.async_wait(asio::ip::tcp::socket::wait_read, [self = shared_from_this(), number = number_](Error error) {
    if (!error) self->look_for_leaving(number);
  });
}

void Connection::look_for_leaving(std::uint64_t number) {
  if (state_ != State::kWaiting || number_ != number) return;
  if (has_left()) {
    abandon();
    return close();
  }
  watch_timer_.expires_after(kWatchPause);
  watch_timer_.async_wait([self = weak_from_this(), number](Error error) {
    if (const auto connection = self.lock(); connection && !error) connection->look_for_leaving(number);
  });
}

/// Where the next request is there already, the end of the connection stands behind it, and only its state tells.
bool Connection::has_left() {
  char next = 0;
  const auto count = ::recv(socket_.native_handle(), &next, 1, MSG_PEEK | MSG_DONTWAIT);
  if (count <= 0) return count == 0 || (errno != EAGAIN && errno != EINTR);
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket_.native_handle(), IPPROTO_TCP, TCP_INFO, &info, &size) != 0) return false;
  return info.tcpi_state == TCP_CLOSE_WAIT || info.tcpi_state == TCP_CLOSE;
}

void Connection::on_reply(std::uint64_t number, HttpResponse response) {
  if (state_ != State::kWaiting || number != number_) return;  // it comes too late
  write(std::move(response));
}

void Connection::refuse(Reason reason, int status, std::string message) {
  write(network_.refuse(
      {.reason = reason, .status = status, .message = std::move(message), .path = head_.path, .origin = head_.origin}));
}

void Connection::write(HttpResponse response) {
  state_ = State::kWriting;
  is_late_ = false;
  if (network_.is_draining) is_kept_ = false;
  auto& message = response_.emplace();
  message.result(static_cast<unsigned>(response.status));
  message.version(head_.version);
  message.keep_alive(is_kept_);
  if (!response.content_type.empty()) message.set(http::field::content_type, response.content_type);
  for (const auto& [name, value] : response.headers) message.set(name, value);
  if (response.status != 204) message.content_length(response.body.size());
  if (!head_.is_head) message.body() = std::move(response.body);
  set_timer(network_.options.write_limit);
  http::async_write(socket_, message,
                    [self = shared_from_this()](Error error, std::size_t) { self->on_written(error); });
}

void Connection::on_written(Error error) {
  settle();
  response_.reset();
  if (error) return close();
  is_kept_ ? read_request() : linger();
}

void Connection::set_timer(std::chrono::milliseconds limit) {
  timer_.expires_after(limit);
  timer_.async_wait([self = shared_from_this()](Error error) {
    if (!error && self->timer_.expiry() <= std::chrono::steady_clock::now()) self->on_timer();
  });
}

void Connection::on_timer() {
  switch (state_) {
    case State::kWaiting:
      abandon();
      return refuse(Reason::kTimeout, 503, "the request was not answered in time");
    case State::kReading: {
      is_late_ = true;
      Error ignored;
      std::ignore = socket_.cancel(ignored);
      return;
    }
    default:
      close();
  }
}

void Connection::abandon() {
  ++number_;  // no reply is waited for any more
  if (!asker_ || asker_->has_left.exchange(true)) return;
  if (asker_->on_leave) asker_->on_leave();
}

void Connection::settle() {
  if (!std::exchange(is_unanswered_, false)) return;
  --network_.num_unanswered;
  if (network_.on_change) network_.on_change();
}

/// Whoever still sends would lose the response to a connection that is reset: what comes is read and thrown away.
void Connection::linger() {
  state_ = State::kClosing;
  Error ignored;
  std::ignore = socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  set_timer(kLingerLimit);
  buffer_.clear();
  discard();
}

void Connection::discard() {
  socket_.async_read_some(buffer_.prepare(kDiscardedAtOnce),
                          [self = shared_from_this()](Error error, std::size_t count) {
                            self->num_discarded_ += count;
                            if (error || self->num_discarded_ > kMaxDiscardedBytes) return self->close();
                            self->discard();
                          });
}

void Connection::close() {
  if (std::exchange(state_, State::kClosed) == State::kClosed) return;
  timer_.cancel();
  watch_timer_.cancel();
  Error ignored;
  std::ignore = socket_.close(ignored);
  settle();
}

}  // namespace albert::serve
