#include "inference/index_files.h"

#include <array>
#include <utility>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "base/destination.h"
#include "base/error.h"
#include "inference/index_replacement.h"
#include "tasks/common/decoding.h"

namespace albert::inference {

namespace {

VectorFormat other_format(VectorFormat format) {
  return format == VectorFormat::kText ? VectorFormat::kJsonl : VectorFormat::kText;
}

constexpr std::array kTokenFiles = {token_files::kOffsets, token_files::kIds, token_files::kAttention};

/// What the names of all files that an index can have hold behind the name of the index, but for its origin.
std::vector<std::string> suffixes() {
  std::vector<std::string> all = {""};
  for (const auto format : {VectorFormat::kText, VectorFormat::kJsonl}) all.push_back(kept_texts_path({}, format));
  for (const std::string_view name : kTokenFiles) all.push_back(token_file_path({}, name));
  return all;
}

/// The origin of the index that lies there; nothing if none does, or it is damaged.
std::optional<VectorOrigin> origin_of_old(const fs::path& index) {
  try {
    return fs::exists(index) ? read_origin(index) : std::nullopt;
  } catch (const DataError&) {
    return std::nullopt;
  }
}

/// What would be taken for a part of an index, and is none of the one that lies there.
std::vector<fs::path> foreign_parts(const fs::path& index, VectorFormat format) {
  const std::optional<VectorOrigin> old = origin_of_old(index);
  std::vector<fs::path> foreign;
  const auto add_if_there = [&](const fs::path& file) {
    if (fs::exists(file)) foreign.push_back(file);
  };
  const bool has_texts = fs::exists(kept_texts_path(index, format));
  if (!old || has_texts) add_if_there(kept_texts_path(index, other_format(format)));
  if (!old || old->pooling != model::EmbeddingPooling::kNone) {
    for (const std::string_view name : kTokenFiles) add_if_there(token_file_path(index, name));
  }
  return foreign;
}

/// The files there that would be taken for parts of an index, beside those that every index has.
std::vector<fs::path> parts_of(const fs::path& index) {
  std::vector<fs::path> parts{kept_texts_path(index, VectorFormat::kText),
                              kept_texts_path(index, VectorFormat::kJsonl)};
  for (const std::string_view name : kTokenFiles) parts.push_back(token_file_path(index, name));
  std::erase_if(parts, [](const fs::path& part) { return !fs::is_regular_file(part); });
  return parts;
}

/// Throws UsageError.
void require_no_foreign_parts(const fs::path& index, VectorFormat format) {
  for (const fs::path& file : foreign_parts(index, format)) {
    throw UsageError("{} would be taken for a part of {}; move it away, or give --output another name", file.string(),
                     index.string());
  }
}

/// Where the index is to lie.
/// Throws as the constructor.
fs::path checked(const Output& output, VectorFormat format) {
  fs::path index = destination_of(output.path);
  if (index.extension() != ".npy") {
    throw UsageError("--output {}: expected a name that ends in .npy, as texts.npy, found {}", output.path.string(),
                     index.filename().string());
  }
  const bool is_whole = finish_replacement(index);
  for (const fs::path& file : {index, kept_texts_path(index, format), origin_path(index)}) {
    check_output_file({file, output.overwrite});
    if (is_stream(file)) {
      throw UsageError("--output: {} would be a file of the index, and is a device or a pipe; give another name",
                       file.string());
    }
  }
  if (is_whole) require_no_foreign_parts(index, format);  // else its parts belong to the index that is replaced
  return index;
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

std::vector<fs::path> files_of_index(const fs::path& index) {
  std::vector<fs::path> files = {origin_path(index)};
  for (const std::string& suffix : suffixes()) files.push_back(fs::path(index) += suffix);
  return files;
}

KeptTexts::KeptTexts(MappedFile file, VectorFormat format) : file_(std::move(file)), format_(format), begins_{0} {
  const std::string_view text = file_.text();
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', end + 1)) {
    begins_.push_back(end + 1);
  }
}

std::optional<KeptTexts> KeptTexts::open(const fs::path& index, std::int64_t num_vectors) {
  for (const auto format : {VectorFormat::kText, VectorFormat::kJsonl}) {
    const fs::path path = kept_texts_path(index, format);
    if (!fs::exists(path)) continue;
    KeptTexts texts(MappedFile(path, MappedFile::OnLoss::kReadZeros), format);
    texts.file_.check();
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
  const std::string line(file_.text().substr(begin, end - begin - 1));
  file_.check();
  const tasks::Place place{file_.path().string(), row + 1, ""};
  tasks::check_utf8(line, place);
  return text_of_line(line, format_, place);
}

IndexWriter::IndexWriter(const Output& output, VectorFormat format, std::int64_t size)
    : index_(checked(output, format)),
      overwrite_(output.overwrite),
      format_(format),
      parts_before_(parts_of(index_)),
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

/// Throws UsageError for a file that has come into being since the work began, and is not to be replaced.
void IndexWriter::check_places() const {
  for (const fs::path& file : {index_, kept_texts_path(index_, format_), origin_path(index_)}) {
    if (fs::is_regular_file(file)) check_output_file({file, overwrite_});
  }
  for (const fs::path& file : parts_of(index_)) {
    if (std::ranges::find(parts_before_, file) != parts_before_.end()) continue;
    throw UsageError("{} has been made by somebody else meanwhile, and would be taken for a part of {}; move it away",
                     file.string(), index_.string());
  }
}

void IndexWriter::commit(const VectorOrigin& origin) {
  check_places();
  const fs::path finished = folder_.temporary() / index_.filename();
  vectors_.commit();
  texts_.commit();
  for (auto& [name, writer] : of_tokens_) writer.commit();
  write_origin(origin, finished);
  replace_index(index_, folder_.temporary(), suffixes(), overwrite_);
}

}  // namespace albert::inference
