#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/json.h"
#include "corpus/store/file_record.h"

/// The JSON that describes a corpus or a part of one: its last value, "checksum", is that of the text itself with those
/// 32 digits set to 0, so every byte is covered.
namespace albert::corpus {

/// The text of an object, with its checksum. Values may hold text of the command line, which need not be UTF-8.
std::string to_checked_text(nlohmann::ordered_json object);

/// The object of such a text.
/// \param path stands for it in messages
/// \param kind "corpus", what is to be built again
/// Throws DataError for a text that is damaged; nlohmann::json::exception.
nlohmann::ordered_json parse_checked_text(std::string_view text, const std::filesystem::path& path,
                                          std::string_view kind);

/// What `read` makes of the object of such a text. Errors name the path.
template <typename Read>
auto read_checked_text(std::string_view text, const std::filesystem::path& path, std::string_view kind, Read read) {
  const auto object = [&] {
    try {
      return parse_checked_text(text, path, kind);
    } catch (const nlohmann::json::exception& error) {
      throw DataError("{}: {}", path.string(), json_problem(error));
    }
  }();
  try {
    return read(object);
  } catch (const nlohmann::json::exception& error) {
    throw DataError("{}: {}", path.string(), json_problem(error));
  } catch (const DataError& error) {
    throw DataError("{}: {}", path.string(), error.what());
  }
}

nlohmann::ordered_json file_to_json(const FileRecord& file);
/// Throws DataError for a name that leads out of the folder; nlohmann::json::exception.
FileRecord file_from_json(const nlohmann::ordered_json& json);

}  // namespace albert::corpus
