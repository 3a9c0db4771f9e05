#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <spdlog/fmt/fmt.h>

namespace albert::serve {

/// What was wrong with a request: the types of Text Embeddings Inference, and those of ours behind them.
enum class ErrorType {
  kUnhealthy,     ///< 503
  kBackend,       ///< 424: the model failed, or no model that is served can answer
  kOverloaded,    ///< 429
  kValidation,    ///< 413 for what is too much or too long, 422 for what is of another form, 400 for what is no JSON
  kTokenizer,     ///< 422
  kEmpty,         ///< 400
  kUnauthorized,  ///< 401
  kNotFound,      ///< 404, 405
  kTimeout,       ///< 503, 408
};

/// "Validation".
std::string_view name_of(ErrorType type);

/// A request that is refused.
class RequestError : public std::runtime_error {
 public:
  template <typename... Args>
  RequestError(int status, ErrorType type, fmt::format_string<Args...> format, Args&&... args)
      : std::runtime_error(fmt::format(format, std::forward<Args>(args)...)), status_(status), type_(type) {}

  int status() const { return status_; }
  ErrorType type() const { return type_; }

 private:
  int status_;
  ErrorType type_;
};

/// A member of a request, or its value, that is not of the form that it should have: 422.
template <typename... Args>
RequestError invalid(fmt::format_string<Args...> format, Args&&... args) {
  return {422, ErrorType::kValidation, "{}", fmt::format(format, std::forward<Args>(args)...)};
}

}  // namespace albert::serve
