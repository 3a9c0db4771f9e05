#include "inference/index_files.h"

#include <array>

#include <spdlog/fmt/fmt.h>

#include "base/durable.h"
#include "base/error.h"

namespace albert::inference {

namespace {

std::string_view text_of(const MappedFile& file) {
  return {reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()};
}

VectorFormat other_format(VectorFormat format) {
  return format == VectorFormat::kText ? VectorFormat::kJsonl : VectorFormat::kText;
}

constexpr std::array kTokenFiles = {token_files::kOffsets, token_files::kIds, token_files::kAttention};

/// Where the index is to lie: what a link points at.
/// Throws as the constructor.
fs::path checked(const fs::path& index, VectorFormat format) {
  if (index.extension() != ".npy") {
    throw UsageError("--output {}: expected a name that ends in .npy", index.string());
  }
  if (fs::is_directory(index)) {
    throw UsageError("--output {}: expected the name of a file, found that of a folder", index.string());
  }
  if (fs::exists(index) && fs::exists(origin_path(index))) return fs::weakly_canonical(index);
  std::vector<fs::path> beside = {kept_texts_path(index, other_format(format))};
  for (const std::string_view name : kTokenFiles) beside.push_back(token_file_path(index, name));
  for (const fs::path& file : beside) {
    if (!fs::exists(file)) continue;
    throw UsageError("{} would be taken for a part of {}; move it away, or give --output another name", file.string(),
                     index.string());
  }
  return fs::weakly_canonical(index);
}

}  // namespace

fs::path kept_texts_path(const fs::path& index, VectorFormat format) {
  fs::path path = index;
  return path += format == VectorFormat::kText ? ".txt" : ".jsonl";
}

fs::path token_file_path(const fs::path& index, std::string_view name) {
  fs::path path = index;
  return path += fmt::format(".{}.npy", name);
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

IndexWriter::IndexWriter(const fs::path& index, VectorFormat format, std::int64_t size)
    : index_(checked(index, format)),
      format_(format),
      folder_(index_),
      vectors_(folder_.temporary() / index_.filename(), size),
      texts_(kept_texts_path(folder_.temporary() / index_.filename(), format_)) {}

NpyWriter& IndexWriter::add_integers(std::string_view name) {
  const fs::path path = token_file_path(folder_.temporary() / index_.filename(), name);
  return of_tokens_.emplace(name, NpyWriter::of_integers(path)).first->second;
}

NpyWriter& IndexWriter::add_floats(std::string_view name) {
  const fs::path path = token_file_path(folder_.temporary() / index_.filename(), name);
  return of_tokens_.emplace(name, NpyWriter::of_floats(path)).first->second;
}

void IndexWriter::commit(const VectorOrigin& origin) {
  const fs::path finished = folder_.temporary() / index_.filename();
  vectors_.commit();
  texts_.commit();
  for (auto& [name, writer] : of_tokens_) writer.commit();
  write_origin(origin, finished);
  keep_permissions(origin_path(index_), origin_path(finished));
  fs::remove(kept_texts_path(index_, other_format(format_)));
  fs::remove(origin_path(index_));
  for (const std::string_view name : kTokenFiles) fs::remove(token_file_path(index_, name));
  rename_durably(finished, index_);
  rename_durably(kept_texts_path(finished, format_), kept_texts_path(index_, format_));
  for (const auto& [name, writer] : of_tokens_) {
    rename_durably(token_file_path(finished, name), token_file_path(index_, name));
  }
  rename_durably(origin_path(finished), origin_path(index_));
}

}  // namespace albert::inference
