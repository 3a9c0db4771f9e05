#include "inference/text_index.h"

#include <nlohmann/json.hpp>

#include "base/destination.h"
#include "base/error.h"
#include "base/log.h"
#include "inference/index_replacement.h"
#include "tasks/common/float_digits.h"

namespace albert::inference {

namespace {

/// The file of an index, which is whole.
/// Throws DataError where only parts of it are there.
fs::path whole_index(const fs::path& given) {
  fs::path path = destination_of(given);
  if (finish_replacement(path)) return path;
  throw DataError(
      "{}: only parts of this index are there: a process was killed while it replaced it, and the rest of its files "
      "is gone; make the index again with `albert embed --overwrite`",
      path.string());
}

}  // namespace

TextIndex::TextIndex(const fs::path& path, const VectorOrigin& searching, std::int64_t size)
    : vectors_(whole_index(path)) {
  const fs::path& file = vectors_.path();
  if (vectors_.size() != size) {
    throw DataError("{}: expected vectors of {} numbers, as the model makes, found {}; the index is of another model",
                    file.string(), size, vectors_.size());
  }
  const auto origin = read_origin(file);
  if (origin && origin->pooling == model::EmbeddingPooling::kNone) {
    throw DataError(
        "{}: expected a vector a text, found one a token; make the index with `albert embed` without --tokens",
        file.string());
  }
  texts_ = KeptTexts::open(file, vectors_.num_rows());
  if (origin) {
    check_origin(*origin, searching, file);
  } else if (texts_) {
    throw DataError(
        "{}: expected {} beside the texts of the index, found none: they may be of another index than the vectors; "
        "make both again with `albert embed`, or remove the texts to search without them",
        file.string(), origin_path(file).filename().string());
  } else {
    log_warning("{}: nothing beside it says which model made its vectors; they are taken for those of {}",
                file.string(), searching.model);
  }
}

std::optional<std::string> TextIndex::text(std::int64_t row) const {
  return texts_ ? std::optional(texts_->text(row)) : std::nullopt;
}

nlohmann::ordered_json TextIndex::to_json(std::span<const Neighbour> nearest) const {
  nlohmann::ordered_json results = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < nearest.size(); ++i) {
    nlohmann::ordered_json result{
        {"rank", i + 1}, {"score", tasks::float_digits(nearest[i].cosine)}, {"line", nearest[i].row + 1}};
    if (texts_) result["text"] = texts_->text(nearest[i].row);
    results.push_back(std::move(result));
  }
  return results;
}

}  // namespace albert::inference
