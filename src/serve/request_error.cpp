#include "serve/request_error.h"

namespace albert::serve {

std::string_view name_of(ErrorType type) {
  switch (type) {
    case ErrorType::kUnhealthy:
      return "Unhealthy";
    case ErrorType::kBackend:
      return "Backend";
    case ErrorType::kOverloaded:
      return "Overloaded";
    case ErrorType::kValidation:
      return "Validation";
    case ErrorType::kTokenizer:
      return "Tokenizer";
    case ErrorType::kEmpty:
      return "Empty";
    case ErrorType::kUnauthorized:
      return "Unauthorized";
    case ErrorType::kNotFound:
      return "NotFound";
    case ErrorType::kTimeout:
      return "Timeout";
  }
  return "Backend";
}

}  // namespace albert::serve
