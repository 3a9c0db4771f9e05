#pragma once

#include <functional>
#include <string>
#include <vector>

#include "serve/http/server.h"
#include "serve/open_served_model.h"
#include "serve/service.h"

namespace albert::serve {

struct ServeOptions {
  std::vector<NamedPath> models;  ///< at least one; the names differ
  OpenOptions open = {};          ///< its on_batch is set by serve()
  HttpOptions http = {};
  ServiceOptions service = {};
  /// Called once requests are answered. \param url "http://127.0.0.1:8080"
  std::function<void(const std::string& url)> on_listening = {};
};

/// Opens models and answers requests, until SIGTERM or SIGINT: then it finishes what it has accepted and refuses what
/// is new. A second one ends it at once. SIGHUP opens the models anew.
/// \return the code to end the process with: 0, or 128 + the signal that ended it at once
/// Throws as open_served_model() and HttpServer; UsageError for an index that no model made.
int serve(ServeOptions options);

}  // namespace albert::serve
