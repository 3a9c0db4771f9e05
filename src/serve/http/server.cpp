#include "serve/http/server.h"

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include <boost/asio/post.hpp>
#include <spdlog/fmt/fmt.h>

#include "base/error.h"
#include "base/log.h"
#include "serve/http/connection.h"

namespace albert::serve {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr int kBacklog = 4096;  ///< connections that wait to be accepted; the system takes less where it allows less
constexpr auto kAcceptPause = std::chrono::milliseconds(100);  ///< after an error such as too many open files

/// The address of a host.
/// Throws UsageError.
tcp::endpoint resolve(asio::io_context& context, const HttpOptions& options) {
  boost::system::error_code error;
  const auto found = tcp::resolver(context).resolve(options.host, std::to_string(options.port), error);
  if (!error && !found.empty()) return found.begin()->endpoint();
  throw UsageError("--host {}: there is no such address: {}", options.host, error.message());
}

/// "localhost:8080", or "[::1]:8080"
std::string authority_of(const std::string& host, std::uint16_t port) {
  return host.find(':') == std::string::npos ? fmt::format("{}:{}", host, port) : fmt::format("[{}]:{}", host, port);
}

/// What to do where an address cannot be listened on; empty: nobody knows.
std::string_view advice_for(const boost::system::error_code& error) {
  if (error == asio::error::address_in_use) return "; name another --port, or 0 for any that is free";
  if (error == asio::error::access_denied) return "; name a --port from 1024 on";
  if (error == boost::system::errc::address_not_available) return "; name a --host that is an address of this computer";
  return "";
}

}  // namespace

struct HttpServer::Impl {
  HttpOptions options;
  Handler handler;
  Refuse refuse;
  Network network{.options = options, .handler = handler, .refuse = refuse};
  tcp::acceptor acceptor{network.context};
  asio::steady_timer pause{network.context};
  bool is_accepting = false;

  Impl(HttpOptions given, Handler handles, Refuse refuses)
      : options(std::move(given)), handler(std::move(handles)), refuse(std::move(refuses)) {
    listen();
    network.on_change = [this] { on_change(); };
  }

  ~Impl() { network.on_change = {}; }

  void listen() {
    const tcp::endpoint endpoint = resolve(network.context, options);
    boost::system::error_code error;
    const auto check = [&](const boost::system::error_code& failure) {
      if (!failure) return;
      throw IoError("cannot listen on {}: {}{}", authority_of(options.host, options.port), failure.message(),
                    advice_for(failure));
    };
    check(acceptor.open(endpoint.protocol(), error));
    check(acceptor.set_option(tcp::acceptor::reuse_address(true), error));
    check(acceptor.bind(endpoint, error));
    check(acceptor.listen(kBacklog, error));
  }

  void accept() {
    if (is_accepting || network.num_connections >= options.max_connections) return;
    is_accepting = true;
    acceptor.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      is_accepting = false;
      if (!error) {
        std::make_shared<Connection>(std::move(socket), network)->read_request();
        return accept();
      }
      if (error == asio::error::operation_aborted) return;
      log_warning("a connection could not be accepted: {}", error.message());
      pause.expires_after(kAcceptPause);
      pause.async_wait([this](boost::system::error_code) { accept(); });
    });
  }

  void on_change() {
    if (network.is_draining && network.num_unanswered == 0) return network.context.stop();
    accept();
  }
};

HttpServer::HttpServer(const HttpOptions& options, Handler handler, Refuse refuse)
    : impl_(std::make_unique<Impl>(options, std::move(handler), std::move(refuse))) {}

HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const {
  return impl_->acceptor.local_endpoint().port();
}

std::string HttpServer::url() const {
  return "http://" + authority_of(impl_->options.host, port());
}

void HttpServer::run() {
  impl_->accept();
  const auto stays = asio::make_work_guard(impl_->network.context);
  while (!impl_->network.context.stopped()) {
    try {
      impl_->network.context.run();
    } catch (const std::exception& error) {  // its connection ends when its time is up
      log_error("a connection failed: {}", error.what());
    }
  }
}

void HttpServer::drain() {
  asio::post(impl_->network.context, [this] {
    impl_->network.is_draining = true;
    impl_->on_change();
  });
}

void HttpServer::stop() {
  impl_->network.context.stop();
}

}  // namespace albert::serve
