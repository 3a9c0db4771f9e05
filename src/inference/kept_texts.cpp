#include "inference/kept_texts.h"

#include <string_view>

#include "base/error.h"

namespace albert::inference {

namespace {

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

}  // namespace

fs::path kept_texts_path(const fs::path& index, VectorFormat format) {
  fs::path path = index;
  return path += format == VectorFormat::kText ? ".txt" : ".jsonl";
}

KeptTexts::KeptTexts(MappedFile file, VectorFormat format) : file_(std::move(file)), format_(format), begins_{0} {
  const std::string_view text = text_of(file_);
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    begins_.push_back(end + 1);
  }
}

std::optional<KeptTexts> KeptTexts::open(const fs::path& index, std::int64_t num_vectors) {
  for (const auto format : {VectorFormat::kText, VectorFormat::kJsonl}) {
    const fs::path path = kept_texts_path(index, format);
    if (!fs::exists(path)) continue;
    KeptTexts texts(MappedFile(path), format);
    const std::size_t num_texts = texts.begins_.size() - 1;
    if (static_cast<std::int64_t>(num_texts) == num_vectors) return texts;
    throw DataError(
        "{}: expected a text for each of the {} vectors of {}, found {}; make both again with `albert embed`, or "
        "remove this file to search without texts",
        path.string(), num_vectors, index.string(), num_texts);
  }
  return std::nullopt;
}

std::string KeptTexts::text(std::int64_t row) const {
  const auto begin = begins_[static_cast<std::size_t>(row)];
  const auto end = begins_[static_cast<std::size_t>(row) + 1];
  return text_of_line(text_of(file_).substr(begin, end - begin - 1), format_, {file_.path().string(), row + 1, ""});
}

}  // namespace albert::inference
