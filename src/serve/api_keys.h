#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace albert::serve {

/// Keys, one of which a client must have.
class ApiKeys {
 public:
  /// None: everyone may ask.
  ApiKeys() = default;
  /// \param file a key a line
  /// Throws IoError; UsageError for a file without a key, and for keys with white space.
  static ApiKeys read(const std::filesystem::path& file);

  /// \param authorization what a request says: "Bearer KEY". How long this takes tells nothing of the keys but how many
  ///     they are.
  bool allow(std::string_view authorization) const;

 private:
  std::vector<std::string> keys_;
};

}  // namespace albert::serve
