#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace albert::serve {

/// Whoever waits for the answer to a request.
struct Asker {
  std::atomic<bool> has_left = false;  ///< nobody waits any more: the client has gone, or time is up
  /// Called by the network's thread when that happens; the handler may set it while it is called with the request.
  std::function<void()> on_leave = {};
};

/// A request as the transport hands it on: read whole, and within its limits.
struct HttpRequest {
  std::string method = {};  ///< "POST"; of HEAD "GET": the transport leaves the body out
  std::string path = {};    ///< "/models/a/embed", without the query
  std::string body = {};
  std::string authorization = {};  ///< of the header; empty: there is none, here and below
  std::string origin = {};
  std::chrono::steady_clock::time_point received = {};
  std::chrono::steady_clock::time_point deadline = {};  ///< when the transport answers by itself that time is up
  std::shared_ptr<Asker> asker = {};
};

/// A request that the transport answers by itself: it never reaches the handler, or was not answered by it in time.
struct HttpRefusal {
  enum class Reason {
    kNoRequest,  ///< 400 for what is no HTTP, 413 for a body and 431 for headers that are too large
    kTimeout,    ///< 408 for a request that comes too slowly, 503 for one that was not answered in time
    kStopping,   ///< 503 for what comes while the server drains
  };

  Reason reason = Reason::kNoRequest;
  int status = 400;
  std::string message = {};
  std::string path = {};  ///< as far as it was read, and so is the next
  std::string origin = {};
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};
};

}  // namespace albert::serve
