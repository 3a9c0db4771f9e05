#pragma once

#include <string>
#include <string_view>

#include "serve/routes/plan.h"

namespace albert::serve {

/// What a path asks for.
struct Route {
  std::string_view method;  ///< "GET" or "POST"; of "/" either
  MakePlan plan = nullptr;  ///< of what a model is asked; null: what is answered at once
  bool is_open = false;     ///< needs no key
};

/// A route, and which model its path names.
struct FoundRoute {
  Route route;
  std::string path;        ///< "/embed"
  std::string model_name;  ///< of "/models/NAME/embed"; else empty
};

/// \param path "/models/NAME/embed", whose name may be percent-encoded
/// Throws RequestError: 404 for a path of none, 405 for a method that it does not have.
FoundRoute find_route(std::string_view method, std::string_view path);

/// Whether what is said under a path has OpenAI's form, errors too, also where there is no such route.
bool is_of_openai(std::string_view path);

/// The methods that a path takes, for the header Allow: "GET, POST".
std::string allowed_methods(std::string_view path);

}  // namespace albert::serve
