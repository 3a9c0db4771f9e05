#include <array>
#include <deque>
#include <future>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "serve/http/server.h"
#include "support/refusal.h"

namespace albert::serve {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

/// A server whose requests wait until the test answers them.
class HttpServerTest : public ::testing::Test {
 protected:
  HttpServerTest() {
    options_.port = 0;
    options_.max_body_bytes = 1000;
  }
  void TearDown() override { stop(); }

  void stop() {
    if (server_) server_->stop();
    if (thread_.joinable()) thread_.join();
  }
  void start() {
    const auto handler = [this](HttpRequest request, HttpServer::Reply reply) {
      const std::scoped_lock lock(mutex_);
      if (request.path == "/echo") return reply({.content_type = "text/plain", .body = request.body});
      waiting_.emplace_back(std::move(request), std::move(reply));
    };
    const auto refuse = [this](const HttpRefusal& refusal) {
      refusals_.push_back(refusal);
      return HttpResponse{.status = refusal.status, .content_type = "text/plain", .body = refusal.message};
    };
    server_.emplace(options_, handler, refuse);
    thread_ = std::thread([this] { server_->run(); });
  }

  std::pair<HttpRequest, HttpServer::Reply> next_waiting() {
    while (true) {
      {
        const std::scoped_lock lock(mutex_);
        if (!waiting_.empty()) {
          auto first = std::move(waiting_.front());
          waiting_.pop_front();
          return first;
        }
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }

  HttpOptions options_;
  std::vector<HttpRefusal> refusals_;  ///< to be read once the network's thread has ended
  std::optional<HttpServer> server_;
  std::thread thread_;

 private:
  std::mutex mutex_;
  std::deque<std::pair<HttpRequest, HttpServer::Reply>> waiting_;
};

class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) close();
  }
  ~Client() { close(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool is_connected() const { return socket_ >= 0; }
  void send(std::string_view bytes) const { ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }
  /// To the end of the connection, or until a text has come.
  std::string receive(std::string_view until = {}) const {
    std::string all;
    std::array<char, 4096> piece{};
    while (until.empty() || all.find(until) == std::string::npos) {
      const auto count = ::recv(socket_, piece.data(), piece.size(), 0);
      if (count <= 0) break;
      all.append(piece.data(), static_cast<std::size_t>(count));
    }
    return all;
  }
  void close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  int socket_;
};

std::string post(std::string_view path, std::string_view body, std::string_view more = "") {
  return fmt::format("POST {} HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n{}\r\n{}", path, body.size(), more, body);
}

TEST_F(HttpServerTest, AConnectionIsKeptAlive) {
  start();
  const Client client(server_->port());
  client.send(post("/echo?a=b", "one"));
  EXPECT_THAT(client.receive("one"), StartsWith("HTTP/1.1 200 OK\r\n"));
  client.send(post("/echo", "two") + post("/echo", "three", "Connection: close\r\n"));
  const std::string both = client.receive();
  EXPECT_THAT(both, HasSubstr("\r\n\r\ntwoHTTP/1.1 200 OK"));
  EXPECT_THAT(both, EndsWith("\r\n\r\nthree"));
}

TEST_F(HttpServerTest, LimitsAreKept) {
  start();
  for (const auto& [request, status] : {std::pair(post("/echo", std::string(2000, 'x')), "413"),
                                        {"GET / HTTP/1.1\r\nA: " + std::string(20000, 'x') + "\r\n\r\n", "431"},
                                        {"no HTTP\r\n\r\n", "400"},
                                        {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "400"}}) {
    const Client client(server_->port());
    client.send(request);
    EXPECT_THAT(client.receive(), StartsWith(fmt::format("HTTP/1.1 {} ", status)));
  }
}

TEST_F(HttpServerTest, ASlowRequestIsRefusedAndASilentConnectionClosed) {
  options_.read_limit = std::chrono::milliseconds(50);
  options_.idle_limit = std::chrono::seconds(1);
  start();
  const Client slow(server_->port()), half(server_->port()), silent(server_->port());
  const std::string whole = post("/echo", "whole");
  slow.send(whole.substr(0, whole.size() - 1));
  half.send("POST /echo HT");
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(slow.receive(), StartsWith("HTTP/1.1 408 "));
  EXPECT_THAT(half.receive(), StartsWith("HTTP/1.1 408 "));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, options_.idle_limit / 2);
  EXPECT_EQ(silent.receive(), "");
}

TEST_F(HttpServerTest, ARefusalSaysOfWhatItIs) {
  start();
  const auto ask = [&](const std::string& request) {
    const Client client(server_->port());
    client.send(request);
    return client.receive();
  };
  const std::string from = "Origin: https://a.org\r\n";
  EXPECT_THAT(ask(post("/echo?a=b", std::string(2000, 'x'), from)), StartsWith("HTTP/1.1 413 "));
  EXPECT_THAT(ask("GET /large HTTP/1.1\r\n" + from + "A: " + std::string(20000, 'x') + "\r\n\r\n"),
              StartsWith("HTTP/1.1 431 "));
  EXPECT_THAT(ask("no HTTP\r\n\r\n"), StartsWith("HTTP/1.1 400 "));
  stop();
  ASSERT_EQ(refusals_.size(), 3U);
  for (const HttpRefusal& refusal : refusals_) EXPECT_EQ(refusal.reason, HttpRefusal::Reason::kNoRequest);
  EXPECT_EQ(refusals_[0].path, "/echo");
  EXPECT_EQ(refusals_[0].origin, "https://a.org");
  EXPECT_EQ(refusals_[1].path, "/large");
  EXPECT_EQ(refusals_[1].origin, "https://a.org");
  EXPECT_EQ(refusals_[2].origin, "");
}

/// The response to a HEAD has no body; those that follow on its connection have theirs.
TEST_F(HttpServerTest, ARefusalBehindAHeadHasItsBody) {
  start();
  const Client client(server_->port());
  client.send("HEAD /echo HTTP/1.1\r\nHost: a\r\n\r\n");
  EXPECT_THAT(client.receive("\r\n\r\n"), StartsWith("HTTP/1.1 200 OK\r\n"));
  client.send(post("/echo", std::string(2000, 'x')));
  EXPECT_THAT(client.receive(), EndsWith("\r\n\r\nthe body is larger than 1000 bytes"));
}

TEST_F(HttpServerTest, AnAnswerHasItsTime) {
  options_.answer_limit = std::chrono::milliseconds(30);
  start();
  const Client client(server_->port());
  client.send(post("/wait", ""));
  const auto [request, reply] = next_waiting();
  EXPECT_THAT(client.receive("in time"), StartsWith("HTTP/1.1 503 "));
  EXPECT_TRUE(request.asker->has_left);
  reply({.body = "too late"});
  client.send(post("/echo", "next", "Connection: close\r\n"));
  EXPECT_THAT(client.receive(), EndsWith("next"));
  stop();
  ASSERT_EQ(refusals_.size(), 1U);
  EXPECT_EQ(refusals_[0].reason, HttpRefusal::Reason::kTimeout);
  EXPECT_EQ(refusals_[0].path, "/wait");
}

class HttpServerLeavingTest : public HttpServerTest, public ::testing::WithParamInterface<const char*> {};

// What was sent after the request, and is not read yet, hides the end of the connection.
INSTANTIATE_TEST_SUITE_P(Next, HttpServerLeavingTest, ::testing::Values("", "POST /echo HTTP/1.1\r\n"));

TEST_P(HttpServerLeavingTest, AClientThatLeavesIsNoticed) {
  start();
  Client client(server_->port());
  client.send(post("/wait", ""));
  client.send(GetParam());
  const auto [request, reply] = next_waiting();
  EXPECT_FALSE(request.asker->has_left);
  client.close();
  while (!request.asker->has_left) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  reply({.body = "nobody is there"});
}

/// It would end it on a thread of its own, where the next one may be accepted at the same time.
TEST_F(HttpServerTest, WhoeverAnswersHoldsNoConnection) {
  options_.max_connections = 1;
  start();
  std::vector<HttpServer::Reply> replies;
  for (int i = 0; i < 50; ++i) {
    const Client client(server_->port());  // accepted once the one before has gone
    client.send(post("/wait", ""));
    replies.push_back(next_waiting().second);
    if (i % 2 == 0) replies.back()({.body = "first"});
  }
  const Client last(server_->port());
  for (const HttpServer::Reply& reply : replies) reply({.body = "second"});
  replies.clear();
  last.send(post("/echo", "served", "Connection: close\r\n"));
  EXPECT_THAT(last.receive(), EndsWith("served"));
}

TEST_F(HttpServerTest, ADrainFinishesWhatWasAccepted) {
  start();
  const Client first(server_->port()), second(server_->port()), third(server_->port());
  first.send(post("/wait", ""));
  const auto [request, reply] = next_waiting();
  second.send(post("/echo", "before"));
  EXPECT_THAT(second.receive("before"), StartsWith("HTTP/1.1 200"));
  server_->drain();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  second.send(post("/echo", "after"));
  EXPECT_THAT(second.receive(), StartsWith("HTTP/1.1 503"));
  third.send(post("/echo", "new"));
  EXPECT_THAT(third.receive(), StartsWith("HTTP/1.1 503"));
  reply({.body = "finished"});
  EXPECT_THAT(first.receive(), EndsWith("finished"));
  thread_.join();
  ASSERT_EQ(refusals_.size(), 2U);
  EXPECT_EQ(refusals_[0].reason, HttpRefusal::Reason::kStopping);
}

TEST_F(HttpServerTest, MoreConnectionsThanItMayHaveWait) {
  options_.max_connections = 2;
  start();
  Client first(server_->port()), second(server_->port());
  first.send(post("/echo", "1"));
  second.send(post("/echo", "2"));
  first.receive("\r\n\r\n1"), second.receive("\r\n\r\n2");
  const Client third(server_->port());
  third.send(post("/echo", "3", "Connection: close\r\n"));
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  first.close();
  EXPECT_THAT(third.receive(), EndsWith("\r\n\r\n3"));
}

TEST_F(HttpServerTest, APortThatIsTakenIsAnError) {
  start();
  const auto refusal_of = [](const HttpOptions& options) {
    return albert::testing::refusal<IoError>([&] { HttpServer(options, {}, {}); });
  };
  EXPECT_THAT(refusal_of({.host = "127.0.0.1", .port = server_->port()}), HasSubstr("name another --port"));
  EXPECT_THAT(refusal_of({.host = "192.0.2.1"}), HasSubstr("name a --host"));  // for documents alone (RFC 5737)
  EXPECT_THROW(HttpServer({.host = "no.such.host.invalid"}, {}, {}), UsageError);
}

TEST_F(HttpServerTest, ItsAddressIsAUrl) {
  start();
  EXPECT_EQ(server_->url(), fmt::format("http://127.0.0.1:{}", server_->port()));
  try {
    const HttpServer other({.host = "::1", .port = 0}, {}, {});
    EXPECT_EQ(other.url(), fmt::format("http://[::1]:{}", other.port()));
  } catch (const IoError& error) {  // where there is no IPv6
    EXPECT_THAT(error.what(), HasSubstr("cannot listen on [::1]:0: "));
  }
}

}  // namespace
}  // namespace albert::serve
